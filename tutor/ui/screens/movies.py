"""Movies: answer and rate on the left, see what is recommended and why on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from tutor.core.errors import CannotDo
from tutor.core.events import Failed, Rested
from tutor.core.plotting import meter
from tutor.ui.bridge import Bridge
from tutor.ui.commands import bindings
from tutor.ui.facts import Facts
from tutor.ui.screens.movies_board import SHELVES, Board, Trial, film_of, moved_line, read_board
from tutor.ui.screens.movies_sheets import Shown
from tutor.ui.widgets.films import Film, FilmList, Films, Picks
from tutor.ui.widgets.question import QuestionCard, surprise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tutor.core.film_records import Question

FOUND = 30
MARKED = {"not_seen": "not seen", "seen": "seen", "hidden": "put away", "watchlist": "on your watchlist"}


class SearchField(Input):
    """Where titles are typed."""

    BINDINGS = bindings("movies", "search")


class Movies(Shown):
    """A question, search and ratings left, the list and its reasons right."""

    PLACE = "movies"
    BINDINGS = bindings("movies")
    CSS_PATH = "movies.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._query = ""

    def compose_body(self) -> ComposeResult:
        """Lay out the two columns."""
        with Horizontal():
            with Vertical(id="rate"):
                with Vertical(id="ask-pane", classes="pane") as pane:
                    pane.border_title = "Have you seen"
                    yield QuestionCard(id="ask", markup=False)
                with Vertical(id="search-pane", classes="pane") as pane:
                    pane.border_title = "Rate another film"
                    yield SearchField(placeholder="type a title", id="search")
                yield Films(id="found", classes="pane gone")
                yield Films(id="rated", classes="pane")
                yield Static(id="said", markup=False)
                yield Static(id="score", markup=False)
            with Vertical(id="list"):
                yield Picks(id="for-you", classes="pane")
                with Vertical(id="reason", classes="pane") as reason:
                    reason.border_title = "Why"
                    yield Static(id="why", markup=False)
                    yield Static(id="near", markup=False)

    def arrive(self, argument: str | None = None) -> None:
        """Show the newest state; `argument` is a search."""
        if argument:
            self.query_one("#search", Input).value = argument
        if argument:
            self.query_one("#search").focus()
        elif not self._ratings:
            self.query_one("#ask").focus()
        self._read_again()
        self._ask_next()

    def on_mount(self) -> None:
        """Say what an empty list waits for."""
        self.query_one("#found", Films).border_title = "Found"
        self.query_one("#for-you", Picks).border_title = "For you"
        self.watch(self.app, "facts", self._other_data, init=False)

    def _other_data(self, facts: Facts) -> None:
        """Begin anew where the figures come from another data set."""
        if self._data and facts.data != self._data:
            self._ready, self._before, self._trial = True, [], None
            self.query_one("#for-you", Picks).rows = ()
            self._read_again()
            self._ask_next()

    def _read_again(self) -> None:
        self._read(lambda: "")

    # --- what the learner does -------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters belong to the search field while it has the focus."""
        typing = self._typing
        if action in ("undo", "search", "what_if", "shelf", *self.SHEETS):
            return not typing
        if action == "keep":
            return self._trial is not None and not typing
        if action == "for_you":
            return self._trial is not None or self.focused is not self.query_one("#for-you")
        if action == "train":
            return not typing and not self.workspace.movies.model_ready and not self.bridge.busy("model")
        return super().check_action(action, parameters)

    def action_search(self) -> None:
        """Begin a search."""
        self.query_one("#search", Input).focus()

    def action_for_you(self) -> None:
        """Go to the list; out of a what-if back to what is."""
        if self._trial is not None:
            self._try(None)
        else:
            self.query_one("#for-you").focus()

    def action_shelf(self) -> None:
        """Show the next shelf."""
        self._shelf = SHELVES[(SHELVES.index(self._shelf) + 1) % len(SHELVES)]
        self.query_one("#rated").focus()
        self._read_again()

    def action_undo(self) -> None:
        """Undo the last answer."""
        self._trial = None
        self._read(self._undo)
        self._ask_next()

    def action_what_if(self) -> None:
        """Begin a what-if with the film under the cursor, or the first one that was rated."""
        films = self.query_one("#rated", Films)
        film = films.current
        if film is None or film.stars is None:
            self._say("Rate a film first; then see what would be had you rated it differently.")
            return
        films.focus()
        self._try(Trial(film, film.stars))

    def action_keep(self) -> None:
        """Make the what-if true."""
        trial, self._trial = self._trial, None
        if trial is not None:
            self._give(trial.film, trial.stars)

    def action_train(self) -> None:
        """Train a recommender where there is none; the list says how far it is."""
        self._waiting("Training a recommender on these ratings …")
        if not self.bridge.start(self, "model", self.workspace.movies.ensure_model):
            self.set_timer(0.3, self._read_again)  # the app trains one already
        self.refresh_bindings()

    def _await_model(self, was_ready: bool) -> None:
        if was_ready or self.bridge.busy("model"):
            self.action_train()
        else:
            self._waiting("No recommender yet. Press r to train one.")

    @on(FilmList.Rated)
    def _rate(self, message: FilmList.Rated) -> None:
        film, stars = message.film, message.stars
        if self._trial is not None and film.id in self._ratings:
            self._try(Trial(film, stars))
        else:
            self._give(film, stars)

    def _give(self, film: Film, stars: float | None) -> None:
        movies, asking, seen = self.workspace.movies, self.workspace.asking, film.id in self._reasons

        def change() -> str:
            if stars is None:
                movies.delete(film.id)
                return f"{film.title} is not rated any more."
            if seen or film.id in self._ratings:  # its forecast was there to be seen: no test of it
                movies.rate(film.id, stars)
                return f"{film.title}: {stars:g} stars."
            return surprise(film.title, asking.answer(film.id, stars, asked=False).predicted, stars)

        self._read(change)
        self._ask_next(film.id if stars is not None else "")

    @on(FilmList.Marked)
    def _mark(self, message: FilmList.Marked) -> None:
        movies, film, mark = self.workspace.movies, message.film, message.mark

        def change() -> str:
            on = film.id not in movies.marks()[mark]
            movies.mark(film.id, mark, on)
            return f"{film.title}: {MARKED[mark] if on else f'no longer {MARKED[mark]}'}. u takes it back."

        self._read(change)

    @on(QuestionCard.Answered)
    def _answer(self, message: QuestionCard.Answered) -> None:
        asking, film, stars = self.workspace.asking, message.film, message.stars

        def change() -> str:
            said = asking.answer(film.id, stars)
            return surprise(film.title, said.predicted, said.stars)

        self._trial = None
        self._read(change)
        self._ask_next(film.id if stars is not None else "")

    @on(Input.Changed, "#search")
    def _search(self, message: Input.Changed) -> None:
        text = self._query = message.value.strip()
        self.query_one("#found").set_class(not text, "gone")
        if text:
            self.bridge.ask(self, "movies-search", lambda: (text, self._found(text)))

    def action_to_found(self) -> None:
        """Go from the search field to what it found, or to the list where it found nothing."""
        found = self.query_one("#found", Films)
        (found if found.rows and self._query else self.query_one("#for-you")).focus()

    # --- work in threads -------------------------------------------------------------------

    def _read(self, change: Callable[[], str]) -> None:
        """Change something, then read everything, in one go beside the screen."""
        wishes, trial, shelf = self._wishes, self._trial, self._shelf
        self.bridge.ask(self, "movies", lambda: read_board(self.workspace, change(), wishes, trial, shelf))

    def _ask(self) -> None:
        """Look for the question that waits for the list."""
        rated, self._pending = self._pending, None
        if rated is not None:
            self.bridge.ask(self, "movies-ask", lambda: (self._next(), self._moved(rated) if rated else ""))

    def _next(self) -> Question | None:
        return self.workspace.asking.next()

    def _moved(self, film: str) -> str:
        from tutor.core.taste_map import moved_by

        try:
            return moved_line(moved_by(self.workspace.movies, film))
        except CannotDo:  # no model of vectors is here
            return ""

    def _undo(self) -> str:
        change = self.workspace.movies.undo()
        if change is None:
            return "Nothing to undo."
        if change.count > 1:
            return f"{change.count} changes of an import are undone."
        if change.kind != "stars":
            return f"{change.film.title}: {'no longer' if change.after else 'again'} {MARKED[change.kind]}."
        now = f"{change.before:g} stars again" if change.before is not None else "not rated again"
        return f"{change.film.title}: {now}."

    def _found(self, text: str) -> Sequence[Any]:
        return self.workspace.movies.search(text, FOUND) if text == self._query else ()

    def on_bridge_answered(self, message: Bridge.Answered) -> None:
        """Take what was read."""
        if message.channel == "movies-near":
            self._show_near(*message.value)
        elif isinstance(message.value, Board):
            with self.app.batch_update():
                self._show(message.value)
            self._ask()
        elif message.channel == "movies-ask":
            self._show_question(*message.value)
        elif message.value[0] == self._query:
            found = self.query_one("#found", Films)
            found.empty = "no film of that name here"
            found.rows = tuple(film_of(film, self._ratings.get(film.id)) for film in message.value[1])
            found.cursor = 0

    def on_bridge_points(self, message: Bridge.Points) -> None:
        """Say how far the training is; of the more accurate model nobody needs to know."""
        if message.channel == "model" and message.progress and message.progress.fraction is not None:
            share = message.progress.fraction
            self._waiting(f"Training a recommender … {meter(share, 12)} {share:.0%} {message.progress.note}")

    def on_bridge_happened(self, message: Bridge.Happened) -> None:
        """The recommender is ready, or something failed."""
        if isinstance(message.event, Failed):
            self._say(message.event.message)
            self._ask()
            if message.channel == "model":
                self._waiting("No recommender yet. Press r to try again.")
        elif message.channel in ("model", "best") and isinstance(message.event, Rested):
            self._read_again()
            self._ask_next()
        self.refresh_bindings()

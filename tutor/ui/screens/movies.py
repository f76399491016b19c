"""Movies: rate films on the left, see what is recommended on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from tutor.core.events import Failed, Rested
from tutor.core.plotting import meter
from tutor.ui.bridge import Bridge
from tutor.ui.commands import bindings
from tutor.ui.facts import Facts, label
from tutor.ui.screens.place import Place
from tutor.ui.widgets.films import Film, FilmList, Films, Pick, Picks, moves
from tutor.ui.widgets.rows import RowList
from tutor.ui.widgets.why import because_line, interval_line, sum_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tutor.core.film_records import Recommendation
    from tutor.core.workspace import Workspace

TOP = 50
FOUND = 30
HOW = """Type a title above, go down to the film, give it stars: 1-9 = ½-4½, 0 = 5.
The list on the right takes stars, too."""
ENOUGH = 3
"""Ratings from which the list is called the learner's own."""


class Board(NamedTuple):
    """Everything that the screen shows, read at one moment."""

    said: str
    data: str
    """Label of the data set."""
    rated: tuple[Film, ...]
    recommended: Sequence[Recommendation] | None
    """Best first; None where no recommender is trained yet."""
    best_wanted: bool = False
    """Whether a more accurate recommender should be made meanwhile."""


def read_board(workspace: Workspace, said: str = "") -> Board:
    """Read ratings and recommendations."""
    movies = workspace.movies
    rated = tuple(_film(row.film, row.stars) for row in movies.rated())
    recommended = movies.recommend(top=TOP, why=True) if movies.model_ready else None
    wanted = recommended is not None and movies.best_wanted
    return Board(said, label(workspace.data.current), rated, recommended, wanted)


def _film(film: Any, stars: float | None) -> Film:
    return Film(film.id, film.title, film.year or 0, tuple(film.genres), stars)


class SearchField(Input):
    """Where titles are typed."""

    BINDINGS = bindings("movies", "search")


class Movies(Place):
    """Search and ratings left, the list and its reasons right."""

    PLACE = "movies"
    BINDINGS = bindings("movies")
    DEFAULT_CSS = """
    Movies {
        #rate { width: 44; }
        &.-narrow #rate { width: 42.5%; max-width: 34; }
        .pane { border: round $foreground 25%; border-title-color: $text-muted; padding: 0; }
        .pane:focus-within, .pane:focus { border: round $primary; border-title-color: $text-primary; }
        #search { border: none; height: 1; padding: 0 1; margin: 0; background: transparent; }
        #search-pane { height: 3; }
        #found { height: 2fr; }
        #rated { height: 3fr; }
        #reason { height: auto; min-height: 4; max-height: 8; padding: 0 1; }
        &.-short #reason { display: none; }
        #said { height: auto; max-height: 5; padding: 0 1; color: $text-muted; }
        .gone { display: none; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._query = ""
        self._reasons: dict[str, Any] = {}
        self._ratings: dict[str, float] = {}
        self._ready = True
        self._data = ""
        self._best_tried = ""

    def compose_body(self) -> ComposeResult:
        """Lay out the two columns."""
        with Horizontal():
            with Vertical(id="rate"):
                with Vertical(id="search-pane", classes="pane") as pane:
                    pane.border_title = "Rate a film"
                    yield SearchField(placeholder="type a title", id="search")
                yield Films(id="found", classes="pane gone")
                yield Films(id="rated", classes="pane")
                yield Static(id="said")
            with Vertical(id="list"):
                yield Picks(id="for-you", classes="pane")
                with Vertical(id="reason", classes="pane") as reason:
                    reason.border_title = "Why"
                    yield Static(id="why")

    def arrive(self, argument: str | None = None) -> None:
        """Show the newest state; `argument` is a search."""
        if argument:
            self.query_one("#search", Input).value = argument
        if argument or not self._ratings:
            self.query_one("#search").focus()
        self._read_again()

    def on_mount(self) -> None:
        """Say what an empty list waits for."""
        self.query_one("#rated", Films).empty = HOW
        self.query_one("#found", Films).border_title = "Found"
        picks = self.query_one("#for-you", Picks)
        picks.border_title, picks.border_subtitle = "For you", "by stars and likely interest"
        self.watch(self.app, "facts", self._other_data, init=False)

    def _other_data(self, facts: Facts) -> None:
        """Begin anew where the figures come from another data set."""
        if self._data and facts.data != self._data:
            self._ready = True
            self.query_one("#for-you", Picks).rows = ()
            self._read_again()

    def _read_again(self) -> None:
        self._read(lambda: "")

    # --- what the learner does -------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters belong to the search field while it has the focus."""
        typing = isinstance(self.focused, Input)
        if action in ("undo", "search"):
            return not typing
        if action == "for_you":
            return self.focused is not self.query_one("#for-you")
        if action == "train":
            return not typing and not self.workspace.movies.model_ready and not self.bridge.busy("model")
        return super().check_action(action, parameters)

    def action_search(self) -> None:
        """Begin a search."""
        self.query_one("#search", Input).focus()

    def action_for_you(self) -> None:
        """Go to the list."""
        self.query_one("#for-you").focus()

    def action_undo(self) -> None:
        """Undo the last change of a rating."""
        self._read(self._undo)

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
        movies, film, stars = self.workspace.movies, message.film, message.stars

        def change() -> str:
            if stars is None:
                movies.delete(film.id)
                return f"{film.title} is not rated any more."
            movies.rate(film.id, stars)
            return f"{film.title}: {stars:g} stars."

        self._read(change)

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
        self.bridge.ask(self, "movies", lambda: read_board(self.workspace, change()))

    def _undo(self) -> str:
        change = self.workspace.movies.undo()
        if change is None:
            return "Nothing to undo."
        now = f"{change.before:g} stars again" if change.before is not None else "not rated again"
        return f"{change.film.title}: {now}."

    def _found(self, text: str) -> Sequence[Any]:
        return self.workspace.movies.search(text, FOUND) if text == self._query else ()

    def on_bridge_answered(self, message: Bridge.Answered) -> None:
        """Take what was read."""
        if message.channel == "movies":
            with self.app.batch_update():
                self._show(message.value)
        elif message.value[0] == self._query:
            found = self.query_one("#found", Films)
            found.empty = "no film of that name here"
            found.rows = tuple(_film(film, self._ratings.get(film.id)) for film in message.value[1])
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
            if message.channel == "model":
                self._waiting("No recommender yet. Press r to try again.")
        elif message.channel in ("model", "best") and isinstance(message.event, Rested):
            self._read_again()
        self.refresh_bindings()

    # --- what is shown ---------------------------------------------------------------------

    def _say(self, text: str) -> None:
        self.query_one("#said", Static).update(text)

    def _waiting(self, text: str) -> None:
        self.query_one("#for-you", Picks).empty = text

    def _show(self, board: Board) -> None:
        was_ready, self._ready = self._ready, board.recommended is not None
        self._ratings = {film.id: film.stars for film in board.rated if film.stars is not None}
        rated, found = self.query_one("#rated", Films), self.query_one("#found", Films)
        rated.rows = board.rated
        rated.border_title = f"You rated {len(board.rated)}"
        found.rows = tuple(film._replace(stars=self._ratings.get(film.id)) for film in found.rows)
        self._data = board.data
        self._show_picks(board.recommended or ())
        if not self._ready:
            self._await_model(was_ready)
        elif board.best_wanted and self._best_tried != board.data:
            self._best_tried = board.data  # once: what fails is not tried again and again
            self.bridge.start(self, "best", self.workspace.movies.ensure_best)
        if board.said:
            self._say(board.said)
        self.refresh_bindings()

    def _show_picks(self, recommended: Sequence[Any]) -> None:
        picks = self.query_one("#for-you", Picks)
        moved = moves([pick.film.id for pick in picks.rows], [one.id for one in recommended])
        self._reasons = {one.id: one for one in recommended}
        picks.rows = tuple(
            Pick(_film(one, None), one.rank, one.predicted, moved[one.id], one.low, one.high)
            for one in recommended
        )
        missing = ENOUGH - len(self._ratings)
        whose = "For you" if missing <= 0 else f"For a typical viewer · rate {missing} more"
        picks.border_title = f"{whose} · {self._data.rpartition(', ')[2]}"
        self._show_reason()

    @on(RowList.Highlighted, "#for-you")
    def _show_reason(self) -> None:
        pick = self.query_one("#for-you", Picks).current
        one = self._reasons.get(pick.film.id) if pick else None
        self.query_one("#reason").border_title = f"Why {one.title}" if one else "Why"
        words = self.query_one("#why", Static)
        if one is None or one.why is None:
            words.update("" if one is None else "This recommender gives no reasons.")
        else:
            lines = (because_line(one.why), interval_line(one.low, one.high))
            words.update("\n".join(filter(None, (sum_line(one.predicted, one.why), *lines))))

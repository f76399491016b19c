"""What the Movies screen shows of a board, and the sheets that open over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.widgets import Input, Static

from tutor.ui.screens.movies_board import (
    Board,
    Trial,
    Wishes,
    film_of,
    near_line,
    privacy_line,
    score_line,
)  # fmt: skip
from tutor.ui.screens.place import Place
from tutor.ui.widgets.films import Films, Pick, Picks, moves, stars_text
from tutor.ui.widgets.question import QuestionCard
from tutor.ui.widgets.rows import RowList
from tutor.ui.widgets.why import because_line, interval_line, sum_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tutor.core.film_records import Question

EMPTY = {
    "rated": "Answer above, pick groups (p), search (/), or bring ratings along (i).",
    "watchlist": "Nothing here yet: w puts a film on your watchlist.",
    "away": "Nothing here: x and s put films away.",
}
SHELF_TITLES = {"rated": "You rated", "watchlist": "Watchlist", "away": "Put away or seen"}
ENOUGH = 3
"""Ratings, or groups, from which the list is called the learner's own."""


class Shown(Place):
    """The part of Movies that shows what was read and opens sheets."""

    SHEETS: ClassVar[tuple[str, ...]] = ("groups", "tune", "map", "score", "files", "data")
    """Actions that open a sheet."""

    def __init__(self) -> None:
        super().__init__()
        self._reasons: dict[str, Any] = {}
        self._ratings: dict[str, float] = {}
        self._ready = True
        self._data = ""
        self._best_tried = ""
        self._models_tried: set[tuple[str, str]] = set()
        self._board: Board | None = None
        self._trial: Trial | None = None
        self._shelf = "rated"
        self._before: list[str] = []
        """The list as it was, for the places that films moved since."""
        self._near_to = ""
        self._pending: str | None = None
        """The film that was rated last, or "", while the next question waits for the list."""
        self._wishes = Wishes.kept(self.workspace.store.settings.get("movies_wishes"))

    def _read(self, change: Callable[[], str]) -> None:
        raise NotImplementedError

    def _await_model(self, was_ready: bool) -> None:
        raise NotImplementedError

    def _ask_next(self, rated: str = "") -> None:
        """Ask for the next question once the list is there, and for the taste that a rating moved."""
        self._pending = rated

    def _changed(self) -> None:
        """Something was changed on a sheet: read everything."""
        self._read(lambda: "")
        self._ask_next()
        self.tutor.count()

    def _change(self, change: Callable[[], str]) -> None:
        """Make a change for a sheet, then read everything."""
        self._read(change)
        self._ask_next()

    # --- sheets ----------------------------------------------------------------------------

    def action_groups(self) -> None:
        """Pick groups of taste."""
        from tutor.ui.screens.movies_groups import Groups

        self.app.push_screen(Groups(self._change))

    def action_tune(self) -> None:
        """Turn the dials."""
        from tutor.ui.screens.movies_tune import Tune

        self.app.push_screen(Tune(self._wishes, self._turned, self._change))

    def _turned(self, wishes: Wishes) -> None:
        self._wishes = wishes
        settings = self.workspace.store.settings

        def keep() -> str:
            settings.set("movies_wishes", vars(wishes))
            return ""

        self._read(keep)

    def action_map(self) -> None:
        """Show the taste map."""
        from tutor.ui.screens.movies_map import MapSheet

        self.app.push_screen(MapSheet())

    def action_score(self) -> None:
        """Show the score's curve."""
        from tutor.ui.screens.movies_map import ScoreSheet

        self.app.push_screen(ScoreSheet(self._board.score if self._board else None))

    def action_files(self) -> None:
        """Import or export."""
        from tutor.ui.screens.movies_files import FilesSheet

        self.app.push_screen(FilesSheet(self._changed))

    def action_data(self) -> None:
        """Choose a data set."""
        from tutor.ui.screens.movies_data import DataSheet

        self.app.push_screen(DataSheet(self._changed))

    # --- what is shown ---------------------------------------------------------------------

    def _say(self, text: str) -> None:
        self.query_one("#said", Static).update(text)

    def _waiting(self, text: str) -> None:
        self.query_one("#for-you", Picks).empty = text

    def _try(self, trial: Trial | None) -> None:
        """Show the list as it would be with other stars for a film, or as it is."""
        self._trial = trial
        if trial is None:
            self._say("Back to what you said.")
        else:
            gave = f"you gave {self._ratings[trial.film.id]:g}"
            now = "not rated" if trial.stars is None else f"{trial.stars:g} stars"
            self._say(f"What if {trial.film.title}: {now} ({gave})? Digits try, enter keeps, esc goes back.")
        self._read(lambda: "")
        self.refresh_bindings()

    def _show(self, board: Board) -> None:
        was_ready, self._ready = self._ready, board.recommended is not None
        self._board = board
        self._ratings = {film.id: film.stars for film in board.rated if film.stars is not None}
        rated, found = self.query_one("#rated", Films), self.query_one("#found", Films)
        rated.empty, rated.rows = EMPTY[self._shelf], board.shelf
        elsewhere = (
            f" · {board.left_out} not in this set" if board.left_out and self._shelf == "rated" else ""
        )
        rated.border_title = f"{SHELF_TITLES[self._shelf]} {len(board.shelf)}{elsewhere}"
        found.rows = tuple(film._replace(stars=self._ratings.get(film.id)) for film in found.rows)
        if self._data != board.data:
            self._before = []
        self._data = board.data
        self._show_picks(board.recommended or ())
        if not self._ready:
            self._await_model(was_ready)
        elif board.best_wanted and self._best_tried != board.data:
            self._best_tried = board.data  # once: what fails is not tried again and again
            self.bridge.start(self, "best", self.workspace.movies.ensure_best)
        elif board.untrained and (board.data, board.untrained) not in self._models_tried:
            self._models_tried.add((board.data, board.untrained))
            movies, model = self.workspace.movies, board.untrained
            self.bridge.start(self, "model", lambda cancelled: movies.ensure_model(cancelled, model))
        if board.said:
            self._say(board.said)
        elif not board.rated and self._trial is None:
            self._say(privacy_line(self.workspace.paths.home))
        self.query_one("#score", Static).update(score_line(board.score))
        self.refresh_bindings()

    def _show_question(self, question: Question | None, moved: str) -> None:
        card = self.query_one("#ask", QuestionCard)
        card.waiting = "Nothing is left to ask about here."
        if question is not None and question.film.id in self._ratings:  # rated while it was looked for
            self._changed()
            return
        card.film = film_of(question.film, None) if question else None
        if question is not None:
            told = f" · {question.not_seen} not seen" if question.not_seen else ""
            self.query_one("#ask-pane").border_title = f"Have you seen · {question.answered} rated{told}"
        if moved:
            said = self.query_one("#said", Static)
            said.update(f"{said.content}\n{moved}")
        self._show_picks(self._board.recommended or () if self._board else (), moved=False)

    def _show_picks(self, recommended: Sequence[Any], *, moved: bool = True) -> None:
        """The list without the film that is asked about: its forecast stays hidden until it is rated."""
        picks = self.query_one("#for-you", Picks)
        asked = self.query_one("#ask", QuestionCard).film
        shown = [one for one in recommended if asked is None or one.id != asked.id]
        now = [one.id for one in shown]
        places = {pick.film.id: pick.moved for pick in picks.rows}
        if moved:
            places = dict(moves(self._before, now))
        if moved and self._trial is None:
            self._before = now
        self._reasons = {one.id: one for one in shown}
        picks.rows = tuple(
            Pick(film_of(one, None), rank, one.predicted, places.get(one.id, 0), one.low, one.high, one.few)
            for rank, one in enumerate(shown, 1)
        )
        self._title_picks(picks)
        self._show_reason()

    def _title_picks(self, picks: Picks) -> None:
        board, trial = self._board, self._trial
        if trial is not None:
            stars = "not rated" if trial.stars is None else stars_text(trial.stars)
            picks.border_title = f"What if {trial.film.title} were {stars}"
        else:
            groups = board.groups if board else 0
            missing = ENOUGH - max(len(self._ratings), groups)
            whose = "For you" if missing <= 0 else f"For a typical viewer · rate {missing} more"
            model = f" · {self._wishes.model}" if self._wishes.model else ""
            picks.border_title = f"{whose}{model} · {self._data.rpartition(', ')[2]}"
        words = board.note if board and board.note else ""
        picks.border_subtitle = " · ".join(filter(None, (self._wishes.words, words)))

    @on(RowList.Highlighted, "#for-you")
    def _show_reason(self) -> None:
        pick = self.query_one("#for-you", Picks).current
        one = self._reasons.get(pick.film.id) if pick else None
        self.query_one("#reason").border_title = f"Why {one.title}" if one else "Why"
        words, near = self.query_one("#why", Static), self.query_one("#near", Static)
        if one is None or one.why is None:
            words.update("" if one is None else "This recommender gives no reasons.")
            near.update("")
            return
        few = "Few people rated it: take the number with care." if one.few else ""
        lines = (because_line(one.why), interval_line(one.low, one.high), few)
        words.update("\n".join(filter(None, (sum_line(one.predicted, one.why), *lines))))
        self._near_to, movies = one.id, self.workspace.movies
        if self._ratings:
            film = one.id
            self.bridge.ask(self, "movies-near", lambda: (film, movies.nearest_rated(film)))

    def _show_near(self, film: str, near: Sequence[Any]) -> None:
        if film == self._near_to:
            self.query_one("#near", Static).update(near_line(near))

    @property
    def _typing(self) -> bool:
        return isinstance(self.focused, Input)

"""What the Movies screen shows, read at one moment beside the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from tutor.core.errors import BadInput, CannotDo
from tutor.core.serving import NoModel
from tutor.ui.facts import label
from tutor.ui.widgets.films import Film

if TYPE_CHECKING:
    from tutor.core.film_records import Moved, Recommendation, Score
    from tutor.core.workspace import Workspace

TOP = 50
SHELVES = ("rated", "watchlist", "away")
"""What the list on the left shows in turn: ratings, the watchlist, what was put away."""
PRIVACY = "Ratings stay on this machine, in {home}. Nothing is sent anywhere; `tutor reset` removes all."


@dataclass(frozen=True)
class Wishes:
    """How the learner wants the list: the recommender, the knobs in stars, genres in and out."""

    model: str | None = None
    knobs: Mapping[str, float] = field(default_factory=dict)
    genres: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @classmethod
    def kept(cls, told: Mapping[str, Any] | None) -> Wishes:
        """As they were kept."""
        told = told or {}
        return cls(
            told.get("model"), dict(told.get("knobs") or {}), tuple(told.get("genres") or ()),
            tuple(told.get("without") or ()),
        )  # fmt: skip

    def turned(self, knob: str, stars: float) -> Wishes:
        """With a knob turned; 0 is off."""
        knobs = {**self.knobs, knob: round(stars, 2)}
        return replace(self, knobs={name: value for name, value in knobs.items() if value})

    @property
    def words(self) -> str:
        """What was turned, in a few words; "balanced" if nothing was."""
        parts = [f"{name} {value:+g}" for name, value in self.knobs.items()]
        parts += [*self.genres, *(f"no {genre}" for genre in self.without)]
        return ", ".join(parts) or "balanced"


class Trial(NamedTuple):
    """A what-if: other stars for a film that was rated."""

    film: Film
    stars: float | None


class Board(NamedTuple):
    """Everything that the screen shows but the question."""

    said: str
    data: str
    """Label of the data set."""
    rated: tuple[Film, ...]
    shelf: tuple[Film, ...]
    """The films of the shelf that is shown."""
    recommended: Sequence[Recommendation] | None
    """Best first; None where no recommender is trained yet."""
    best_wanted: bool = False
    """Whether a more accurate recommender should be made meanwhile."""
    score: Score | None = None
    note: str = ""
    """What the list rests on, or why it is not the one that was asked for."""
    groups: int = 0
    """Groups of taste that count."""
    untrained: str = ""
    """The recommender that was wished for, where it must be trained first."""
    left_out: int = 0
    """Ratings of films that this data set does not hold; they count where it does."""


def read_board(
    workspace: Workspace,
    said: str = "",
    wishes: Wishes = Wishes(),
    trial: Trial | None = None,
    shelf: str = SHELVES[0],
) -> Board:
    """Read ratings, marks, recommendations and the score."""
    movies = workspace.movies
    rated = tuple(film_of(row.film, row.stars) for row in movies.rated())
    recommended, note, untrained = (
        _recommended(workspace, wishes, trial) if movies.model_ready else (None, "", "")
    )
    return Board(
        said, label(workspace.data.current), rated, rated if shelf == "rated" else _shelf(workspace, shelf),
        recommended, recommended is not None and movies.best_wanted, workspace.asking.score(), note,
        len(movies.chosen_tastes), untrained, movies.basis().left_out if recommended is not None else 0,
    )  # fmt: skip


def _recommended(
    workspace: Workspace, wishes: Wishes, trial: Trial | None
) -> tuple[Sequence[Recommendation], str, str]:
    """The list as it is wished; where that cannot be, the usual one, why, and what must be trained first."""
    what_if = {} if trial is None else {trial.film.id: trial.stars}
    movies = workspace.movies
    try:
        found = movies.recommend(
            top=TOP, why=True, model=wishes.model, knobs=wishes.knobs, genres=wishes.genres,
            without=wishes.without, what_if=what_if,
        )  # fmt: skip
    except NoModel:
        usual = movies.recommend(top=TOP, why=True, what_if=what_if)
        return usual, f"{wishes.model} is being trained", wishes.model or ""
    except (CannotDo, BadInput) as fault:
        return movies.recommend(top=TOP, why=True, what_if=what_if), f"{fault}", ""
    return found, _price(found), ""


def _price(found: Sequence[Recommendation]) -> str:
    """What diversity costs: predicted stars of each of the first ten."""
    costs = [one.diversity_cost or 0.0 for one in found[:10]]
    if not any(costs):
        return ""
    mean = sum(costs) / len(costs)
    return f"diversity {'costs' if mean >= 0 else 'gains'} {abs(mean):.2f} stars a film"


def _shelf(workspace: Workspace, shelf: str) -> tuple[Film, ...]:
    movies = workspace.movies
    if shelf == "watchlist":
        return tuple(film_of(film, film.rated) for film in movies.marked("watchlist"))
    films = {film.id: film for mark in ("hidden", "seen") for film in movies.marked(mark)}
    return tuple(film_of(film, film.rated) for film in films.values())


def film_of(film: Any, stars: float | None) -> Film:
    """A film of the core as the lists show it."""
    return Film(film.id, film.title, film.year or 0, tuple(film.genres), stars)


def score_line(score: Score | None, width: int = 14) -> str:
    """The model against the learner in a line, with the error's course."""
    if score is None or score.off is None:
        return "Our guess for each film stays hidden until you have rated it."
    usual = f"; film means {score.means_off:.2f}" if score.means_off is not None else ""
    answers = f"{score.answers} guess{'es' * (score.answers != 1)}"
    course = sparks(score.curve, width) if score.answers > 2 else ""
    return f"Model against you: off by {score.off:.2f} stars over {answers}{usual} {course}".rstrip()


def sparks(values: Sequence[float], width: int) -> str:
    """A course as blocks, the last values; taller is a larger error."""
    signs, shown = "▁▂▃▄▅▆▇█", values[-width:]
    most = max(max(shown), 1e-9)
    return "".join(signs[min(7, int(value / most * 7.99))] for value in shown)


def moved_line(moved: Moved | None) -> str:
    """Which taste a rating moved, in words."""
    if moved is None or moved.stars < 0.005:
        return ""
    towards, away = (" and ".join(names[:2]) for names in (moved.towards, moved.away))
    return f"Moved most: taste {moved.number}, {moved.stars:+.2f} stars towards {towards}, away from {away}."


def near_line(near: Sequence[Any]) -> str:
    """Which of the learner's films are nearest to a film."""
    if not near:
        return ""
    named = ", ".join(f"{one.title} {one.stars:g}★ ({one.cosine:.2f})" for one in near)
    return f"Nearest of your films (cosine): {named}"


def privacy_line(home: object) -> str:
    """What is kept, and where."""
    return PRIVACY.format(home=home)


def dial(value: float, low: float, high: float, width: int = 11) -> str:
    """A dial as a line with a knob on it."""
    at = round((value - low) / (high - low) * (width - 1))
    return "─" * at + "●" + "─" * (width - 1 - at)

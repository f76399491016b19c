"""What is told of films: the film itself, a recommendation, why it is one, and what a list rests on."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.core.events import Record
from tutor.store.ratings import Asked

FEW = 20
"""Ratings of a film below which a list marks it."""


class Film(Record):
    """A film as it is listed; `rated`: the learner's stars, None if not rated."""

    id: str
    title: str
    year: int | None
    genres: tuple[str, ...]
    keys: dict[str, str]
    rated: float | None


@dataclass(frozen=True, slots=True)
class Because:
    """How far one of the person's ratings pushed a prediction, in stars; light, since there are many."""

    id: str
    title: str
    stars: float
    push: float


class Why(Record):
    """A prediction taken apart, in stars: the first five add up to it."""

    mean: float
    user_bias: float
    item_bias: float
    taste: float
    clamp: float
    because: tuple[Because, ...]
    rest: float


class Recommendation(Record):
    """A film that is recommended, with the stars that this person would give it.

    `low` and `high`: nine of ten such ratings lie between them; None where the model does not know.
    `diversity_cost`: predicted stars that diversity took from this place of the list.
    """

    rank: int
    id: str
    title: str
    year: int | None
    genres: tuple[str, ...]
    keys: dict[str, str]
    predicted: float
    low: float | None = None
    high: float | None = None
    why: Why | None = None
    diversity_cost: float | None = None
    ratings: int | None = None
    """Ratings of the film in the data set; below FEW the forecast rests on little."""

    @property
    def few(self) -> bool:
        """Whether the film has few ratings."""
        return self.ratings is not None and self.ratings < FEW


class Near(Record):
    """One of the learner's own films, and how much the same people watch it as another film (-1 to 1)."""

    id: str
    title: str
    stars: float
    cosine: float


class Question(Record):
    """A film that is asked about."""

    film: Film
    strategy: str
    why: str
    """How it was chosen, in words."""
    answered: int
    not_seen: int


class Answered(Record):
    """What was said of a film, and what had been forecast, unseen; None where nothing was."""

    film: Film
    stars: float | None
    predicted: float | None

    @property
    def surprise(self) -> float | None:
        """Stars given beyond the forecast."""
        return None if self.stars is None or self.predicted is None else self.stars - self.predicted


class Score(Record):
    """The model against the learner: mean absolute error in stars of forecasts made before the answers."""

    answers: int
    off: float | None
    means_off: float | None
    """The same for the mean rating of each film, which knows nothing of the learner."""
    curve: tuple[float, ...]
    """After the first 1, 2, ... answers."""
    means_curve: tuple[float, ...]
    strategies: tuple[Asked, ...] = ()
    """How the questions of each strategy went, so that they can be compared."""


class Axis(Record):
    """An axis of taste, named by well known films at its ends."""

    low: tuple[str, ...]
    high: tuple[str, ...]


class Spot(Record):
    """A film on the taste map."""

    id: str
    title: str
    year: int | None
    genres: tuple[str, ...]
    keys: dict[str, str]
    rated: float | None
    x: float
    y: float


class TasteMap(Record):
    """Films and the learner in two dimensions."""

    spots: tuple[Spot, ...]
    x: float
    y: float
    """Where the learner stands; in the middle without ratings."""
    axes: tuple[Axis, ...]


class Moved(Record):
    """The axis of taste that a rating moved most, and how far the learner's bias went, in stars."""

    film: str
    number: int
    towards: tuple[str, ...]
    away: tuple[str, ...]
    stars: float
    """What a film far out on this axis gained."""
    bias: float


class Basis(Record):
    """What a list rests on."""

    data: str
    used: int
    """Ratings that count."""
    left_out: int
    """Ratings of films that the model does not know."""
    invented: bool
    note: str
    """The same in a sentence."""

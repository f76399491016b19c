"""The start: which film to ask about next, what was forecast for it, and how good the forecasts have been.

The forecast is made before the answer and shown after it, since a shown forecast pulls the rating towards it
(Cosley et al. 2003, "Is seeing believing?"). So the score is honest: each error is of a rating that neither
the model nor the learner knew of (prequential: Dawid 1984).
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from typing import TYPE_CHECKING

from tutor.core.errors import BadInput
from tutor.core.film_lists import film_of
from tutor.core.film_records import Answered, Question, Score
from tutor.core.movies import Movies

if TYPE_CHECKING:
    from recommender.elicitation import Answers, Strategy
    from recommender.elicitation_crowd import Crowd
    from tutor.core.recommending import Ranker

STRATEGIES = {
    "information": "whatever is expected to tell most about you",
    "log-popularity x entropy": "known films on which people differ",
    "entropy0": "films on which people differ, not seen counted as an answer",
    "popular": "the best known films first",
    "random": "any film",
}
"""How the next film is chosen, in words."""
WITHOUT_DRAWS = "log-popularity x entropy"
"""What stands in for `information` until a model that knows how sure it is has been fitted."""


class Asking:
    """Asks about one film at a time. Any thread may ask."""

    def __init__(self, movies: Movies) -> None:
        self._movies = movies
        self._lock = threading.RLock()
        self._crowds: tuple[object, Crowd, dict[str, int], tuple[str, ...]] | None = None
        self._used: str | None = None
        """How the film was chosen that is asked about."""
        self._choosers: dict[str, tuple[object, object, Strategy]] = {}

    @property
    def strategy(self) -> str:
        """The strategy that the learner picked."""
        kept = self._movies.setting("asking")
        return kept if kept in STRATEGIES else "information"

    def choose_strategy(self, name: str) -> None:
        """Choose another strategy. Raises `BadInput`."""
        if name not in STRATEGIES:
            raise BadInput(f"There is no strategy {name!r}; there are {', '.join(STRATEGIES)}.")
        self._movies.set_setting("asking", name)

    def next(self, strategy: str | None = None, never: Collection[str] = ()) -> Question | None:
        """The film to ask about, not one of `never`; None if there is nothing left. Its forecast is not told.

        Raises `BadInput` for another strategy.
        """
        if strategy is not None and strategy not in STRATEGIES:
            raise BadInput(f"There is no strategy {strategy!r}; there are {', '.join(STRATEGIES)}.")
        wanted = strategy or self.strategy
        _, rows, film_ids = self._crowd()
        ranker = self._movies.draws_ranker() if wanted == "information" else None
        fits = ranker is not None and ranker.model.film_ids == film_ids
        used = wanted if wanted != "information" or fits else WITHOUT_DRAWS
        answers = self._answers(rows, never)
        self._used = used
        row = self._chooser(used, ranker if fits else None).next_film(answers)
        if row is None:
            return None
        film = film_of(self._movies.catalogue().films[film_ids[row]], {})
        return Question(
            film=film, strategy=used, why=STRATEGIES[used],
            answered=len(answers.rated), not_seen=len(answers.not_seen),
        )  # fmt: skip

    def answer(self, ref: str, stars: str | float | None, *, asked: bool = True) -> Answered:
        """Rate a film whose forecast was hidden, or say with None that it was not seen; undo takes it back.

        `asked`: whether it was the film that was asked about.

        Raises `BadStars`, `UnknownFilm`, `AmbiguousTitle`.
        """
        movies, used = self._movies, self._used if asked else None
        if stars is None:
            marked = movies.mark(ref, "not_seen", asked_by=used).film
            return Answered(film=movies.film(marked.id), stars=None, predicted=None)
        film = movies.film(ref)
        hidden = movies.model_ready and film.rated is None
        predicted = movies.predicted(film.id) if hidden else None
        change = movies.rate(film.id, stars, predicted, used)
        return Answered(film=movies.film(film.id), stars=change.after, predicted=predicted)

    def score(self) -> Score:
        """How far the hidden forecasts were off, answer by answer, against the films' mean ratings."""
        guesses = self._movies.guesses()
        means = self._movies.mean_stars() if guesses else {}
        errors = [abs(one.predicted - one.stars) for one in guesses]
        usual = [abs(means.get(one.film.id, means[""]) - one.stars) for one in guesses]
        return Score(
            answers=len(errors), off=_running(errors)[-1] if errors else None,
            means_off=_running(usual)[-1] if usual else None,
            curve=tuple(_running(errors)), means_curve=tuple(_running(usual)),
            strategies=tuple(self._movies.asked()),
        )  # fmt: skip

    def _answers(self, rows: dict[str, int], never: Collection[str]) -> Answers:
        from recommender.elicitation import Answers

        said, marks = self._movies.stars(), self._movies.marks()
        stars = {rows[film]: value for film, value in said.items() if film in rows}
        unseen = tuple(rows[film] for film in sorted(marks["not_seen"] - said.keys()) if film in rows)
        gone = {*marks["seen"], *marks["hidden"], *never} - said.keys()
        return Answers(stars, unseen, frozenset(rows[film] for film in gone if film in rows))

    def _crowd(self) -> tuple[Crowd, dict[str, int], tuple[str, ...]]:
        """Who knows what in the data set in use, rows by film id, and film ids by row; learnt once."""
        from recommender.elicitation_crowd import Crowd
        from recommender.serving import one_row_per_film

        dataset = self._movies.dataset()
        with self._lock:
            if self._crowds is None or self._crowds[0] is not dataset:
                ratings, film_ids = one_row_per_film(dataset)
                rows = {film: row for row, film in enumerate(film_ids)}
                self._crowds = (dataset, Crowd.of(ratings), rows, film_ids)
                self._choosers = {}
            return self._crowds[1:]

    def _chooser(self, name: str, ranker: Ranker | None) -> Strategy:
        from recommender.elicitation import Information, strategy
        from recommender.posterior import Posterior

        crowd, *_ = self._crowd()
        model = None if ranker is None else ranker.model
        with self._lock:
            kept = self._choosers.get(name)
            if kept is None or kept[0] is not model or kept[1] is not crowd:
                if isinstance(model, Posterior):
                    made: Strategy = Information(model, crowd)
                else:
                    made = strategy(name, None, crowd)  # type: ignore[arg-type]  # these need no posterior
                kept = self._choosers[name] = (model, crowd, made)
            return kept[2]


def _running(errors: list[float]) -> list[float]:
    """Mean of the first 1, 2, ... errors."""
    total, means = 0.0, []
    for number, error in enumerate(errors, 1):
        total += error
        means.append(round(total / number, 4))
    return means

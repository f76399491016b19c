"""How soon a few questions make the forecasts for a new person good: replayed on people held out.

Part of each person's ratings is held back, and those films are not asked about. Any other film gets the
stars that the person gave to it, or "not seen". The error is that of the forecasts for what was held back.
Letters: P people, Q questions, A answers with stars.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.bayes import BayesModel, fit
from recommender.bayes_config import of_recipe
from recommender.bayes_serving import posterior_of
from recommender.elicitation import STRATEGIES, Answers, Strategy, strategy
from recommender.elicitation_crowd import Crowd
from recommender.events import Cancelled, Event, Failed, Finished, Progress, Started
from recommender.posterior import Posterior
from recommender.posterior_fold import fold_in, predict
from recommender.ratings import Dataset, Ratings

Doubles = NDArray[np.float64]

STEPS = (0, 1, 2, 3, 5, 10, 15)
"""Questions, or answers, after which the error is told."""
LONGEST = 60
"""Nobody is asked more questions than these."""
LEAST = 20
"""Only people with so many ratings are held out."""
HELD_SHARE = 0.3
RIVALS = ("popular", "entropy0")
"""Strategies that the others are compared with."""
RESAMPLES = 2000


class StudyError(ValueError):
    """A study that cannot be made; the message is one line."""


@dataclass(frozen=True, eq=False)
class Person:
    """A held-out person: what they would answer, and what is forecast."""

    stars: dict[int, float]
    """Stars by film row, of films that may be asked about."""
    held: NDArray[np.intp]
    held_stars: Doubles


@dataclass(frozen=True, eq=False)
class Replay:
    """One person under one strategy."""

    by_question: Doubles  # [len(STEPS)] mean squared error after so many questions, in stars²
    by_answer: Doubles  # [len(STEPS)] after so many answers with stars, or after all questions
    answered: NDArray[np.intp]  # [len(STEPS)] answers with stars after so many questions
    asked: NDArray[np.intp]  # [len(STEPS)] questions until so many answers


def held_out(ratings: Ratings, n: int, seed: int, group: int = 0) -> NDArray[np.intp]:
    """Rows of up to n people with LEAST ratings or more, but at most half of them, drawn at random.

    Nobody is in two groups.
    """
    counts = np.bincount(ratings.users, minlength=ratings.n_users)
    able = np.random.default_rng([seed, 11]).permutation(np.flatnonzero(counts >= LEAST))
    size = min(n, len(able) // 2)
    return able[group * size : (group + 1) * size]


def people_of(ratings: Ratings, rows: NDArray[np.intp], seed: int) -> list[Person]:
    """Those people, with a random HELD_SHARE of their films held back. A film rated twice counts once."""
    rng = np.random.default_rng([seed, 12])
    people = []
    for row in rows:
        mine = np.flatnonzero(ratings.users == row)
        given = dict(zip(ratings.items[mine].tolist(), ratings.stars[mine].tolist(), strict=True))
        films = rng.permutation(list(given))
        cut = max(1, round(HELD_SHARE * len(films)))
        held = films[:cut].astype(np.intp)
        stars = {int(film): given[film] for film in films[cut:].tolist()}
        people.append(Person(stars, held, np.array([given[film] for film in held.tolist()])))
    return people


def replay(posterior: Posterior, person: Person, chooser: Strategy) -> Replay:
    """Ask until both tables are full, LONGEST questions are asked, or nothing is left to ask."""
    answers = Answers(left_out=frozenset(person.held.tolist()))
    errors, answered, asked = [_error(posterior, person, answers)], [0], [0]
    last = STEPS[-1]
    while len(answered) <= last or (len(asked) <= last and len(answered) <= LONGEST):
        row = chooser.next_film(answers)
        if row is None:
            break
        stars = person.stars.get(row)
        answers = answers.plus(row, stars)
        answered.append(len(answers.rated))
        if stars is not None:
            asked.append(len(answered) - 1)
            errors.append(_error(posterior, person, answers))
    after = np.array([answered[min(step, len(answered) - 1)] for step in STEPS])
    reached = np.minimum(STEPS, len(errors) - 1)
    told, until = np.array(errors), [*asked, len(answered) - 1]
    questions = np.array([until[min(step, len(until) - 1)] for step in STEPS])
    return Replay(told[after], told[reached], after, questions)


def _error(posterior: Posterior, person: Person, answers: Answers) -> float:
    folded = fold_in(posterior, list(answers.rated), list(answers.rated.values()))
    miss = predict(posterior, folded, person.held) - person.held_stars
    return float(np.mean(miss**2))


def study(
    data: Dataset,
    names: Sequence[str] = STRATEGIES,
    n_users: int = 300,
    seed: int = 0,
    cancelled: Callable[[], bool] = lambda: False,
    groups: int = 1,
) -> Iterator[Event]:
    """Learn without `n_users` people, then ask them. Finished carries `rows` and `differences`.

    With several `groups` so many other people are left out each time, and all count as one crowd.
    Every person counts the same: the error is the root of the mean of people's mean squared errors, in stars.
    """
    began = time.perf_counter()
    parts = [held_out(data.ratings, n_users, seed, group) for group in range(groups)]
    parts = [rows for rows in parts if len(rows)]
    n_people = sum(map(len, parts))
    yield Started({"data": data.name, "strategies": list(names), "users": n_people, "seed": seed})
    if not n_people:
        yield Failed(f"nobody has {LEAST} ratings or more, so nobody can be held out")
        return
    replays: dict[str, list[Replay]] = {name: [] for name in names}
    for number, rows in enumerate(parts):
        asked = yield from _asked(data, rows, names, seed, (number, len(parts)), cancelled)
        if asked is None:
            return
        for name, found in asked.items():
            replays[name] += found
    result = {"data": data.name, "users": n_people, "seed": seed, **tables(replays, seed)}
    yield Finished({**result, "seconds": time.perf_counter() - began})


def _asked(
    data: Dataset,
    rows: NDArray[np.intp],
    names: Sequence[str],
    seed: int,
    part: tuple[int, int],
    cancelled: Callable[[], bool],
) -> Generator[Event, None, dict[str, list[Replay]] | None]:
    """Learn without the people in `rows`, then ask them. None after the event that tells why it ended."""
    train = data.ratings.take(~np.isin(data.ratings.users, rows))
    model = yield from chain(data, train, seed, cancelled)
    if model is None:
        return None
    about = {
        "film_ids": data.items.film_ids,
        "item_ids": data.ratings.item_ids,
        "data_name": data.name,
        "data_hash": data.ratings.fingerprint,
    }
    posterior, crowd = posterior_of(model, about), Crowd.of(train)
    people = people_of(data.ratings, rows, seed)
    replays: dict[str, list[Replay]] = {}
    for place, name in enumerate(names):
        chooser = strategy(name, posterior, crowd, seed)
        replays[name] = []
        for number, person in enumerate(people):
            if cancelled():
                yield Cancelled()
                return None
            if name == "random":
                chooser = strategy(name, posterior, crowd, seed, number)
            replays[name].append(replay(posterior, person, chooser))
        done = (part[0] + (place + 1) / len(names)) / part[1]
        yield Progress(done, f"{name}: {len(people)} people asked")
    return replays


def chain(
    data: Dataset, train: Ratings, seed: int, cancelled: Callable[[], bool]
) -> Generator[Event, None, BayesModel | None]:
    """Sample `best` by its fast recipe. Its model, or None after the event that tells why there is none."""
    around: dict[str, Any] = {"low": data.low, "high": data.high, "items": data.items, "users": data.users}
    for event in fit(train, of_recipe("fast", seed), cancelled=cancelled, **around):
        if isinstance(event, Finished):
            model: BayesModel = event.model
            return model
        if isinstance(event, (Failed, Cancelled)):
            yield event
    return None


def tables(replays: dict[str, list[Replay]], seed: int) -> dict[str, Any]:
    """`rows`: errors of each strategy; `differences`: to each rival, with 95 % intervals over people."""
    rows, differences = [], []
    names = {"questions": "by_question", "answers": "by_answer"}
    errors = {
        (per, name): np.array([getattr(one, field) for one in found])  # [P, len(STEPS)]
        for per, field in names.items()
        for name, found in replays.items()
    }
    for (per, name), squares in errors.items():
        other = "answered" if per == "questions" else "asked"
        means = np.mean([getattr(one, other) for one in replays[name]], axis=0)
        for at, step in enumerate(STEPS):
            rmse = float(np.sqrt(squares[:, at].mean()))
            rows.append({"strategy": name, "per": per, "n": step, "rmse": rmse, other: float(means[at])})
        for rival in RIVALS:
            if rival in replays and rival != name:
                told = _differences(squares, errors[per, rival], seed)
                differences += [{"strategy": name, "rival": rival, "per": per, **one} for one in told]
    return {"rows": rows, "differences": differences}


def _differences(squares: Doubles, others: Doubles, seed: int) -> list[dict[str, float]]:
    """Difference of the errors at each of STEPS, with the ends of its 95 % interval: people redrawn."""
    rng = np.random.default_rng([seed, 13])
    drawn = rng.integers(0, len(squares), (RESAMPLES, len(squares)))
    found = np.array([np.sqrt(squares[i].mean(axis=0)) - np.sqrt(others[i].mean(axis=0)) for i in drawn])
    centre = np.sqrt(squares.mean(axis=0)) - np.sqrt(others.mean(axis=0))
    low, high = np.quantile(found, (0.025, 0.975), axis=0)
    return [
        {"n": step, "difference": float(centre[at]), "low": float(low[at]), "high": float(high[at])}
        for at, step in enumerate(STEPS)
    ]

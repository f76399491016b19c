"""Elicitation: which film to ask a newcomer about next, so that a few questions say most.

Viewers are held out whole and questioned: a film that they rated gets their stars, any other one "not seen".
Part of their ratings is held back and never asked about; the error is that of the forecasts for these. The
forecasts are those of the sampled model `best`, in a short chain (SWEEPS sweeps).

Ways to choose the next film
    random        any film
    popular       the one that most people rated
    entropy0      the one whose answer is least certain, "not seen" among the answers (Rashid et al. 2008)
    information   the one whose answer is expected to make the other forecasts surest: chance that it was seen
                  times what the stars would tell (see recommender.elicitation)

Settings
    questions   questions to each newcomer, 2 to 30 (15)
    people      newcomers, 10 to 200 (60)

Series, for each way: mean squared error on what was held back, stars² (each newcomer counts the same),
against questions asked.

Table: one row per way: way, questions, answers with stars, MSE, share of the first error that is gone in %.
Charts: answers with stars (bars), what each way asks first (text), what the learner should be asked next
(bars, in % of the best question's worth; without the learner's ratings it is what to ask anybody first).

Measured
    start                                            error before the first question
    random, popular, entropy0, information           error after the last question
    seen_random, seen_popular, seen_entropy0, seen_information    answers with stars per newcomer
    gone                                             share of the first error that the best way takes, in %
    best, worst                                      ways, by the error after the last question
    next_film                                        title of the film to ask next
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from recommender import datasets
from recommender.bayes import fit
from recommender.bayes_config import of_recipe
from recommender.bayes_serving import posterior_of
from recommender.elicitation import Answers, Information, Ranked, Strategy, strategy
from recommender.elicitation_crowd import Crowd
from recommender.elicitation_study import LEAST, Person, held_out, people_of
from recommender.events import Cancelled, Chart, Event, Failed, Finished, Progress, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.settings import only, whole
from recommender.posterior import Posterior
from recommender.posterior_fold import fold_in, predict
from recommender.ratings import Dataset, Ratings

WAYS = ("random", "popular", "entropy0", "information")
SWEEPS, FACTORS, RANK = 24, 12, 64
LISTED = 5


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Sample without the newcomers, then ask them. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("questions", "people"))
    questions, people = whole(settings, "questions", 15, 2, 30), whole(settings, "people", 60, 10, 200)
    return _run(spec, questions, people, cache, cancelled)


def _run(
    spec: Mapping[str, Any], questions: int, n_people: int, cache: Path | None, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    began, seed = time.perf_counter(), int(spec.get("seed") or 0)
    name = str(spec.get("data") or "planted")
    yield Started({"family": "elicitation", "data": name, "questions": questions, "seed": seed})
    data = datasets.load(name, cache)
    rows = held_out(data.ratings, n_people, seed)
    if not len(rows):
        yield Failed(f"nobody in {data.label} has {LEAST} ratings, so nobody can be held out")
        return
    train = data.ratings.take(~np.isin(data.ratings.users, rows))
    crowd = Crowd.of(train)
    yield Chart(_first_questions(data, crowd, None, seed))
    posterior = yield from _sample(data, train, seed, cancelled)
    if posterior is None:
        return
    curves, seen = Curves(seed), dict.fromkeys(WAYS, 0.0)
    people = people_of(data.ratings, rows, seed)
    for place, way in enumerate(WAYS):
        asking = [strategy(way, posterior, crowd, seed, one) for one in range(_kinds(way, len(people)))]
        answers = [Answers(left_out=frozenset(person.held.tolist())) for person in people]
        misses = np.array([_error(posterior, *pair) for pair in zip(people, answers, strict=True)])  # [P]
        yield curves.add(way, 0, float(misses.mean()))
        for asked in range(1, questions + 1):
            for number, person in enumerate(people):
                if cancelled():
                    yield Cancelled()
                    return
                before = answers[number]
                answers[number] = ask(asking[number % len(asking)], before, person)
                if len(answers[number].rated) > len(before.rated):  # only stars change what is forecast
                    misses[number] = _error(posterior, person, answers[number])
            yield curves.add(way, asked, float(misses.mean()))
            yield Progress(0.3 + 0.7 * (place + asked / questions) / len(WAYS), f"asking: {way}")
        seen[way] = float(np.mean([len(one.rated) for one in answers]))
    first = _first_questions(data, crowd, posterior, seed)
    nxt = _next(data, posterior, crowd, spec.get("ratings"))
    yield from _result(curves, seen, questions, [_seen_bars(seen, questions), first, nxt], began)


def _result(
    curves: Curves, seen: Mapping[str, float], questions: int, shown: list[charts.Chart], began: float
) -> Iterator[Event]:
    """The charts and the end; the last chart says what to ask next."""
    yield from (Chart(chart) for chart in shown)
    errors = {way: curves.points[way][1] for way in WAYS}
    yield Finished(
        {
            "series": curves.to_list(),
            "charts": shown,
            "table": _table(errors, seen, questions),
            "measured": {**measured(errors, seen), "next_film": shown[-1]["bars"][0]["name"]},
            "seconds": time.perf_counter() - began,
        }
    )


def _kinds(way: str, people: int) -> int:
    """A strategy per person where chance decides, else one for all."""
    return people if way == "random" else 1


def _sample(
    data: Dataset, train: Ratings, seed: int, cancelled: Callable[[], bool]
) -> Generator[Event, None, Posterior | None]:
    """The film side of a short chain, or None after the event that tells why there is none."""
    config = replace(of_recipe("fast", seed), factors=FACTORS, sweeps=SWEEPS, rank=RANK)
    around: dict[str, Any] = {"low": data.low, "high": data.high, "items": data.items, "users": data.users}
    about = {
        "film_ids": data.items.film_ids,
        "item_ids": data.ratings.item_ids,
        "data_name": data.name,
        "data_hash": data.ratings.fingerprint,
    }
    for event in fit(train, config, cancelled=cancelled, **around):
        if isinstance(event, Finished):
            return posterior_of(event.model, about)
        if isinstance(event, Progress):
            yield Progress(0.3 * event.fraction, "learning without the newcomers")
        elif isinstance(event, (Cancelled, Failed)):
            yield event
    return None


def ask(chooser: Strategy, answers: Answers, person: Person) -> Answers:
    """One more question, answered as the person would; the same answers if nothing is left to ask."""
    row = chooser.next_film(answers)
    return answers if row is None else answers.plus(row, person.stars.get(row))


def _error(posterior: Posterior, person: Person, answers: Answers) -> float:
    folded = fold_in(posterior, list(answers.rated), list(answers.rated.values()))
    return float(np.mean((predict(posterior, folded, person.held) - person.held_stars) ** 2))


def measured(errors: Mapping[str, list[float]], seen: Mapping[str, float]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    last = {way: each[-1] for way, each in errors.items()}
    start, best = errors[WAYS[0]][0], min(last, key=lambda way: last[way])
    return {
        "start": start,
        **last,
        **{f"seen_{way}": count for way, count in seen.items()},
        "gone": 100 * (1 - last[best] / start) if start else 0.0,
        "best": best,
        "worst": max(last, key=lambda way: last[way]),
    }


def _table(errors: Mapping[str, list[float]], seen: Mapping[str, float], questions: int) -> dict[str, Any]:
    rows = [(w, questions, seen[w], each[-1], 100 * (1 - each[-1] / each[0])) for w, each in errors.items()]
    return {"columns": ["way", "questions", "answers with stars", "MSE", "% gone"], "rows": rows}


def _seen_bars(seen: Mapping[str, float], questions: int) -> charts.Chart:
    best = max(seen, key=lambda way: seen[way])
    says = f"of {questions} questions {best} got most answers with stars: {seen[best]:.1f} on average"
    return charts.bars("answers with stars", says, seen, "answers")


def _first_questions(data: Dataset, crowd: Crowd, posterior: Posterior | None, seed: int) -> charts.Chart:
    """What each way asks first if every answer is "not seen"; information only once there is a model."""
    ways = {"popular": crowd.counts, "entropy0": crowd.entropy0}
    choosers: dict[str, Strategy] = {way: Ranked(crowd.rows, score) for way, score in ways.items()}
    if posterior is not None:
        choosers["information"] = strategy("information", posterior, crowd, seed)
    lines = []
    for way, chooser in choosers.items():
        answers = Answers()
        for _ in range(LISTED):
            row = chooser.next_film(answers)
            if row is not None:
                answers = answers.plus(row, None)
        lines += [f"{way}:", *(f"    {data.items.titles[row][:70]}" for row in answers.not_seen)]
    says = f"the first {LISTED} questions of each way to somebody who has seen none of these films"
    return charts.text("first questions", says, "\n".join(lines))


def _next(
    data: Dataset, posterior: Posterior, crowd: Crowd, ratings: Mapping[str, float] | None
) -> charts.Chart:
    """What is worth asking the learner, given their ratings; the best question has 100 %."""
    rows = data.items.rows_of
    known = {rows[film][0]: stars for film, stars in (ratings or {}).items() if film in rows}
    worth = Information(posterior, crowd).worth(Answers(rated=known))  # [C]
    best = np.argsort(-worth, kind="stable")[: 2 * LISTED]
    top = max(float(worth[best[0]]), 1e-12)
    values = {data.items.titles[crowd.rows[at]]: 100 * float(worth[at]) / top for at in best}
    whom = f"you, after {len(known)} of your ratings" if known else "somebody of whom nothing is known"
    says = f"the film to ask {whom}: {next(iter(values))}"
    return charts.bars("what to ask next", says, values, "worth, % of the best question")

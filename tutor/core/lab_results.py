"""What came out of a run, beside what was predicted and expected, in the course's words."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from tutor.core.course_schema import ExperimentFile, Prediction
from tutor.core.events import RunFinished, Series, Table
from tutor.core.settings import SettingError

Json = dict[str, Any]
Outcome = str | float


class SentenceError(Exception):
    """A text of the course that names what the run did not measure, or cannot print it."""


def finished(
    file: ExperimentFile, result: Mapping[str, Any], config: Json, prediction: Outcome | None, data: Json
) -> RunFinished:
    """A finished run from what the recommender measured. Raises `SentenceError`."""
    measured = result.get("measured", {})
    came = outcome(file.prediction, measured)
    by_seed = [
        {**one, "outcome": outcome(file.prediction, one["measured"])} for one in result.get("by_seed", ())
    ]
    table = result.get("table") or {}
    outcomes = [one["outcome"] for one in by_seed] or [came]
    held = sum(as_expected(file.prediction, one) for one in outcomes)
    return RunFinished(
        name=file.name,
        config=config,
        series=tuple(map(_series, result.get("series", ()))),
        charts=tuple(result.get("charts", ())),
        table=Table(columns=tuple(table.get("columns", ())), rows=tuple(map(tuple, table.get("rows", ())))),
        measured=measured,
        expected=file.expected,
        outcome=came,
        prediction=prediction,
        hit=None if prediction is None else is_hit(file.prediction, prediction, came),
        holds=2 * held > len(outcomes),
        sentence=fill(file.sentence, measured),
        spread=_spread(file, by_seed),
        by_seed=tuple(by_seed),
        seconds=round(float(result.get("seconds", 0.0)), 3),
        data=data,
    )


# --- predicted, expected, measured -------------------------------------------------------------


def outcome(prediction: Prediction, measured: Mapping[str, Any]) -> Outcome:
    """The key of the choice that came out, or the number. Raises `SentenceError`."""
    value = measured.get(prediction.measured)
    if value is None:
        raise SentenceError(
            f"the prediction needs {prediction.measured}; measured were {', '.join(measured)}"
        )
    return float(value) if prediction.is_number else str(value)


def is_hit(prediction: Prediction, said: Outcome, came: Outcome) -> bool:
    """Whether the choice is the one, or the number near enough."""
    if isinstance(said, str) or isinstance(came, str):
        return said == came
    return abs(said - came) <= (prediction.near or 0.0)


def as_expected(prediction: Prediction, came: Outcome) -> bool:
    """Whether the course expected this."""
    if isinstance(came, str):
        return came == prediction.expected
    return (prediction.expected_low or 0.0) <= came <= (prediction.expected_high or 0.0)


def read_prediction(file: ExperimentFile, said: Outcome | None) -> Outcome | None:
    """A prediction as typed: a choice's key, or a number in its range. Raises `SettingError`."""
    asked = file.prediction
    if said is None:
        return None
    if not asked.is_number:
        keys = [choice.key for choice in asked.choices]
        if said not in keys:
            raise SettingError(f"{said!r} is no prediction of {file.name}; choose {' or '.join(keys)}.")
        return said
    low, high = asked.low or 0.0, asked.high or 0.0
    try:
        number = float(str(said).replace(asked.unit, "").strip() if asked.unit else said)
    except ValueError:
        number = float("nan")
    if not low <= number <= high:
        unit = f" {asked.unit}" if asked.unit else ""
        raise SettingError(f"a prediction of {file.name} is a number from {low:g} to {high:g}{unit}.")
    return number


def in_words(file: ExperimentFile, value: Outcome | None) -> str:
    """A prediction or an outcome as the learner reads it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return next((choice.text for choice in file.prediction.choices if choice.key == value), value)
    unit = file.prediction.unit
    return f"{value:.4g}{' ' if unit and unit != '%' else ''}{unit}"


# --- sentences ---------------------------------------------------------------------------------


def fill(sentence: str, measured: Mapping[str, Any]) -> str:
    """Put measured values into a sentence. Raises `SentenceError`."""
    for _, name, _, _ in string.Formatter().parse(sentence):
        if name is not None and not _known(name, measured):
            raise SentenceError(f"the sentence names {{{name}}}; measured were {', '.join(measured)}")
    try:
        return sentence.format(**measured)
    except (ValueError, TypeError, AttributeError) as fault:
        raise SentenceError(f"the sentence cannot print a measured value: {fault}") from None


def _known(name: str, measured: Mapping[str, Any]) -> bool:
    """Whether a sentence may name this: a measured value, or the part of a spread."""
    root, dot, part = name.partition(".")
    if not dot:
        return name in measured
    return isinstance(measured.get(root), Spread) and part in Spread.__dataclass_fields__


@dataclass(frozen=True)
class Spread:
    """A measured number over several seeds."""

    low: float
    high: float
    mean: float


def _spread(file: ExperimentFile, by_seed: Sequence[Json]) -> str | None:
    """The course's sentence about all seeds, or one that says how many agree."""
    if len(by_seed) < 2:
        return None
    first = by_seed[0]["outcome"]
    agree = sum(is_hit(file.prediction, first, one["outcome"]) for one in by_seed)
    names = by_seed[0]["measured"]
    numbers = {
        name: Spread(min(values), max(values), fmean(values))
        for name in names
        if (values := _numbers(by_seed, name))
    }
    sentence = file.spread or "{agree} of {seeds} seeds came out like this."
    return fill(sentence, {**numbers, "seeds": len(by_seed), "agree": agree})


def _numbers(by_seed: Sequence[Json], name: str) -> list[float]:
    """The values of a measured number; empty where it is no number for every seed."""
    values = [one["measured"].get(name) for one in by_seed]
    return [float(v) for v in values] if all(isinstance(v, (int, float)) for v in values) else []


def _series(one: Json) -> Series:
    """A curve without the points at which it was no number."""
    points = [(x, y) for x, y in zip(one["x"], one["y"], strict=True) if y is not None]
    x, y = zip(*points, strict=True) if points else ((), ())
    return Series(name=one["name"], x=x, y=y, seed=one.get("seed"))

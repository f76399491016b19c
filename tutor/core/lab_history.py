"""Runs of the past: as a list, and two of them side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.core.events import RunFinished, Series
from tutor.core.lab_tokens import TokenError
from tutor.store.runs import RunRow


@dataclass(frozen=True)
class PastRun:
    """A run that ended. `result` is there if it finished."""

    id: int
    at: str
    experiment: str
    title: str
    config: dict[str, Any]
    prediction: str | float | None
    outcome: str | float | None
    hit: bool | None
    status: str
    token: str | None
    observed: str | None
    result: RunFinished | None


@dataclass(frozen=True)
class Comparison:
    """Two finished runs, A and B: what was set differently, what was measured, the curves of both."""

    first: PastRun
    second: PastRun
    settings: tuple[tuple[str, Any, Any], ...]
    measured: tuple[tuple[str, Any, Any], ...]
    series: tuple[Series, ...]


def past_run(row: RunRow, titles: Mapping[str, str]) -> PastRun:
    """A stored run as the Lab shows it."""
    stored = row.result if row.status == "finished" else None
    result = RunFinished.model_validate(stored) if stored else None
    return PastRun(
        id=row.id,
        at=row.at,
        experiment=row.experiment,
        title=titles.get(row.experiment, row.experiment),
        config=row.config,
        prediction=result.prediction if result else row.prediction,
        outcome=result.outcome if result else None,
        hit=_hit(result),
        status=row.status,
        token=result.token if result else None,
        observed=row.observed,
        result=result,
    )


def _hit(result: RunFinished | None) -> bool | None:
    """Whether the prediction came out; runs from before `hit` was stored had choices only."""
    if result is None or result.prediction is None:
        return None
    return result.hit if result.hit is not None else result.prediction == result.outcome


def by_token(past: Sequence[PastRun], token: str) -> PastRun:
    """The newest run with this token. Raises `TokenError`."""
    for run in past:
        if run.token == token.strip():
            return run
    raise TokenError("no run here has that token; `tutor experiment history` lists them.")


def compare(first: PastRun, second: PastRun) -> Comparison:
    """Put two finished runs side by side. Raises `TokenError` where one has no result."""
    if first.result is None or second.result is None:
        raise TokenError("only runs that finished can be compared.")
    settings = _rows({"experiment": first.experiment, **first.config},
                     {"experiment": second.experiment, **second.config})  # fmt: skip
    series = [
        one.model_copy(update={"name": f"{letter} {one.name}"})
        for letter, run in (("A", first.result), ("B", second.result))
        for one in run.series
    ]
    return Comparison(
        first=first,
        second=second,
        settings=tuple(row for row in settings if row[1] != row[2]),
        measured=tuple(_rows(first.result.measured, second.result.measured)),
        series=tuple(series),
    )


def _rows(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    return [(name, one.get(name), other.get(name)) for name in {**one, **other}]

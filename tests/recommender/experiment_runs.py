"""Runs of the course's experiments, as the tests of their families need them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from recommender import experiments
from recommender.events import Finished, jsonable
from tutor.core.course_files import read
from tutor.core.course_schema import ExperimentFile

EXPERIMENTS = Path(__file__).parents[2] / "content" / "experiments"
LEARNER = {"toy-story-1995": 5.0, "alien-1979": 2.0, "casablanca-1942": 4.5}
"""Ratings of somebody who is no viewer of the planted world."""


def file_of(name: str) -> ExperimentFile:
    """The course's file about an experiment."""
    return read(EXPERIMENTS / f"{name}.toml", ExperimentFile)


def result_of(name: str, settings: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """What a run on the planted world ends with."""
    *_, end = experiments.run({"family": name, "settings": settings or {}, **more})
    assert isinstance(end, Finished), end
    return dict(end.result)


def unclocked(result: dict[str, Any]) -> Any:
    """A result without what depends on the clock."""
    hidden = {"seconds", *result.get("clocked", ())}
    columns = result["table"]["columns"]
    kept = [i for i, name in enumerate(columns) if name not in hidden]
    return jsonable(
        {
            "series": [one for one in result["series"] if one["name"] not in hidden],
            "charts": [one for one in result.get("charts", ()) if one["title"] not in hidden],
            "table": [[row[i] for i in kept] for row in result["table"]["rows"]],
            "measured": {name: value for name, value in result["measured"].items() if name not in hidden},
        }
    )

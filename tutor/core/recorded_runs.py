"""What experiments measured in their default settings: the record that settles "predict a run" items.

`runs.toml` of a course is written by `tutor content runs`, never by hand. The runs are those of the
planted world with seed 0, which every installation has.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from tutor.core.course_files import read
from tutor.core.course_schema import Item, Option, PracticeFile, Strict

NAME = "runs.toml"
Value = str | float
Runs = Mapping[str, Mapping[str, Value]]
"""By experiment: what its run measured."""

_HEAD = """\
# What experiments measured in their default settings on the planted world, seed 0.
# Written by `tutor content runs`; "predict" items of practice.toml take their answers from here.
"""


class RunsFile(Strict):
    """`runs.toml`."""

    runs: dict[str, dict[str, Annotated[Value, Field(union_mode="left_to_right")]]] = {}


def recorded_runs(root: Path) -> Runs:
    """The record of the course at `root`; empty where there is none. Raises `ContentError`."""
    path = root / NAME
    return _read(path, path.stat().st_mtime_ns) if path.exists() else {}


@lru_cache(maxsize=4)
def _read(path: Path, _: int) -> Runs:
    return read(path, RunsFile).runs


def settled(item: Item, runs: Runs) -> Item:
    """The item with the option marked right that the recorded run bears out; none without a record."""
    if item.measured is None:
        return item
    found = runs.get(item.experiment or "", {}).get(item.measured)
    options = tuple(
        option.model_copy(update={"correct": found is not None and bears_out(option, found)})
        for option in item.options
    )
    return item.model_copy(update={"options": options})


def bears_out(option: Option, found: Value) -> bool:
    """Whether a measured value makes an option the right one."""
    if isinstance(found, str):
        return option.value == found
    if option.low is None and option.high is None:
        return False
    low, high = option.low, option.high
    return (low is None or found >= low) and (high is None or found < high)


def needed(practices: Iterable[PracticeFile]) -> dict[str, set[str]]:
    """By experiment, in order of its name: the measured values that some item takes its answer from."""
    wanted: dict[str, set[str]] = {}
    for item in (item for practice in practices for item in practice.items):
        if item.measured and item.experiment:
            wanted.setdefault(item.experiment, set()).add(item.measured)
    return dict(sorted(wanted.items()))


def written_runs(measured: Mapping[str, Mapping[str, object]]) -> str:
    """The text of `runs.toml`: words as they are, numbers to four digits; all else is left out."""
    parts = [_HEAD]
    for name, values in sorted(measured.items()):
        parts.append(f"\n[runs.{name}]\n")
        for key, value in sorted(values.items()):
            if (text := _written(value)) is not None:
                parts.append(f"{json.dumps(key)} = {text}\n")
    return "".join(parts)


def _written(value: object) -> str | None:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return f"{float(f'{value:.4g}')!r}"

"""A finished run as a file: JSON (all of it), CSV (its curves, else its table) or SVG (its picture)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from tutor.core.course_schema import ExperimentFile
from tutor.core.errors import BadInput
from tutor.core.events import RunFinished
from tutor.core.plotting import Curve, Drawing, Plot, draw

ENDINGS = (".json", ".csv", ".svg")


class ExportError(BadInput):
    """A file that cannot be written."""


def check_export(path: Path) -> Path:
    """The path, if a result can be written there. Raises `ExportError` before a run that would be in vain."""
    if path.suffix not in ENDINGS:
        raise ExportError(f"{path}: the file must end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}.")
    if not path.absolute().parent.is_dir():
        raise ExportError(f"{path}: there is no folder {path.absolute().parent}; create it first.")
    return path


def export(file: ExperimentFile, run: RunFinished, path: Path) -> Path:
    """Write a finished run. Raises `ExportError`."""
    from tutor.core.lab_svg import svg

    check_export(path)
    made = {".json": _json, ".csv": _csv, ".svg": svg}[path.suffix](file, run)
    try:
        path.write_text(made, encoding="utf-8", newline="")
    except OSError as fault:
        raise ExportError(f"{path}: {fault.strerror}; choose another file.") from fault
    return path


def curves_of(file: ExperimentFile, run: RunFinished) -> Plot:
    """The run's curves as a plot: the first seed's, where there are several."""
    first = run.config.get("seed", 0)
    shown = [one for one in run.series if not run.by_seed or one.seed in (None, first)]
    return Plot(tuple(Curve(one.name, one.x, one.y) for one in shown), file.x_label, file.y_label)


def pictures(
    file: ExperimentFile, run: RunFinished, width: int, height: int
) -> Iterator[tuple[str, Drawing]]:
    """Every picture of a run with its title: the curves first, then its charts."""
    from tutor.core.plotting import draw_chart

    if run.series:
        yield file.title, draw(curves_of(file, run), width, height)
    for chart in run.charts:
        yield str(chart["title"]), draw_chart(chart, width, height)


def _json(file: ExperimentFile, run: RunFinished) -> str:
    return json.dumps(run.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"


def _csv(file: ExperimentFile, run: RunFinished) -> str:
    if not run.series:
        return _table(run.table.columns, run.table.rows)
    rows = [(one.name, one.seed, x, y) for one in run.series for x, y in zip(one.x, one.y, strict=True)]
    return _table(("series", "seed", "x", "y"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    out = StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(head)
    table.writerows(rows)
    return out.getvalue()

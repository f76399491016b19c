"""`tutor experiment list | run`: predict, run, see."""

from __future__ import annotations

import csv
import json
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.cli.diagnostics import ExitCode, UsageError
from tutor.cli.following import cancellable, follow
from tutor.cli.output import columns, emit_json, emit_line, emit_lines, emit_table, jsonable

if TYPE_CHECKING:
    from tutor.core.course_schema import ExperimentFile
    from tutor.core.events import RunFinished

WIDEST_PLOT, PLOT_HEIGHT = 100, 18
ENDINGS = (".json", ".csv")


def listing(args: Namespace) -> ExitCode:
    """List the experiments of the course."""
    from tutor.core.curriculum import Course

    found = Course.load().experiments()
    if args.json:
        emit_json([_as_json(one) for one in found])
    else:
        emit_table(
            [(one.name, one.title, ", ".join(one.questions), f"{one.budget_s:g} s") for one in found],
            head=("NAME", "TITLE", "QUESTIONS", "AT MOST"),
        )
    return ExitCode.DONE


def run(args: Namespace) -> ExitCode:
    """Run an experiment; text mode draws the curves, JSON mode streams the events."""
    from tutor.core.events import RunFinished
    from tutor.core.workspace import Workspace

    export = _export_path(args.export)
    settings = _settings(args.set)
    with closing(Workspace()) as workspace, cancellable() as cancelled:
        experiment = workspace.course.experiment(args.name)
        events = workspace.lab.run(
            args.name, settings=settings, data=args.data, seed=args.seed, prediction=args.predict,
            cancelled=cancelled,
        )  # fmt: skip
        result = follow(events, as_json=args.json)
    assert isinstance(result, RunFinished)  # what the lab's runs end with
    if export:
        _write(export, result)
    if not args.json:
        _show(experiment, result)
    return ExitCode.DONE


def _as_json(experiment: ExperimentFile) -> dict[str, Any]:
    values = jsonable(experiment)
    first = ("name", "title", "questions", "parameters", "budget_s")
    also = ("claim", "goal", "prediction", "expected")
    return {key: values[key] for key in (*first, *also)}


def _settings(pairs: Sequence[str]) -> dict[str, str]:
    """The knobs as typed; the lab reads them by the experiment's own parameters."""
    settings = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (equals and name.strip() and value.strip()):
            raise UsageError(f"--set {pair}: write it as name=value, for example --set epochs=3.")
        settings[name.strip()] = value.strip()
    return settings


# --- what came out -----------------------------------------------------------------------------


def _show(experiment: ExperimentFile, result: RunFinished) -> None:
    from tutor.core.plotting import Curve, Plot, draw, summary

    emit_line(experiment.title)
    if result.series:
        curves = tuple(Curve(one.name, one.x, one.y) for one in result.series)
        plot = Plot(curves, experiment.x_label, experiment.y_label)
        emit_lines(draw(plot, min(columns(), WIDEST_PLOT), PLOT_HEIGHT).lines)
        emit_line(summary(plot))
    if result.table.rows:
        emit_line()
        numeric = [i for i, cell in enumerate(result.table.rows[0]) if isinstance(cell, (int, float))]
        rows = [[_short(cell) for cell in row] for row in result.table.rows]
        emit_table(rows, head=result.table.columns, right=numeric)
    emit_line()
    emit_lines(_verdict(experiment, result))


def _verdict(experiment: ExperimentFile, result: RunFinished) -> Iterator[str]:
    """Predicted, expected, measured; each in a sentence."""
    choices = {choice.key: choice.text for choice in experiment.prediction.choices}
    if result.prediction is not None:
        yield f"You:      {choices.get(result.prediction, result.prediction)}"
    yield f"Course:   {result.expected}"
    if result.outcome is not None:
        yield f"Measured: {choices.get(result.outcome, result.outcome)}"
    yield result.sentence
    viewers = " (invented viewers)" if result.data.get("invented") else ""
    seed = result.config.get("seed", 0)
    yield f"{result.data.get('label', '')}{viewers}, seed {seed}, {result.seconds:.1f} s"


def _short(cell: object) -> object:
    if not isinstance(cell, float):
        return cell
    return f"{cell:.4g}" if abs(cell) > 1e-9 else "0"


def _export_path(name: str | None) -> Path | None:
    """Where to write the result, checked before the run that would be in vain."""
    if name is None:
        return None
    path = Path(name)
    if path.suffix not in ENDINGS:
        raise UsageError(f"--export {name}: the file must end in {' or '.join(ENDINGS)}.")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"--export {name}: there is no folder {path.absolute().parent}; create it first.")
    return path


def _write(path: Path, result: RunFinished) -> None:
    """Write the finished event as JSON, or its curves as CSV: series, seed, x, y."""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            if path.suffix == ".json":
                json.dump(jsonable(result), file, ensure_ascii=False, indent=2)
                file.write("\n")
                return
            table = csv.writer(file)
            table.writerow(("series", "seed", "x", "y"))
            for one in result.series:
                table.writerows((one.name, one.seed, x, y) for x, y in zip(one.x, one.y, strict=True))
    except OSError as fault:
        raise UsageError(f"--export {path}: {fault.strerror}; choose another file.") from fault

"""`tutor experiment list | run | history | compare | code` and `tutor replay`: predict, run, see, repeat."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.cli.diagnostics import ExitCode, RunFailed, UsageError
from tutor.cli.following import cancellable, follow
from tutor.cli.output import columns, emit_json, emit_line, emit_lines, emit_table, jsonable

if TYPE_CHECKING:
    from tutor.core.course_schema import ExperimentFile
    from tutor.core.events import RunFinished
    from tutor.core.lab_history import PastRun

WIDEST_PLOT, PLOT_HEIGHT = 100, 18


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
    """Run an experiment; text mode draws what came out, JSON mode streams the events."""
    from tutor.core.events import RunFinished
    from tutor.core.lab_export import check_export, export
    from tutor.core.workspace import Workspace

    path = check_export(Path(args.export)) if args.export else None
    settings = _settings(args.set)
    with closing(Workspace()) as workspace, cancellable() as cancelled:
        experiment = workspace.course.experiment(args.name)
        events = workspace.lab.run(
            args.name, settings=settings, data=args.data, seed=args.seed, seeds=args.seeds,
            prediction=args.predict, cancelled=cancelled,
        )  # fmt: skip
        result = follow(events, as_json=args.json)
    assert isinstance(result, RunFinished)  # what the lab's runs end with
    if path:
        export(experiment, result, path)
    if not args.json:
        _show(experiment, result)
    return ExitCode.DONE


def replay(args: Namespace) -> ExitCode:
    """Repeat the run of a token, and say whether it came out the same."""
    from tutor.core.events import RunFinished
    from tutor.core.lab_tokens import read_token
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace, cancellable() as cancelled:
        experiment = workspace.course.experiment(read_token(args.token).experiment)
        result = follow(workspace.lab.replay(args.token, cancelled), as_json=args.json)
    assert isinstance(result, RunFinished) and result.replay is not None
    same, differs = result.replay["same"], result.replay["differs"]
    if not args.json:
        _show(experiment, result)
        emit_line("Replay:   the same, bit for bit." if same else f"Replay:   {'; '.join(differs)}.")
    if not same and len(differs) == 1:  # nothing explains it
        raise RunFailed("the run did not repeat, although data, program and machine are the same.")
    return ExitCode.DONE


def history(args: Namespace) -> ExitCode:
    """List the runs that ended, newest first."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        past = workspace.lab.history(args.name)
    if args.json:
        emit_json([_past(one) for one in past])
    else:
        rows = [
            (one.at[:16].replace("T", " "), one.experiment, _judged(one), one.token or "") for one in past
        ]
        emit_table(rows, head=("WHEN (UTC)", "EXPERIMENT", "PREDICTION", "TOKEN"))
    return ExitCode.DONE


def compare(args: Namespace) -> ExitCode:
    """Put two finished runs side by side."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        both = workspace.lab.compare(args.first, args.second)
        experiment = workspace.course.experiment(both.first.experiment)
    if args.json:
        emit_json(
            {
                "first": _past(both.first),
                "second": _past(both.second),
                "settings": [dict(zip(("name", "a", "b"), row, strict=True)) for row in both.settings],
                "measured": [dict(zip(("name", "a", "b"), row, strict=True)) for row in both.measured],
                "series": jsonable(both.series),
            }
        )
        return ExitCode.DONE
    _plot(experiment, both.series)
    differing = [(name, _short(a), _short(b)) for name, a, b in both.settings]
    emit_table(differing, head=("SET", "A", "B"))
    emit_line()
    emit_table([(name, _short(a), _short(b)) for name, a, b in both.measured], head=("MEASURED", "A", "B"))
    return ExitCode.DONE


def code(args: Namespace) -> ExitCode:
    """Print an experiment as a few lines of Python, runnable as shown."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        lines = workspace.lab.code(args.name, _settings(args.set), args.data).strip()
    if not lines:
        raise UsageError(f"{args.name} has no code to show.")
    emit_json({"name": args.name, "code": lines}) if args.json else emit_lines(lines.splitlines())
    return ExitCode.DONE


def _as_json(experiment: ExperimentFile) -> dict[str, Any]:
    values = jsonable(experiment)
    first = ("name", "title", "questions", "parameters", "budget_s")
    also = ("claim", "goal", "prediction", "expected", "seeds", "uses_ratings")
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


def _past(one: PastRun) -> dict[str, Any]:
    names = ("id", "at", "experiment", "title", "config", "prediction", "outcome", "hit", "status", "token")
    return {name: getattr(one, name) for name in names}


def _judged(one: PastRun) -> str:
    if one.status != "finished":
        return one.status
    return {True: "right", False: "wrong", None: "none"}[one.hit]


def _show(experiment: ExperimentFile, result: RunFinished) -> None:
    from tutor.core.lab_export import curves_of, pictures
    from tutor.core.plotting import summary

    for title, drawing in pictures(experiment, result, min(columns(), WIDEST_PLOT), PLOT_HEIGHT):
        emit_line(title)
        emit_lines(drawing.lines)
        says = [chart["says"] for chart in result.charts if chart["title"] == title]
        emit_line(says[0] if says else summary(curves_of(experiment, result)))
        emit_line()
    if result.table.rows:
        numeric = [i for i, cell in enumerate(result.table.rows[0]) if isinstance(cell, (int, float))]
        rows = [[_short(cell) for cell in row] for row in result.table.rows]
        emit_table(rows, head=result.table.columns, right=numeric)
        emit_line()
    emit_lines(_verdict(experiment, result))


def _plot(experiment: ExperimentFile, series: Sequence[Any]) -> None:
    from tutor.core.plotting import Curve, Plot, draw

    if series:
        plot = Plot(tuple(Curve(s.name, s.x, s.y) for s in series), experiment.x_label, experiment.y_label)
        emit_lines(draw(plot, min(columns(), WIDEST_PLOT), PLOT_HEIGHT).lines)
        emit_line()


def _verdict(experiment: ExperimentFile, result: RunFinished) -> Iterator[str]:
    """Predicted, expected, measured; each in a sentence."""
    from tutor.core.lab_results import in_words

    if result.prediction is not None:
        sign = {True: "✓", False: "✗", None: ""}[result.hit]
        yield f"You:      {in_words(experiment, result.prediction)} {sign}".rstrip()
    yield f"Course:   {result.expected}"
    if result.outcome is not None:
        yield f"Measured: {in_words(experiment, result.outcome)}"
    yield result.sentence
    if result.spread:
        yield result.spread
    viewers = " (invented viewers)" if result.data.get("invented") else ""
    first, seeds = result.config.get("seed", 0), len(result.by_seed) or 1
    which = f"seed {first}" if seeds == 1 else f"seeds {first} to {first + seeds - 1}"
    yield f"{result.data.get('label', '')}{viewers}, {which}, {result.seconds:.1f} s"
    yield f"Token:    {result.token}"
    if result.unstored:
        yield f"Not in the history: {result.unstored}."


def _short(cell: object) -> object:
    if not isinstance(cell, float):
        return cell
    return f"{cell:.4g}" if abs(cell) > 1e-9 else "0"

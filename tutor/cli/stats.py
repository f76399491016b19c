"""`tutor stats`: what practice has brought, in charts; of a made-up learner with `--simulate`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from contextlib import closing
from typing import TYPE_CHECKING

from tutor.cli.diagnostics import ExitCode
from tutor.cli.output import columns, emit_json, emit_line, emit_lines, emit_table, emphasis, write_styled

if TYPE_CHECKING:
    from tutor.core.practice_charts import Figure

_WIDEST = 100


def stats(args: Namespace) -> ExitCode:
    """Draw what practice has brought."""
    if args.simulate:
        return _simulate(args.simulate, args.seed, args.json)
    from tutor.core.practice import utc_now
    from tutor.core.practice_charts import figures, lines
    from tutor.core.practice_stats import practice_stats
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        found = practice_stats(workspace)
    if args.json:
        emit_json(found)
        return ExitCode.DONE
    if not found.reviews and not any(level.answers for level in found.calibration):
        emit_line("No reviews yet. `tutor quiz` asks the first cards.")
        return ExitCode.DONE
    emit_table(lines(found))
    _draw(figures(found, utc_now().astimezone().date()))
    return ExitCode.DONE


def _simulate(days: int, seed: int, as_json: bool) -> ExitCode:
    from tutor.core.practice_simulation import simulate, simulation_figures, simulation_lines

    done = simulate(days, seed)
    if as_json:
        emit_json(done)
        return ExitCode.DONE
    emit_table(simulation_lines(done))
    _draw(simulation_figures(done))
    return ExitCode.DONE


def _draw(figures: Iterable[Figure]) -> None:
    from tutor.core.plotting import Plot, draw, draw_chart

    width = min(columns(), _WIDEST)
    for figure in figures:
        drawing = figure.drawing
        drawn = draw if isinstance(drawing, Plot) else draw_chart
        emit_line()
        write_styled(emphasis(figure.title))
        emit_lines(drawn(drawing, width, figure.height).lines)  # type: ignore[arg-type]
        emit_line(figure.words)

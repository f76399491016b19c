"""What came out of a run: said, expected, measured, the sentence, the numbers, the explanation."""

from __future__ import annotations

from typing import Any

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tutor.core.course_schema import ExperimentFile
from tutor.core.events import RunFinished, Table


class Outcome(Widget):
    """Shows `run`, a finished run of `experiment`; the explanation only when asked for."""

    DEFAULT_CSS = """
    Outcome { height: auto; }
    """

    experiment: ExperimentFile | None = None
    run: reactive[RunFinished | None] = reactive(None, layout=True)
    shown: reactive[str] = reactive("", layout=True)
    """What the chart shows, in words."""
    with_table: reactive[bool] = reactive(True, layout=True)
    """False where the numbers can be had by hand."""
    explained: reactive[bool] = reactive(False, layout=True)

    def render(self) -> RenderResult:
        """Verdict first, then the sentence, then the table."""
        if self.run is None or self.experiment is None:
            return ""
        run = self.run
        lines = [*self._verdict(run, self.experiment), Content(""), Content(run.sentence)]
        if self.explained:
            lines += [
                Content(""),
                Content.styled("Why", "bold"),
                Content(self.experiment.explanation.strip()),
            ]
        if self.with_table and run.table.rows:
            lines += [Content(""), *map(Content, table_lines(run.table))]
        if self.with_table and self.shown:
            lines += [Content(""), Content.styled(self.shown, "$foreground 65%")]
        seed = run.config.get("seed", 0)
        lines.append(Content.styled(f"One seed ({seed}), {run.seconds:.1f} s.", "$foreground 65%"))
        return Content("\n").join(lines)

    def _verdict(self, run: RunFinished, experiment: ExperimentFile) -> list[Content]:
        texts = {choice.key: choice.text for choice in experiment.prediction.choices}
        said, came = texts.get(run.prediction or ""), texts.get(run.outcome or "", run.outcome or "")
        right = run.prediction == run.outcome
        sign = "✓ as you said" if right else "✗ not what you said"
        marked = Content.assemble(
            (came, "bold"), (f"  {sign}" if said else "", "$text-success" if right else "$text-error")
        )
        return [
            _row("You said", Content(said or "nothing")),
            _row("Course", Content(texts.get(experiment.prediction.expected, run.expected))),
            _row("Measured", marked),
        ]


def _row(name: str, content: Content) -> Content:
    return Content.assemble((f"{name:<10}", "$foreground 65%"), content)


def table_lines(table: Table) -> list[str]:
    """A table in plain text; the numbers of a column have the same decimals and stand on the right."""
    columns = [_column(name, [row[place] for row in table.rows]) for place, name in enumerate(table.columns)]
    return ["  ".join(row) for row in zip(*columns, strict=True)]


def _column(name: str, values: list[Any]) -> list[str]:
    numbers = [value for value in values if isinstance(value, (int, float))]
    decimals = max((len(f"{value:.3g}".partition(".")[2]) for value in numbers), default=0)
    texts = [f"{v:,.{decimals}f}" if isinstance(v, (int, float)) else str(v) for v in values]
    width = max(len(name), *map(len, texts))
    return [text.rjust(width) for text in (name, *texts)]

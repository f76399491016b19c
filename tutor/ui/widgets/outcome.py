"""What came out of a run: what the learner saw, then said, expected, measured, a sentence, the numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tutor.core.course_schema import ExperimentFile
from tutor.core.events import RunFinished, Table
from tutor.core.lab_results import in_words

QUIET = "$foreground 65%"


class Outcome(Widget):
    """Shows `run`, a finished run of `experiment`: only the question while `asks` holds its answers."""

    DEFAULT_CSS = """
    Outcome { height: auto; }
    """

    experiment: ExperimentFile | None = None
    run: reactive[RunFinished | None] = reactive(None, layout=True)
    asks: reactive[tuple[str, ...]] = reactive((), layout=True)
    """What the learner may have seen, while that is still to be said."""
    with_table: reactive[bool] = reactive(True, layout=True)
    """False where the numbers can be had by hand."""
    seen: reactive[str] = reactive("", layout=True)
    """What the learner says they saw."""
    explained: reactive[bool] = reactive(False, layout=True)
    rate: reactive[tuple[int, int]] = reactive((0, 0), layout=True)
    """How many predictions came out, of how many."""

    def render(self) -> RenderResult:
        """The question; once it is answered the verdict, then the sentence, then the table."""
        if self.run is None or self.experiment is None:
            return ""
        return Content("\n").join(self._question() if self.asks else self._lines(self.run, self.experiment))

    def _question(self) -> Iterator[Content]:
        yield Content.styled("What did you see?", "bold")
        for place, text in enumerate(self.asks, 1):
            yield Content.assemble((f"  {place} ", "$text-accent bold"), text)
        yield Content.styled("Then follows what was measured, and why. e skips the question.", QUIET)

    def _lines(self, run: RunFinished, experiment: ExperimentFile) -> Iterator[Content]:
        yield from self._verdict(run, experiment)
        if self.seen:
            yield _row("You saw", Content(self.seen))
        yield Content("")
        yield Content(run.sentence)
        if run.spread:
            yield Content(run.spread)
        if self.explained:
            yield Content("")
            yield Content.styled("Why", "bold")
            yield Content(experiment.explanation.strip())
        if self.with_table and run.table.rows:
            yield Content("")
            yield from map(Content, table_lines(run.table))
        yield Content.styled(_circumstances(run), QUIET)
        if run.unstored:
            yield Content.styled(f"✗ Not in the history: {run.unstored}.", "$text-error")
        if self.rate[1]:
            hits, of = self.rate
            yield Content.styled(f"Your predictions so far: {hits} of {of} came out.", QUIET)
        if run.token:
            yield Content.styled(f"Repeat it: tutor replay {run.token}", QUIET)

    def _verdict(self, run: RunFinished, experiment: ExperimentFile) -> Iterator[Content]:
        expected = experiment.prediction.expected
        came = in_words(experiment, run.outcome)
        if run.prediction is None:
            yield _row("Course", Content(run.expected))
            yield _row("Measured", Content.styled(came, "bold"))
            return
        right = bool(run.hit)
        sign = "✓ as you said" if right else "✗ not what you said"
        yield _row("You said", Content(in_words(experiment, run.prediction)))
        yield _row("Course", Content(in_words(experiment, expected) if expected else run.expected))
        marked = ((came, "bold"), (f"  {sign}", "$text-success" if right else "$text-error"))
        yield _row("Measured", Content.assemble(*marked))


def _circumstances(run: RunFinished) -> str:
    """Seeds, seconds, and whether it held in each seed."""
    seed, seeds = run.config.get("seed", 0), len(run.by_seed)
    which = f"{seeds} seeds ({seed} to {seed + seeds - 1})" if seeds > 1 else f"One seed ({seed})"
    return f"{which}, {run.seconds:.1f} s."


def _row(name: str, content: Content) -> Content:
    return Content.assemble((f"{name:<10}", QUIET), content)


def table_lines(table: Table) -> list[str]:
    """A table in plain text; the numbers of a column have the same decimals and stand on the right."""
    columns = [_column(name, [row[place] for row in table.rows]) for place, name in enumerate(table.columns)]
    return ["  ".join(row).rstrip() for row in zip(*columns, strict=True)]


def _column(name: str, values: list[Any]) -> list[str]:
    numbers = [v for v in values if isinstance(v, (int, float)) and not isinstance(v, bool)]
    decimals = max((len(f"{v:.3g}".partition(".")[2]) for v in numbers if "e" not in f"{v:.3g}"), default=0)
    texts = [_number(v, decimals) if isinstance(v, (int, float)) else str(v) for v in values]
    width = max(len(name), *map(len, texts))
    words = any(isinstance(value, str) for value in values)
    return [text.ljust(width) if words else text.rjust(width) for text in (name, *texts)]


def _number(value: float, decimals: int) -> str:
    """With the decimals of its column; in powers of ten where these would leave nothing of it."""
    text = f"{value:,.{decimals}f}"
    return text if value == 0 or text.strip("-0.,") else f"{value:.3g}"

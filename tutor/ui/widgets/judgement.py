"""What came out of a check: the cases, the first that fails in full, and a question back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

if TYPE_CHECKING:
    from tutor.core.exercises.verdicts import CaseVerdict, Verdict

_LABELS = {
    "essential": "the idea",
    "actionable": "a slip",
    "informative": "it works, but",
    "celebratory": "done",
}
"""What kind of message it is, in words."""


class Judgement(Static):
    """Shows `verdict`, or `words` while there is none."""

    DEFAULT_CSS = "Judgement { height: auto; }"

    verdict: reactive[Verdict | None] = reactive(None, layout=True)
    words: reactive[str] = reactive("", layout=True)

    def render(self) -> Content:
        """All of it as one text."""
        if self.verdict is None:
            return Content(self.words)
        return Content("\n").join(_lines(self.verdict, self.app.size.width >= 100))


def _lines(verdict: Verdict, tall: bool) -> Iterator[Content]:
    passed = sum(case.passed for case in verdict.cases)
    head = f"{passed} of {len(verdict.cases)} cases"
    if verdict.passed:
        yield Content.assemble(("✓ ", "$text-success bold"), (head, "bold"), f" in {verdict.seconds:.1f} s")
    else:
        yield Content.assemble(("✗ ", "$text-error bold"), (head, "bold"))
    bug = verdict.bug
    label = _LABELS[bug.kind] if bug else "look closer"
    title = f"{label}: {bug.bug}" if bug and bug.bug else label
    yield Content.assemble(
        (f"{title}\n", "bold $text-warning" if not verdict.passed else "bold"), verdict.message
    )
    failing = verdict.failing
    if failing is not None and failing.ran and not (bug and bug.id in ("syntax", "gap")):
        yield Content("")
        yield from _in_full(failing)
    if tall or verdict.passed:
        yield Content("")
        yield from map(_line, verdict.cases)


def _line(case: CaseVerdict) -> Content:
    sign, ink = ("✓", "$text-success") if case.passed else ("✗", "$text-error") if case.ran else ("·", "dim")
    return Content.assemble((f"{sign} ", ink), case.name)


def _in_full(case: CaseVerdict) -> Iterator[Content]:
    yield Content.styled(f"✗ {case.name}", "bold")
    for label, text in (("input", case.input), ("expected", case.expected), ("got", case.got)):
        if text is not None:
            for number, line in enumerate(str(text).splitlines() or [""]):
                yield Content.assemble((f"{label if number == 0 else '':9}", "$text-muted"), line)
    if case.printed:
        yield Content.assemble((f"{'printed':9}", "$text-muted"), case.printed.splitlines()[0])

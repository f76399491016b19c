"""Cuts a file of notes into questions with what the learner wrote below each.

Many shapes are read: `7. What ...?`, `7) ...`, `1.` before every question, `**Q: What ...?**`, bold,
headings, `(TODO)`, answers as bullets, nested or not, paragraphs, quotes, fenced code. A numbered line is a
question or belongs to a list in an answer: a heading, bold type, a question mark, the next number in turn or
the wording of a question of the course tell which.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tutor.core.notes.lines import (
    MARK,
    Start,
    fenced,
    heading_level,
    is_blank,
    is_questions_heading,
    start_of,
    without_label,
)

Style = Literal["numbered", "uncounted", "unnumbered"]
Likeness = Callable[[Sequence[str]], Sequence[float]]
"""How much wordings resemble the question of the course that is nearest to each, 0 to 1."""
ALIKE, RATHER_ALIKE, HARDLY_ALIKE = 0.75, 0.5, 0.3
_ASKS = re.compile(
    r"(?:and )?(?:why|how|what|which|when|where|calculate|compute|write|explain|describe|give|name|list|show|"
    r"use|create|draw|look(?:ing)?|you|\()",
    re.IGNORECASE,
)
"""What stands behind a question mark and asks on, or says how to answer."""
_FEW = 3
"""Numbers from which a file counts as numbered."""
_FOREIGN = 0.2
"""What is asked and resembles no question at all is part of an answer, where questions have no numbers."""
_NEXT_SECTION = 3
"""Headings down to this level end the answer of a question that is no heading itself."""


@dataclass
class Section:
    """A question of the file. Lines count from 1."""

    line: int
    start: Start
    lines: list[str] = field(default_factory=list)

    @property
    def number(self) -> int | None:
        """As the file counts."""
        return self.start.number

    @property
    def wording(self) -> str:
        """The question itself; what is asked behind its question mark belongs to it."""
        if self.start.rest and (self._below or _ASKS.match(self.start.rest)):
            return f"{self.start.wording} {self.start.rest}"
        return self.start.wording

    @property
    def answer(self) -> str:
        """What stands below the question, else behind it, as Markdown; empty where there are only marks."""
        if self._below or not self.start.rest or _ASKS.match(self.start.rest):
            return self._below
        return self.start.rest

    @property
    def _below(self) -> str:
        kept = [line.rstrip() for line in self.lines if not line.lstrip().startswith(MARK.rstrip())]
        text = without_label(textwrap.dedent("\n".join(kept)).strip("\n"))
        return "" if is_blank(text.splitlines()) else text


def read_sections(text: str, likeness: Likeness) -> list[Section]:
    """All questions of a file in its order. What stands outside of them is left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    code = fenced(lines)
    starts = {at: start for at, line in enumerate(lines) if not code[at] and (start := start_of(line))}
    alike = dict(zip(starts, likeness([start.wording for start in starts.values()]), strict=True))
    first = next((at for at, line in enumerate(lines) if not code[at] and is_questions_heading(line)), 0)
    return _sections(lines, code, starts, alike, first) or _sections(lines, code, starts, alike, 0)


def _sections(
    lines: Sequence[str], code: Sequence[bool], starts: dict[int, Start], alike: dict[int, float], first: int
) -> list[Section]:
    style = _style([start for at, start in starts.items() if at >= first])
    found: list[Section] = []
    current: Section | None = None
    last = listed = 0
    for at in range(first, len(lines)):
        start = starts.get(at)
        if start and style == "uncounted":
            start = start._replace(number=None)
        if start and _begins(start, style, alike[at], last, listed, found):
            current = Section(at + 1, start)
            found.append(current)
            last, listed = start.number or last, 0
            continue
        if start and start.number:
            listed = start.number
        if current and not code[at] and _ends(lines[at], current):
            current = None
        if current:
            current.lines.append(lines[at])
    return found


def _style(starts: Sequence[Start]) -> Style:
    """How a file tells its questions apart: by numbers that count, by a `1.` before each, or without any."""
    numbers = [start.number for start in starts if start.number is not None]
    if len(numbers) < _FEW:
        return "unnumbered"
    return "uncounted" if numbers.count(1) > len(numbers) / 2 and numbers.count(1) >= _FEW else "numbered"


def _begins(
    start: Start, style: Style, alike: float, last: int, listed: int, found: Sequence[Section]
) -> bool:
    """Whether a line begins a question. `last`: the number of the one before; `listed`: of a list's item."""
    if style == "numbered" or start.number is not None:
        return _is_next(start, alike, last, listed)
    if start.level and found and found[-1].start.level:
        return start.level == found[-1].start.level
    if style == "uncounted":
        return not start.level or alike >= ALIKE
    return (start.is_asked and alike >= _FOREIGN) or alike >= RATHER_ALIKE


def _is_next(start: Start, alike: float, last: int, listed: int) -> bool:
    """Whether a line begins a question in a file whose numbers count."""
    if start.number is None:
        return alike >= ALIKE and start.is_marked
    if start.number > last and (start.is_marked or start.number != listed + 1 or not listed):
        return True
    return alike >= (RATHER_ALIKE if start.number == last + 1 else ALIKE) or (
        start.is_marked and alike >= RATHER_ALIKE
    )


def _ends(line: str, current: Section) -> bool:
    """Whether a heading ends the question's answer."""
    return 0 < heading_level(line) <= (current.start.level or _NEXT_SECTION)

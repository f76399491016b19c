"""What was found in an answer: for each point the best that is said of it, and the misconceptions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from tutor.core.grading.matching import Fit
from tutor.text.segments import Span

CODE = "code"
"""What a point matched that the structure of code or of a formula makes."""
COVERED = 0.495
"""From this score on a point counts as made."""
CONTRADICTED = 0.6
"""From this score on an opposite counts."""


class Found(NamedTuple):
    """What a piece says about a point."""

    fit: Fit
    matched: str
    overlap: float
    """Fit of the words alone."""
    standing: float
    """What a rival has to beat: less than the overlap where the point's operation is not named."""


@dataclass
class PointJudgement:
    """The best that the answer says about a point."""

    score: float = 0.0
    evidence: Span | None = None
    contrary: float = 0.0
    contrary_span: Span | None = None
    matched: str = ""
    """The reference that fits best."""

    @property
    def covered(self) -> bool:
        """Whether the point is made, and not taken back elsewhere."""
        return self.score >= COVERED and (self.contrary < CONTRADICTED or self.contrary <= self.score)


@dataclass
class Judgement:
    """All that was found in an answer."""

    points: dict[str, PointJudgement] = field(default_factory=dict)
    misconceptions: dict[str, tuple[float, Span]] = field(default_factory=dict)
    on_topic: bool = False
    is_salad: bool = False
    proven: set[str] = field(default_factory=set)
    """Points that a formula makes."""
    denied: set[str] = field(default_factory=set)
    """Points that a formula gets wrong, and none makes."""


def credit(point: PointJudgement, found: Found, span: Span) -> None:
    """Keep what a piece says about a point, if it is the best so far."""
    score, contrary, _ = found.fit
    is_shorter = (
        point.evidence is not None and span.end - span.start < point.evidence.end - point.evidence.start
    )
    if score > point.score or (score == point.score and score and is_shorter):
        point.score, point.evidence, point.matched = score, span, found.matched
    if contrary > point.contrary:
        point.contrary, point.contrary_span = contrary, span

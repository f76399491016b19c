"""Formulas of an answer beside those that the rubric knows: compared by what they compute, not as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache
from typing import NamedTuple

from tutor.core.course_schema import Formula as Mark
from tutor.core.curriculum import Question
from tutor.core.grading.judgement import CODE, Found, Judgement, PointJudgement, credit
from tutor.core.grading.matching import Fit
from tutor.text.formula_points import POINTS
from tutor.text.formula_roles import GRADIENT, LOSS, WEIGHTS
from tutor.text.formulas import Formula, agrees, formulas_in, value_of
from tutor.text.segments import Span
from tutor.text.tokens import plain

_TARGETS = (LOSS, WEIGHTS, GRADIENT)
_DENIED_BEFORE = re.compile(
    r"\b(?:not|never|no|n't|isn't|wasn't|aren't|cannot|instead of|rather than|without|unlike|wrong|false)\b"
    r"(?:(?!\bbut\b)[^,;.:!?\n]){0,40}\Z",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"\W{0,3}(?:is|was|does|do|would be|looks|seems)?\s*"
    r"(?:not\b|n't|isn't|doesn't|don't|won't|wrong|false|incorrect|nonsense)",
    re.IGNORECASE,
)
_MISPLACED = re.compile(
    r"\W{0,3}(?:is |gets |are )?added to (?:the |each |every )?(?:p|w|weights?|parameters?)\b", re.IGNORECASE
)
"""`2 wd p is added to the weight`: right by itself, but in the wrong place."""


class Marked(NamedTuple):
    """A formula as the learner wrote it, and the entry of the rubric that it equals."""

    span: Span
    mark: Mark


def marked_in(answer: str, skipped: Iterable[Span], question: Question) -> tuple[Marked, ...]:
    """The formulas of an answer that the rubric knows, without those that are denied or quoted."""
    known = question.rubric.formulas
    if not known:
        return ()
    text = plain(answer)
    left_out = list(skipped)
    found = []
    for formula in formulas_in(answer):
        if not _is_meant(text, formula.span, left_out):
            continue
        found += [Marked(formula.span, mark) for mark in known if _is_like(formula, mark)]
    return tuple(_whole(found))


def count_formulas(judgement: Judgement, found: Sequence[Marked]) -> None:
    """Credit what formulas make; what one gets wrong, and none makes, is not made by words either."""
    for span, mark in found:
        judgement.proven.update(mark.points)
        for point_id in mark.points:
            credit(judgement.points[point_id], Found(Fit(1.0, 0.0), CODE, 1.0, 1.0), span)
        judgement.misconceptions.update(dict.fromkeys(mark.misconceptions, (1.0, span)))
    deny(judgement, {name for _, mark in found for name in mark.denies} - judgement.proven)


def deny(judgement: Judgement, points: Set[str]) -> None:
    """Take points away that are proved wrong."""
    judgement.denied.update(points)
    for name in points:
        judgement.points[name] = PointJudgement()


def _is_meant(text: str, span: Span, skipped: list[Span]) -> bool:
    if any(one.start <= span.start < one.end for one in skipped):
        return False
    before, after = text[max(0, span.start - 80) : span.start], text[span.end : span.end + 60]
    return not (_DENIED_BEFORE.search(before) or _DENIED_AFTER.match(after) or _MISPLACED.match(after))


def _is_like(formula: Formula, mark: Mark) -> bool:
    if not (mark.bare or formula.is_equation or formula.is_alone):
        return False
    if mark.target and formula.target in _TARGETS and formula.target != mark.target:
        return False
    return agrees(formula, mark.expression, mark.factors)


def _whole(found: list[Marked]) -> list[Marked]:
    """Without formulas that, read with what was defined before them, make more: `loss + penalty`."""
    best: dict[Span, Marked] = {}
    for one in found:
        other = best.get(one.span)
        if other is None or len(one.mark.points) > len(other.mark.points):
            best[one.span] = one
    return list(best.values())


@lru_cache(maxsize=8)
def opposed(marks: tuple[Mark, ...]) -> tuple[tuple[int, int], ...]:
    """Pairs of entries that equal each other and say different things, as places in the rubric.

    Raises `Unreadable` where an expression cannot be computed.
    """
    pairs = []
    for place, mark in enumerate(marks):
        for factor in mark.factors:
            values = tuple(value_of(mark.expression, index, factor) for index in range(POINTS))
            made = Formula(Span(0, 0), mark.target, True, True, values)
            for before, other in enumerate(marks[:place]):
                if _means(other) != _means(mark) and _is_like(made, other):
                    pairs.append((before, place))
    return tuple(dict.fromkeys(pairs))


def _means(mark: Mark) -> tuple[frozenset[str], ...]:
    return frozenset(mark.points), frozenset(mark.denies), frozenset(mark.misconceptions)

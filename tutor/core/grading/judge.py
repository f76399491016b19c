"""Judges an answer point by point: the best piece for each point, misconceptions as rivals."""

from __future__ import annotations

from functools import cache

from tutor.core.curriculum import Question
from tutor.core.grading.code import ALTERED, code_in
from tutor.core.grading.formulas import count_formulas, deny, marked_in
from tutor.core.grading.judgement import CODE, CONTRADICTED, COVERED, Found, Judgement, PointJudgement, credit
from tutor.core.grading.matching import Fit, fit, lacks_operation, touched
from tutor.core.grading.memory import Neighbour, neighbours
from tutor.core.grading.pieces import Piece, pieces, without
from tutor.core.grading.references import MisconceptionReferences, PointReferences, Reference, References
from tutor.text.lexicon import FIELD, INPUTS, OTHER_OPERATIONS, TENDENCIES
from tutor.text.reading import Reading
from tutor.text.segments import Span
from tutor.text.stems import meaning

__all__ = ["CODE", "NEARLY", "Judgement", "judge"]

NEARLY = 0.42
"""From this score on a point may have been meant."""
STATED = 0.5
"""From this fit on a misconception counts as stated, if it fits better than the point by `_CLEARLY`."""
_STATED_IN_CONTRAST = 0.35
"""The same for a piece that contradicts the point."""
_CLEARLY = 0.03
_NOT_TOLD_APART = 0.7
_WITHOUT_OPERATION = 0.6
_KEY_TERMS = {1: 0.4, 2: 0.4}
"""Share of the key terms in the score of a point, by the number of their groups."""
_MANY_GROUPS = 0.45
_MARGIN = 0.1
"""How much better the opposite must fit to be what was meant."""


def judge(answer: str, skipped: list[Span], question: Question, references: References) -> Judgement:
    """Compare an answer (without its `skipped` sentences) with all references of its question."""
    judgement = Judgement({one.point.id: PointJudgement() for one in references.points})
    code = code_in(answer)
    for piece_of_code in code:
        _judge_code(judgement, piece_of_code.span, piece_of_code.shape, references)
    formulas = marked_in(answer, skipped, question)
    like = [
        one
        for one in neighbours(answer, skipped, question, references)
        if not any(_within(one.span, each.span) for each in formulas)
    ]
    for neighbour in like:
        _judge_neighbour(judgement, neighbour)
    read = [*(one.span for one in code), *(one.span for one in formulas)]
    prose = pieces(without(answer, read), skipped, references)
    lost: set[str] = set()  # points that the sentence of the piece gets wrong as a whole
    for piece in prose:
        if piece.is_sentence:
            lost = _lost_like(piece, like, references)
        if not piece.is_list_of_words:
            lost |= _judge_piece(judgement, piece, lost, references)
    count_formulas(judgement, formulas)
    if any(piece.shape == ALTERED for piece in code):
        deny(judgement, {one.point.id for one in references.points if one.shapes} - _in_code(judgement))
    judgement.is_salad = any(piece.is_list_of_words for piece in prose)
    judgement.on_topic = (
        bool(code or formulas or judgement.misconceptions)
        or any(max(one.score, one.contrary) >= 0.4 for one in judgement.points.values())
        or any(_is_on_topic(piece.reading, references) for piece in prose if piece.is_sentence)
    )
    return judgement


def _in_code(judgement: Judgement) -> set[str]:
    return {name for name, one in judgement.points.items() if one.matched == CODE}


def _within(span: Span, outer: Span) -> bool:
    return outer.start <= span.start and span.end <= outer.end


def _judge_code(judgement: Judgement, span: Span, shape: frozenset[str], references: References) -> None:
    for one in references.points:
        if any(wanted <= shape for wanted in one.shapes if wanted):
            credit(judgement.points[one.point.id], Found(Fit(1.0, 0.0), CODE, 1.0, 1.0), span)


def _judge_neighbour(judgement: Judgement, neighbour: Neighbour) -> None:
    for point_id in neighbour.example.points:
        score = neighbour.score
        found = Found(Fit(score, 0.0), neighbour.example.answer, score, score)
        credit(judgement.points[point_id], found, neighbour.span)
    for name in neighbour.example.misconceptions:
        judgement.misconceptions[name] = (neighbour.score, neighbour.span)


def _lost_like(piece: Piece, like: list[Neighbour], references: References) -> set[str]:
    """Points that a marked example with this piece in it did not earn."""
    return {
        one.point.id
        for neighbour in like
        if neighbour.span.start <= piece.span.start and piece.span.end <= neighbour.span.end
        for one in references.points
        if one.point.required and one.point.id not in neighbour.example.points
    }


def _judge_piece(judgement: Judgement, piece: Piece, lost: set[str], references: References) -> set[str]:
    """Credit what the piece says, except for points already `lost`; return the points it gets wrong."""
    fits = {one.point.id: _best(piece, one, references) for one in references.points}
    wrong: set[str] = set()
    if not piece.is_join:
        wrong = _judge_claims(judgement, piece, fits, references)
    is_reversed = _is_reversed(piece.reading, references)
    if piece.reading.dismisses:
        return wrong
    if _names_other_operation(piece.reading, references):
        wrong |= {one.point.id for one in references.points if one.operations}
    makes_a_point = any(found.fit.score >= COVERED for found in fits.values())
    for one in references.points:
        found = fits[one.point.id]
        if one.point.id in wrong or one.point.id in lost:
            continue
        if makes_a_point:  # what makes one point takes no other back
            found = found._replace(fit=Fit(found.fit.score, 0.0))
        if _is_misapplied(piece, one, fits, references):
            found = found._replace(fit=Fit(min(found.fit.score, 0.9 * NEARLY), 0.0))
        if is_reversed and one.signs.keys() & {*references.order}:
            wrong.add(one.point.id)
            found = found._replace(fit=Fit(0.0, 0.0 if piece.is_join else found.fit.score))
        credit(judgement.points[one.point.id], found, piece.span)
    return wrong


def _judge_claims(
    judgement: Judgement, piece: Piece, fits: dict[str, Found], references: References
) -> set[str]:
    """Note the misconceptions that a piece states; return the points that they contradict."""
    wrong = set()
    for rival in references.misconceptions:
        claim = max(_claimed(piece, one, rival, references) for one in rival.claims)
        about = rival.misconception.contradicts
        enough = _STATED_IN_CONTRAST if fits[about].fit.contrary >= CONTRADICTED else STATED
        if claim < enough or claim < fits[about].standing + _CLEARLY:
            continue
        wrong.add(about)
        best = judgement.misconceptions.get(rival.misconception.id)
        if best is None or claim > best[0]:
            judgement.misconceptions[rival.misconception.id] = (claim, piece.span)
    return wrong


def _names_other_operation(reading: Reading, references: References) -> bool:
    """Whether it does something that nobody does in this question, such as to subtract."""
    named = {mark.concept for mark in reading.marks if mark.sign > 0} & OTHER_OPERATIONS
    return not named <= references.stems


def _is_misapplied(
    piece: Piece, one: PointReferences, fits: dict[str, Found], references: References
) -> bool:
    """Whether the piece uses this point's operation on what belongs to another's: "add the pairs"."""
    return bool(one.operations) and any(
        other.operations
        and other.operations != one.operations
        and lacks_operation(piece.reading, other)
        and (
            fits[other.point.id].overlap > fits[one.point.id].overlap
            or _is_done_to_inputs(piece, one, references)
        )
        for other in references.points
    )


def _is_done_to_inputs(piece: Piece, one: PointReferences, references: References) -> bool:
    """Whether a later operation is done to what the first one should be done to: "add the lists"."""
    first = references.order[:1]
    return any(piece.reading.object_of(each) in INPUTS for each in one.operations if (each,) != first)


def _best(piece: Piece, one: PointReferences, references: References) -> Found:
    """The best fit of a piece to any way of saying the point."""
    best = Fit(0.0, 0.0)
    matched = ""
    for reference in one.paraphrases:
        found = fit(piece.reading, piece.size, reference, references)
        if found.score > best.score:
            matched = reference.text
        best = Fit(max(best.score, found.score), max(best.contrary, found.contrary))
    standing = best.score * (_WITHOUT_OPERATION if lacks_operation(piece.reading, one) else 1.0)
    return Found(_with_key_terms(piece, one, best), matched, best.score, standing)


def _with_key_terms(piece: Piece, one: PointReferences, best: Fit) -> Fit:
    if not one.groups or best == (0.0, 0.0, 0):
        return best
    share = touched(piece.reading, piece.text, one)
    is_open = _is_open(piece.reading, one)
    part = _KEY_TERMS.get(len(one.groups), _MANY_GROUPS)
    full = part + (1 - part) * best.score if best.score else 0.0
    score = full if share == 1 else best.score * (0.5 + 0.5 * share)
    if share < 1 and lacks_operation(piece.reading, one):
        score = min(score, 0.9 * NEARLY)
    if is_open:
        score = min(score, COVERED - 0.01)
    if best.contrary <= best.score + _MARGIN or touched(piece.reading, piece.text, one, affirmed=False) < 1:
        return Fit(score, 0.0)
    return Fit(0.0, part + (1 - part) * best.contrary)


def _is_open(reading: Reading, one: PointReferences) -> bool:
    """Whether it names a tendency of the point, but not of which regime: "it learns the noise"."""
    return any(
        0 in reading.signs[concept] and 0 not in one.signs.get(concept, {0})
        for concept in reading.signs.keys() & TENDENCIES
    )


def _claimed(piece: Piece, claim: Reference, rival: MisconceptionReferences, references: References) -> float:
    """How well a piece states a claim; without any word that sets the claim apart it counts less."""
    reading = piece.reading
    if len(claim.reading.order) > 1 and reading.order[:2] != claim.reading.order[:2]:
        return 0.0
    found = fit(reading, piece.size, claim, references)
    if found.shared < 2:
        return 0.0
    own = claim.reading.signs.keys() & rival.own
    is_told_apart = not own or not own.isdisjoint(reading.signs) or len(claim.reading.order) > 1
    return found.score if is_told_apart else found.score * _NOT_TOLD_APART


def _is_reversed(reading: Reading, references: References) -> bool:
    mine, theirs = reading.order[:2], references.order[:2]
    return len(mine) == 2 and len(theirs) == 2 and mine == theirs[::-1]


def _is_on_topic(reading: Reading, references: References) -> bool:
    known = [concept for concept in reading.signs if concept in references.weights]
    is_mostly_known = len(known) > 1 and 2 * len(known) > len(reading.signs)
    is_about_it = sum(references.weight(concept) for concept in known) >= 1.5
    is_all_known = len(known) == len(reading.signs) > 1
    is_of_field = len({mark.concept for mark in reading.marks} & _field()) > 1
    return is_of_field or is_all_known or (is_about_it and is_mostly_known)


@cache
def _field() -> frozenset[str]:
    return frozenset(meaning(word).concept for word in FIELD)

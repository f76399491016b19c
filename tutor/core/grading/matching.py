"""How well a piece of an answer says what a reference says."""

from __future__ import annotations

from typing import NamedTuple

from tutor.core.grading.references import PointReferences, Reference, References, Term
from tutor.text.lexicon import AXES, FAMILIES, ORDERED, TENDENCIES
from tutor.text.reading import Reading

_DENIAL = 0.6
"""Share of denied words from which a piece contradicts a reference instead of saying it."""
_FAINT = 0.12
"""A smaller overlap is none."""
_UNMATCHED_NEGATION = 0.7
"""What is left of a match where only the reference denies something."""


class Fit(NamedTuple):
    """`score` 0 to 1 as far as the piece agrees; `contrary` 0 to 1 as far as it says the opposite."""

    score: float
    contrary: float
    shared: int = 0
    """How many concepts the two have in common."""


def fit(piece: Reading, size: float, reference: Reference, references: References) -> Fit:
    """Compare a piece (with its `size`) with one sentence: shared concepts, and whether the signs agree."""
    other = reference.reading
    sizes = size + reference.size
    shared = piece.signs.keys() & other.signs.keys()
    if 2 * sum(map(references.weight, shared)) < _FAINT * sizes or not shared:
        return Fit(0.0, 0.0)
    verdicts = _verdicts(piece, other)
    agreed = sum(references.weight(concept) for concept, verdict in verdicts.items() if verdict > 0)
    denied = sum(
        -verdict * references.weight(concept) for concept, verdict in verdicts.items() if verdict < 0
    )
    if not agreed and not denied:
        return Fit(0.0, 0.0)
    tendencies = [verdict for concept, verdict in verdicts.items() if concept in TENDENCIES]
    is_unmatched = other.denies and not piece.denies and not piece.avoids
    is_other_case = "amount" in piece.signs and "amount" not in other.signs
    if denied > _DENIAL * agreed or -2 in verdicts.values() or (tendencies and max(tendencies) < 0):
        is_contrary = (
            not (is_unmatched or is_other_case)
            and max(tendencies, default=-1) < 0
            and _denies_key(verdicts, reference)
        )
        return Fit(0.0, min(2 * (agreed + denied) / sizes, 1.0) if is_contrary else 0.0)
    score = 2 * max(agreed - denied, 0.0) / sizes
    return Fit(score * (_UNMATCHED_NEGATION if is_unmatched else 1.0), 0.0, len(verdicts))


def _verdicts(piece: Reading, other: Reading) -> dict[str, int]:
    """For each shared concept whether the two agree; what turns with the regime is not denied."""
    shared = sorted(piece.signs.keys() & other.signs.keys())
    found = {concept: _agreement(concept, piece, other) for concept in shared}
    if min(found.values(), default=0) < 0 and _is_mirrored(piece, other):
        return {
            concept: verdict if concept in TENDENCIES else max(verdict, 0)
            for concept, verdict in found.items()
        }
    return found


def _denies_key(verdicts: dict[str, int], reference: Reference) -> bool:
    """Whether something essential is denied. "Many" for "few" alone may speak of the other case."""
    essential = reference.keys | AXES.keys() | TENDENCIES
    denied = {concept for concept, verdict in verdicts.items() if verdict < 0 and concept in essential}
    if denied == {"amount"}:
        return any(verdict > 0 and concept in AXES for concept, verdict in verdicts.items())
    return bool(denied)


def lacks_operation(piece: Reading, point: PointReferences) -> bool:
    """Whether a key term of the point is an operation that the piece does not name."""
    wanted = [{concept for term in group for concept in term.concepts} & {*ORDERED} for group in point.groups]
    return any(
        group and not any(_is_affirmed(piece, concept, point) for concept in group) for group in wanted
    )


def _is_affirmed(piece: Reading, concept: str, point: PointReferences) -> bool:
    return concept in piece.signs and _is_meant(piece, concept, point)


def touched(piece: Reading, text: str, point: PointReferences, *, affirmed: bool = True) -> float:
    """Share of the point's groups of key terms that the piece touches (`text` is the piece, squeezed).

    With `affirmed` a term counts only with a sign that the point gives it, too.
    """
    if not point.groups:
        return 0.0
    found = [any(_holds(piece, text, term, point, affirmed) for term in group) for group in point.groups]
    return sum(found) / len(found)


def _is_mirrored(piece: Reading, other: Reading) -> bool:
    """One says of large what the other says of small: words beside a tendency turn with it.

    So do two opposites at once: "few ratings shrink it" and "many ratings keep it large" agree.
    """
    shared = piece.stated.keys() & other.stated.keys()
    if any(not piece.stated[concept] & other.stated[concept] for concept in shared):
        return True
    axes = piece.signs.keys() & other.signs.keys() & AXES.keys()
    return len(axes) > 1 and not any(piece.signs[axis] & other.signs[axis] for axis in axes)


def _agreement(concept: str, piece: Reading, other: Reading) -> int:
    """1 if both affirm or both deny a concept, -1 or -2 (of the same thing) if not, else 0."""
    mine, theirs = piece.signs[concept], other.signs[concept]
    if concept in TENDENCIES and (0 in mine or 0 in theirs):
        return 1
    pairs = [pair for pair in piece.pairs if pair[0] == concept and pair in other.pairs]
    if pairs and len(theirs) > 1:
        return int(any(piece.pairs[pair] & other.pairs[pair] for pair in pairs))
    if pairs:
        return 1 if any(piece.pairs[pair] & other.pairs[pair] for pair in pairs) else -2
    if mine & theirs:
        return 1
    if concept in ("size", "amount") and any(pair[0] == concept for pair in piece.pairs):
        return 0  # said of something else
    if concept in FAMILIES:
        return 0  # what is spoken of, not what is said of it
    return -2 if concept in ORDERED else -1


def _holds(piece: Reading, text: str, term: Term, point: PointReferences, affirmed: bool) -> bool:
    if term.literal:
        return term.literal in text
    if len(term.stems) > 1:
        stems = piece.stems
        return any(stems[at : at + len(term.stems)] == term.stems for at in range(len(stems)))
    if term.opposite:
        concept = term.opposite.concept if term.opposite in piece.meanings else None
    else:
        concept = piece.concept_of_stem.get(term.stems[0]) or next(
            iter(term.concepts & piece.signs.keys()), None
        )
    return concept is not None and (not affirmed or _is_meant(piece, concept, point))


def _is_meant(piece: Reading, concept: str, point: PointReferences) -> bool:
    """Whether the piece gives the concept a sign that the point gives it, too."""
    mine = piece.signs.get(concept)
    theirs = point.signs.get(concept)
    if mine is None or theirs is None or any(pair[0] == concept for pair in piece.pairs):
        return True
    return 0 in mine or bool(mine & theirs)

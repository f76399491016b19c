"""Old notes beside the new answer, point by point, and where the notes go wrong.

Both are graded by the same grader. The notes stay hidden until the question was tried again: recalling an
answer teaches more than reading it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from tutor.core.curriculum import Question
from tutor.core.errors import BadInput
from tutor.core.events import Grade
from tutor.core.grading import grade
from tutor.core.grading.meaning import encoder
from tutor.core.grading.reply import quote
from tutor.core.notes.own_answers import has_tried, own_answer
from tutor.store.store import Store
from tutor.text.segments import sentences

_BULLET = re.compile(r"^(\s*)(?:[-*+•]|\d{1,2}[.)]|>)\s+", re.MULTILINE)
_BELIEVED, _NEARER, _LET = 0.6, 0.1, 0.08
"""Cosines: how near a sentence comes to what is believed; by how much nearer than to the truth; and by how
much a way to say a point may be nearer still. Of 946 right answers of the course 1 % are taken for wrong,
of the lecture's notes seven, one of them unjustly."""


class NoNote(BadInput):
    """There is no note on this question."""


@dataclass(frozen=True)
class PointPair:
    """A point of the rubric with the words that make it, then and now; None where they do not."""

    id: str
    about: str
    required: bool
    note: str | None
    answer: str | None


@dataclass(frozen=True)
class Finding:
    """Where the notes come close to what is often believed and not true."""

    id: str
    quote: str
    believed: str
    true: str


@dataclass(frozen=True)
class SideBySide:
    """Then and now. While `hidden`, only that there is a note is said."""

    q: int | None
    id: str
    title: str
    hidden: bool
    note: str | None
    """Markdown."""
    answer: str | None
    points: tuple[PointPair, ...]
    errata: tuple[Finding, ...]
    file: str
    """Where the note came from."""

    def as_json(self) -> dict[str, Any]:
        """As `tutor notes show --json` prints it."""
        return asdict(self)


def side_by_side(store: Store, question: Question, *, anyway: bool = False) -> SideBySide:
    """The note on a question beside the learner's answer; `anyway` shows it before a try. Raises `NoNote`."""
    entry = question.entry
    note = store.notes.get(entry.id)
    if note is None:
        raise NoNote(
            f"I have no notes of yours on {entry.id} ({entry.title}). "
            "`tutor notes import FILE` takes them in."
        )
    hidden = not (anyway or has_tried(store, entry.id))
    if hidden:
        return SideBySide(entry.q, entry.id, entry.title, True, None, None, (), (), note.file)
    own = own_answer(store, entry.id)
    text = without_bullets(note.text)
    then = grade(question, text)
    now = own.evidence if own else {}
    if own and own.is_code:
        now = now | _made(grade(question, own.text))
    old = _made(then)
    points = tuple(
        PointPair(point.id, point.title, point.required, old.get(point.id), now.get(point.id))
        for point in question.rubric.points
    )
    found = (*_believed(question, text), *_misconceptions(question, then))
    return SideBySide(
        entry.q, entry.id, entry.title, False, note.text, own.text if own else None, points, found, note.file
    )


def without_bullets(markdown: str) -> str:
    """The text of notes as sentences: no signs of a list before them, no emphasis."""
    return re.sub(r"\*\*|__(?=\w)|(?<=\w)__", "", _BULLET.sub(r"\1", markdown)).strip()


def _made(graded: Grade) -> dict[str, str]:
    return {point.id: point.evidence or "" for point in graded.points if point.covered}


def _misconceptions(question: Question, graded: Grade) -> Iterator[Finding]:
    for hit in graded.misconceptions:
        known = next(one for one in question.rubric.misconceptions if one.id == hit.id)
        yield Finding(hit.id, hit.evidence, known.claim, known.explanation)


def _believed(question: Question, text: str) -> Iterator[Finding]:
    """Errata about notes that a sentence comes close to; none where there is no encoder to tell."""
    found = encoder()
    errata = [one for one in question.errata if one.about == "notes"]
    said = [span.of(text) for span in sentences(text)]
    if found is None or not errata or not said:
        return
    ways = [way for point in question.rubric.points for way in point.paraphrases]
    vectors = found.encode(said)  # [sentences, D]
    right = (vectors @ found.encode(ways).T).max(axis=1)
    for one in errata:
        near, true = (vectors @ found.encode([side])[0] for side in (one.believed, one.true))
        stated = (near >= _BELIEVED) & (near - true >= _NEARER) & (near > right - _LET)
        if stated.any():
            yield Finding(one.id, said[int((near * stated).argmax())], one.believed, one.true)


# --- as text -------------------------------------------------------------------------------------


def where_made(pair: PointPair) -> str:
    """Where a point is made, as a sign and words."""
    if pair.note is not None and pair.answer is not None:
        return "✓ then and now"
    if pair.answer is not None:
        return "✓ new"
    return "△ in the notes, not in the answer" if pair.note is not None else "○ in neither"


def as_text(pair: SideBySide) -> str:
    """Then and now for a terminal without columns."""
    if pair.hidden:
        return try_first(pair)
    blocks = [f"Your notes ({pair.file}):", _indented(pair.note or "")]
    blocks += ["Your answer:", _indented(pair.answer or "(none yet)"), "Point by point:"]
    for one in pair.points:
        bonus = "" if one.required else " (a bonus)"
        blocks.append(f"{where_made(one)}: {one.about}{bonus}")
        blocks += [f'   notes   "{quote(one.note)}"'] if one.note else []
        blocks += [f'   answer  "{quote(one.answer)}"'] if one.answer else []
    if pair.errata:
        blocks.append("Where the notes come close to what is often believed:")
    for finding in pair.errata:
        blocks += [
            f'△ "{quote(finding.quote)}"',
            f"   believed: {finding.believed}",
            f"   true: {finding.true}",
        ]
    return "\n".join(blocks)


def try_first(pair: SideBySide) -> str:
    """A kind word while the notes are hidden."""
    named = pair.title if pair.q is None else f"Q{pair.q} · {pair.title}"
    return (
        f"Your notes on {named} are here, and they stay shut until you have answered once more: "
        "what you recall sticks. Try first; a guess is enough."
    )


def _indented(text: str) -> str:
    return "\n".join(f"   {line}".rstrip() for line in text.splitlines())

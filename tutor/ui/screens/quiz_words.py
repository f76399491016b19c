"""What the quiz says: a card's two sides, and what there is to say when no card lies on the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from tutor.core.proposals import propose
from tutor.core.scheduling import GRADES, span
from tutor.ui.widgets.card import Face, Reveal

if TYPE_CHECKING:
    from tutor.core.agenda import Counts
    from tutor.core.items import Judged
    from tutor.core.practice import Quiz as Asked

WHAT = """
A card asks for one point of a question. You answer, look, and grade yourself; it comes back shortly \
before you would forget it, in another form."""
FORMS = {
    "explain": "in your own words",
    "choice": "choose one",
    "cloze": "fill the gap",
    "compute": "work it out",
    "predict": "predict",
    "code": "code",
}
TWO_BUTTONS = {1: (1, "forgot"), 2: (3, "knew it")}
"""Key, the grade it stands for, and its name, where one only says forgotten or known."""


OF_A_CARD = frozenset({
    "reveal", "choose", "sure", "skip_sure", "hint", "accept", "grade", "run", "leave", "mark", "flag",
    "note", "buttons",
})  # fmt: skip
"""Actions that need a card on the table."""


@dataclass(frozen=True)
class Table:
    """What lies on the table: a card or none, and what else there is to do."""

    asked: Asked | None
    intervals: dict[int, str]
    counts: Counts
    two_buttons: bool = False
    said: str = ""
    graded: int | None = None
    """Grade that was stored just before."""

    @property
    def keys(self) -> dict[int, tuple[int, str]]:
        """The keys that grade: the grade of each and its name."""
        return TWO_BUTTONS if self.two_buttons else {grade: (grade, name) for grade, name in GRADES.items()}


@dataclass(frozen=True)
class Answer:
    """What the learner has done with the card so far."""

    reply: str = ""
    judged: Judged | None = None
    hints: int = 0
    confidence: int | None = None
    took_ms: int = 0

    def proposed(self, asked: Asked) -> int | None:
        """The grade that the machine proposes."""
        told = not self.reply and asked.typed
        right = self.judged.right if self.judged else None
        return propose(
            right, hints=self.hints, told=told, quick=not asked.typed, confidence=self.confidence,
            took_ms=self.took_ms,
        )  # fmt: skip


def works(action: str, key: int, table: Table, face: Face, answer: Answer) -> bool:
    """Whether an action of `OF_A_CARD` (with the number of its key, if it has one) makes sense now."""
    assert table.asked is not None
    is_open = face.reveal is None and not face.asks_sure
    return {
        "reveal": is_open,
        "choose": is_open and key <= len(face.options),
        "sure": face.asks_sure or (is_open and not face.typed and not face.options),
        "skip_sure": face.asks_sure,
        "hint": is_open and answer.hints < len(table.asked.hints),
        "accept": face.reveal is not None and face.reveal.suggested is not None,
        "grade": face.reveal is not None and key in table.keys,
        "run": run_of(table.asked) is not None,
    }.get(action, True)


def run_of(asked: Asked) -> str | None:
    """The run that belongs to a card now: the way of a leech, else the one that refutes."""
    way = asked.another_way
    return way.name if way and way.route == "experiment" else asked.experiment


def face_of(asked: Asked) -> Face:
    """The side with the question."""
    name = f"Q{asked.entry.q}" if asked.entry.q else asked.entry.id.upper()
    marks = " · new" * asked.is_new + " · ⚑ flagged" * asked.mark.flagged
    way = asked.another_way
    lead = ""
    if way:
        key = " F3 opens it; the card waits here." if way.route == "experiment" else ""
        lead = f"Forgotten {way.lapses} times. {way.text}{key}"
    return Face(
        title=f"{name} · {asked.entry.title}{marks}",
        form=FORMS.get(asked.presented.item.form, asked.presented.item.form),
        prompt=asked.presented.prompt,
        options=tuple(option.text for option in asked.presented.options),
        typed=asked.typed,
        way=lead,
        note=asked.mark.note,
    )


def revealed(face: Face, table: Table, answer: Answer) -> Face:
    """The same card with its other side."""
    asked, judged = table.asked, answer.judged
    assert asked is not None
    presented = asked.presented
    right = judged.right if judged else None
    why = presented.why if judged is None or right is not False else _both(judged.why, presented.why)
    chosen = presented.options.index(judged.chosen) if judged and judged.chosen else None
    proposed = answer.proposed(asked)
    wrong_and_sure = right is False and answer.confidence == 3 and asked.experiment
    reveal = Reveal(
        verdict=_verdict(answer.reply, judged),
        right=right,
        answer="" if presented.options else presented.answer,
        why=why,
        chosen=chosen,
        correct=next((i for i, option in enumerate(presented.options) if option.correct), None),
        grades=tuple((key, name, table.intervals[grade]) for key, (grade, name) in table.keys.items()),
        suggested=_key_of(proposed, table),
        see="You were sure. F3 shows it in the Lab; the card waits here." if wrong_and_sure else "",
    )
    return replace(face, asks_sure=False, reveal=reveal)


def rest_of(first: str, counts: Counts, grades: Sequence[int]) -> Content:
    """What there is to say when no card lies on the table, with one next thing to do."""
    lines = [Content.styled(first, "bold")]
    if grades:
        named = (f"{list(grades).count(grade)} {name}" for grade, name in GRADES.items())
        lines.append(Content(f"This sitting: {len(grades)} cards: {', '.join(named)}."))
    elif not counts.next_due_at:
        lines.append(Content(WHAT))
    if counts.buried:
        cards = "card waits" if counts.buried == 1 else "cards wait"
        lines.append(Content(f"{counts.buried} more {cards} until tomorrow: their question was asked today."))
    if counts.next_due_at:
        until = span(datetime.fromisoformat(counts.next_due_at) - datetime.now(UTC))
        lines.append(Content(f"The next card comes due in {until}."))
    if counts.new:
        cards = "card" if counts.new == 1 else "cards"
        lines.append(Content(f"\nPress n to learn {counts.new} new {cards}."))
    else:
        lines.append(Content("\nNo new cards today. Answer more questions in Learn (alt+1)."))
    return Content("\n").join(lines)


def _key_of(grade: int | None, table: Table) -> int | None:
    """The key that stands for a grade; with two buttons everything but forgotten is known."""
    if grade is None or not table.two_buttons:
        return grade
    return 1 if grade == 1 else 2


def _verdict(reply: str, judged: Judged | None) -> str:
    if judged and judged.note:
        return f"{'✓' if judged.right else '○'} {judged.note}"
    if judged is None or judged.right is None:
        return "Compare with yours:" if reply else "The answer:"
    return "✓ Right." if judged.right else "✗ Not this time."


def _both(first: str, second: str) -> str:
    return first if first == second else f"{first}\n{second}"

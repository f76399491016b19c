"""`tutor quiz`: spaced repetition, two lines of stdin per card: answer, then grade.

The answer may be `?` (a hint comes, and the line is asked again) or empty (the answer is shown); an empty
grade takes the one that is proposed. With `--confidence` a line between the two says how sure one is, 1 to 3.
"""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.cli import diagnostics
from tutor.cli.diagnostics import ExitCode, UsageError
from tutor.cli.learner_text import learner_text
from tutor.cli.output import emit_json, emit_line, prompt

if TYPE_CHECKING:
    from tutor.core.items import Judged
    from tutor.core.practice import Practice, Quiz

_GRADES = "1 again, 2 hard, 3 good or 4 easy"


def quiz(args: Namespace) -> ExitCode:
    """Practise cards until none is left, `--limit` is reached or the input ends."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        if args.undo:
            return _undo(workspace.practice, args.json)
        sitting = Sitting(workspace.practice, as_json=args.json, ask_confidence=args.confidence)
        done = 0
        while args.limit is None or done < args.limit:
            card = workspace.practice.next(args.question, due_only=args.due)
            if card is None or not sitting.practise(card):
                break
            done += 1
        counts = workspace.practice.counts()
    if not args.json:
        emit_line(f"{done} reviewed; {counts.due} due, {counts.new} new")
    return ExitCode.DONE


def _undo(practice: Practice, as_json: bool) -> ExitCode:
    undone = practice.undo()
    if as_json:
        what, rating = (undone.what, undone.rating) if undone else (None, None)
        emit_json({"undone": undone.card if undone else None, "rating": rating, "what": what})
    elif undone is None:
        emit_line("There is no review to take back.")
    elif undone.rating is None:
        emit_line(f"{undone.card}: taken back: {undone.what}")
    else:
        emit_line(f"{undone.card}: the review with grade {undone.rating} is taken back")
    return ExitCode.DONE


@dataclass
class _Reply:
    """What became of a card before its grade."""

    judged: Judged
    told: bool
    hints: int
    confidence: int | None
    took_ms: int
    proposed: int | None


class Sitting:
    """Asks, shows what is right, takes the learner's grade. At a terminal a slip is asked again."""

    def __init__(self, practice: Practice, *, as_json: bool, ask_confidence: bool = False) -> None:
        self._practice = practice
        self._as_json = as_json
        self._ask_confidence = ask_confidence
        self._typing = sys.stdin.isatty()
        self._line = 0

    def practise(self, card: Quiz) -> bool:
        """Put one card and store the review; False when the input ended before."""
        self._ask(card)
        reply = self._reply(card)
        if reply is None:
            return False
        self._reveal(card, reply)
        grade = self._grade(reply.proposed)
        if grade is None:
            return False
        reviewed = self._practice.review(
            card, grade, reply.took_ms, confidence=reply.confidence, hints=reply.hints,
            correct=None if reply.told else reply.judged.right,
        )  # fmt: skip
        if self._as_json:
            emit_json({"event": "reviewed", **reviewed.model_dump()})
        else:
            emit_line(f"Due again in {reviewed.interval}.\n")
        return True

    # --- the three steps of a card -------------------------------------------------------------

    def _ask(self, card: Quiz) -> None:
        item, way = card.presented, card.another_way
        if self._as_json:
            if way:
                emit_json({"event": "another_way", "card": card.card, "route": way.route, "name": way.name,
                           "lapses": way.lapses, "text": way.text})  # fmt: skip
            emit_json({
                "event": "item", "card": card.card, "q": card.entry.q, "id": card.entry.id,
                "form": item.item.form, "prompt": item.prompt,
                "options": [option.text for option in item.options], "new": card.is_new,
                "typed": card.typed, "hints": len(card.hints), "flagged": card.mark.flagged,
                "note": card.mark.note,
            })  # fmt: skip
            return
        emit_line(f"{card.entry.title} ({card.card}{', new' if card.is_new else ''})")
        if way:
            emit_line(f"Forgotten {way.lapses} times. {way.text}")
            if way.route == "experiment":
                emit_line(f"  tutor experiment run {way.name}")
        emit_line(item.prompt)
        for number, option in enumerate(item.options, start=1):
            emit_line(f"  {number}  {option.text}")

    def _reply(self, card: Quiz) -> _Reply | None:
        from tutor.core.items import NotAnOption
        from tutor.core.proposals import propose

        began, hints = time.monotonic(), 0
        while (line := self._read("Your answer (? for a hint): ")) is not None:
            said = learner_text(line).strip()
            if said == "?" and hints < len(card.hints):
                self._hint(card, hints)
                hints += 1
                continue
            try:
                judged = self._practice.judge(card, said) if said else card.presented.shown
            except NotAnOption as slip:
                self._complain(str(slip))
                continue
            took_ms = round((time.monotonic() - began) * 1000)
            confidence = self._confidence() if self._ask_confidence and said else None
            told = not said and card.typed
            proposed = propose(
                judged.right,
                hints=hints,
                told=told,
                quick=not card.typed,
                confidence=confidence,
                took_ms=took_ms,
            )
            return _Reply(judged, not said, hints, confidence, took_ms, proposed)
        return None

    def _hint(self, card: Quiz, number: int) -> None:
        text, is_last = card.hints[number], number + 1 == len(card.hints)
        if self._as_json:
            emit_json({"event": "hint", "card": card.card, "text": text, "last": is_last})
        else:
            emit_line(f"{'The answer' if is_last else 'Hint'}: {text}")

    def _confidence(self) -> int | None:
        while (line := self._read("How sure, 1 guess, 2 fairly, 3 sure: ")) is not None:
            if line.strip() in ("1", "2", "3"):
                return int(line)
            self._complain(f"{learner_text(line)!r} is not 1 a guess, 2 fairly sure or 3 sure.")
        return None

    def _reveal(self, card: Quiz, reply: _Reply) -> None:
        judged = reply.judged
        answer = card.presented.answer or judged.why or card.point.assertion
        intervals = self._practice.intervals(card)
        if self._as_json:
            emit_json({
                "event": "judged", "card": card.card, "right": judged.right, "answer": answer,
                "why": judged.why, "note": judged.note, "intervals": intervals, "proposed": reply.proposed,
            })  # fmt: skip
            return
        compare = f"Compare: {answer}"
        right = judged.note or "Right."
        wrong = f"{judged.note}\n{compare}" if judged.note else f"Not yet. The answer: {answer}"
        emit_line({True: right, False: wrong, None: compare}[judged.right])
        if judged.why and judged.why != answer:
            emit_line(judged.why)
        names = zip(("again", "hard", "good", "easy"), intervals.items(), strict=True)
        emit_line(" · ".join(f"{grade} {name} ({interval})" for name, (grade, interval) in names))

    def _grade(self, proposed: int | None) -> int | None:
        offered = f"enter takes {proposed}" if proposed else ""
        while (line := self._read(f"Your grade, 1-4{f' ({offered})' if offered else ''}: ")) is not None:
            if not line.strip() and proposed:
                return proposed
            if line.strip() in ("1", "2", "3", "4"):
                return int(line)
            self._complain(f"{learner_text(line)!r} is no grade; type {_GRADES}.")
        return None

    def _read(self, wanted: str) -> str | None:
        if self._typing and not self._as_json:
            prompt(wanted)
        self._line += 1
        return sys.stdin.readline() or None

    def _complain(self, slip: str) -> None:
        if not self._typing:
            raise UsageError(f"stdin, line {self._line}: {slip}")
        diagnostics.report(slip)

"""Answers that are none: empty, "I don't know", the question given back, orders to the grader."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from tutor.core.curriculum import Question
from tutor.text.phrases import is_dont_know, is_foreign, is_instruction
from tutor.text.segments import Span, sentences
from tutor.text.tokens import plain, squeezed

Kind = Literal["empty", "dont_know", "repeated", "instruction", "number", "foreign"]
_BARE_NUMBER = re.compile(r"(?:it'?s|it is|the answer is|answer|=)?\s*([+-]?\d+(?:[.,]\d+)?)\s*[.!]?")
_REPEATED = 85
"""Likeness in percent from which a sentence is one of the question's own."""


class Screened(NamedTuple):
    """`kind` where the answer is none of its own; `skipped` are sentences that are not read as an answer."""

    kind: Kind | None
    skipped: list[Span]
    number: str = ""


def screen(question: Question, answer: str) -> Screened:
    """Name the answer if it is none, and find the sentences that do not count."""
    text = plain(answer).strip()
    if not any(character.isalnum() or character in "Σ*+" for character in text):
        return Screened("dont_know" if "?" in text else "empty", [])
    if is_dont_know(text):
        return Screened("dont_know", [])
    number = _BARE_NUMBER.fullmatch(squeezed(text))
    if number:
        return Screened("number", [], number[1])
    found = sentences(answer)
    own = [
        squeezed(span.of(whole))
        for whole in _own_texts(question)
        for span in (Span(0, len(whole)), *sentences(whole))
    ]
    repeated = [span for span in found if _is_one_of(squeezed(span.of(answer)), own)]
    orders = [span for span in found if is_instruction(span.of(answer))]
    if len({*repeated, *orders}) == len(found):
        return Screened("instruction" if orders else "repeated", [*repeated, *orders])
    if is_foreign(answer):
        return Screened("foreign", [])
    return Screened(None, [*repeated, *orders])


def _own_texts(question: Question) -> tuple[str, ...]:
    return question.entry.prompt, question.file.ask, question.entry.title


def _is_one_of(sentence: str, own: list[str]) -> bool:
    if len(sentence) > 20 and any(sentence in text for text in own):
        return True
    return any(fuzz.ratio(sentence, text, score_cutoff=_REPEATED) > 0 for text in own)

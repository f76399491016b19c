"""What a line of notes is: the start of a question, a heading, a fence, a mark of what is to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from tutor.text.tokens import squeezed

MARK = "> tutor: "
"""Begins the line that an export writes below an answer; an import leaves it out."""
_NUMBERED = re.compile(
    r" ?(?P<heading>#{1,6}\s+)?(?:(?P<bold>\*\*|__)\s*)?(?:q(?:uestion)?\.?\s*#?)?(?P<number>\d{1,3})"
    r"\s*[.):](?=\s|\*\*|__|$)(?P<rest>.*)",
    re.IGNORECASE,
)
_HEADING = re.compile(r" ?(?P<level>#{1,6})\s+(?P<rest>.*?)\s*#*\s*")
_BOLD = re.compile(r" ?(?P<bold>\*\*|__)(?P<words>\S.*?)(?P=bold)(?P<rest>.*)")
_FENCE = re.compile(r"\s*(?P<sign>```+|~~~+)\s*(?P<info>[^`]*)")
_TODO = r"(?:\*\*|__|~~|==)?[(\[]?\s*\bTO[ -]?DO\b\s*[)\]]?:?(?:\*\*|__|~~|==)?"
_TODO_AT_ENDS = re.compile(rf"^\s*{_TODO}\s*|\s*{_TODO}\s*$", re.IGNORECASE)
_ONLY_TODO = re.compile(rf"\s*(?:[-*+•>]\s*)*(?:{_TODO}|\.\.\.|…)?[\s.]*", re.IGNORECASE)
_ASKED = re.compile(r"^q(?:uestion)?\s*:\s*", re.IGNORECASE)
_ANSWERED = re.compile(
    r"^\s*(?:(?:\*\*|__)?a(?:ns(?:wer)?)?\s*:(?:\*\*|__)?[ \t]*|#+\s*answer\s*:?\s*(?:\n|$))", re.IGNORECASE
)
_BOX = re.compile(r"^\s*\[[ xX]\]\s*")
_QUESTIONS = re.compile(r"\bquestion(?:s|naire)\b", re.IGNORECASE)


class Start(NamedTuple):
    """A line that may begin a question."""

    number: int | None
    wording: str
    rest: str
    """What stands behind the question in its line: the answer's first words."""
    is_marked: bool
    """It is a heading, bold, ends with a question mark, or is marked as to do."""
    level: int
    """Of the heading; 0 where it is none."""
    is_asked: bool = False
    """It ends with a question mark, or begins with `Q:`."""


def start_of(line: str) -> Start | None:
    """The question that a line may begin; None for a line that has no such form."""
    numbered = _NUMBERED.fullmatch(line)
    if numbered:
        rest, bold = numbered["rest"].strip(), numbered["bold"]
        if bold:  # "**1. What?** ..." or "**1.** What? ..."
            rest = rest.removeprefix(bold).strip() if rest.startswith(bold) else f"{bold}{rest}"
        return _start(int(numbered["number"]), rest, len((numbered["heading"] or "").strip()))
    heading = _HEADING.fullmatch(line)
    if heading:
        return _start(None, heading["rest"], len(heading["level"]))
    return _start(None, line.strip(), 0) if _BOLD.fullmatch(line) else None


def _start(number: int | None, text: str, level: int) -> Start:
    bare = _BOX.sub("", text)
    said = _TODO_AT_ENDS.sub("", bare).strip()
    bold = _BOLD.fullmatch(said)
    if bold:
        wording, rest = bold["words"].strip(), bold["rest"].strip()
    else:
        wording, rest = _cut(said)
    wording = _TODO_AT_ENDS.sub("", wording).strip()
    asked = wording.endswith("?") or bool(_ASKED.match(wording))
    marked = bool(bold or level or said != bare.strip() or asked)
    return Start(number, _ASKED.sub("", wording), rest, marked, level, asked)


def _cut(text: str) -> tuple[str, str]:
    """A question and what stands behind its last question mark, unless that is in brackets."""
    question, sign, rest = text.rpartition("?")
    if not sign or not any(character.isalnum() for character in rest) or rest.strip().startswith("("):
        return text, ""
    return f"{question}?", rest.strip()


def without_label(answer: str) -> str:
    """An answer without `A:` before it."""
    return _ANSWERED.sub("", answer, count=1)


def heading_level(line: str) -> int:
    """1 to 6 for a heading, 0 for any other line."""
    heading = _HEADING.fullmatch(line)
    return len(heading["level"]) if heading else 0


def is_questions_heading(line: str) -> bool:
    """Whether a line is a heading over a list of questions."""
    heading = _HEADING.fullmatch(line)
    return bool(heading and _QUESTIONS.search(heading["rest"]) and not _NUMBERED.fullmatch(line))


def fenced(lines: Sequence[str]) -> list[bool]:
    """For each line whether it is code between fences, these included; an unclosed fence is none."""
    inside = [False] * len(lines)
    opened: tuple[int, str] | None = None
    for at, line in enumerate(lines):
        fence = _FENCE.fullmatch(line)
        if not fence:
            continue
        closes = opened and fence["sign"].startswith(opened[1]) and not fence["info"].strip()
        if opened and closes:
            inside[opened[0] : at + 1] = [True] * (at + 1 - opened[0])
            opened = None
        elif opened is None or fence["sign"].startswith(opened[1]):  # the one before was never closed
            opened = (at, fence["sign"])
    return inside


def is_blank(lines: Sequence[str]) -> bool:
    """Whether nothing stands there but marks of what is to do."""
    return all(_ONLY_TODO.fullmatch(line) for line in lines)


def same_wording(one: str, other: str) -> bool:
    """Whether two wordings are one, but for case, signs of emphasis and white space."""
    return _bare(one) == _bare(other)


def _bare(wording: str) -> str:
    return squeezed(re.sub(r"[*_`]", "", wording)).strip(" .:?!")

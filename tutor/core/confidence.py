"""How sure the learner says to be, before the verdict: ", sure" or ", a guess" behind an answer."""

from __future__ import annotations

import re

from tutor.text.phrases import is_dont_know

_LEVELS = {
    1: r"(?:(?:this is |that'?s |it'?s )?(?:just |only |but )*(?:a )?(?:wild )?guess(?:ing)?"
    r"|(?:i'?m |but )*(?:not|un) ?(?:so |very |really )?sure)",
    2: r"(?:(?:i'?m )?(?:fairly|pretty|quite|rather|reasonably) (?:sure|certain)|i think)",
    3: r"(?:(?:i'?m )?(?:very |absolutely |totally |completely |100 ?% )?(?:sure|certain)|no doubt)",
}
_BEHIND = {
    level: re.compile(rf"(?:\s*[,;.:–—-]\s*|\s*\n\s*|\s+[(\[])(?:{words})[)\]]?\s*[.!]*\s*$", re.IGNORECASE)
    for level, words in _LEVELS.items()
}
_DIGIT = re.compile(r"\s*[(\[](?:sure:? ?|confidence:? ?)?([123])(?:/3)?[)\]]\s*$", re.IGNORECASE)


def read_confidence(text: str) -> tuple[str, int | None]:
    """An answer without what it says of being sure, and that: 1 guess, 2 fairly sure, 3 sure, None.

    Only behind a sign, so that "it makes the model sure" stays an answer.
    """
    if is_dont_know(text):
        return text, None
    digit = _DIGIT.search(text)
    if digit and text[: digit.start()].strip():
        return text[: digit.start()].rstrip(), int(digit[1])
    for level, pattern in _BEHIND.items():
        found = pattern.search(text)
        if found and len(text[: found.start()].split()) > 0:
            return text[: found.start()].rstrip(), level
    return text, None

"""What the wording of a line gives away, as signs of a vector beside its meaning: `intent_guess` weighs them.

Letters: n lines, D entries of the encoder's vector, B buckets, K cues.
"""

from __future__ import annotations

import re
from zlib import crc32

import numpy as np

from tutor.core.events import Intent
from tutor.core.intent_rules import (
    FEELINGS,
    HEDGES,
    HOPELESS,
    MAX_STRONG,
    POLITE_BEFORE,
    POLITE_BEHIND,
    QUESTION_STARTS,
    STRONG,
    WHAT_IF,
)
from tutor.core.rating_talk import opinions_in
from tutor.text.encoder import Vectors
from tutor.text.phrases import is_dont_know, is_instruction
from tutor.text.tokens import plain, squeezed

BUCKETS = 3072
"""B, places into which pieces of words are hashed (Weinberger et al. 2009)."""
_SHORTEST, _LONGEST = 2, 4
"""Letters of a piece of a word."""
_WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[?!*=+]")
_MINE = re.compile(r"\b(?:i|i'm|im|i'd|id|i'll|me|my|mine)\b")
_YOURS = re.compile(r"\b(?:you|your|u)\b")
_COURTESY = re.compile(r"\b(?:please|pls|plz|can (?:we|i|you)|could (?:we|i|you)|let'?s|let me|show|give)\b")
_STRONG = tuple(dict.fromkeys(intent for intent, _ in STRONG))


def core(text: str) -> str:
    """The line, plain and casefolded, without courtesies around it and without its last sign."""
    line = squeezed(text[:2000]).lstrip("/:!").rstrip(" .!…")
    if line in ("?", "help?"):
        return "help"
    line = POLITE_BEFORE.sub("", line, count=1)
    return POLITE_BEHIND.sub("", line, count=1).strip(" ,")


def bare(line: str) -> str:
    """The line as its meaning is compared."""
    return " ".join(plain(line).casefold().split()).rstrip(" .!")


def strong(line: str) -> Intent | None:
    """What a short line wants as far as one of its words tells."""
    if len(line.split()) > MAX_STRONG:
        return None
    return next((intent for intent, pattern in STRONG if pattern.search(line)), None)


def cues(text: str) -> Vectors:
    """[K]: what the wording of a line says, each entry 0 or 1."""
    line, first = core(text), bare(text)
    words = len(first.split())
    wanted = strong(line)
    found = [
        *(wanted == intent for intent in _STRONG),
        bool(FEELINGS.search(line)),
        bool(opinions_in(text, strict=True)),
        is_dont_know(line) or bool(HOPELESS.fullmatch(line)),
        bool(WHAT_IF.match(line)),
        bool(QUESTION_STARTS.match(line)),
        bool(HEDGES.match(line)),
        is_instruction(text),
        line.endswith("?"),
        bool(_MINE.search(first)),
        bool(_YOURS.search(first)),
        bool(_COURTESY.search(first)),
        bool(re.search(r"\d", first)),
        bool(re.search(r"[=()\[\]*/_^]|\.\w", first)),
        words == 1, words <= 3, words <= 6, words <= 10, words <= 15, words <= 22,
    ]  # fmt: skip
    return np.array(found, dtype=np.float32)


def pieces(text: str) -> Vectors:
    """[B]: words, pairs of words and pieces of words, hashed and counted; of length 1."""
    words = _WORDS.findall(bare(text))[:60]
    counts = np.zeros(BUCKETS, dtype=np.float32)
    found = [*words, *(f"{one} {other}" for one, other in zip(["^", *words], [*words, "$"], strict=True))]
    for word in words:
        framed = f"<{word}>"
        for size in range(_SHORTEST + 1, _LONGEST + 1):
            found += [framed[at : at + size] for at in range(len(framed) - size + 1)]
    for piece in found:
        counts[crc32(piece.encode()) % BUCKETS] += 1.0
    counts = np.sqrt(counts)
    return counts / max(float(np.linalg.norm(counts)), 1.0)

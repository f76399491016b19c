"""What a line wants, by its meaning and its wording: a regression on the sentence's vector and cues.

The weights are fitted by `tests/benchmarks/fit_intents.py` on lines that people type.

Letters: n lines, D entries of the encoder's vector, B buckets, K cues, C intents, F = D + B + K.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np

from tutor.core.curriculum import Question
from tutor.core.events import Intent
from tutor.core.grading.meaning import encoder
from tutor.core.intent_cues import bare, cues, pieces
from tutor.text.encoder import Encoder, Vectors

WEIGHTS = Path(__file__).parent / "intent_weights.npz"
_MEANING, _PIECES = 8.0, 10.0
"""Lengths of the vector's first two parts; each cue counts 1."""
_ANSWER, _RATHER, _HARDLY = 0.5, 0.15, 0.05
"""Chance from which a line is an answer: usually; where it may be an answer that is off topic; where it is
about the question."""
_ON_TOPIC = 0.5
"""Likeness to what is said of a question from which a line is about it."""
_LIKE_OFF_TOPIC: frozenset[Intent] = frozenset({"out_of_scope", "rate_movie", "encourage", "clarify"})


class Fitted(NamedTuple):
    """The regression."""

    names: tuple[str, ...]  # C intents
    weights: Vectors  # [F, C]
    bias: Vectors  # [C]


def guess(text: str, waiting: Question | None) -> Intent | None:
    """The likeliest intent; `answer` only where a question waits. None where there is no encoder.

    While one waits, an attempt must not be taken for anything else: the likelier one is, by the sum of the
    regression and by what the line shares with the question, the less chance of an answer is enough for it.
    """
    found = encoder()
    if found is None:
        return None
    fitted = _fitted()
    scores = features(found, [text])[0] @ fitted.weights + fitted.bias  # [C]
    chances = np.exp(scores - scores.max())
    answer = fitted.names.index("answer")
    chance = float(chances[answer] / chances.sum())
    chances[answer] = 0.0
    other = cast(Intent, fitted.names[int(chances.argmax())])
    if waiting is None:
        return other
    needed = _RATHER if other in _LIKE_OFF_TOPIC else _ANSWER
    if chance < needed and _likeness(found, text, waiting) >= _ON_TOPIC:
        needed = _HARDLY
    return "answer" if chance >= needed else other


def _likeness(found: Encoder, text: str, question: Question) -> float:
    """How near a line is to anything that is said of the question, right or wrong; -1 to 1."""
    rubric = question.rubric
    said = [one for point in rubric.points for one in (point.assertion, *point.paraphrases)]
    said += [one for wrong in rubric.misconceptions for one in (wrong.claim, *wrong.paraphrases)]
    return float((found.encode(said) @ found.encode([bare(text)])[0]).max())


def features(found: Encoder, texts: Sequence[str]) -> Vectors:
    """[n, F] of n lines: meaning, pieces of words, cues."""
    meaning = found.encode([bare(text) for text in texts])  # [n, D]
    spelt = np.stack([pieces(text) for text in texts])  # [n, B]
    wording = np.stack([cues(text) for text in texts])  # [n, K]
    return np.hstack([_MEANING * meaning, _PIECES * spelt, wording])


@cache
def _fitted() -> Fitted:
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        names = tuple(str(name) for name in stored["names"])
        return Fitted(names, stored["weights"].astype(np.float32), stored["bias"].astype(np.float32))

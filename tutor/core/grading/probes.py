"""What was learnt of each point and each misconception: a direction in which stances lie that say it.

The directions were fitted together with the encoder, on the stored sentences of the course and on many more
(`tests/benchmarks/fit_stance.py`). Those of a question hold only while its points and misconceptions are what
they were fitted on; a question that is new or was rewritten has none, and its stored texts vote instead.

Letters: P texts, S entries of a stance, K things that a text may say.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from tutor.core.curriculum import Question
from tutor.text.encoder import Vectors

PROBES = Path(__file__).parent / "probes.npz"
_SURE = 30.0
"""Log odds beyond which nothing changes any more."""


@dataclass(frozen=True)
class Probes:
    """The directions of one question, in the order of the things that a text may say."""

    directions: Vectors  # [S, K]
    offsets: Vectors  # [K]

    def shares(self, stances: Vectors) -> Vectors:
        """How sure it is, 0 to 1, that each text says each thing: [P, S] to [P, K]."""
        odds = (stances @ self.directions + self.offsets).clip(-_SURE, _SURE)
        return np.asarray(1 / (1 + np.exp(-odds)))


def probes_of(question: Question) -> Probes | None:
    """The directions fitted for this question as it is worded now, or None."""
    return _all().get(fingerprint(question))


@lru_cache(maxsize=256)
def fingerprint(question: Question) -> str:
    """What a question asks for, as a short name: it changes with any point, claim or order of them."""
    said = [f"{point.id} {point.required} {point.assertion}" for point in question.rubric.points]
    said += [f"{one.id} {one.contradicts} {one.claim}" for one in question.rubric.misconceptions]
    return hashlib.sha256("\n".join((question.entry.id, *said)).encode()).hexdigest()[:16]


def write(fitted: dict[str, Probes], path: Path = PROBES) -> None:
    """Write the directions of some questions, by fingerprint, with 16 bits for each number."""
    arrays: dict[str, Any] = {}
    for name, one in fitted.items():
        arrays[f"{name}.directions"] = one.directions.astype(np.float16)
        arrays[f"{name}.offsets"] = one.offsets.astype(np.float16)
    np.savez_compressed(path, **arrays)


@cache
def _all() -> dict[str, Probes]:
    with np.load(PROBES) as stored:
        arrays = {name: stored[name].astype(np.float32) for name in stored.files}
    names = {name.partition(".")[0] for name in arrays}
    return {name: Probes(arrays[f"{name}.directions"], arrays[f"{name}.offsets"]) for name in names}

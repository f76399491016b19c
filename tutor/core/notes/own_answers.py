"""The best that the learner has said to a question: what goes beside the old notes, and into the new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.core.appeals import appeals
from tutor.store.learning import Attempt
from tutor.store.store import Store

_TRIES = ("correct", "partial", "incorrect")
"""Verdicts of an answer that was an honest try; the others ask back."""


@dataclass(frozen=True)
class OwnAnswer:
    """An answer in the learner's words, perhaps from several tries."""

    text: str
    evidence: dict[str, str]
    """The words that make a point, by point, of all tries."""
    is_right: bool
    is_code: bool = False


def has_tried(store: Store, question: str) -> bool:
    """Whether the learner has answered a question, in words or in code."""
    return bool(_tries(store, question)) or store.code.best_check(question) is not None


def tries_since(store: Store, question: str, at: str) -> int:
    """How many answers came after a moment."""
    return sum(one.at > at for one in _tries(store, question))


def own_answer(store: Store, question: str) -> OwnAnswer | None:
    """The newest right answer, else the tries that made points, else the newest try; code that passed counts.

    None where the question was not tried.
    """
    tries = _tries(store, question)
    appealed = {case.attempt for case in appeals(store)}
    evidence = {
        point: words for one in _best_last(tries) for point, words in _made(one, one.id in appealed).items()
    }
    right = [one for one in tries if one.verdict == "correct" or one.id in appealed]
    checked = store.code.best_check(question)
    if right:
        return OwnAnswer(right[-1].answer, evidence, True)
    if checked and (checked[1] or not tries):
        return OwnAnswer(checked[0].strip("\n"), evidence, checked[1], is_code=True)
    if tries:
        return OwnAnswer("\n".join(one.answer.strip() for one in _telling(tries)), evidence, False)
    return None


def _tries(store: Store, question: str) -> list[Attempt]:
    return [one for one in store.learning.attempts(question) if one.verdict in _TRIES]


def _made(attempt: Attempt, is_appealed: bool) -> dict[str, str]:
    """The points that an answer makes, by its words; an appeal counts for every required one."""
    return {
        point["id"]: point["evidence"] or attempt.answer
        for point in attempt.grade.get("points", ())
        if point["covered"] or (is_appealed and point["required"])
    }


def _best_last(tries: Sequence[Attempt]) -> list[Attempt]:
    """The tries in their order, those that state something wrong before the others."""
    return sorted(tries, key=lambda one: not one.grade.get("misconceptions"))


def _telling(tries: Sequence[Attempt]) -> list[Attempt]:
    """The tries that say it all: of each point the newest good one that makes it; else the newest try."""
    newest = {point: one.id for one in _best_last(tries) for point in _made(one, False)}
    return [one for one in tries if one.id in newest.values()] or [tries[-1]]

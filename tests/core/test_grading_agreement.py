"""How often the grader agrees with the marks that answers were given."""

from collections import Counter

import pytest
from grading_world import ANSWERS, PAIRS, course, covered, graded, question, without

from tutor.core.curriculum import Question
from tutor.core.grading import belief, grade

WRITTEN = [entry.id for entry in course().written][::3]
"""Some; `tutor content check` takes all."""
TUNED = ["q07", "q22"]
"""The questions on which the grader was made; for others agreement is a figure of `tutor content check`."""


@pytest.mark.parametrize("ref", WRITTEN)
def test_a_model_answer_is_correct(ref: str) -> None:
    assert graded(ref, question(ref).rubric.model_answer).verdict == "correct"


@pytest.mark.parametrize("ref", TUNED)
def test_a_short_answer_is_correct(ref: str) -> None:
    assert graded(ref, question(ref).file.tell_me).verdict == "correct"


@pytest.mark.parametrize("ref", WRITTEN)
def test_no_misconception_is_correct(ref: str) -> None:
    for wrong in question(ref).rubric.misconceptions:
        for claim in (wrong.claim, *wrong.paraphrases):
            assert graded(ref, claim).verdict != "correct", claim


@pytest.mark.parametrize("ref", WRITTEN)
def test_misconceptions_are_found_in_their_own_words(ref: str) -> None:
    for wrong in question(ref).rubric.misconceptions:
        assert wrong.id in {hit.id for hit in graded(ref, wrong.claim).misconceptions}, wrong.claim


@pytest.mark.parametrize("ref", WRITTEN)
def test_a_point_is_covered_in_its_own_words(ref: str) -> None:
    missed = [
        text
        for point in question(ref).rubric.points
        for text in (*point.paraphrases, point.assertion)
        if point.id not in covered(graded(ref, text))
    ]
    assert len(missed) <= (0 if ref in ("q07", "q22") else 3), missed


@pytest.mark.parametrize("ref", TUNED)
def test_stored_examples_get_their_marks(ref: str) -> None:
    missed = _missed(question(ref), leave_out=False)
    assert len(missed) <= 0.02 * len(question(ref).rubric.examples), missed


@pytest.mark.parametrize("ref", TUNED)
def test_examples_left_out_of_the_stored_ones_mostly_get_their_marks(ref: str) -> None:
    missed = _missed(question(ref), leave_out=True)
    assert len(missed) <= 0.15 * len(question(ref).rubric.examples), missed


def _missed(asked: Question, *, leave_out: bool) -> list[str]:
    found = []
    for example in asked.rubric.examples:
        verdict = grade(without(asked, example) if leave_out else asked, example.answer).verdict
        if verdict != example.verdict:
            found.append(f"{example.verdict} -> {verdict}: {example.answer}")
    return found


def test_answers_in_many_voices_get_the_verdict_they_deserve() -> None:
    verdicts = [(fair, graded(ref, text).verdict, text) for ref, fair, text in ANSWERS]
    missed = [one for one in verdicts if one[1] not in one[0]]
    assert len(missed) <= 0.06 * len(verdicts), missed
    wrong = [one for one in verdicts if one[0] == ("incorrect", "off_topic") and one[1] == "correct"]
    assert wrong == []
    rejected = [one for one in verdicts if one[0] == ("correct",) and one[1] in ("incorrect", "off_topic")]
    assert len(rejected) <= 0.02 * len(verdicts), rejected
    unsure = Counter(given for _, given, _ in verdicts)["unsure"]
    assert unsure <= 0.1 * len(verdicts)


def test_a_sentence_is_believed_more_than_its_contradiction() -> None:
    missed = [
        (right, wrong)
        for ref, _, right, wrong in PAIRS
        if belief(question(ref), right) <= belief(question(ref), wrong)
    ]
    assert len(missed) <= 0.05 * len(PAIRS), missed

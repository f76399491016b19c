"""The policy, without a session: ladder, gaps, the change of form, the confirmation."""

import pytest
from session_world import COURSE

from tutor.core import dialogue
from tutor.core.curriculum import Course, Question
from tutor.core.events import Grade
from tutor.core.grading import grade
from tutor.store.learning import Standing


@pytest.fixture(scope="module")
def question() -> Question:
    return Course.load(COURSE).question(7)


def test_what_is_missing_is_required_and_in_order(question: Question) -> None:
    assert [point.id for point in dialogue.missing(question, Standing("q07"))] == ["p1", "p2"]
    assert [point.id for point in dialogue.missing(question, Standing("q07", covered=frozenset({"p1"})))] == [
        "p2"
    ]


def test_answers_add_up(question: Question) -> None:
    first = dialogue.after_answer(Standing("q07"), grade(question, "Multiply the matching numbers."))
    second = dialogue.after_answer(first, grade(question, "Add up the products."))
    assert (first.covered, first.attempts, first.state) == ({"p1"}, 1, "started")
    assert second.covered == {"p1", "p2"}
    assert dialogue.is_done(question, second)


def test_a_misconception_keeps_a_question_open(question: Question) -> None:
    full = Standing("q07", covered=frozenset({"p1", "p2"}))
    wrong = grade(question, "It is the Pearson correlation of the two vectors.")
    assert not dialogue.is_done(question, full, wrong)


def test_a_done_question_stays_done(question: Question) -> None:
    again = dialogue.after_answer(Standing("q07", state="done"), grade(question, "no idea of it"))
    assert again.state == "done"


def test_rungs_follow_each_other_and_end(question: Question) -> None:
    standing, point, seen = Standing("q07"), question.point("p1"), []
    for _ in range(5):
        move = dialogue.next_rung(question, standing)
        assert move is not None
        standing = move.standing
        seen.append((move.label, move.asks_again))
    assert seen == [
        ("what else", False), ("hint", False), ("fill in", False), ("the point", True), ("the point", True),
    ]  # fmt: skip
    assert point.assertion in move.text
    assert "`next`" in move.text
    assert standing.rungs == {"p1": 4}
    assert standing.hints == 3  # an invitation is no hint


def test_a_hint_on_request_skips_the_invitation(question: Question) -> None:
    move = dialogue.next_rung(question, Standing("q07"), at_least=2)
    assert move is not None
    assert move.text == question.point("p1").hint


def test_nothing_is_given_where_nothing_is_missing(question: Question) -> None:
    full = Standing("q07", covered=frozenset({"p1", "p2"}))
    assert dialogue.next_rung(question, full) is None
    assert dialogue.check(question, full) is None


@pytest.mark.parametrize("word", ["multiplied", "Multiplied!", "they get multiplied", "multiply"])
def test_what_fits_the_gap_fills_it(question: Question, word: str) -> None:
    point = dialogue.fill_gap(question, Standing("q07", rungs={"p1": dialogue.GAP}), word)
    assert point is not None
    assert point.id == "p1"


@pytest.mark.parametrize(
    "word", ["added", "not multiplied", "", "they are all somehow brought together and then multiplied"]
)
def test_what_does_not_fit_does_not(question: Question, word: str) -> None:
    assert dialogue.fill_gap(question, Standing("q07", rungs={"p1": dialogue.GAP}), word) is None


def test_without_a_gap_nothing_fills_it(question: Question) -> None:
    assert dialogue.fill_gap(question, Standing("q07", rungs={"p1": 2}), "multiplied") is None


def test_a_filled_gap_counts_in_the_grade(question: Question) -> None:
    given = grade(question, "multiplied")
    filled = dialogue.with_gap_filled(question, given, question.point("p1"), "multiplied")
    assert (filled.score, filled.verdict) == (0.5, "partial")
    assert question.point("p1").assertion in filled.reply


def test_failures_are_counted_from_the_end(question: Question) -> None:
    right, wrong = grade(question, "Multiply the pairs."), grade(question, "It is about films.")
    assert dialogue.failures("p1", [wrong, right, wrong, wrong]) == 2
    assert dialogue.failures("p1", [wrong, right]) == 0


def test_the_run_is_offered_at_the_second_failure_only(question: Question) -> None:
    wrong = grade(question, "It is about films.")
    offers = [dialogue.another_form(question, [wrong] * count, Standing("q07")) for count in (1, 2, 3)]
    assert [bool(offer) for offer in offers] == [False, True, False]


def test_the_confirmation_names_what_lies_beyond(question: Question) -> None:
    given: Grade = grade(question, "Multiply the pairs and add the products.")
    text = dialogue.confirmation(question, dialogue.after_answer(Standing("q07"), given))
    assert question.point("p3").assertion in text
    assert len(text.splitlines()) == 2


def test_lines_are_dropped_from_the_middle() -> None:
    assert dialogue.fitted(["1\n2\n3", "4", "5"], 3) == "1\n2\n5"
    assert dialogue.fitted(["1", "", "2"], 3) == "1\n2"

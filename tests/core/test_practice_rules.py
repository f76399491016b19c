"""The rules of one card: forms, proposals, marks, undo, edited courses."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.practice_desk import Clock, learn
from tutor.core.curriculum import Course, content_root
from tutor.core.items import present
from tutor.core.practice import Practice, UnknownCard
from tutor.core.proposals import EASY_MS, is_typed, propose
from tutor.store.practice import ReviewRow
from tutor.store.store import Store

# --- forms and proposals -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grades", "typed"),
    [("", True), ("3", True), ("34", False), ("333", False), ("331", True), ("3313", True), ("33133", False),
     ("11", True), ("22", False)],
)  # fmt: skip
def test_typed_until_two_successes_and_again_after_a_lapse(grades: str, typed: bool) -> None:
    reviews = [ReviewRow(n, "q07.p1", "", int(grade), None, None, None) for n, grade in enumerate(grades)]
    assert is_typed(reviews) is typed


def test_what_is_to_be_typed_has_no_options_where_there_is_a_choice(practice: Practice) -> None:
    for card in practice.deck.cards:
        open_items = [item for item in practice.deck.items(card) if not item.options]
        assert not open_items or not practice.quiz(card).presented.options, card


@pytest.mark.parametrize(
    ("given", "proposed"),
    [
        ({"right": True}, 3),
        ({"right": True, "confidence": 3, "took_ms": EASY_MS - 1}, 4),
        ({"right": True, "confidence": 3, "took_ms": EASY_MS}, 3),
        ({"right": True, "confidence": 2, "took_ms": 10}, 3),
        ({"right": True, "hints": 1, "confidence": 3, "took_ms": 10}, 3),
        ({"right": True, "hints": 2, "confidence": 3, "took_ms": 10}, 2),
        ({"right": True, "hints": 3}, 1),
        ({"right": True, "told": True}, 1),
        ({"right": False, "confidence": 3}, 1),
        ({"right": None, "told": True}, 1),
        ({"right": None}, None),
        ({"right": None, "quick": True}, 3),
        ({"right": None, "quick": True, "confidence": 1}, None),
    ],
)
def test_hints_cap_what_is_proposed(given: dict[str, object], proposed: int | None) -> None:
    assert propose(**given) == proposed  # type: ignore[arg-type]


def test_own_words_are_judged_by_the_cards_point(practice: Practice, course: Course) -> None:
    own: list[bool] = []
    wrong: list[bool] = []
    for entry in course.written:
        question = course.question(entry.id)
        for item in question.practice.items:
            if item.form not in ("explain", "code"):
                continue
            quiz = replace(practice.quiz(f"{entry.id}.{item.point}"), presented=present(item, 1))
            own.append(practice.judge(quiz, item.why or "").right is True)
            assert not practice.judge(quiz, "I do not know.").right
            assert practice.judge(quiz, "   ").note == ""
            wrong += [
                practice.judge(quiz, example.answer).right is True
                for example in question.rubric.examples
                if example.verdict in ("incorrect", "off_topic") and item.point not in example.points
            ]
    assert sum(own) >= 0.9 * len(own) > 0, "what the item itself explains makes its point"
    assert sum(wrong) <= 0.05 * len(wrong), "wrong answers are hardly ever taken for the point"


# --- marks, undo -------------------------------------------------------------------------------


def test_suspended_and_buried_cards_stay_out(practice: Practice, clock: Clock) -> None:
    practice._store.settings.set("new_per_day", 0)
    learn(practice, clock, ["q07.p1", "q22.p1"])
    practice.suspend("q07.p1")
    practice.bury("q22.p1")
    assert practice.counts().due == 0 and practice.next() is None
    assert practice.next("q07") is None or practice.next("q07").card != "q07.p1"  # type: ignore[union-attr]
    clock.pass_(days=1)
    assert practice.counts().due == 1
    practice.suspend("q07.p1", on=False)
    assert practice.counts().due == 2


def test_undo_walks_back_through_reviews_and_marks_after_a_restart(
    practice: Practice, clock: Clock, store: Store, course: Course
) -> None:
    def state(of: Store) -> tuple[object, object]:
        return of.practice.cards(), of.marks.all()

    states = [state(store)]
    for number in range(12):
        clock.pass_(minutes=1)
        quiz = practice.next()
        assert quiz is not None
        if number % 3 == 0:
            practice.note(quiz.card, f"note {number}")
        elif number % 3 == 1:
            practice.suspend(quiz.card)
        else:
            practice.review(quiz, 3)
        states.append(state(store))
    other = Store(store.paths)
    later = Practice(other, course, clock)
    for before in reversed(states[:-1]):
        assert later.undo() is not None
        assert state(other) == before
    assert later.undo() is None
    other.close()


def test_a_card_that_is_none_is_said_so(practice: Practice) -> None:
    with pytest.raises(UnknownCard, match=r"did you mean q07\.p"):
        practice.suspend("q07.p9")
    assert practice._store.marks.all() == []


# --- the course may change -----------------------------------------------------------------------


def test_editing_texts_and_items_keeps_every_history(
    store: Store, clock: Clock, tmp_path: Path, practice: Practice
) -> None:
    for grade in (3, 1, 4):
        practice.review(practice.quiz("q07.p1"), grade, 900)
        clock.pass_(days=5)
    before = store.practice.card("q07.p1"), store.practice.reviews("q07.p1")
    root = Path(shutil.copytree(content_root(), tmp_path / "course"))
    folder = root / "questions" / "q07-dot-product"
    text = (folder / "practice.toml").read_text(encoding="utf-8")
    text = text.replace("Explain to a friend", "Tell a colleague").replace('id = "i1"\n', 'id = "i91"\n')
    (folder / "practice.toml").write_text(text, encoding="utf-8")
    folder.rename(folder.with_name("q07-another-name"))
    edited = Practice(store, Course.load(root), clock)
    assert edited.deck.cards.keys() == practice.deck.cards.keys()
    assert (store.practice.card("q07.p1"), store.practice.reviews("q07.p1")) == before
    quiz = edited.quiz("q07.p1")
    assert not quiz.is_new
    edited.review(quiz, 3)
    assert len(store.practice.reviews("q07.p1")) == 4

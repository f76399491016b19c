"""The rules of a sitting: siblings, look-alikes, leeches, forms, proposals, marks, undo, edited courses."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from tests.core.practice_desk import Clock
from tutor.core.agenda import tomorrow
from tutor.core.curriculum import Course, content_root
from tutor.core.interleaving import look_alikes, pick
from tutor.core.items import present
from tutor.core.leeches import AGAIN_AFTER, LAPSES
from tutor.core.practice import Practice, Quiz, UnknownCard
from tutor.core.proposals import EASY_MS, is_typed, propose
from tutor.store.paths import Paths
from tutor.store.practice import ReviewRow
from tutor.store.store import Store


@pytest.fixture(scope="module")
def course() -> Course:
    return Course.load()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(Paths(tmp_path))
    yield store
    store.close()


@pytest.fixture
def practice(store: Store, course: Course, clock: Clock) -> Practice:
    return Practice(store, course, clock)


def sit(practice: Practice, clock: Clock, grade: int = 3, most: int = 100) -> list[Quiz]:
    """Practise until nothing is left."""
    asked: list[Quiz] = []
    while (quiz := practice.next()) and len(asked) < most:
        practice.review(quiz, grade)
        clock.pass_(seconds=10)
        asked.append(quiz)
    return asked


def learn(practice: Practice, clock: Clock, cards: list[str]) -> None:
    """Make cards known: twice right, then long overdue."""
    for _ in range(2):
        for card in cards:
            practice.review(practice.quiz(card), 3)
        clock.pass_(days=3)
    clock.pass_(days=200)


# --- siblings, look-alikes ---------------------------------------------------------------------


def test_a_question_is_asked_once_a_day_and_its_other_cards_wait(practice: Practice, clock: Clock) -> None:
    mine = [card for card, question in practice.deck.cards.items() if question == "q07"]
    practice._store.settings.set("new_per_day", 0)
    learn(practice, clock, mine)
    assert (practice.counts().due, practice.counts().buried) == (1, len(mine) - 1)
    seen = []
    for _ in mine:
        (quiz,) = sit(practice, clock)
        seen.append(quiz.card)
        counts = practice.counts()
        assert counts.due == 0
        if counts.buried:
            assert counts.next_due_at == tomorrow(clock.now).isoformat(timespec="microseconds")
        clock.pass_(days=1)
    assert sorted(seen) == sorted(mine)
    practice._store.settings.set("bury_siblings", False)
    clock.pass_(days=900)
    assert practice.counts().due == len(mine)


def test_a_forgotten_card_returns_though_its_siblings_are_buried(practice: Practice, clock: Clock) -> None:
    mine = [card for card, question in practice.deck.cards.items() if question == "q07"]
    practice._store.settings.set("new_per_day", 0)
    learn(practice, clock, mine)
    first = practice.next()
    assert first is not None
    practice.review(first, 1)
    again = practice.next()
    assert again is not None and again.card == first.card
    practice.undo()
    assert practice.counts().due == 1, "an undone review buries nothing"


def test_look_alikes_that_are_due_follow_each_other(practice: Practice, clock: Clock, course: Course) -> None:
    alike = look_alikes(course)
    assert {"q09", "q11"} <= alike["q10"] and "q22" in alike["q19"]
    firsts: dict[str, str] = {}
    for card, question in practice.deck.cards.items():
        firsts.setdefault(question, card)
    wanted = [firsts[question] for question in ("q09", "q01", "q16", "q04", "q17", "q10")]
    practice._store.settings.set("new_per_day", 0)
    learn(practice, clock, wanted)
    order = [quiz.entry.id for quiz in sit(practice, clock, 4)]
    together = {frozenset(pair) for pair in pairwise(order)}
    assert {"q09", "q10"} in together and {"q16", "q17"} in together
    assert sorted(order) == sorted(card.partition(".")[0] for card in wanted)


def test_the_next_card_is_no_sibling_while_another_is_there() -> None:
    owner = {"a1": "a", "a2": "a", "b1": "b", "c1": "c"}
    assert pick(["a2", "b1", "c1"], [], owner, "a", {"a": {"c"}}) == "c1"
    assert pick(["a2", "b1"], [], owner, "a", {}) == "b1"
    assert pick(["a2"], ["b1"], owner, "a", {}) == "b1"
    assert pick(["a2"], [], owner, "a", {}) == "a2"
    assert pick([], [], owner, None, {}) is None


# --- leeches -----------------------------------------------------------------------------------


def lapse(practice: Practice, clock: Clock, card: str) -> None:
    """Learn a card again, then forget it."""
    for grade in (3, 3, 1):
        practice.review(practice.quiz(card), grade)
        clock.pass_(days=40)


def test_a_leech_is_taught_by_one_route_after_another(
    practice: Practice, clock: Clock, store: Store, course: Course
) -> None:
    card = "q22.p1"
    practice.review(practice.quiz(card), 4)
    clock.pass_(days=40)
    routes: list[tuple[str, str]] = []
    for count in range(1, 13):
        practice.review(practice.quiz(card), 1)
        clock.pass_(days=40)
        way = practice.quiz(card).another_way
        if way:
            assert way.lapses == count
            routes.append((way.route, way.name))
            if way.route == "contrast":
                assert practice.quiz(card).presented.item.id == way.name
        for _ in range(2):
            practice.review(practice.quiz(card), 3)
            clock.pass_(days=40)
        assert practice.quiz(card).another_way is None, "taught once, then asked"
    assert len(routes) == 1 + (12 - LAPSES) // AGAIN_AFTER
    assert [route for route, _ in routes[:2]] == ["experiment", "contrast"]
    assert routes[0][1] in course.experiment_names
    taught = store.marks.reteachings(card)
    assert [(one.route, one.name) for one in taught] == routes
    assert [one.lapses for one in taught] == list(range(LAPSES, 13, AGAIN_AFTER))


def test_first_steps_that_fail_make_no_leech(practice: Practice) -> None:
    for _ in range(10):
        practice.review(practice.quiz("q07.p1"), 1)
    assert practice.quiz("q07.p1").another_way is None


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

"""Which card comes next: siblings, look-alikes, leeches."""

from __future__ import annotations

from itertools import pairwise

from tests.core.practice_desk import Clock, learn, sit
from tutor.core.agenda import tomorrow
from tutor.core.curriculum import Course
from tutor.core.interleaving import look_alikes, pick
from tutor.core.leeches import AGAIN_AFTER, LAPSES
from tutor.core.practice import Practice
from tutor.store.store import Store

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

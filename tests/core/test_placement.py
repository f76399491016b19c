"""The placement check, contrasts in practice, and the linter on both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_course import CONTENT, small_course

from tutor.core.course_check import check
from tutor.core.curriculum import Course, CourseError
from tutor.core.deck import Deck
from tutor.core.items import NotAnOption
from tutor.core.placement import Placement
from tutor.core.practice import Practice
from tutor.store.paths import Paths
from tutor.store.store import Store

PATH_FILES = ("placement.toml", "contrasts.toml", "primer.md")
CONTRAST = """
[[contrasts]]
id = "c1"
questions = ["q07", "q22"]
prompt = "Which of the two is a number, which a habit of training?"

[[contrasts.options]]
text = "The dot product is the number"
why = "Right."
correct = true

[[contrasts.options]]
text = "Weight decay is the number"
why = "It acts in every step."
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = small_course(tmp_path / "course")
    for name in PATH_FILES:
        shutil.copyfile(CONTENT / name, root / name)
    return root


def test_the_first_item_that_is_missed_says_where_to_start() -> None:
    placement = Placement(Course.load(CONTENT))
    items = placement.items
    assert len(items) == 6
    for missed, item in enumerate(items):
        right = [number != missed for number in range(len(items))]
        start, wanted = placement.start_at(right), item.item.start_at
        places = [entry.id for entry in Course.load(CONTENT).entries]
        assert places.index(start.id) >= places.index(wanted)
        assert not start.planned
    assert placement.start_at([]) == placement.start_at([False] * 6)
    everything = placement.start_at([True] * 6)
    assert everything not in [placement.start_at([n != m for n in range(6)]) for m in range(6)]


def test_a_start_that_is_not_written_yet_moves_on_to_one_that_is(root: Path) -> None:
    placement = Placement(Course.load(root))
    assert placement.start_at([False]).id == "q07"
    assert placement.start_at([True, True, False]).id == "q22"


def test_an_item_takes_a_number_or_says_that_it_is_not_known() -> None:
    item = Placement(Course.load(CONTENT)).items[0]
    right = next(n for n, option in enumerate(item.presented.options, start=1) if option.correct)
    assert item.judge(str(right)).right is True
    assert item.judge("?").right is item.judge("no idea").right is False
    with pytest.raises(NotAnOption):
        item.judge("9")


def test_the_right_option_does_not_stand_in_one_place() -> None:
    items = Placement(Course.load(CONTENT)).items
    places = [[one.correct for one in item.presented.options].index(True) for item in items]
    assert len(set(places)) == 3


def test_a_course_without_one_says_so(root: Path) -> None:
    (root / "placement.toml").unlink()
    with pytest.raises(CourseError, match="no placement check"):
        Placement(Course.load(root))


# --- contrasts -------------------------------------------------------------------------------------


@pytest.fixture
def practice(root: Path, tmp_path: Path) -> Iterator[Practice]:
    (root / "contrasts.toml").write_text(CONTRAST, "utf-8")
    store = Store(Paths(tmp_path / "home"))
    yield Practice(store, Course.load(root))
    store.close()


def test_a_contrast_is_an_item_of_each_of_its_questions(practice: Practice) -> None:
    cards = practice.deck.cards
    with_contrast = [card for card in cards if any(item.id == "c1" for item in practice.deck.items(card))]
    assert [cards[card] for card in with_contrast] == ["q07", "q22"]


def test_a_contrast_is_among_the_forms_of_its_questions_first_card(practice: Practice) -> None:
    first, *others = (card for card, ref in practice.deck.cards.items() if ref == "q07")
    assert "c1" in {item.id for item in practice.deck.items(first)}
    assert not any(item.id == "c1" for card in others for item in practice.deck.items(card))


def test_a_contrast_waits_until_all_its_questions_are_written(root: Path) -> None:
    (root / "contrasts.toml").write_text(CONTRAST.replace('"q22"', '"q20"'), "utf-8")
    deck = Deck(Course.load(root))
    assert not any(item.id == "c1" for card in deck.cards for item in deck.items(card))


def test_look_alikes_of_the_course_have_contrasts() -> None:
    groups = ({"q09", "q10", "q11", "q12"}, {"q16", "q17"}, {"q18", "q24"})
    groups += ({"q19", "q20", "q21", "q22"}, {"q26", "q27", "q28"})  # type: ignore[assignment]
    contrasts = [set(one.questions) for one in Course.load(CONTENT).contrasts()]
    for group in groups:
        assert group <= set().union(*(one for one in contrasts if one <= group)), group


# --- the linter --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("placement.toml", 'id = "s2"', 'id = "s1"', "repeated-id"),
        ("placement.toml", 'start_at = "q06"', 'start_at = "q77"', "unknown-link"),
        ("placement.toml", 'start_at = "q06"', 'start_at = "q28"', "placement"),
        ("placement.toml", 'otherwise = "q29"', 'otherwise = "q99"', "unknown-link"),
        ("placement.toml", "correct = true", "correct = false", "options"),
        ("contrasts.toml", 'id = "c2"', 'id = "c1"', "repeated-id"),
        ("contrasts.toml", '["q09", "q10"]', '["q09", "q99"]', "unknown-link"),
        ("contrasts.toml", '["q09", "q10"]', '["q09", "q09"]', "unknown-link"),
        ("contrasts.toml", "correct = true", "correct = false", "options"),
        ("primer.md", "## Tensor\n", "", "primer"),
    ],
)
def test_a_broken_thing_is_found(root: Path, file: str, old: str, new: str, code: str) -> None:
    path = root / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    found = [finding for finding in check(root) if finding.file == path]
    assert code in {finding.code for finding in found}
    assert all(finding.remedy and finding.line for finding in found)

"""Notes in many shapes find their questions; what is not sure is said and left out; nothing is lost."""

from __future__ import annotations

from pathlib import Path

import own_notes
import pytest

from tutor.core.curriculum import Course
from tutor.core.notes import importing
from tutor.core.notes.importing import Report, UnreadableNotes, decoded, read_file, take
from tutor.core.notes.lines import fenced
from tutor.core.notes.matching import Wordings
from tutor.core.notes.reading import read_sections
from tutor.store.paths import Paths
from tutor.store.store import Store

CONTENT = Path(__file__).parents[2] / "content"


@pytest.fixture(scope="module")
def course() -> Course:
    return Course.load(CONTENT)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Paths(tmp_path))


def texts(store: Store) -> dict[str, str]:
    return {ref: note.text for ref, note in store.notes.all().items()}


def wrong(report: Report) -> list[tuple[str, str | None]]:
    """Questions that were taken for another one."""
    found = (*report.matched, *report.empty)
    return [(row.wording, row.id) for row in found if own_notes.QUESTIONS.index(row.wording) + 1 != row.q]


# --- shapes ----------------------------------------------------------------------------------


def test_the_lectures_shape_is_read_whole(store: Store, course: Course) -> None:
    report = take(store.notes, course, own_notes.numbered(), "NOTES.md")
    assert [row.q for row in report.matched] == sorted(own_notes.ANSWERS)
    assert len(report.empty) == 31 - len(own_notes.ANSWERS)
    assert not wrong(report) and not report.uncertain and not report.unmatched
    assert texts(store) == {f"q{q:02}": answer for q, answer in own_notes.ANSWERS.items()}
    lines = own_notes.numbered().splitlines()
    assert all(lines[row.line - 1].endswith(row.wording) for row in (*report.matched, *report.empty))


@pytest.mark.parametrize("shape", [own_notes.with_bullets, own_notes.all_ones, own_notes.asked_and_answered])
def test_other_shapes_are_read_too(store: Store, course: Course, shape: object) -> None:
    report = take(store.notes, course, shape(), "notes.md")  # type: ignore[operator]
    assert not wrong(report)
    assert len(report.matched) >= 29
    kept = texts(store)
    assert all(kept[row.id].removeprefix("- ") == f"a{row.q}" for row in report.matched if row.id)


def test_the_wording_is_trusted_where_the_numbers_are_off(store: Store, course: Course) -> None:
    report = take(store.notes, course, own_notes.numbered(first=4), "NOTES.md")
    assert not wrong(report)
    assert {row.number for row in report.matched} == {q + 3 for q in own_notes.ANSWERS}
    assert texts(store)["q07"] == own_notes.DOT


def test_without_an_encoder_the_numbers_carry_it(
    store: Store, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Wordings, "_by_meaning", lambda self, wordings: None)
    report = take(store.notes, course, own_notes.numbered(), "NOTES.md")
    assert not wrong(report)
    assert len(report.matched) + len(report.empty) >= 25


def test_what_stands_before_and_after_the_questions_is_left_alone(store: Store, course: Course) -> None:
    take(store.notes, course, own_notes.all_ones(), "notes.md")
    assert not any("Pick random" in text or "Read more" in text for text in texts(store).values())


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("7. What is a dot product? The sum of products.", "The sum of products."),
        ("**7.** What is a dot product?\n* sum", "* sum"),
        ("7. (TODO) What is a dot product?\n* TODO", ""),
        ("7. What is a dot product? TODO\n\n", ""),
        ("7. What is a dot product?\n\n  * sum\n    * of products\n", "* sum\n  * of products"),
        ("7. What is a dot product?\n```\nopen fence\n", "```\nopen fence"),
        ("7. What is a dot product?\n\x1b[31m* red\x07\t1", "[31m* red\t1"),
    ],
)
def test_one_question(store: Store, course: Course, text: str, answer: str) -> None:
    report = take(store.notes, course, text, "notes.md")
    assert texts(store).get("q07", "") == answer
    assert [row.id for row in (report.matched if answer else report.empty)] == ["q07"]


def test_a_list_in_an_answer_is_no_list_of_questions(course: Course) -> None:
    text = (
        "1. What is collaborative filtering for?\n1. a\n2. b\n\n2. How does it get there?\n1. x\n2. y\n3. z\n"
    )
    sections = read_sections(text, Wordings(course).nearest)
    assert [(one.line, one.answer) for one in sections] == [(1, "1. a\n2. b"), (5, "1. x\n2. y\n3. z")]


def test_an_unclosed_fence_swallows_nothing() -> None:
    assert (
        fenced(["```python", "7. a", "```py", "x", "```", "~~~", "y"])
        == [False] * 2 + [True] * 3 + [False] * 2
    )


# --- doubt, faults, again ----------------------------------------------------------------------


def test_what_is_not_of_this_course_is_left_out_and_can_be_told(store: Store, course: Course) -> None:
    text = "1. How do whales sleep?\n* half a brain\n\n2. And what about Tuesdays?\n* shut\n"
    report = take(store.notes, course, text, "notes.md")
    assert [row.line for row in report.unmatched] == [1, 4] and texts(store) == {}
    report = take(store.notes, course, text, "notes.md", {4: "q07"})
    assert [(row.id, row.how) for row in report.matched] == [("q07", "choice")]
    assert texts(store) == {"q07": "* shut"}
    with pytest.raises(UnreadableNotes, match="no question begins in line 2"):
        take(store.notes, course, text, "notes.md", {2: "q07"})


def test_a_later_import_replaces_and_an_empty_answer_does_not(store: Store, course: Course) -> None:
    take(
        store.notes,
        course,
        "7. What is a dot product?\n* one\n\n19. Another name for weight decay?\n* L2",
        "a.md",
    )
    report = take(
        store.notes,
        course,
        "7. What is a dot product?\n* two\n\n19. Another name for weight decay?\n",
        "b.md",
    )
    assert texts(store) == {"q07": "* two", "q19": "* L2"}
    assert report.replaced == 1 and [row.id for row in report.empty] == ["q19"]


def test_two_answers_to_one_question_are_joined(store: Store, course: Course) -> None:
    take(
        store.notes, course, "7. What is a dot product?\n* one\n\n7. What is a dot product?\n* two\n", "a.md"
    )
    assert texts(store) == {"q07": "* one\n\n* two"}


def test_files_that_are_no_notes_are_refused_in_a_line(store: Store, course: Course, tmp_path: Path) -> None:
    picture, large = tmp_path / "a.png", tmp_path / "b.md"
    picture.write_bytes(b"\x89PNG\r\n\xff\xd8")
    large.write_bytes(b"x" * (importing.MAX_BYTES + 1))
    for path, words in (
        (picture, "UTF-8"),
        (large, "2 MB"),
        (tmp_path, "can be read"),
        (tmp_path / "no.md", "no.md"),
    ):
        with pytest.raises(UnreadableNotes, match=words) as fault:
            read_file(path)
        assert "\n" not in str(fault.value)
    with pytest.raises(UnreadableNotes, match="no question"):
        take(store.notes, course, "nothing in here", "notes.md")
    assert decoded("x", "\ufeffhé".encode()) == "hé" and decoded("x", "hé".encode("utf-16")) == "hé"

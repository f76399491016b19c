"""The finished notes: the best answer of each question, in a shape that comes back as it went."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import own_notes
import pytest
from session_world import HALF_7, RIGHT_7, World, turn

from tutor.core.curriculum import Course
from tutor.core.notes.importing import take
from tutor.core.notes.lines import MARK
from tutor.core.notes.writing import CannotWrite, check_target, finished_notes, write_file
from tutor.store.paths import Paths
from tutor.store.practice import CardRow
from tutor.store.store import Store

CONTENT = Path(__file__).parents[2] / "content"


@pytest.fixture(scope="module")
def course() -> Course:
    return Course.load(CONTENT)


def block(text: str, q: int) -> list[str]:
    """The lines of one question."""
    return next(one for one in text.split("\n\n") if one.startswith(f"{q}. ")).splitlines()


def answered(store: Store, ref: str, text: str, verdict: str = "correct") -> None:
    point = {"id": "p1", "required": True, "covered": True, "evidence": text}
    store.learning.add_attempt(ref, text, {"verdict": verdict, "score": 0.5, "points": [point]})


def test_every_question_has_its_best_answer_or_a_mark(tmp_path: Path) -> None:
    world = World(tmp_path)
    session = world.session(inline=True)
    session.opening()
    turn(session.ask(HALF_7))
    world.store.notes.keep([("q07", "* old", 1), ("q22", "* an old one", 3)], "NOTES.md")
    half = finished_notes(world.store, world.course)
    points = world.course.question(7).rubric.points
    assert block(half.text, 7)[1:] == [
        f"* {HALF_7}",
        f"{MARK}✓ {points[0].title}; ○ open: {points[1].title}",
    ]
    turn(session.ask(RIGHT_7))
    notes = finished_notes(world.store, world.course)
    assert block(notes.text, 7)[1] == f"* {RIGHT_7}" and "○" not in block(notes.text, 7)[2]
    assert block(notes.text, 22)[1:] == ["* an old one", f"{MARK}as you wrote it before"]
    assert block(notes.text, 18) == ["18. **(TODO)** What does a bias add to a dot product?"]
    assert (notes.answered, notes.kept, notes.open) == (1, 1, 1)


def test_a_try_that_made_no_point_does_not_push_the_old_note_out(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.store.notes.keep([("q22", "* an old one", 3)], "NOTES.md")
    world.store.learning.add_attempt(
        "q22", "no idea at all", {"verdict": "incorrect", "score": 0.0, "points": []}
    )
    assert block(finished_notes(world.store, world.course).text, 22)[1] == "* an old one"


def test_the_next_review_is_named(tmp_path: Path) -> None:
    world = World(tmp_path)
    answered(world.store, "q07", RIGHT_7)
    for point, day in (("p1", 9), ("p2", 4)):
        due = datetime(2031, 5, day, 12, tzinfo=UTC).isoformat()
        world.store.practice._put(CardRow(f"q07.{point}", day, "{}", due, due))
    assert block(finished_notes(world.store, world.course).text, 7)[-1].endswith("; next review 2031-05-04")


@pytest.mark.parametrize(
    ("answer", "written"),
    [
        ("two\nlines", ["* two", "* lines"]),
        ("* a\n    * b", ["* a", "    * b"]),
        ("x = [1]\ny = sum(x)", ["```python", "x = [1]", "y = sum(x)", "```"]),
        ("like so:\n```\na * b\n```", ["* like so:", "  ```", "  a * b", "  ```"]),
        ("like so:\n```\na * b", ["* like so:", "  ```", "  a * b", "```"]),
        ("3. Why not?\n# all", ["* 3. Why not?", "* # all"]),
    ],
)
def test_an_answer_of_any_form_comes_back(tmp_path: Path, answer: str, written: list[str]) -> None:
    world, other = World(tmp_path / "a"), World(tmp_path / "b")
    answered(world.store, "q07", answer)
    answered(world.store, "q18", "the next one is untouched")
    text = finished_notes(world.store, world.course).text
    assert block(text, 7)[1:-1] == written
    take(other.store.notes, other.course, text, "out.md")
    assert {ref: note.text for ref, note in other.store.notes.all().items()} == {
        "q07": "\n".join(written),
        "q18": "* the next one is untouched",
    }


@pytest.mark.parametrize("shape", [own_notes.numbered, own_notes.with_bullets, own_notes.all_ones])
def test_exported_notes_come_back_as_they_were(tmp_path: Path, course: Course, shape: object) -> None:
    one, other = Store(Paths(tmp_path / "a")), Store(Paths(tmp_path / "b"))
    take(one.notes, course, shape(), "notes.md")  # type: ignore[operator]
    answered(one, "q07", "multiply, then add\nas `sum(a * b)`")
    out = finished_notes(one, course)
    report = take(other.notes, course, out.text, "out.md")
    assert len(report.matched) == out.answered + out.kept and len(report.empty) == out.open
    assert not report.uncertain and not report.unmatched
    before = {ref: note.text for ref, note in one.notes.all().items()}
    after = {ref: note.text for ref, note in other.notes.all().items()}
    assert after == before | {"q07": "* multiply, then add\n* as `sum(a * b)`"}
    again = finished_notes(other, course).text
    assert [line for line in again.splitlines() if MARK not in line] == [
        line for line in out.text.splitlines() if MARK not in line
    ]


def test_a_note_that_reads_like_a_question_cannot_split_the_file(tmp_path: Path, course: Course) -> None:
    one, other = Store(Paths(tmp_path / "a")), Store(Paths(tmp_path / "b"))
    note = "* first\n19. What is another name for weight decay?\n## A heading\nlast"
    one.notes.keep([("q07", note, 1)], "NOTES.md")
    report = take(other.notes, course, finished_notes(one, course).text, "out.md")
    assert [row.id for row in report.matched] == ["q07"]
    kept = other.notes.all()["q07"].text
    assert [line.strip() for line in kept.splitlines()] == note.splitlines()


def test_only_our_own_file_is_written_over(tmp_path: Path, course: Course) -> None:
    file = tmp_path / "NOTES.md"
    check_target(file)
    text = finished_notes(Store(Paths(tmp_path / "home")), course).text
    write_file(file, text)
    check_target(file)
    file.write_text("## Lecture 7\n")
    with pytest.raises(CannotWrite, match="--yes"):
        check_target(file)
    with pytest.raises(CannotWrite, match="can be written"):
        write_file(tmp_path / "no" / "x.md", text)
    assert not list(tmp_path.glob("*.part"))


PIECES = (
    "* a", "- b", "  - c", "1. x", "2. y", "3. Why?", "```", "```python", "~~~", "# H", "#### h", "> q", "",
    "TODO", "**Q: What?**", "**bold**", "text", "**A:** no", "19. What is another name for weight decay?",
    "    code",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_notes_of_any_lines_come_back_line_by_line(tmp_path: Path, course: Course, seed: int) -> None:
    """Up to the white space before a line, and a fence that closes what was left open."""
    chance = random.Random(seed)
    prompts = [(entry.q, entry.prompt) for entry in course.entries if entry.q is not None]
    blocks = [
        "\n".join([f"{q}. {prompt}", *chance.choices(PIECES, k=chance.randint(0, 7))])
        for q, prompt in sorted(chance.sample(prompts, 5))
    ]
    one, other = Store(Paths(tmp_path / "a")), Store(Paths(tmp_path / "b"))
    take(one.notes, course, "\n\n".join(blocks), "notes.md")
    out = finished_notes(one, course).text
    take(other.notes, course, out, "out.md")
    assert lines_of(other) == lines_of(one)
    assert finished_notes(other, course).text == out


def lines_of(store: Store) -> dict[str, list[str]]:
    """The lines of each note, without fences and white space around them."""
    return {
        ref: [line.strip() for line in note.text.splitlines() if line.strip() not in ("```", "~~~")]
        for ref, note in store.notes.all().items()
    }

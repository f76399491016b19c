"""What is read in the chat: lesson parts, errata behind the last, the primer and its offer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from session_world import COURSE, World

from tutor.core.curriculum import Course
from tutor.core.events import Said

ERRATA = """
[[findings]]
id = "e1"
severity = 3
about = "notes"
believed = "Sums come first."
true = "Products come first."
proof = "assert 2 * 3 + 4 == 10"

[[findings]]
id = "e2"
severity = 2
about = "lecture"
believed = "It is a list."
true = "It is a number."
proof = "assert sum([1]) == 1"
"""
PRIMER = "## Tensor\n\nA block of numbers.\n\n## Loss\n\nHow wrong a guess is.\n"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    root = tmp_path / "course"
    shutil.copytree(COURSE, root)
    (root / "primer.md").write_text(PRIMER, "utf-8")
    folder = next(root.glob("questions/q07-*"))
    (folder / "errata.toml").write_text(ERRATA, "utf-8")
    monkeypatch.setattr("session_world.COURSE", root)
    world = World(tmp_path / "home")
    yield world
    world.store.close()


def said(world: World, text: str) -> list[tuple[str | None, str]]:
    session = world.session()
    events = [one for one in session.ask(text) if isinstance(one, Said) and one.role == "tutor"]
    return [(one.label, one.text) for one in events]


def test_the_last_part_of_a_lesson_is_followed_by_what_the_notes_get_wrong(world: World) -> None:
    world.session().opening()
    parts = len(Course.load(world.course.root).question(7).lesson)
    for number in range(1, parts):
        ((label, text),) = said(world, "lesson")
        assert label == "lesson" and f"({number} of {parts})" in text
    last, notes, lecture = said(world, "lesson")
    assert "That was the last part." in last[1]
    assert notes == (
        "where the notes go wrong",
        "> **Often believed:** Sums come first.\n>\n> **True:** Products come first.",
    )
    assert lecture[0] == "where the lecture goes wrong" and "It is a number." in lecture[1]
    assert f"(1 of {parts})" in said(world, "lesson")[0][1]
    assert said(world, "errata") == [notes, lecture]


def test_the_primer_is_read_in_parts(world: World) -> None:
    world.session().opening()
    ((label, first),) = said(world, "show me the primer")
    assert label == "primer" and first.startswith("**Tensor**\n\nA block of numbers.") and "(1 of 2)" in first
    assert "**Loss**" in said(world, "primer")[0][1]
    assert "**Tensor**" in said(world, "primer")[0][1]


def test_it_is_offered_once_before_the_second_question(world: World) -> None:
    opened = [one.text for one in world.session().opening() if isinstance(one, Said)]
    assert not any("primer" in text for text in opened)
    assert said(world, "next")[-1] == (
        "primer",
        "If tensor and loss are new to you, `primer` explains them in a few minutes. If not, go ahead.",
    )
    said(world, "previous")
    assert all(label != "primer" for label, _ in said(world, "next"))


def test_a_course_without_errata_or_primer_says_so(world: World) -> None:
    (world.course.root / "primer.md").unlink()
    world.session().opening()
    assert "has no primer" in said(world, "primer")[0][1]
    assert all(label != "primer" for label, _ in said(world, "next"))
    assert "nothing that the notes get wrong" in said(world, "errata")[0][1]

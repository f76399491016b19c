"""The map of the course and its linter."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tutor.core.curriculum import Course, content_root

from .conftest import Tutor


def test_questions_lists_the_whole_map_with_states(tutor: Tutor) -> None:
    rows = tutor("questions", "--json").json
    course = Course.load()
    assert [row["id"] for row in rows] == [entry.id for entry in course.entries]
    assert set(rows[0]) >= {"q", "id", "prompt", "unit", "state", "due"}
    states = {row["id"]: row["state"] for row in rows}
    assert states["q07"] == "new"
    assert {states[entry.id] for entry in course.entries if entry.planned} <= {"planned"}
    assert [row["q"] for row in rows if row["id"].startswith("t")] == [None] * 13
    assert f"0 of {len(course.written)} done" in tutor("questions").out


@pytest.fixture
def course_copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(content_root(), tmp_path / "course"))


def test_a_broken_course_is_exit_3_with_file_and_line(tutor: Tutor, course_copy: Path) -> None:
    rubric = next(course_copy.glob("questions/q07-*/rubric.toml"))
    rubric.write_text("modle_answer = 1\n" + rubric.read_text("utf-8"), "utf-8")
    ran = tutor("content", "check", str(course_copy))
    assert ran.code == 3 and f"{rubric}:1: unknown key `modle_answer`" in ran.out and not ran.err
    findings = tutor("content", "check", str(course_copy), "--json").json
    assert {"file", "line", "message", "remedy"} <= set(findings[0])


def test_a_folder_without_a_course(tutor: Tutor, tmp_path: Path) -> None:
    ran = tutor("content", "check", str(tmp_path))
    assert ran.code == 3 and "there is no course here" in ran.out

"""The map of the course and its linter."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tutor.core.curriculum import Course, content_root

from .conftest import Tutor, complains


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


# --- the tools of a teacher ----------------------------------------------------------------------


def test_the_table_has_a_row_for_each_entry(tutor: Tutor) -> None:
    rows = {row["id"]: row for row in tutor("content", "table", "--json").json}
    course = Course.load()
    assert list(rows) == [entry.id for entry in course.entries]
    for entry in course.entries:
        row = rows[entry.id]
        assert row["written"] is not entry.planned
        if row["written"]:
            rubric = course.question(entry.id).rubric
            assert (row["points"], row["examples"]) == (len(rubric.points), len(rubric.examples))
            assert sum(row["items"].values()) == len(course.question(entry.id).practice.items)
    shown = tutor("content", "table")
    assert shown.out.splitlines()[-1].startswith(f"{len(course.written)} of {len(rows)} written")
    assert max(map(len, shown.out.splitlines())) <= 120


def test_a_new_course_passes_its_check_and_can_be_learned(
    tutor: Tutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(tmp_path / "mine")
    assert (
        "questions/q01-mean-or-median/rubric.toml" in tutor("content", "new", folder, "--json").json["files"]
    )
    checked = tutor("content", "check", folder)
    assert checked.code == 0, checked.out
    assert "nothing to mend" in checked.out and "graded examples, each left out" in checked.out
    monkeypatch.setenv("TUTOR_CONTENT", folder)
    said = tutor("chat", "--plain", stdin="the mean shoots up and the median hardly moves\nlesson\nerrata\n")
    assert said.code == 0 and not said.err
    assert "Q1 · Mean or median" in said.out and "1 question here" in said.out
    practised = tutor("quiz", "--limit", "1", stdin="1\n3\n")
    assert practised.code in (0, 2) and "Mean or median" in practised.out


def test_a_course_is_not_made_over_something_else(tutor: Tutor, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    assert complains(tutor("content", "new", str(tmp_path)), "is there already")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["notes.txt"]

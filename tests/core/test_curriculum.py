"""Loading a course: its map, its questions, and faults that name file and line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.core.course_files import ContentError, line_of
from tutor.core.curriculum import (
    Chunk,
    Course,
    NotWrittenYet,
    UnknownExperiment,
    UnknownQuestion,
    content_root,
    split_lesson,
)

CONTENT = Path(__file__).parents[2] / "content"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the course in which only the dot product is written."""
    root = tmp_path / "course"
    shutil.copytree(CONTENT, root)
    for folder in [*root.glob("questions/*"), *root.glob("topics/*")]:
        if folder.name != "q07-dot-product":
            shutil.rmtree(folder)
    return root


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# --- the map -----------------------------------------------------------------------------------


def test_the_map_counts_what_is_written(root: Path) -> None:
    course = Course.load(root)
    assert [entry.id for entry in course.written] == ["q07"]
    assert len(course.entries) == 44
    assert {entry.unit for entry in course.entries} == {unit.id for unit in course.units}
    assert course.entry("t01").q is None
    assert course.entry("t01").planned


@pytest.mark.parametrize("ref", [7, "7", "07", "q07", "Q7", " q7 "])
def test_a_question_has_many_names(root: Path, ref: int | str) -> None:
    assert Course.load(root).entry(ref).id == "q07"


def test_an_unknown_question_names_its_neighbours(root: Path) -> None:
    course = Course.load(root)
    with pytest.raises(UnknownQuestion, match=r"^There is no question '99'; known are q01-q31 and t01-t13"):
        course.entry(99)
    with pytest.raises(UnknownQuestion, match=r"'dot produkt'; near: q07 \(Dot product\)"):
        course.entry("dot produkt")
    with pytest.raises(UnknownQuestion):
        course.entry("")


def test_loading_reads_no_question(root: Path) -> None:
    (root / "questions" / "q07-dot-product" / "rubric.toml").write_text("broken", encoding="utf-8")
    course = Course.load(root)
    assert course.written
    with pytest.raises(ContentError):
        course.question(7)


def test_the_root_follows_the_environment(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.setenv("TUTOR_CONTENT", str(root))
    assert content_root() == root
    monkeypatch.delenv("TUTOR_CONTENT")
    assert (content_root() / "course.toml").is_file()


# --- questions ---------------------------------------------------------------------------------


def test_a_question_is_read_once_and_its_practice_later(root: Path) -> None:
    course = Course.load(root)
    question = course.question("7")
    assert course.question("q07") is question
    assert question.lesson[0].heading == "Pair and multiply"
    shutil.rmtree(root / "questions")
    with pytest.raises(ContentError, match=r"practice\.toml: this file is missing"):
        _ = question.practice


def test_a_planned_question_cannot_be_opened(root: Path) -> None:
    with pytest.raises(NotWrittenYet, match=r"q22 \(Why it generalises\) is not written yet") as caught:
        Course.load(root).question(22)
    assert caught.value.entry.id == "q22"


def test_a_card_leads_to_its_point(root: Path) -> None:
    course = Course.load(root)
    question, point = course.point("q07.p2")
    assert (question.entry.id, point.id) == ("q07", "p2")
    with pytest.raises(UnknownQuestion, match=r"q07 has no point p9; its points are p1, p2"):
        course.point("q07.p9")
    with pytest.raises(UnknownQuestion):
        course.point("q07")


def test_experiments_come_in_the_order_of_the_course(root: Path) -> None:
    course = Course.load(root)
    place = {entry.id: number for number, entry in enumerate(course.entries)}
    first_met = [place[one.questions[0]] for one in course.experiments()]
    assert first_met == sorted(first_met) and len(set(first_met)) > 1
    assert course.experiment("weight-decay").prediction.expected == "valley"
    with pytest.raises(UnknownExperiment, match=r"'weigth-decay'; did you mean weight-decay"):
        course.experiment("weigth-decay")
    with pytest.raises(UnknownExperiment):
        course.experiment("../course")


def test_the_glossary_is_optional(root: Path) -> None:
    assert any(term.id == "dot-product" for term in Course.load(root).glossary())
    (root / "glossary.toml").unlink()
    assert Course.load(root).glossary() == ()


def test_a_lesson_is_split_at_its_headings_but_not_inside_code() -> None:
    text = "Intro\n\n## One\n\ntext\n\n```text\n## no heading\n```\n\n## Two\n\nmore\n"
    assert split_lesson(text) == (
        Chunk("", "Intro"),
        Chunk("One", "text\n\n```text\n## no heading\n```"),
        Chunk("Two", "more"),
    )


# --- faults ------------------------------------------------------------------------------------


def test_a_missing_course_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"course\.toml: there is no course here \(set TUTOR_CONTENT"):
        Course.load(tmp_path)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "question.toml",
            'id = "q07"',
            'id = "q07',
            r"question\.toml:1:10: not valid TOML: .+ \(write it as",
        ),
        ("question.toml", "tell_me", "tel_me", r":5: unknown key `tel_me` \(did you mean `tell_me`\?\)"),
        (
            "question.toml",
            'id = "q07"',
            'id = "seven"',
            r"question\.toml:1: `id`: string should match pattern",
        ),
        (
            "rubric.toml",
            "pump =",
            "pumpe =",
            r"unknown key `points\[1\]\.pumpe` \(did you mean `pump`\?\)",
        ),
        (
            "rubric.toml",
            'voice = "terse"',
            'voice = "rude"',
            r"`examples\[7\]\.voice`: input should be 'textbook'",
        ),
        (
            "practice.toml",
            "correct = true",
            'correct = "perhaps"',
            r"`items\[1\]\.options\[1\]\.correct`: input",
        ),
    ],
)
def test_a_fault_is_one_line_with_file_line_and_remedy(
    root: Path, file: str, old: str, new: str, expected: str
) -> None:
    path = root / "questions" / "q07-dot-product" / file
    edit(path, old, new)
    with pytest.raises(ContentError, match=expected) as caught:
        _ = Course.load(root).question(7).practice
    assert "\n" not in str(caught.value)
    assert caught.value.file == path
    line = path.read_text(encoding="utf-8").splitlines()[(caught.value.line or 0) - 1]
    assert line.startswith(new.partition(" ")[0])


def test_all_faults_of_a_file_are_told_at_once(root: Path) -> None:
    path = root / "questions" / "q07-dot-product" / "question.toml"
    edit(path, "tell_me", "tel_me")
    with pytest.raises(ContentError) as caught:
        Course.load(root).question(7)
    messages = [error.message for error in (caught.value, *caught.value.more)]
    assert messages == ["unknown key `tel_me`", "`tell_me` is missing"]


def test_a_file_that_is_not_text_is_a_fault(root: Path) -> None:
    (root / "course.toml").write_bytes(b"title = '\n\n\xff\xfe'")
    with pytest.raises(ContentError, match=r"course\.toml:3: this is not UTF-8 text"):
        Course.load(root)


def test_lines_are_found_behind_texts_and_lists_that_span_several() -> None:
    text = 'a = """\nb = 1\n"""\nc = [\n  1,\n]\n\n[[points]]\nid = 1\n\n'
    text += "[[points]]\nid = 2\n[[points.sub]]\nx = 1\n"
    assert [line_of(text, place) for place in [("a",), ("b",), ("c", 0)]] == [1, 1, 4]
    assert line_of(text, ("points", 1, "id")) == 12
    assert line_of(text, ("points", 1, "sub", 0, "x")) == 14
    assert line_of(text, ("points", 1, "missing")) == 11


def test_the_loader_stays_light() -> None:
    code = (
        "import sys, tutor.core.curriculum; print({'numpy', 'pandas', 'torch', 'textual'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

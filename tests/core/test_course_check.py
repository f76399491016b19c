"""The linter: the course as it is passes, and each broken thing is found at its line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_course import CONTENT, small_course

from tutor.core.course_check import Finding, agreement, check
from tutor.core.course_check.prose import measure
from tutor.core.course_check.trials import ENOUGH, Agreement, Miss, check_agreement
from tutor.core.course_schema import ExperimentFile
from tutor.core.curriculum import Course
from tutor.core.grading import grade

QUESTION = "questions/q07-dot-product"
RUBRIC = f"{QUESTION}/rubric.toml"
PRACTICE = f"{QUESTION}/practice.toml"
ASKED = f"{QUESTION}/asked.toml"
LESSON = f"{QUESTION}/lesson.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the course in which only the dot product is written, without code to run but its lesson's."""
    root = small_course(tmp_path / "course")
    shutil.rmtree(root / "questions" / "q22-weight-decay-generalises")
    shutil.rmtree(root / QUESTION / "exercise", ignore_errors=True)
    (root / QUESTION / "errata.toml").unlink(missing_ok=True)
    question = root / QUESTION / "question.toml"
    question.write_text(question.read_text("utf-8").replace('"code"', '"explain"'), "utf-8")
    return root


def edit(path: Path, old: str, new: str) -> int:
    """Replace the first occurrence; the line on which it begins."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


BROKEN = [
    ("course.toml", 'id = "q04"', 'id = "q01"', "repeated-id"),
    ("course.toml", 'unit = "bias"', 'unit = "bais"', "unknown-link"),
    (f"{QUESTION}/question.toml", 'id = "q07"', 'id = "q08"', "wrong-id"),
    (f"{QUESTION}/question.toml", "builds_on = []", 'builds_on = ["q77"]', "unknown-link"),
    (f"{QUESTION}/question.toml", '["dot-product"]', '["dot-produkt"]', "unknown-link"),
    (f"{QUESTION}/question.toml", '["dot-product"]', '["weight-decay"]', "one-way-link"),
    (f"{QUESTION}/question.toml", '"""\nYou have two', '"""\nWhat is multiplied? Two', "gives-away"),
    (RUBRIC, 'id = "p2"', 'id = "p1"', "repeated-id"),
    (RUBRIC, "are ___ with", "are multiplied with", "gap"),
    (RUBRIC, "what becomes of those results", "how they are summed", "gives-away"),
    (RUBRIC, 'contradicts = "p2"', 'contradicts = "p9"', "unknown-link"),
    (RUBRIC, 'points = ["p1", "p2"]', 'points = ["p1", "p7"]', "example"),
    (RUBRIC, 'verdict = "partial"', 'verdict = "correct"', "example"),
    (RUBRIC, '"incorrect"\nm', '"incorrect"\npoints = ["p1"]\nm', "example"),
    (RUBRIC, '"It is the sum of', '"Then add all those products up.", "The sum of', "repeated-text"),
    (PRACTICE, 'point = "p1"', 'point = "p8"', "unknown-link"),
    (PRACTICE, "correct = true\n", "", "options"),
    (PRACTICE, 'value = "stays"', 'value = "stands"', "options"),
    (PRACTICE, 'measured = "cosine_when_stretched"\n', "", "unmeasured"),
    (PRACTICE, 'generator = "stretch"', 'generator = "strech"', "unknown-link"),
    (PRACTICE, "of two vectors is {before}", "of two vectors is {befor}", "template"),
    (PRACTICE, "Work out {x} · {y}.", "Work out {x · {y}.", "template"),
    (PRACTICE, "Work out {x} · {y}.", "Work out {x} · {y} = {answer}.", "template"),
    (PRACTICE, "then ___ the products", "then add the products", "gap"),
    (PRACTICE, 'experiment = "dot-product"', 'experiment = "dot"', "unknown-link"),
    (LESSON, "assert score == 7", "assert score == 8", "lesson-code"),
    (LESSON, "**Your turn.** *Alien*", "*Alien*", "lesson-task"),
    (LESSON, "## Pair and multiply\n", "", "lesson-heading"),
    (ASKED, ', "dot product definition pls"', "", "broken-file"),
    (ASKED, "Multiply the entries", f"{'More and more. ' * 3}Multiply the entries", "long-answer"),
    (ASKED, 'section = "Pair and multiply"', 'section = "Pair and divide"', "unknown-link"),
    (ASKED, '"why strict=True?"', '"What does ZIP do"', "repeated-text"),
    ("experiments/dot-product.toml", 'name = "dot-product"', 'name = "dot"', "wrong-id"),
    ("experiments/dot-product.toml", 'expected = "rises"', 'expected = "grows"', "broken-file"),
    ("experiments/dot-product.toml", "{dot:.3g}", "{dot:.3g", "template"),
    ("experiments/dot-product.toml", "default = [-1.0", "default = [-90.0", "parameter"),
    ("experiments/weight-decay.toml", "[smoke]\nwd", "[smoke]\nwdd", "unknown-link"),
    ("experiments/weight-decay.toml", '["q22"', '["q66"', "unknown-link"),
    ("glossary.toml", 'id = "crosstab"', 'id = "rating"', "repeated-id"),
    ("glossary.toml", 'questions = ["q07"]', 'questions = ["q70"]', "unknown-link"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "code"), BROKEN)
def test_a_broken_thing_is_found_at_its_line(root: Path, file: str, old: str, new: str, code: str) -> None:
    line = edit(root / file, old, new)
    found = [finding for finding in check(root) if finding.code == code]
    assert found, "not found"
    assert {finding.file for finding in found} == {root / file}
    assert all(finding.message and finding.remedy and "\n" not in str(finding) for finding in found)
    assert any(abs((finding.line or 1) - line) <= 12 for finding in found)


def test_a_file_that_cannot_be_read_hides_no_other(root: Path) -> None:
    edit(root / PRACTICE, 'id = "i1"', "id = i1")
    edit(root / RUBRIC, "are ___ with", "are with")
    (root / LESSON).write_text("## One\n\nshort\n", encoding="utf-8")
    codes = {finding.code for finding in check(root)}
    assert {"broken-file", "gap", "lesson-chunks", "lesson-length", "lesson-task"} <= codes


def test_a_broken_shared_file_is_reported_once(root: Path) -> None:
    (root / "glossary.toml").write_text("terms = 3", encoding="utf-8")
    assert [finding.file.name for finding in check(root) if finding.code == "broken-file"] == [
        "glossary.toml"
    ]


def test_a_missing_course_and_a_stray_folder_are_findings(root: Path, tmp_path: Path) -> None:
    assert [finding.code for finding in check(tmp_path / "nowhere")] == ["broken-file"]
    (root / "questions" / "q99-new").mkdir()
    assert "unlisted-folder" in {finding.code for finding in check(root)}


def test_examples_may_not_repeat_each_other(root: Path) -> None:
    path = root / RUBRIC
    edit(path, "multiply element by element", "so just one number is left then")
    found = [finding for finding in check(root) if finding.code == "shared-words"]
    assert [finding.message for finding in found] == [
        "examples 4 and 13 share the words 'just one number is left'"
    ]


def test_too_few_examples_of_a_kind_are_counted(root: Path) -> None:
    path = root / RUBRIC
    path.write_text(path.read_text(encoding="utf-8").replace('"salad"', '"terse"'), encoding="utf-8")
    messages = [finding.message for finding in check(root) if finding.code == "few-examples"]
    assert messages == ["0 graded examples keyword salad, fewer than 2"]


# --- the grader ----------------------------------------------------------------------------------


def test_a_model_answer_that_misses_a_point_is_found(root: Path) -> None:
    path = root / RUBRIC
    line = edit(path, "and adds all those products up. ", "as they come. ")
    text = path.read_text(encoding="utf-8")
    start = text.index("In Python: sum")
    path.write_text(text[:start] + '"""' + text[text.index('"""', start) + 3 :], encoding="utf-8")
    edit(path, "it is 3 + 0 + 10 = 13. ", "it is easy. ")
    found = [finding for finding in check(root) if finding.code == "model-answer"]
    assert len(found) == 1
    assert abs((found[0].line or 0) - line) <= 2
    assert "missing ['p2']" in found[0].message


def test_missing_examples_do_not_hide_what_the_grader_finds(root: Path) -> None:
    path = root / RUBRIC
    text = path.read_text(encoding="utf-8")
    rest = text[text.index("\n\n# --- Points") :]
    path.write_text(f'model_answer = "I would rather not say."{rest}', "utf-8")
    edit(path, '"salad"', '"terse"')
    assert {finding.code for finding in check(root)} == {"few-examples", "model-answer"}


def test_a_misconception_that_passes_as_right_is_found(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = grade(Course.load(root).question(7), "multiply pairwise, then add up")
    assert right.verdict == "correct"
    monkeypatch.setattr("tutor.core.grading.grade", lambda question, answer: right)
    found = check(root)
    assert {finding.code for finding in found} == {"misconception"}
    assert any("m3 is graded correct: 'In a dot product you add first" in one.message for one in found)


def test_agreement_counts_every_example_and_lists_the_misses(monkeypatch: pytest.MonkeyPatch) -> None:
    course = Course.load(CONTENT)
    some = course.written[::6]  # `tutor content check` takes all
    monkeypatch.setattr(Course, "written", property(lambda _: some))
    total = sum(len(course.question(entry.id).rubric.examples) for entry in course.written)
    counted = agreement(course)
    assert counted.total == total
    assert counted.right == total - len(counted.misses)
    assert all(miss.marked != miss.graded for miss in counted.misses)
    assert counted.share >= ENOUGH - 0.05, "each is graded as if it were not stored"
    assert sum(miss.graded == "correct" for miss in counted.misses) <= 0.06 * total


def test_too_few_equal_verdicts_are_a_finding() -> None:
    course = Course.load(CONTENT)
    misses = (Miss("q07", 3, "correct", "partial", "multiply"),)
    assert check_agreement(course, Agreement(95, 100, misses)) == []
    (finding,) = check_agreement(course, Agreement(70, 100, misses))
    assert "70.0%" in finding.message and "q07 example 3" in finding.message
    assert check_agreement(course, Agreement(1, 30, misses)) == [], "too few to tell"


# --- smoke runs ------------------------------------------------------------------------------------


def smoke(**measured: Any) -> Callable[[ExperimentFile], dict[str, Any]]:
    names = ("factor", "dot", "dot_stretched", "dot_flipped", "stars", "stars_stretched", "cosine")
    return lambda file: {**dict.fromkeys(names, 1.0), "dot_when_stretched": "rises", **measured}


def smoke_findings(root: Path, run: Callable[[ExperimentFile], dict[str, Any]]) -> list[Finding]:
    (root / "experiments" / "weight-decay.toml").unlink(missing_ok=True)
    return [one for one in check(root, run=run) if one.file.name == "dot-product.toml"]


def test_a_smoke_run_must_measure_what_the_course_speaks_of(root: Path) -> None:
    assert smoke_findings(root, smoke()) == []
    (finding,) = smoke_findings(root, smoke(dot_when_stretched="neither"))
    assert (finding.code, "'neither', which is no choice" in finding.message) == ("smoke", True)
    (finding,) = smoke_findings(root, lambda file: {"dot_when_stretched": "rises"})
    assert (finding.code, "'factor'" in finding.message) == ("template", True)


def test_a_smoke_run_that_fails_is_a_finding(root: Path) -> None:
    def fails(file: ExperimentFile) -> dict[str, Any]:
        raise RuntimeError("no such family")

    (finding,) = smoke_findings(root, fails)
    assert (finding.code, finding.message) == ("smoke", "the smoke run failed: no such family")


# --- how hard a text reads -----------------------------------------------------------------------------


def test_reading_grade_follows_the_formula() -> None:
    reading = measure("The cat sat on the mat. The dog ran.")
    assert (reading.words, reading.sentence_words) == (9, 4.5)
    assert reading.grade == pytest.approx(0.39 * 4.5 + 11.8 * 1 - 15.59)
    hard = measure("Regularisation considerably attenuates parametric idiosyncrasies.")
    assert hard.grade > 20


def test_code_tables_and_formulas_do_not_count() -> None:
    text = "Two words.\n\n```python\nsum(a for a in b)\n```\n\n| a | table |\n|---|---|\n\n    u · v = w\n\n"
    assert measure(text + "b = n/(n+λ) and `some code` here").words == 4  # two, words, and, here
    assert measure("```\nonly code\n```").words == 0

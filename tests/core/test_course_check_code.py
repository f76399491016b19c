"""The linter on code: proofs of errata, and exercises with their cases and probes."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_course import small_course

from tutor.core.course_check import check

FOLDER = "questions/q07-dot-product"
PROOF = """
[[findings]]
id = "e1"
severity = 2
about = "notes"
believed = "A sum is a product."
true = "It is not."
proof = '''
import math
assert 2 + 3 != 2 * 3
'''
"""
PROBE = """
[[probes]]
id = "b{n}"
bug = "{bug}"
kind = "essential"
message = "What does it do to a negative number?"
code = '''
def double(x):
    return {code}
'''
"""
EXERCISE = """
title = "Double"
task = "Write double(x)."
celebrate = "That is it."
"""
CASES = ("3", "0", "-2", "0.5", "[1]")
CASE = '[[cases]]\nname = "double 0"\ncall = "double(0)"\n'
BUGS = (("squared", "x * x"), ("halved", "x / 2"), ("sign lost", "abs(x) * 2 if x != [1] else x * 2"))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course; the dot product has one proof and one exercise."""
    root = small_course(tmp_path_factory.mktemp("sound") / "course")
    exercise = root / FOLDER / "exercise"
    exercise.mkdir(exist_ok=True)
    (root / FOLDER / "errata.toml").write_text(PROOF, "utf-8")
    cases = "".join(f'\n[[cases]]\nname = "double {x}"\ncall = "double({x})"\n' for x in CASES)
    probes = "".join(PROBE.format(n=n, bug=bug, code=code) for n, (bug, code) in enumerate(BUGS, start=1))
    (exercise / "exercise.toml").write_text(EXERCISE + cases + probes, "utf-8")
    (exercise / "solution.py").write_text("def double(x):\n    return x * 2\n", "utf-8")
    (exercise / "starter.py").write_text('def double(x):\n    """Twice x."""\n', "utf-8")
    (exercise / "blanks.py").write_text("def double(x):\n    return x * ___\n", "utf-8")
    (exercise / "example.py").write_text("print([x + 1 for x in range(3)])\n", "utf-8")
    return root


def changed(sound: Path, tmp_path: Path, file: str, old: str, new: str) -> Path:
    """A copy of the course in which one text of the question's folder is replaced."""
    import shutil

    root = tmp_path / "course"
    shutil.copytree(sound, root)
    shutil.rmtree(root / "questions" / "q22-weight-decay-generalises")
    path = root / FOLDER / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return root


def test_the_proof_and_the_exercise_are_sound(sound: Path) -> None:
    assert [str(one) for one in check(sound) if one.code in ("errata", "exercise", "broken-file")] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("errata.toml", "2 + 3 !=", "2 + 3 ==", "the proof of e1 does not hold: AssertionError, line 2"),
        ("errata.toml", "assert ", "", "the proof of e1 asserts nothing"),
        ("errata.toml", "import math", "import maths", "ModuleNotFoundError"),
        ("exercise/solution.py", "x * 2", "x ** 2", "probe b1 (squared) passes every case"),
        ("exercise/solution.py", "return", "retrun", "not valid Python"),
        ("exercise/solution.py", "def double", "def dubble", "the solution fails in 'double 3': NameError"),
        ("exercise/starter.py", '"""Twice x."""', "return 2 * x", "the empty start passes every case"),
        ("exercise/blanks.py", "___", "2", "there is no gap"),
        ("exercise/example.py", "range(3)", "rang(3)", "the example does not run: NameError"),
        ("exercise/exercise.toml", "x / 2", "x * x", "probes b1 and b2 give the same results"),
        ("exercise/exercise.toml", '"double(3)"', '"double(3)"\nexpect = 7', "the solution gives 6"),
        ("exercise/exercise.toml", '"double(3)"', '"double(3)"\nsetup = "y = z"', "the setup of 'double 3'"),
        ("exercise/exercise.toml", 'name = "double 0"', 'name = "double 3"', "exists already"),
        ("exercise/exercise.toml", 'id = "b2"', 'id = "b1"', "probe b1 exists already"),
        (
            "exercise/exercise.toml",
            '[[cases]]\nname = "double 0"\ncall = "double(0)"\n',
            "",
            "4 cases, fewer",
        ),
    ],
)
def test_a_broken_one_is_found(
    sound: Path, tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    root = changed(sound, tmp_path, file, old, new)
    found = [one for one in check(root) if one.file == root / FOLDER / file or "exercise" in one.code]
    assert any(message in one.message for one in found), [str(one) for one in found]
    assert all(one.remedy and one.line for one in found)

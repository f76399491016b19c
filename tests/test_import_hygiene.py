"""What each way into the program may load, looked up in `sys.modules` of a fresh process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = ("torch", "pandas", "onnxruntime", "sympy", "scipy")


def modules_after(code: str, home: Path) -> set[str]:
    """Names of all modules that a fresh interpreter has loaded after `code`."""
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint('\\n'.join(sorted(sys.modules)))"],
        env={**os.environ, "TUTOR_HOME": str(home), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        cwd=home, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return set(ran.stdout.splitlines())


def command(*argv: str) -> str:
    return f"from tutor.cli.main import main\nassert main({list(argv)!r}) == 0"


@pytest.mark.parametrize(
    ("argv", "also"),
    [
        (["--help"], ("textual", "rich", "pydantic", "numpy", "platformdirs", "sqlite3", "json")),
        (["experiment", "run", "--help"], ("textual", "rich", "pydantic", "numpy", "platformdirs")),
        (["due"], ("textual", "rich", "numpy", "fsrs", "snowballstemmer", "rapidfuzz")),
        (["where"], ("textual", "rich", "numpy", "fsrs")),
        (["questions", "--json"], ("textual", "rich", "numpy", "fsrs")),
        (["grade", "--question", "7", "--answer", "multiply and add up"], ("textual", "rich")),
        (["movies", "search", "fargo"], ("textual", "rich")),
        (["rate", "Fargo (1996)", "4.5"], ("textual", "rich")),
        (["progress"], ("textual", "rich")),
    ],
    ids=" ".join,
)
def test_a_command_loads_only_what_it_needs(argv: list[str], also: tuple[str, ...], tmp_path: Path) -> None:
    loaded = modules_after(command(*argv), tmp_path)
    assert "tutor.cli.main" in loaded
    allowed = {"onnxruntime"} if argv[0] == "grade" else set()  # an answer is compared by meaning, too
    assert not ({*HEAVY, *also} - allowed) & loaded


def test_a_session_loads_no_screen_and_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "from tutor.core.workspace import Workspace\nw = Workspace()\nlist(w.session().opening())\nw.close()"
    )
    loaded = modules_after(code, tmp_path)
    assert not {*HEAVY, "textual", "rich"} & loaded


def test_nothing_is_created_by_importing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    modules_after("import tutor.cli.chat, tutor.cli.answers, tutor.cli.films, tutor.core.workspace", home)
    assert list(home.iterdir()) == []


FIRST_PAINT = """
import asyncio, sys
from tutor.ui.app import TutorApp

async def paint():
    app = TutorApp()
    async with app.run_test(size=(100, 30)):
        return sorted(sys.modules)

loaded = asyncio.run(paint())
assert not any(name in loaded for name in {heavy!r}), [n for n in {heavy!r} if n in loaded]
"""


def test_the_app_has_loaded_nothing_heavy_at_first_paint(tmp_path: Path) -> None:
    loaded = modules_after(FIRST_PAINT.format(heavy=HEAVY), tmp_path)
    assert "textual" in loaded

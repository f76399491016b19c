"""The course with two of its questions written: what the doors show does not change as the course grows."""

from __future__ import annotations

import shutil
from pathlib import Path

CONTENT = Path(__file__).parents[2] / "content"
QUESTIONS = ("q07-dot-product", "q22-weight-decay-generalises")
EXPERIMENTS = ("dot-product", "weight-decay")


def small_course(folder: Path) -> Path:
    """Make a course at `folder`: the whole map, glossary, recorded runs, two questions, their experiments."""
    (folder / "experiments").mkdir(parents=True)
    for name in ("course.toml", "glossary.toml", "runs.toml"):
        shutil.copyfile(CONTENT / name, folder / name)
    for name in QUESTIONS:
        shutil.copytree(CONTENT / "questions" / name, folder / "questions" / name)
    for name in EXPERIMENTS:
        shutil.copyfile(CONTENT / "experiments" / f"{name}.toml", folder / "experiments" / f"{name}.toml")
    return folder

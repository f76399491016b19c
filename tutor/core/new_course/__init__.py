"""Begins a course: one complete question on mean and median, ready to be taught and to be copied."""

from __future__ import annotations

import shutil
from pathlib import Path

from tutor.core.errors import BadInput

TEMPLATE = Path(__file__).with_name("course")


def make_course(folder: Path) -> list[str]:
    """Make a course at `folder`; the files written. Raises `BadInput` where something lies there."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(f"{folder} is there already; name a folder that does not exist yet.")
    try:
        shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    except OSError as fault:
        raise BadInput(f"{folder} cannot be made: {fault.strerror}.") from fault
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())

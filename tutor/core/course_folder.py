"""Where the course lies and which cards it holds, told from names alone: cheap enough for a shell prompt.

Nothing here checks a file; whoever needs more than names reads the course (`tutor.core.curriculum`).
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

FOLDERS = {"q": "questions", "t": "topics"}
_POINT = re.compile(r"""^point\s*=\s*["'](\w+)["']""", re.MULTILINE)


def content_root() -> Path:
    """Where the course lies: `TUTOR_CONTENT`, else inside the installed package, else the clone."""
    chosen = os.environ.get("TUTOR_CONTENT")
    if chosen:
        return Path(chosen).expanduser()
    package = Path(__file__).resolve().parent.parent
    bundled = package / "_content"
    return bundled if bundled.is_dir() else package.parent / "content"


def written_folders(root: Path) -> dict[str, Path]:
    """Folders of the written questions by id: `questions/<id>-<name>` and `topics/<id>-<name>`."""
    folders: dict[str, Path] = {}
    for letter, kind in FOLDERS.items():
        base = root / kind
        for path in sorted(base.iterdir()) if base.is_dir() else ():
            if path.name.startswith(letter) and path.is_dir():
                folders.setdefault(path.name.partition("-")[0], path)
    return folders


def points_asked_for(practice: str) -> list[str]:
    """Ids of the points that the text of a `practice.toml` asks for."""
    return sorted(set(_POINT.findall(practice)))


def cards_of(root: Path) -> dict[str, str]:
    """Card id ("q07.p2") to question id ("q07"), in the order of the course.

    Raises OSError, ValueError, KeyError or TypeError where the course is broken; reading it says how.
    """
    course = tomllib.loads((root / "course.toml").read_text(encoding="utf-8"))
    folders = written_folders(root)
    cards: dict[str, str] = {}
    for listed in course["questions"]:
        ref = str(listed["id"])
        path = folders[ref] / "practice.toml" if ref in folders else None
        if path is not None and path.exists():
            for point in points_asked_for(path.read_text(encoding="utf-8")):
                cards[f"{ref}.{point}"] = ref
    return cards

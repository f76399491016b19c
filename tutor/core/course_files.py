"""Reads one file of a course strictly and says where it is broken.

`read` turns a TOML file into its model or raises `ContentError`: one clear line that names file,
line and remedy. Finding the line of a fault costs a second pass, which only a broken file pays.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[int | str, ...]
"""Where a value sits in a parsed file: `("points", 2, "hint")`."""

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*["']?([A-Za-z0-9_-]+)["']?\s*=""")
_PLACE_IN_MESSAGE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


class ContentError(Exception):
    """A file of the course that cannot be used: where, what and how to mend it."""

    def __init__(
        self,
        file: Path,
        message: str,
        remedy: str = "",
        *,
        line: int | None = None,
        column: int | None = None,
        more: tuple[ContentError, ...] = (),
    ) -> None:
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.remedy = remedy
        self.more = more
        """Further faults of the same file."""
        place = ":".join(str(part) for part in (file, line, column) if part is not None)
        super().__init__(f"{place}: {message}" + (f" ({remedy})" if remedy else ""))


def read_text(path: Path) -> str:
    """The text of a course file. Raises `ContentError` where it is missing or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ContentError(path, "this file is missing", "create it, or remove what needs it") from None
    except UnicodeDecodeError as fault:
        line = fault.object[: fault.start].count(b"\n") + 1
        raise ContentError(path, "this is not UTF-8 text", "save the file as UTF-8", line=line) from None
    except OSError as fault:
        raise ContentError(path, f"cannot be read: {fault.strerror}", "check its permissions") from None


def read(path: Path, model: type[Model]) -> Model:
    """Read a TOML file as `model`. Raises `ContentError` for the first fault, the others in `more`."""
    text = read_text(path)
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        raise _syntax_error(path, text, fault) from None
    except ValidationError as fault:
        lines = _lines(text)
        details = sorted(fault.errors(include_url=False), key=lambda detail: detail["type"] == "missing")
        errors = [_model_error(path, model, lines, detail) for detail in details]  # a typo comes first
        errors[0].more = tuple(errors[1:])
        raise errors[0] from None


def line_of(text: str, place: Place) -> int:
    """The line of a value in a TOML text, or of the nearest table around it. Lines count from 1."""
    return _nearest(_lines(text), place)


# --- faults ----------------------------------------------------------------------------------


def _syntax_error(path: Path, text: str, fault: tomllib.TOMLDecodeError) -> ContentError:
    found = _PLACE_IN_MESSAGE.search(str(fault))
    message = _PLACE_IN_MESSAGE.sub("", str(fault))
    at_end = (text.count("\n") + 1, None)
    line, column = (int(found[1]), int(found[2])) if found and found[1] else at_end
    remedy = "write it as TOML: key = value, texts in quotes"
    return ContentError(path, f"not valid TOML: {message}", remedy, line=line, column=column)


def _model_error(path: Path, model: type[BaseModel], lines: dict[Place, int], detail: Any) -> ContentError:
    place: Place = detail["loc"]
    name = _written(place)
    line = _nearest(lines, place)
    if detail["type"] == "missing":
        return ContentError(path, f"`{name}` is missing", "add this key", line=line)
    if detail["type"] == "extra_forbidden":
        known = _fields_at(model, place[:-1])
        near = difflib.get_close_matches(str(place[-1]), known, n=1)
        remedy = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(known)}"
        return ContentError(path, f"unknown key `{name}`", remedy, line=line)
    message = str(detail["msg"])
    return ContentError(path, f"`{name}`: {message[:1].lower()}{message[1:]}", "mend the value", line=line)


def _written(place: Place) -> str:
    """`("points", 2, "hint")` as a person reads it: `points[3].hint` (counted from 1)."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place)
    return "".join(parts).lstrip(".")


def _fields_at(model: type[BaseModel], place: Sequence[int | str]) -> list[str]:
    """Names of the keys that the model knows at a place."""
    for part in place:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        inner = field and next(_models_in(field.annotation), None)
        if inner is None:
            return []
        model = inner
    return list(model.model_fields)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


# --- places ----------------------------------------------------------------------------------


def _nearest(lines: dict[Place, int], place: Place) -> int:
    for length in range(len(place), 0, -1):
        if place[:length] in lines:
            return lines[place[:length]]
    return 1


def _lines(text: str) -> dict[Place, int]:
    """The line on which each key and each table of a TOML text begins."""
    lines: dict[Place, int] = {}
    table: Place = ()
    counts: dict[Place, int] = {}
    for number, statement in _statements(text):
        header = _HEADER.match(statement)
        if header:
            table = _table(header[2].split("."), header[1] == "[[", counts)
            lines.setdefault(table, number)
        elif key := _KEY.match(statement):
            lines[(*table, key[1])] = number
    return lines


def _table(names: list[str], is_array: bool, counts: dict[Place, int]) -> Place:
    """Full place of a table header; inside an array of tables it belongs to the latest one."""
    place: Place = ()
    for name in names[:-1]:
        place = (*place, name.strip())
        if place in counts:
            place = (*place, counts[place])
    place = (*place, names[-1].strip())
    if not is_array:
        return place
    counts[place] = counts.get(place, -1) + 1
    return (*place, counts[place])


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each TOML statement with the number of its first line; a statement ends where it parses."""
    first, held = 0, ""
    for number, line in enumerate(text.splitlines(), start=1):
        first, held = (first, f"{held}\n{line}") if held else (number, line)
        try:
            tomllib.loads(held)
        except tomllib.TOMLDecodeError:
            continue
        yield first, held
        held = ""

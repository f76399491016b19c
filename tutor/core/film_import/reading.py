"""Opens what a learner points at - a file, a folder, a zip - and cuts its texts into rows.

A row that is broken costs that row alone: a quote that never closes ends with its line.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from tutor.core.film_import.rows import Broken, Line, Table, UnreadableFile

LARGEST = 64_000_000
"""Bytes of one file that are read."""
DELIMITERS = (",", ";", "\t", "|")
_WHOLE = 40
"""Lines that one quoted cell (a review) may span."""
_SHOWN = 80


def texts_of(path: Path) -> dict[str, str]:
    """The texts at `path` by file name: of one file, or of all tables in a folder or a zip.

    Copies that an export keeps of deleted things are left out. Raises `UnreadableFile`.
    """
    try:
        if path.is_dir():
            files = sorted(file for file in path.iterdir() if _is_table(file.name))
            return {file.name: _decoded(_bounded(file.read_bytes(), file.name)) for file in files}
        with path.open("rb") as file:
            begins = file.read(4)
        if begins == b"PK\x03\x04":
            return _of_zip(path)
        return {path.name: _decoded(_bounded(path.read_bytes(), path.name))}
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror or error}; name a file that can be read.") from None


def table_of(name: str, text: str) -> Table:
    """The rows of a text with a header. Raises `UnreadableFile` where it is empty."""
    lines = _split(text)
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise UnreadableFile(f"{name}: nothing is in it.")
    delimiter = max(DELIMITERS, key=lines[first].count)
    columns = tuple(cell.strip().casefold() for cell in _cells(lines[first], delimiter) or ())
    table = Table(name, columns, [])
    for number, record, broken in _records(lines, first + 1, delimiter, len(columns)):
        if broken:
            table.broken.append(Broken(name, number, "".join(lines[number - 1]).strip()[:_SHOWN], broken))
        else:
            cells = (cell.strip() for cell in record)
            table.lines.append(Line(number, dict(zip(columns, cells, strict=True))))
    return table


def _records(
    lines: Sequence[str], start: int, delimiter: str, width: int
) -> Iterator[tuple[int, list[str], str]]:
    """Line number, cells and what is wrong with them, row by row; a cell may span lines."""
    at = start
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        cells, after = _record(lines, at, delimiter, width)
        if cells is None:
            yield at + 1, [], "a quote is not closed"
        elif len(cells) != width:
            yield at + 1, [], f"{len(cells)} cells, but {width} columns"
        else:
            yield at + 1, cells, ""
        at = after


def _record(lines: Sequence[str], at: int, delimiter: str, width: int) -> tuple[list[str] | None, int]:
    """The cells that begin at a line, and the line after them; None if a quote does not close."""
    text, quotes = "", 0
    for end in range(at, min(at + _WHOLE, len(lines))):
        text += lines[end]
        quotes += lines[end].count('"')
        if quotes % 2 == 0:
            cells = _cells(text, delimiter)
            if end == at or (cells is not None and len(cells) == width):
                return cells, end + 1
            break  # the quotes pair up, but over two rows
    return None, at + 1


def _cells(text: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader(_split(text), delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return None


def _split(text: str) -> list[str]:
    """Lines as files have them: other signs that Unicode calls line ends stay in their cell."""
    return list(io.StringIO(text, newline=""))


def _of_zip(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if _is_table(PurePosixPath(name).name)]
            least = min((len(PurePosixPath(name).parts) for name in names), default=0)
            for name in names:
                if len(PurePosixPath(name).parts) == least:
                    with archive.open(name) as file:
                        data = file.read(LARGEST + 1)
                    found[PurePosixPath(name).name] = _decoded(_bounded(data, name))
    except (zipfile.BadZipFile, RuntimeError, EOFError) as error:
        raise UnreadableFile(f"{path}: the zip is damaged or locked ({error}); export it again.") from None
    if not found:
        raise UnreadableFile(f"{path}: there is no table (.csv, .dat, u.data) in this zip.")
    return found


def _is_table(name: str) -> bool:
    return name.lower().endswith((".csv", ".tsv", ".dat", ".json")) or name in ("u.data", "u.item")


def _bounded(data: bytes, name: str) -> bytes:
    if len(data) > LARGEST:
        raise UnreadableFile(f"{name}: larger than {LARGEST // 1_000_000} MB; that is no file of ratings.")
    return data


def _decoded(data: bytes) -> str:
    """Text of whichever encoding: UTF-8 with or without mark, UTF-16, else what Windows writes."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")

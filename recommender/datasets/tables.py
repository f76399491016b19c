"""Text tables read with care: encodings, byte order marks, line ends, quotes; every row knows its line."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from recommender.datasets.errors import DataError
from recommender.datasets.presence import Source
from recommender.ratings import Skip

_CHUNK = 1 << 20  # bytes


@dataclass(frozen=True)
class Table:
    """A text table: its file, what sets the fields apart, and whether the first row names the columns.

    Finding the encoding takes a look at the whole file; give it where it is known.
    """

    file: Source
    separator: str
    header: bool
    quoted: bool = False
    encoding: str = ""

    def open(self, raw: IO[bytes]) -> io.TextIOWrapper:
        """The text of the opened file; line ends stay as they are only where quotes may hold some."""
        encoding = self.encoding or encoding_of(self.file)
        return io.TextIOWrapper(raw, encoding, newline="" if self.quoted else None)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line number (from 1) and fields of each row; blank lines and the header are left out."""
        with self.file.open("rb") as raw:
            text = self.open(raw)
            rows = self._quoted_rows(text) if self.quoted else self._plain_rows(text)
            try:
                if self.header:
                    next(rows, None)
                yield from rows
            except UnicodeError as error:
                raise DataError(f"{self.file}: {error}") from None

    def first_row(self) -> list[str]:
        """The fields of the first row, header or not; DataError for an empty file."""
        for _, fields in replace(self, header=False).rows():
            return fields
        raise DataError(f"{self.file}: the file is empty")

    def _plain_rows(self, text: io.TextIOWrapper) -> Iterator[tuple[int, list[str]]]:
        for number, line in enumerate(text, start=1):
            if line := line.rstrip("\n"):
                yield number, line.split(self.separator)

    def _quoted_rows(self, text: io.TextIOWrapper) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(text, delimiter=self.separator, strict=True)
        line = 1
        try:
            for fields in reader:
                if any(fields):
                    yield line, fields
                line = reader.line_num + 1
        except csv.Error as error:
            raise DataError(f"{self.file}: line {line}: {error}; is a quote left open?") from None


class Problems:
    """Counts the ratings that were left out and what else is odd, each reason with its first place.

    A strict one (for files that are known to be sound) makes an error of the first rating to be left out.
    """

    def __init__(self, remedy: str = "", strict: bool = False) -> None:
        self.remedy = f"; {remedy}" if remedy else ""
        self._strict = strict
        self._skipped: dict[str, Skip] = {}
        self._noted: dict[str, Skip] = {}

    @property
    def skipped(self) -> tuple[Skip, ...]:
        """The ratings that were left out, in the order in which the reasons were met."""
        return tuple(self._skipped.values())

    @property
    def notes(self) -> tuple[Skip, ...]:
        """What was put right or is odd, in the order in which the reasons were met."""
        return tuple(self._noted.values())

    def skip(self, reason: str, where: str, count: int = 1) -> None:
        """`count` ratings are left out, the first of them at `where`. DataError when strict."""
        if self._strict:
            raise DataError(f"{where}: {reason}{self.remedy}")
        _count(self._skipped, reason, where, count)

    def note(self, reason: str, where: str, count: int = 1) -> None:
        """`count` things were put right or are odd, but cost no rating; never an error."""
        _count(self._noted, reason, where, count)


def _count(notes: dict[str, Skip], reason: str, where: str, count: int) -> None:
    known = notes.get(reason, Skip(reason, 0, where))
    notes[reason] = Skip(reason, known.count + count, known.example)


def place(file: Source, line: int, column: int | None = None, name: str = "") -> str:
    """Where something is: "ratings.csv: line 17, column 3 (rating)"."""
    where = f"{file}: line {line}"
    if column is not None:
        where += f", column {column + 1}"
    return f"{where} ({name})" if name else where


def beside(file: Source, name: str) -> Source:
    """The file of that name in the same folder or the same part of the archive."""
    if isinstance(file, Path):
        return file.parent / name
    folder, slash, _ = file.at.rpartition("/")
    return zipfile.Path(file.root, f"{folder}{slash}{name}")


def size_in_bytes(file: Source) -> int:
    """The unpacked size of a file on disk or in an archive."""
    if isinstance(file, Path):
        return file.stat().st_size
    return file.root.getinfo(file.at).file_size


def encoding_of(file: Source) -> str:
    """UTF-8 if the bytes are that, else what Windows and older files use; DataError for a file of no text."""
    utf8 = codecs.getincrementaldecoder("utf-8")()
    latin, line = "cp1252", 1
    is_utf8 = True
    with file.open("rb") as raw:
        for number, chunk in enumerate(iter(lambda: raw.read(_CHUNK), b"")):
            if number == 0 and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            if (nul := chunk.find(b"\0")) >= 0:
                raise DataError(
                    f"{file}: line {line + chunk.count(10, 0, nul)}: a zero byte; this is no text table"
                )
            line += chunk.count(b"\n")
            is_utf8 = is_utf8 and _decodes(utf8, chunk)
            if not is_utf8 and any(code in chunk for code in b"\x81\x8d\x8f\x90\x9d"):
                latin = "latin-1"  # these five mean nothing in cp1252
    return "utf-8-sig" if is_utf8 and _decodes(utf8, b"", final=True) else latin


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True

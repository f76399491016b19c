"""A finding of the linter, and the notebook in which the checks of one file write theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tutor.core.course_files import ContentError, Place, line_of


@dataclass(frozen=True)
class Finding:
    """Something broken in a course file."""

    file: Path
    line: int | None
    code: str
    """Short name of the rule, such as `unknown-link`."""
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{place}: {self.message} ({self.remedy}) [{self.code}]"


@dataclass
class Notebook:
    """Collects the findings of one file; the file is read for line numbers only when there are any."""

    file: Path
    findings: list[Finding] = field(default_factory=list)

    def add(self, place: Place, code: str, message: str, remedy: str) -> None:
        """Note a finding at a place of a TOML file, such as `("points", 2, "hint")`."""
        self.add_line(line_of(self.file.read_text(encoding="utf-8"), place), code, message, remedy)

    def add_line(self, line: int | None, code: str, message: str, remedy: str) -> None:
        """Note a finding at a line."""
        self.findings.append(Finding(self.file, line, code, message, remedy))


def broken(error: ContentError) -> list[Finding]:
    """The findings for a file that could not be read."""
    return [
        Finding(one.file, one.line, "broken-file", one.message, one.remedy) for one in (error, *error.more)
    ]


def repeated(ids: list[str]) -> list[tuple[int, str]]:
    """Index and id of each entry whose id came before."""
    return [(index, one) for index, one in enumerate(ids) if one in ids[:index]]

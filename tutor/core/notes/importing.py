"""Takes a file of notes in, question by question, and says what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor.core.curriculum import Course, Entry
from tutor.core.errors import BadInput
from tutor.core.notes.matching import Match, Wordings, match
from tutor.core.notes.reading import Section, read_sections
from tutor.store.notes import NoteTable

MAX_BYTES = 2_000_000
"""No notes come near this size."""


class UnreadableNotes(BadInput):
    """The file cannot be read, or holds no question; nothing was changed."""


@dataclass(frozen=True)
class Row:
    """A question of the file and what it was taken for. `line` counts from 1."""

    line: int
    q: int | None
    id: str | None
    prompt: str | None
    number: int | None
    """As the file counts."""
    wording: str
    how: str | None
    """What settled it: "wording", "number", "place" (between its neighbours) or "choice"."""
    lines: int
    """Of the answer."""


@dataclass(frozen=True)
class Report:
    """What became of each question. Stored is what is `matched`; `uncertain` names the likeliest question."""

    file: str
    matched: tuple[Row, ...]
    uncertain: tuple[Row, ...]
    unmatched: tuple[Row, ...]
    empty: tuple[Row, ...]
    """Questions without an answer, or marked as to do: an earlier note of theirs stays."""
    replaced: int
    """How many earlier notes gave way."""

    @property
    def sentence(self) -> str:
        """The same in a line."""
        count = len(self.matched)
        parts = [f"notes on {count} question{'s' * (count != 1)} taken in"]
        parts += [f"{self.replaced} in the place of earlier ones"] if self.replaced else []
        parts += [f"{len(self.empty)} without an answer"] if self.empty else []
        parts += [f"{len(self.uncertain)} uncertain"] if self.uncertain else []
        parts += [f"{len(self.unmatched)} not in this course"] if self.unmatched else []
        return f"{self.file}: {', '.join(parts)}."


def decoded(name: str, content: bytes) -> str:
    """The text of a file. Raises `UnreadableNotes`."""
    if len(content) > MAX_BYTES:
        raise UnreadableNotes(f"{name} is larger than 2 MB; notes are a text file, such as NOTES.md.")
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise UnreadableNotes(f"{name}, line {line}: this is not UTF-8 text; save it as UTF-8.") from None
    if "\0" in text:
        raise UnreadableNotes(f"{name} is not a text file; notes are Markdown, such as NOTES.md.")
    return text


def read_file(path: Path) -> str:
    """The text of a file of notes. Raises `UnreadableNotes`."""
    try:
        with path.open("rb") as file:
            return decoded(str(path), file.read(MAX_BYTES + 1))
    except OSError as fault:
        why = fault.strerror or fault
        raise UnreadableNotes(f"{path}: {why}; name a Markdown file that can be read.") from None


def take(
    notes: NoteTable, course: Course, text: str, file: str, choices: Mapping[int, str] | None = None
) -> Report:
    """Store a file's answers under the questions of the course.

    `choices`: the question of a line, where the learner says it. Raises `UnreadableNotes`, `UnknownQuestion`.
    """
    known = Wordings(course)
    sections = read_sections(text, known.nearest)
    if not sections:
        raise UnreadableNotes(
            f"{file} holds no question that I can make out; begin each with its number, "
            "like `7. What is a dot product?`, and write the answer below."
        )
    chosen = _chosen(course, sections, choices or {}, file)
    found = [chosen.get(one.line, met) for one, met in zip(sections, match(sections, known), strict=True)]
    return _stored(notes, sections, found, file)


def _chosen(
    course: Course, sections: Sequence[Section], choices: Mapping[int, str], file: str
) -> dict[int, Match]:
    lines = {section.line for section in sections}
    for line in choices:
        if line not in lines:
            raise UnreadableNotes(f"{file}: no question begins in line {line}; nothing was changed.")
    return {line: Match(course.entry(ref), True, "choice") for line, ref in choices.items()}


def _stored(notes: NoteTable, sections: Sequence[Section], found: Sequence[Match], file: str) -> Report:
    """Keep what is sure; two answers to one question are joined."""
    texts: dict[str, tuple[str, int]] = {}
    rows: dict[str, list[Row]] = {"matched": [], "uncertain": [], "unmatched": [], "empty": []}
    for section, met in zip(sections, found, strict=True):
        answer = cleaned(section.answer)
        if met.entry is None:
            rows["unmatched"].append(_row(section, None, None, answer))
            continue
        kind = ("matched" if answer else "empty") if met.sure else "uncertain"
        rows[kind].append(_row(section, met.entry, met.how, answer))
        if kind == "matched":
            before, line = texts.get(met.entry.id, ("", section.line))
            texts[met.entry.id] = (f"{before}\n\n{answer}".strip("\n"), line)
    there = notes.all()
    notes.keep([(ref, text, line) for ref, (text, line) in texts.items()], file)
    replaced = sum(ref in there and there[ref].text != text for ref, (text, _) in texts.items())
    return Report(file, **{kind: tuple(some) for kind, some in rows.items()}, replaced=replaced)


def _row(section: Section, entry: Entry | None, how: str | None, answer: str) -> Row:
    return Row(
        line=section.line,
        q=entry.q if entry else None,
        id=entry.id if entry else None,
        prompt=entry.prompt if entry else None,
        number=section.number,
        wording=section.wording,
        how=how,
        lines=len(answer.splitlines()),
    )


def cleaned(text: str) -> str:
    """The text without control characters, which would steer a terminal."""
    return "".join(one for one in text if one in "\n\t" or one.isprintable() or one.isspace())

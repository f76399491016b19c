"""The course's cards for Anki: a package (`.apkg`) or a text file, with ids that never change.

Each practice item becomes one note whose first field and GUID are its id ("q07.i3"), so that importing a
later export updates notes and keeps their schedule. Numbers that are fresh at each review here are drawn
once for Anki, the same in every export.
"""

from __future__ import annotations

import csv
import html
import io
import itertools
import re
import sqlite3
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.core.course_schema import Item
from tutor.core.curriculum import Course
from tutor.core.items import present

if TYPE_CHECKING:
    import genanki

NOTE_TYPE = "Tutor item"
FIELDS = ("Id", "Question", "Answer", "Why")
_MODEL_ID = 1_735_520_119
_DECKS_FROM = 2**30
"""Ids of decks lie from here to twice as far, by the id of the unit."""
_FRONT = '<div class="question">{{Question}}</div>'
_BACK = '{{FrontSide}}<hr id="answer"><div class="answer">{{Answer}}</div><div class="why">{{Why}}</div>'
_CSS = """\
.card { font-family: sans-serif; font-size: 20px; max-width: 40em; margin: auto; text-align: left; }
.answer { font-weight: bold; margin-bottom: 0.6em; }
code { font-size: 90%; }
"""
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class AnkiNote:
    """One item as Anki shows it; texts are HTML."""

    id: str
    unit: str
    deck: str
    question: str
    answer: str
    why: str
    tags: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, str, str, str]:
        """The values of `FIELDS`."""
        return self.id, self.question, self.answer, self.why


def anki_notes(course: Course) -> Iterator[AnkiNote]:
    """Every practice item of the course and every contrast. Raises `ContentError`."""
    units = {unit.id: unit.title for unit in course.units}
    for entry in course.written:
        question = course.question(entry.id)
        for item in question.practice.items:
            answer = question.point(item.point).assertion
            deck = f"{course.title}::{units[entry.unit]}"
            yield _note(f"{entry.id}.{item.id}", item, answer, entry.unit, deck, (entry.id, item.form))
    for contrast in course.contrasts():
        if not any(course.entry(ref).planned for ref in contrast.questions):
            tags = (*contrast.questions, "contrast")
            deck = f"{course.title}::Look-alikes"
            yield _note(f"contrast.{contrast.id}", contrast.item("p0"), "", "look-alikes", deck, tags)


def write_package(course: Course, file: Path) -> int:
    """Write an Anki package; returns how many notes it holds. Raises `ContentError`, OSError."""
    import genanki  # its own imports cost more than most commands

    model = _model()
    decks: dict[str, genanki.Deck] = {}
    notes = list(anki_notes(course))
    for one in notes:
        deck_id = _DECKS_FROM + zlib.crc32(one.unit.encode()) % _DECKS_FROM
        deck = decks.setdefault(one.unit, genanki.Deck(deck_id, one.deck))
        fields, tags = list(one.fields), [f"tutor::{tag}" for tag in one.tags]
        deck.add_note(genanki.Note(model, fields, guid=_guid(one.id), tags=tags))
    _pack(genanki.Package(list(decks.values())), file)
    return len(notes)


def write_text(course: Course, file: Path) -> int:
    """Write a text file for Anki's own importer; returns how many notes it holds."""
    rows = io.StringIO()
    table = csv.writer(rows, delimiter="\t", lineterminator="\n")
    notes = list(anki_notes(course))
    for one in notes:
        table.writerow([*one.fields, one.deck, " ".join(f"tutor::{tag}" for tag in one.tags)])
    head = [
        "#separator:tab", "#html:true", f"#notetype:{NOTE_TYPE}",
        "#columns:" + "\t".join((*FIELDS, "Deck", "Tags")),
        f"#deck column:{len(FIELDS) + 1}", f"#tags column:{len(FIELDS) + 2}",
    ]  # fmt: skip
    _replace(file, ("\n".join(head) + "\n" + rows.getvalue()).encode())
    return len(notes)


def _model() -> genanki.Model:
    import genanki

    card = {"name": "Card 1", "qfmt": _FRONT, "afmt": _BACK}
    fields = [{"name": name} for name in FIELDS]
    return genanki.Model(_MODEL_ID, NOTE_TYPE, fields=fields, templates=[card], css=_CSS, sort_field_index=0)


def _note(id: str, item: Item, answer: str, unit: str, deck: str, tags: tuple[str, ...]) -> AnkiNote:
    shown = present(item, zlib.crc32(id.encode()))
    question = _html(shown.prompt)
    if shown.options:
        options = "".join(f"<li>{_html(option.text)}</li>" for option in shown.options)
        question += f"<ol>{options}</ol>"
    answer = shown.answer or answer or shown.why
    why = "" if shown.why == answer else _html(shown.why)
    return AnkiNote(id, unit, deck, question, _html(answer), why, tags)


def _html(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", html.escape(text.strip(), quote=False)).replace("\n", "<br>")


def _guid(id: str) -> str:
    return f"tutor-{id}"


def _pack(package: genanki.Package, file: Path) -> None:
    """Write the collection and zip it (`Package.write_to_file` would leave its temporary file behind)."""
    now = time.time()
    with tempfile.TemporaryDirectory() as folder:
        collection = Path(folder) / "collection.anki2"
        with closing(sqlite3.connect(collection)) as database:
            package.write_to_db(database.cursor(), now, itertools.count(int(now * 1000)))
            database.commit()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(collection, collection.name)
            archive.writestr("media", "{}")
    _replace(file, packed.getvalue())


def _replace(file: Path, content: bytes) -> None:
    """Write whole or not at all."""
    part = file.with_name(f"{file.name}.part")
    try:
        part.write_bytes(content)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)

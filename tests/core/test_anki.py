"""What goes to Anki, read back from the package: ids that stay, fields, nothing doubled."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest

from tests.core.small_course import small_course
from tutor.core.anki import FIELDS, NOTE_TYPE, anki_notes, write_package, write_text
from tutor.core.anki_reviews import NotFromAnki, anki_rows
from tutor.core.curriculum import Course
from tutor.core.review_log import merge_rows
from tutor.store.paths import Paths
from tutor.store.store import Store


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_course(tmp_path_factory.mktemp("anki") / "course")


def packed(file: Path, into: Path) -> sqlite3.Connection:
    with zipfile.ZipFile(file) as archive:
        assert sorted(archive.namelist()) == ["collection.anki2", "media"]
        archive.extract("collection.anki2", into)
    return sqlite3.connect(into / "collection.anki2")


def notes_in(file: Path, into: Path) -> dict[str, list[str]]:
    rows = packed(file, into).execute("SELECT guid, flds FROM notes").fetchall()
    assert len({guid for guid, _ in rows}) == len(rows)
    return {guid: fields.split("\x1f") for guid, fields in rows}


def test_every_item_is_a_note_with_its_id_first(folder: Path, tmp_path: Path) -> None:
    course = Course.load(folder)
    count = write_package(course, tmp_path / "cards.apkg")
    items = {
        f"{entry.id}.{item.id}"
        for entry in course.written
        for item in course.question(entry.id).practice.items
    }
    found = notes_in(tmp_path / "cards.apkg", tmp_path)
    assert count == len(found) and {fields[0] for fields in found.values()} == items
    assert all(guid == f"tutor-{fields[0]}" for guid, fields in found.items())
    assert all(len(fields) == len(FIELDS) and all(fields[:3]) for fields in found.values())
    models = json.loads(
        packed(tmp_path / "cards.apkg", tmp_path).execute("SELECT models FROM col").fetchone()[0]
    )
    (model,) = models.values()
    assert model["name"] == NOTE_TYPE and [field["name"] for field in model["flds"]] == list(FIELDS)
    assert not list(tmp_path.glob("*.part"))


def test_a_later_export_keeps_every_id_and_changes_only_what_was_edited(folder: Path, tmp_path: Path) -> None:
    write_package(Course.load(folder), tmp_path / "before.apkg")
    edited = Path(shutil.copytree(folder, tmp_path / "course"))
    practice = edited / "questions" / "q07-dot-product" / "practice.toml"
    practice.write_text(practice.read_text().replace("A viewer has 50 factors", "A viewer has fifty factors"))
    write_package(Course.load(edited), tmp_path / "after.apkg")
    before, after = (notes_in(tmp_path / f"{name}.apkg", tmp_path) for name in ("before", "after"))
    assert before.keys() == after.keys()
    assert [guid for guid in before if before[guid] != after[guid]] == ["tutor-q07.i10"]


def test_text_is_what_the_importer_of_anki_reads(folder: Path, tmp_path: Path) -> None:
    course = Course.load(folder)
    count = write_text(course, tmp_path / "cards.txt")
    lines = (tmp_path / "cards.txt").read_text(encoding="utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    assert head[:3] == ["#separator:tab", "#html:true", f"#notetype:{NOTE_TYPE}"]
    rows = list(csv.reader(lines[len(head) :], delimiter="\t"))
    assert len(rows) == count == len({row[0] for row in rows})
    assert all(len(row) == 6 and row[4].startswith(course.title) and "tutor::" in row[5] for row in rows)


def test_reviews_made_in_anki_come_back_once(folder: Path, tmp_path: Path) -> None:
    course = Course.load(folder)
    write_package(course, tmp_path / "cards.apkg")
    database = packed(tmp_path / "cards.apkg", tmp_path)
    card = "SELECT cards.id FROM cards JOIN notes ON notes.id = nid WHERE guid = 'tutor-q07.i10'"
    (number,) = database.execute(card).fetchone()
    rows = [(1_790_000_000_000 + day * 86_400_000, ease) for day, ease in enumerate((3, 1, 0, 3))]
    with database:  # as Anki writes them; ease 0 is a change by hand
        database.executemany(f"INSERT INTO revlog VALUES (?, {number}, -1, ?, 1, 1, 2500, 4200, 1)", rows)
    database.close()
    with zipfile.ZipFile(tmp_path / "back.apkg", "w") as archive:
        archive.write(tmp_path / "collection.anki2", "collection.anki2")
    store = Store(Paths(tmp_path / "home"))
    for added in (3, 0):
        done = merge_rows(store, anki_rows(course, tmp_path / "back.apkg"), tmp_path / "back.apkg")
        assert (done.added, done.skipped) == (added, ())
    reviews = store.practice.reviews("q07.p4")
    assert [(r.rating, r.item, r.duration_ms) for r in reviews] == [(e, "i10", 4200) for e in (3, 1, 3)]
    assert reviews[0].at == "2026-09-21T14:13:20.000000+00:00"


def test_a_package_that_is_none_is_said_so(folder: Path, tmp_path: Path) -> None:
    course = Course.load(folder)
    (tmp_path / "a.apkg").write_bytes(b"no zip at all")
    with pytest.raises(NotFromAnki, match="is no Anki package"):
        list(anki_rows(course, tmp_path / "a.apkg"))
    for names, words in ((["x"], "no Anki collection"), (["collection.anki21b"], "older Anki versions")):
        with zipfile.ZipFile(tmp_path / "b.apkg", "w") as archive:
            for name in names:
                archive.writestr(name, "")
        with pytest.raises(NotFromAnki, match=words):
            list(anki_rows(course, tmp_path / "b.apkg"))


def test_code_and_brackets_survive_as_html() -> None:
    notes = {note.id: note for note in anki_notes(Course.load())}
    assert any("<code>" in note.question for note in notes.values())
    contrasts = [note for id, note in notes.items() if id.startswith("contrast.")]
    assert contrasts and all(note.answer for note in notes.values())
    tags = re.compile(r"</?(?:code|ol|li|br)>")
    assert not any("<" in tags.sub("", field) for note in notes.values() for field in note.fields)

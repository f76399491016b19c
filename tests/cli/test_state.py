"""`tutor export | import | reset --question | appeals`: the learner's state as a whole."""

from __future__ import annotations

import json
import sqlite3
import tomllib
import zipfile
from pathlib import Path

import pytest

from tutor.core.curriculum import Course
from tutor.core.memory_schema import AnswersFile
from tutor.store.database import newest_schema

from .conftest import Tutor, complains

HALF = "You multiply the matching numbers."


def answer(tutor: Tutor, text: str = HALF) -> None:
    tutor("ask", "go to 7")
    assert tutor("ask", text, "--json").json["intent"] == "answer"


def rows(home: Path, table: str) -> int:
    with sqlite3.connect(home / "tutor.db") as file:
        return int(file.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_all_state_moves_to_another_machine(
    tutor: Tutor, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(tutor)
    tutor("rate", "Fargo", "4")
    tutor("quiz", "--limit", "1", stdin="1\n3\n")
    tutor("cards", "note", "q07.p1", "mind the sum")
    file = tmp_path / "state.zip"
    out = tutor("export", str(file), "--json").json
    assert (
        out["schema"] == newest_schema() and out["counts"]["answers"] == 1 and out["counts"]["ratings"] == 1
    )
    listed = tutor("cards", "list", "--json").json
    ratings = tutor("rate", "--list", "--json").json
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "elsewhere"))
    taken = tutor("import", str(file), "--json").json
    assert taken["counts"] == out["counts"] and taken["backup"] is None
    assert tutor("cards", "list", "--json").json == listed
    assert tutor("rate", "--list", "--json").json == ratings
    assert tutor("progress", "--json").json["questions"]["attempts"] == 1


def test_an_import_keeps_what_was_there(tutor: Tutor, home: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.zip"
    tutor("export", str(empty))
    answer(tutor)
    before = tmp_path / "before.zip"
    tutor("export", str(before))
    backup = Path(tutor("import", str(empty), "--json").json["backup"])
    assert rows(home, "attempts") == 0
    with sqlite3.connect(backup) as file:
        assert file.execute("SELECT answer FROM attempts").fetchall() == [(HALF,)]
    assert "1 answers" in tutor("import", str(before)).out
    assert rows(home, "attempts") == 1


def test_damaged_and_newer_files_are_refused_and_change_nothing(
    tutor: Tutor, home: Path, tmp_path: Path
) -> None:
    answer(tutor)
    good = tmp_path / "good.zip"
    tutor("export", str(good))
    with zipfile.ZipFile(good) as packed:
        manifest, content = json.loads(packed.read("manifest.json")), packed.read("tutor.db")

    def variant(name: str, data: bytes, **changes: object) -> str:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("manifest.json", json.dumps({**manifest, **changes}))
            packed.writestr("tutor.db", data)
        return str(path)

    (tmp_path / "cut.zip").write_bytes(good.read_bytes()[:-900])
    (tmp_path / "text.zip").write_text("no zip")
    for name, words in (
        (variant("newer.zip", content, schema=newest_schema() + 1), ("newer tutor", "Update")),
        (variant("changed.zip", content[:-5] + b"xxxxx"), ("damaged", "nothing was changed")),
        (variant("other.zip", content, kind="shopping"), ("something else",)),
        (str(tmp_path / "cut.zip"), ("damaged",)),
        (str(tmp_path / "text.zip"), ("damaged",)),
        (str(tmp_path / "none.zip"), ("No such file",)),
    ):
        assert complains(tutor("import", name), *words), name
    assert rows(home, "attempts") == 1 and not (home / "backups").exists()


def test_one_question_is_forgotten_and_the_others_stay(tutor: Tutor, home: Path) -> None:
    answer(tutor)
    tutor("quiz", "--question", "7", "--limit", "1", stdin="1\n3\n")
    tutor("quiz", "--question", "22", "--limit", "1", stdin="1\n3\n")
    assert complains(tutor("reset", "--question", "7"), "q07", "--yes")
    assert complains(tutor("reset", "--question", "99", "--yes"), "99")
    assert rows(home, "cards") == 2
    removed = tutor("reset", "--question", "7", "--yes", "--json").json["removed"]
    assert removed["attempts"] == 1 and removed["cards"] == 1 and removed["reviews"] == 1
    assert rows(home, "cards") == 1 and rows(home, "attempts") == 0 and rows(home, "questions") == 0
    assert "Nothing was kept of q07" in tutor("reset", "--question", "7", "--yes").out


def test_an_appeal_counts_once_and_becomes_a_graded_example(tutor: Tutor, tmp_path: Path) -> None:
    assert complains(tutor("appeals", "add", "--question", "7"), "no verdict")
    odd = HALF + ' "so to say" \\ twice'
    answer(tutor, odd)
    assert tutor("appeals", "add", "--question", "7", "--json").json["answer"] == odd
    assert tutor("ask", "I was right", "--json").json["intent"] == "appeal"
    states = {row["id"]: row["state"] for row in tutor("questions", "--json").json}
    assert states["q07"] == "done"
    file = tmp_path / "appeals.toml"
    assert tutor("appeals", "export", str(file), "--json").json["appeals"] == 1
    (case,) = AnswersFile.model_validate(tomllib.loads(file.read_text("utf-8"))).examples
    required = [point.id for point in Course.load().question(7).rubric.points if point.required]
    assert case.answer == odd and case.verdict == "correct" and list(case.points) == required
    assert "q07-dot-product/answers.toml" in file.read_text("utf-8")
    assert complains(tutor("appeals", "export", str(tmp_path / "no" / "x.toml")), "can be written")

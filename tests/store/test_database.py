"""The learner's file: migrations, two writers, and files that cannot be used."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.store import database
from tutor.store.database import Database, StoreError


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of migrations of its own, the real first one included."""
    folder = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, folder)
    monkeypatch.setattr(database, "MIGRATIONS", folder)
    return folder


def test_a_new_file_is_at_the_newest_version_without_a_backup(tmp_path: Path) -> None:
    db = Database(tmp_path / "new" / "tutor.db")
    assert db.version == max(int(p.name[:4]) for p in database.MIGRATIONS.glob("*.sql"))
    assert not (tmp_path / "new" / "backups").exists()


def test_a_migration_keeps_what_is_there_and_copies_it_before(tmp_path: Path, migrations: Path) -> None:
    old = Database(tmp_path / "tutor.db")
    old.run("INSERT INTO settings VALUES ('question', '\"q07\"')")
    old_version = old.version
    newest = old_version + 1
    old.close()
    (migrations / f"{newest:04}_more.sql").write_text(
        "CREATE TABLE more (x INTEGER) STRICT;\nINSERT INTO more\n  VALUES (1);\n"
        "UPDATE settings SET value = '\"q22\"';"
    )
    new = Database(tmp_path / "tutor.db")
    assert new.version == newest
    assert [row["value"] for row in new.all("SELECT value FROM settings")] == ['"q22"']
    (file,) = (tmp_path / "backups").glob("*.db")
    copy = sqlite3.connect(file)
    assert copy.execute("PRAGMA user_version").fetchone() == (old_version,)
    assert copy.execute("SELECT value FROM settings").fetchall() == [('"q07"',)]
    Database(tmp_path / "tutor.db").close()
    assert len(list((tmp_path / "backups").glob("*.db"))) == 1, "opening again migrates nothing"


def test_numbers_of_migrations_may_have_gaps(tmp_path: Path, migrations: Path) -> None:
    old = Database(tmp_path / "tutor.db")
    newest = old.version + 7
    old.close()
    (migrations / f"{newest:04}_later.sql").write_text("CREATE TABLE later (x INTEGER) STRICT;\n")
    new = Database(tmp_path / "tutor.db")
    assert new.version == newest and new.all("SELECT * FROM later") == []


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, migrations: Path) -> None:
    old = Database(tmp_path / "tutor.db")
    old.run("INSERT INTO settings VALUES ('question', '\"q07\"')")
    version = old.version
    old.close()
    broken = migrations / f"{version + 1:04}_broken.sql"
    broken.write_text("DELETE FROM settings;\nCREATE TABLE oops (;\n")
    with pytest.raises(StoreError, match=r"cannot open .*tutor\.db"):
        Database(tmp_path / "tutor.db")
    broken.unlink()
    again = Database(tmp_path / "tutor.db")
    assert again.version == version
    assert len(again.all("SELECT * FROM settings")) == 1


def test_a_file_of_a_newer_tutor_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "tutor.db"
    Database(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreError, match="newer tutor"):
        Database(path)
    assert sqlite3.connect(path).execute("PRAGMA user_version").fetchone() == (999,)


def test_a_corrupt_file_is_one_clear_line_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "tutor.db"
    path.write_bytes(b"this is not a database, " * 200)
    with pytest.raises(StoreError, match="Move the file away") as caught:
        Database(path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes().startswith(b"this is not a database")


def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot make the folder .*TUTOR_HOME"):
        Database(tmp_path / "file" / "tutor.db")
    (tmp_path / "tutor.db").mkdir()
    with pytest.raises(StoreError, match="cannot open"):
        Database(tmp_path / "tutor.db")


def test_a_transaction_is_all_or_nothing_and_joins_an_outer_one(tmp_path: Path) -> None:
    db = Database(tmp_path / "tutor.db")
    with pytest.raises(KeyError), db.transaction():
        db.run("INSERT INTO settings VALUES ('a', '1')")
        with db.transaction():
            db.run("INSERT INTO settings VALUES ('b', '2')")
        raise KeyError
    assert db.all("SELECT * FROM settings") == []
    with db.transaction():
        db.run("INSERT INTO settings VALUES ('a', '1')")
    assert len(db.all("SELECT * FROM settings")) == 1


def test_a_full_disk_is_one_clear_line_and_later_writes_work(tmp_path: Path) -> None:
    db = Database(tmp_path / "tutor.db")
    pages = db.all("PRAGMA page_count")[0][0]
    db.all(f"PRAGMA max_page_count = {pages}")
    long = "x" * 100_000
    with pytest.raises(StoreError, match=r"cannot write .*disk is full"):
        db.run("INSERT INTO settings VALUES ('a', ?)", long)
    db.all("PRAGMA max_page_count = 100000")
    db.run("INSERT INTO settings VALUES ('b', ?)", long)
    assert [row["key"] for row in db.all("SELECT * FROM settings")] == ["b"]


WRITER = """
import sys
from pathlib import Path
from tutor.store.paths import Paths
from tutor.store.store import Store
store = Store(Paths(Path(sys.argv[1])))
for number in range(int(sys.argv[3])):
    with store.transaction():
        count = store.settings.get("count", 0)
        store.learning.say("you", f"{sys.argv[2]}-{number}")
        store.settings.set("count", count + 1)
"""


def test_two_processes_that_open_and_write_at_once_lose_nothing(tmp_path: Path) -> None:
    """Both create the file, both migrate, both read and then write inside one transaction."""
    for attempt in range(3):
        home = tmp_path / str(attempt)
        names, each = ("a", "b", "c"), 60
        commands = [[sys.executable, "-c", WRITER, str(home), name, str(each)] for name in names]
        writers = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for command in commands]
        errors = [writer.communicate(timeout=60)[1] for writer in writers]
        assert errors == ["", "", ""]
        db = Database(home / "tutor.db")
        assert len(db.all("SELECT DISTINCT text FROM messages")) == len(names) * each
        assert db.all("SELECT value FROM settings WHERE key = 'count'")[0]["value"] == str(len(names) * each)
        assert not (home / "backups").exists()

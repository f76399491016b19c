"""Notes come back as they were kept; a question's go with the question."""

from pathlib import Path

import pytest

from tutor.store.paths import Paths
from tutor.store.store import Store
from tutor.store.whole import counts, forget_question


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Paths(tmp_path))


def test_a_note_is_kept_and_replaced(store: Store) -> None:
    store.notes.keep([("q07", "* one", 3), ("q22", "* two", 9)], "a.md")
    store.notes.keep([("q07", "* new\n```\ncode\n```", 5)], "b.md")
    note = store.notes.get("q07")
    assert note is not None and (note.text, note.file, note.line) == ("* new\n```\ncode\n```", "b.md", 5)
    assert {ref: one.text for ref, one in store.notes.all().items()} == {"q07": note.text, "q22": "* two"}
    assert store.notes.get("q01") is None


def test_all_notes_of_a_file_are_kept_or_none(store: Store) -> None:
    with pytest.raises(Exception, match="NOT NULL"):
        store.notes.keep([("q07", "* one", 3), ("q08", None, 4)], "a.md")  # type: ignore[list-item]
    assert store.notes.all() == {}


def test_notes_are_counted_and_forgotten_with_their_question(store: Store) -> None:
    store.notes.keep([("q07", "* one", 3), ("q22", "* two", 9)], "a.md")
    assert counts(store.database)["notes"] == 2
    assert forget_question(store.database, "q07")["notes"] == 1
    assert list(store.notes.all()) == ["q22"]


def test_the_best_check_passed_if_any_did(store: Store) -> None:
    assert store.code.best_check("q07") is None
    store.code.add_check("q07", "wrong", False, None)
    assert store.code.best_check("q07") == ("wrong", False)
    store.code.add_check("q07", "right", True, None)
    store.code.add_check("q07", "wrong again", False, None)
    assert store.code.best_check("q07") == ("right", True)

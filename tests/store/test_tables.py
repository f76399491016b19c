"""What the tables give back is what they were given, and undo is exact."""

import sqlite3
from pathlib import Path

import pytest

from tutor.store.learning import Standing
from tutor.store.marks import MarkChange, MarkRow, Reteaching
from tutor.store.paths import Paths
from tutor.store.practice import CardRow
from tutor.store.ratings import Change, FilmRow
from tutor.store.store import Store

FARGO = FilmRow("fargo-1996", "Fargo", 1996, ("Crime", "Drama"), {"ml-100k": "100"})
HEAT = FilmRow("heat-1995", "Heat", 1995, (), {})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Paths(tmp_path))


def test_looking_at_paths_creates_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    assert Paths.default().to_dict()["database"] == str(tmp_path / "home" / "tutor.db")
    assert list(tmp_path.iterdir()) == []


def test_ratings_can_be_changed_deleted_and_undone_to_the_start(store: Store) -> None:
    assert store.ratings.set(FARGO, 4.5) == Change(FARGO, None, 4.5)
    assert store.ratings.set(HEAT, 3.0) == Change(HEAT, None, 3.0)
    assert store.ratings.set(FARGO, 5.0) == Change(FARGO, 4.5, 5.0)
    assert store.ratings.set(HEAT, None) == Change(HEAT, 3.0, None)
    assert store.ratings.stars() == {"fargo-1996": 5.0}
    assert store.ratings.undo() == Change(HEAT, 3.0, None)
    assert store.ratings.stars() == {"fargo-1996": 5.0, "heat-1995": 3.0}
    assert store.ratings.undo() == Change(FARGO, 4.5, 5.0)
    assert store.ratings.stars() == {"fargo-1996": 4.5, "heat-1995": 3.0}
    store.ratings.undo()
    store.ratings.undo()
    assert store.ratings.stars() == {}
    assert store.ratings.undo() is None


def test_a_batch_is_undone_as_one_and_what_changes_nothing_is_left_out(store: Store) -> None:
    store.ratings.set(FARGO, 4.5)
    batch = store.ratings.change_all([(FARGO, "stars", 4.5), (HEAT, "stars", 3.0), (FARGO, "seen", 1.0)])
    assert store.ratings.change_all([(HEAT, "watchlist", 1.0)], batch) == batch
    assert store.ratings.change_all([(HEAT, "stars", 3.0)]) is None
    undone = store.ratings.undo()
    assert undone is not None and undone.count == 3
    assert store.ratings.stars() == {"fargo-1996": 4.5}
    assert not any(store.ratings.marks().values())


def test_marks_are_kept_taken_back_and_undone(store: Store) -> None:
    assert store.ratings.mark(HEAT, "watchlist") == Change(HEAT, None, 1.0, "watchlist")
    store.ratings.mark(FARGO, "watchlist")
    assert store.ratings.marked("watchlist") == [FARGO, HEAT]
    store.ratings.mark(HEAT, "watchlist", on=False)
    assert store.ratings.marks()["watchlist"] == {"fargo-1996"}
    assert store.ratings.undo() == Change(HEAT, 1.0, None, "watchlist")
    assert store.ratings.marks()["watchlist"] == {"fargo-1996", "heat-1995"}


def test_ids_elsewhere_are_added_up(store: Store) -> None:
    store.ratings.set(FARGO, 4.5)
    store.ratings.set(FilmRow("fargo-1996", "Fargo", 1996, (), {"imdb": "tt0116282"}), 4.0)
    row = store.ratings.film("fargo-1996")
    assert row is not None and row.keys == {"ml-100k": "100", "imdb": "tt0116282"}


def test_ratings_are_listed_newest_first_with_their_film(store: Store) -> None:
    store.ratings.set(FARGO, 4.5)
    store.ratings.set(HEAT, 0.5)
    assert [(row.film, row.stars) for row in store.ratings.all()] == [(HEAT, 0.5), (FARGO, 4.5)]


@pytest.mark.parametrize("stars", [0.0, 5.5])
def test_stars_outside_the_scale_never_reach_the_file(store: Store, stars: float) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        store.ratings.set(FARGO, stars)
    assert store.ratings.film("fargo-1996") is None
    assert store.ratings.undo() is None


def test_undo_of_a_review_restores_the_card_byte_for_byte(store: Store) -> None:
    first = CardRow("q07.p1", 1, '{"stability": 2.3065}', "2026-01-02T00:00:00", "2026-01-01T00:00:00")
    second = CardRow("q07.p1", 1, '{"stability": 7.1}', "2026-01-09T00:00:00", "2026-01-01T00:00:00")
    store.practice.save_review(first, 3, item="i1")
    store.practice.save_review(second, 4, duration_ms=1200, item="i2")
    undone = store.practice.undo_review()
    assert undone is not None
    assert (undone.rating, undone.item, undone.duration_ms) == (4, "i2", 1200)
    assert store.practice.cards() == [first]
    store.practice.undo_review()
    assert store.practice.cards() == []
    assert store.practice.reviews() == []
    assert store.practice.undo_review() is None


def test_marks_come_back_as_they_went_in_and_undo_to_none(store: Store) -> None:
    first = MarkRow("q07.p1", suspended=True, note="like a bill, „so“")
    second = MarkRow("q07.p1", flagged=True, buried_until="2026-03-03T00:00:00+00:00")
    store.marks.set(first, "suspend", "2026-03-01T10:00:00+00:00")
    store.marks.set(second, "bury")
    assert store.marks.all() == [second] and store.marks.get("q22.p1") == MarkRow("q22.p1")
    assert store.marks.resting("2026-03-02T00:00:00+00:00") == {"q07.p1"}
    assert store.marks.resting("2026-03-04T00:00:00+00:00") == set()
    assert store.marks.undo().what == "bury"  # type: ignore[union-attr]
    assert store.marks.get("q07.p1") == first
    assert store.marks.undo() == MarkChange("q07.p1", "suspend", "2026-03-01T10:00:00+00:00")
    assert store.marks.all() == [] and store.marks.undo() is None


def test_what_was_taught_again_is_kept_in_order(store: Store) -> None:
    ways = [Reteaching("q07.p1", 4, "experiment", "dot-product", "2026-03-01"),
            Reteaching("q07.p1", 6, "lesson", "q07", "2026-03-09")]  # fmt: skip
    for way in ways:
        store.marks.teach_again(way)
    assert store.marks.reteachings("q07.p1") == store.marks.reteachings() == ways
    assert store.marks.reteachings("q22.p1") == []


def test_standing_and_attempts_come_back_as_they_went_in(store: Store) -> None:
    standing = Standing("q07", "started", frozenset({"p1", "p2"}), {"p3": 2}, attempts=1, hints=2, told=True)
    store.learning.save_standing(standing)
    store.learning.add_attempt("q07", "multiply and add", {"verdict": "partial", "score": 0.5, "points": []})
    back = store.learning.standing("q07")
    assert back.updated_at > ""
    assert (back.covered, back.rungs, back.told) == (standing.covered, standing.rungs, True)
    assert store.learning.standing("q22") == Standing("q22")
    (attempt,) = store.learning.attempts("q07")
    assert attempt.grade == {"verdict": "partial", "score": 0.5, "points": []}
    assert store.learning.attempts("q22") == []


def test_the_transcript_ends_with_the_newest_line(store: Store) -> None:
    for number in range(5):
        store.learning.say("tutor" if number % 2 else "you", f"line {number}", question="q07")
    assert [message.text for message in store.learning.messages(2)] == ["line 3", "line 4"]


def test_a_run_is_there_before_it_ends(store: Store) -> None:
    run = store.runs.start("weight-decay", {"wd": [0, 0.1]}, "fall")
    assert [(row.status, row.result) for row in store.runs.all()] == [("running", None)]
    store.runs.end(run, "finished", {"holds": True})
    (row,) = store.runs.all("weight-decay")
    assert (row.status, row.result, row.config, row.prediction) == (
        "finished", {"holds": True}, {"wd": [0, 0.1]}, "fall",
    )  # fmt: skip
    assert store.runs.all("dot-product") == []


def test_settings_hold_what_json_holds(store: Store) -> None:
    assert store.settings.get("draft", "") == ""
    store.settings.set("draft", "half-typed … ü")
    store.settings.set("draft", {"q07": "half-typed … ü"})
    assert store.settings.get("draft") == {"q07": "half-typed … ü"}

"""The real log through our store: fsrs' own states, card for card; out and in again without a change."""

from __future__ import annotations

import json
from pathlib import Path

import fsrs
import pytest

from tests.core.real_log import SAMPLE, by_fsrs, by_store, read, states_of
from tutor.core.review_log import read_log, write_log
from tutor.store.paths import Paths
from tutor.store.store import Store

LOG = read(SAMPLE)


def test_a_real_log_gives_the_states_of_fsrs_through_restarts_and_undo(tmp_path: Path) -> None:
    assert len(LOG) == 856
    assert by_store(LOG, tmp_path, restart_every=100, undo_every=50) == by_fsrs(LOG)


@pytest.mark.parametrize("ending", [".csv", ".json"])
def test_a_log_comes_back_with_the_same_states_and_undoes_to_nothing(tmp_path: Path, ending: str) -> None:
    by_store(LOG[:300], tmp_path / "one")
    one, other = Store(Paths(tmp_path / "one")), Store(Paths(tmp_path / "other"))
    file = tmp_path / f"log{ending}"
    assert write_log(one.practice, file) == 300
    done = read_log(other, file)
    assert (done.added, done.known, done.skipped) == (300, 0, ())
    assert states_of(other) == states_of(one)
    assert [(r.card, r.at, r.rating, r.duration_ms, r.before) for r in other.practice.reviews()] == [
        (r.card, r.at, r.rating, r.duration_ms, r.before) for r in one.practice.reviews()
    ]
    assert read_log(other, file).added == 0
    while other.practice.undo_review():
        pass
    assert other.practice.cards() == []


def test_halves_of_a_log_merge_in_any_order(tmp_path: Path) -> None:
    by_store(LOG[:300], tmp_path / "whole")
    whole = Store(Paths(tmp_path / "whole"))
    by_store(LOG[100:200], tmp_path / "middle")
    middle = Store(Paths(tmp_path / "middle"))
    write_log(whole.practice, tmp_path / "whole.csv")
    done = read_log(middle, tmp_path / "whole.csv")
    assert (done.added, done.known) == (200, 100)
    assert states_of(middle) == states_of(whole)
    assert [r.at for r in middle.practice.reviews()] == [r.at for r in whole.practice.reviews()]


def test_fsrs_reads_what_is_written(tmp_path: Path) -> None:
    by_store(LOG[:40], tmp_path)
    store = Store(Paths(tmp_path))
    write_log(store.practice, tmp_path / "log.json")
    logs = [fsrs.ReviewLog.from_dict(row) for row in json.loads((tmp_path / "log.json").read_text())]
    assert [(log.card_id, int(log.rating), log.review_datetime, log.review_duration) for log in logs] == [
        (one.number, one.rating, one.at, one.duration_ms) for one in LOG[:40]
    ]

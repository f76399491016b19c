"""Data sets: which is current, how they come, what a failure leaves behind."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from movie_world import a_dataset

from recommender.datasets.cache import write_prepared
from tutor.core import datasets
from tutor.core.datasets import DataNotHere, DataSets, UnknownData
from tutor.core.events import Cancelled, Failed, Progress, Rested
from tutor.store.paths import Paths
from tutor.store.store import Store

REFUSED = "MovieLens 100K could not be fetched (no network); the planted world needs no download"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "home")


@pytest.fixture
def store(paths: Paths) -> Iterator[Store]:
    store = Store(paths)
    yield store
    store.close()


@pytest.fixture
def data(store: Store, paths: Paths) -> DataSets:
    return DataSets(store, paths)


def put_here(paths: Paths, name: str = "ml-100k") -> Path:
    """As if a data set had been fetched."""
    file = paths.data / "prepared" / f"{name}.npz"
    file.parent.mkdir(parents=True, exist_ok=True)
    write_prepared(file, a_dataset([("Fargo", 1996), ("Heat", 1995)]), name)
    return file


def say(monkeypatch: pytest.MonkeyPatch, *lines: str, code: int = 0, before: str = "") -> None:
    """Put a command that says these lines in the place of the real one."""
    script = f"import sys, time; {before}\nfor line in {lines!r}: print(line, flush=True)\nsys.exit({code})"
    monkeypatch.setattr(datasets, "python", lambda *arguments: [sys.executable, "-c", script])


FINISHED = (
    '{"event": "finished", "data": "ml-100k", "label": "MovieLens 100K", "ratings": 100000, '
    '"licence": "Free for research."}'
)


# --- which one ---------------------------------------------------------------------------------


def test_the_planted_world_serves_until_movielens_is_here(data: DataSets, paths: Paths) -> None:
    assert data.current == "planted"
    assert data.dataset().invented
    put_here(paths)
    assert data.current == "ml-100k"
    assert not data.dataset().invented


def test_the_learners_choice_counts_and_only_what_is_here_can_be_chosen(
    data: DataSets, paths: Paths, store: Store
) -> None:
    put_here(paths)
    assert data.use("planted").name == "planted"
    assert data.current == DataSets(store, paths).current == "planted"
    with pytest.raises(DataNotHere, match="tutor data fetch ml-1m"):
        data.use("ml-1m")
    with pytest.raises(UnknownData, match="ml-9k"):
        data.use("ml-9k")
    assert data.current == "planted"


def test_a_pin_holds_for_this_program_alone(data: DataSets, paths: Paths, store: Store) -> None:
    put_here(paths)
    data.pin("planted")
    assert data.current == "planted"
    assert DataSets(store, paths).current == "ml-100k"


def test_files_that_vanish_leave_the_planted_world(data: DataSets, paths: Paths, store: Store) -> None:
    file = put_here(paths)
    assert data.current == "ml-100k"
    file.unlink()
    fresh = DataSets(store, paths)
    assert fresh.dataset().invented
    assert fresh.current == "planted"


def test_a_damaged_copy_is_one_clear_line(data: DataSets, paths: Paths) -> None:
    file = put_here(paths)
    assert data.current == "ml-100k"
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(UnknownData, match="damaged") as caught:
        data.dataset()
    assert "\n" not in str(caught.value)


def test_the_list_says_what_is_here_and_on_what_terms(data: DataSets, paths: Paths) -> None:
    put_here(paths)
    rows = {row.name: row for row in data.list()}
    assert {name for name, row in rows.items() if row.ready} == {"planted", "ml-100k"}
    assert [name for name, row in rows.items() if row.current] == ["ml-100k"]
    assert [name for name, row in rows.items() if row.invented] == ["planted"]
    assert all(row.licence and row.size for row in rows.values())


# --- fetching ------------------------------------------------------------------------------------


def test_a_fetch_tells_its_progress_and_ends_ready(
    data: DataSets, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, '{"event": "progress", "done": 1, "total": 4, "note": "downloading"}', FINISHED)
    events = list(data.fetch())
    assert events[0] == Progress(fraction=0.25, note="downloading")
    assert isinstance(events[-1], Rested)
    assert events[-1].note == "MovieLens 100K is here: 100,000 ratings. Free for research."
    assert data.current == "ml-100k"
    assert not data.fetch_wanted


def test_a_refused_fetch_is_one_line_and_not_tried_again_for_a_day(
    data: DataSets, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert data.fetch_wanted
    say(monkeypatch, f'{{"event": "failed", "message": "{REFUSED}"}}', code=1)
    assert list(data.fetch("ml-100k")) == [Failed(message=REFUSED)]
    assert data.current == "planted"
    assert not data.fetch_wanted
    yesterday = datetime.now(UTC) - timedelta(days=1, minutes=1)
    store.settings.set("fetch_failed_at", yesterday.isoformat())
    assert data.fetch_wanted
    say(monkeypatch, FINISHED)
    list(data.fetch("ml-100k"))
    assert store.settings.get("fetch_failed_at") is None


def test_a_chosen_data_set_is_not_replaced_by_a_fetch_of_our_own(data: DataSets) -> None:
    data.use("planted")
    assert not data.fetch_wanted


def test_a_command_that_dies_is_a_failure_with_its_log(
    data: DataSets, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, code=3, before="print('disk is full', file=sys.stderr)")
    (failed,) = data.fetch()
    assert isinstance(failed, Failed)
    assert failed.log is not None
    assert "disk is full" in Path(failed.log).read_text()


def test_a_cancelled_fetch_is_no_failure(data: DataSets, monkeypatch: pytest.MonkeyPatch) -> None:
    say(monkeypatch, FINISHED, before="time.sleep(60)")
    assert list(data.fetch("ml-100k", lambda: True)) == [Cancelled()]
    assert data.fetch_wanted
    assert data.current == "planted"


@pytest.mark.parametrize("name", ["ml-9k", "planted", ""])
def test_what_cannot_be_fetched_is_refused_at_once(data: DataSets, name: str) -> None:
    with pytest.raises(UnknownData, match="ml-100k, ml-latest-small"):
        data.fetch(name)


# --- the learner's own -----------------------------------------------------------------------------


def test_own_ratings_are_read_listed_and_used(data: DataSets, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    lines = [f"{user},{item},{(user * item) % 10 / 2 + 0.5}" for user in range(1, 9) for item in range(1, 6)]
    file.write_text("userId,movieId,rating\n" + "\n".join(lines) + "\n")
    last = list(data.add(file))[-1]
    assert isinstance(last, Rested), last
    assert last.data["ratings"] == 40
    (row,) = [row for row in data.list() if row.name == str(file)]
    assert (row.label, row.ready, row.current) == ("mine.csv", True, False)
    assert data.use("mine.csv").current
    assert data.current == str(file)
    assert len(data.dataset().ratings) == 40


def test_a_file_that_cannot_be_read_is_one_line_with_its_place(data: DataSets, tmp_path: Path) -> None:
    with pytest.raises(UnknownData, match="no file or folder"):
        data.add(tmp_path / "nothing.csv")
    file = tmp_path / "broken.csv"
    file.write_text("colour,shape\nred,round\n")
    last = list(data.add(file))[-1]
    assert isinstance(last, Failed)
    assert "broken.csv" in last.message
    assert "\n" not in last.message
    assert str(file) not in {row.name for row in data.list()}

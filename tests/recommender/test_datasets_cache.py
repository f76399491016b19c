"""The prepared copy: fast, whole, shared, and honest about damage."""

import json
import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from datasets_samples import csvs, ml_100k, recbole

from recommender.datasets import DataError, DataMissing, cache_root, known, load, prepare, prepared
from recommender.datasets.registry import KNOWN


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache that holds the raw files of a very small ml-100k."""
    raw = tmp_path / "cache" / "raw" / "ml-100k"
    raw.mkdir(parents=True)
    recbole(raw)
    return tmp_path / "cache"


def copy_of(cache: Path, name: str = "ml-100k") -> Path:
    return cache / "prepared" / f"{name}.npz"


def test_a_known_set_that_is_not_here_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(DataMissing) as caught:
        load("ml-100k", tmp_path)
    assert str(caught.value) == (
        "MovieLens 100K is not on this machine yet; get it with: python -m recommender.datasets fetch ml-100k"
    )
    assert not prepared("ml-100k", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_raw_files_are_read_once_and_kept_prepared(cache: Path) -> None:
    first = load("ml-100k", cache)
    assert prepared("ml-100k", cache) and first.label == "MovieLens 100K" and first.users is not None
    for file in (cache / "raw" / "ml-100k").iterdir():
        file.unlink()
    second = load("ml-100k", cache)
    assert second.ratings.fingerprint == first.ratings.fingerprint
    assert second.items.titles == first.items.titles and second.items.keys == first.items.keys
    assert second.users is not None and second.users.occupations == first.users.occupations
    assert (second.low, second.high, second.licence) == (1.0, 5.0, KNOWN["ml-100k"].info.licence)
    assert not second.ratings.stars.flags.writeable


def test_both_sources_of_ml_100k_give_one_data_set(cache: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "raw" / "ml-100k.zip"
    other.parent.mkdir(parents=True)
    folder = tmp_path / "ml-100k"
    folder.mkdir()
    ml_100k(folder)
    with zipfile.ZipFile(other, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"ml-100k/{file.name}")
    one, two = load("ml-100k", cache), load("ml-100k", tmp_path / "other")
    assert one.ratings.fingerprint == two.ratings.fingerprint
    assert one.items.__dict__ == two.items.__dict__
    assert one.users is not None and two.users is not None and one.users.__dict__ == two.users.__dict__


@pytest.mark.parametrize("at", [0.02, 0.3, 0.5, 0.7, 0.98])
def test_a_damaged_copy_is_one_clear_line_with_the_remedy(cache: Path, at: float) -> None:
    load("ml-100k", cache)
    content = bytearray(copy_of(cache).read_bytes())
    for offset in range(40):
        content[int(at * (len(content) - 41)) + offset] ^= 0xFF
    copy_of(cache).write_bytes(content)
    with pytest.raises(DataError, match=r"damaged .*; delete the file or fetch the data set again") as caught:
        load("ml-100k", cache)
    assert str(caught.value).startswith(str(copy_of(cache))) and "\n" not in str(caught.value)
    prepare("ml-100k", cache)
    assert len(load("ml-100k", cache).ratings) == 4


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + b"\0" * 18])
def test_a_file_that_is_no_copy_is_one_clear_line(cache: Path, content: bytes) -> None:
    load("ml-100k", cache)
    copy_of(cache).write_bytes(content)
    assert not prepared("ml-100k", cache)
    with pytest.raises(DataError, match="this prepared copy is damaged"):
        load("ml-100k", cache)


def test_a_copy_of_another_version_is_made_anew(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load("ml-100k", cache)
    for module in ("presence", "cache"):
        monkeypatch.setattr(f"recommender.datasets.{module}.FORMAT", 99)
    assert not prepared("ml-100k", cache)
    load("ml-100k", cache)
    with zipfile.ZipFile(copy_of(cache)) as archive:
        assert json.loads(archive.read("stamp.json"))["format"] == 99


def test_no_pickle_is_ever_loaded(cache: Path) -> None:
    load("ml-100k", cache)
    with zipfile.ZipFile(copy_of(cache)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(copy_of(cache), "w") as archive:
        for name, content in members.items():
            if name != "stars.npy":
                archive.writestr(name, content)
        with archive.open("stars.npy", "w") as member:
            np.lib.format.write_array(member, np.array([{"a": 1}] * 4, dtype=object), allow_pickle=True)
    with pytest.raises(DataError, match="damaged"):
        load("ml-100k", cache)


def test_a_spoilt_raw_file_names_line_column_and_remedy(cache: Path) -> None:
    raw = cache / "raw" / "ml-100k" / "ml-100k.inter"
    raw.write_text(raw.read_text().replace("\t3\t", "\t?\t"))
    with pytest.raises(DataError, match=r"ml-100k\.inter: line 3, column 3: .*; fetch the data set again"):
        load("ml-100k", cache)
    assert not copy_of(cache).exists()


def test_a_path_is_prepared_on_request_and_again_when_it_changes(tmp_path: Path) -> None:
    folder, cache = tmp_path / "mine", tmp_path / "cache"
    folder.mkdir()
    csvs(folder)
    load(str(folder), cache)
    assert not cache.exists() and not prepared(str(folder), cache)
    prepare(str(folder), cache)
    assert prepared(str(folder), cache)
    (folder / "movies.csv").write_text((folder / "movies.csv").read_text().replace("Toy Story", "Toy Box"))
    os.utime(folder / "movies.csv", ns=(1, 1))
    assert not prepared(str(folder), cache)
    assert load(str(folder), cache).items.titles[2] == "Toy Box"


def test_other_wishes_are_another_copy(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text("user,item,rating,mark\n1,2,3,4\n")
    prepare(str(file), tmp_path)
    assert load(str(file), tmp_path, columns={"rating": "mark"}).ratings.stars.tolist() == [4.0]
    assert load(str(file), tmp_path).ratings.stars.tolist() == [3.0]


def test_two_at_once_leave_one_whole_copy_and_nothing_else(cache: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: prepare("ml-100k", cache).ratings.fingerprint, range(24)))
    assert len(set(found)) == 1
    assert [file.name for file in (cache / "prepared").iterdir()] == ["ml-100k.npz"]
    assert len(load("ml-100k", cache).ratings) == 4


def test_a_cache_that_cannot_be_written_costs_time_only(cache: Path) -> None:
    (cache / "prepared").write_text("a file where the folder should be")
    assert len(load("ml-100k", cache).ratings) == 4


def test_the_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RECOMMENDER_HOME", str(tmp_path / "here"))
    assert cache_root() == tmp_path / "here"
    monkeypatch.delenv("RECOMMENDER_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert "recommender" in cache_root().name
    assert list(tmp_path.iterdir()) == []


def test_all_names_of_the_contract_are_known_with_terms_in_one_line() -> None:
    names = [info.name for info in known()]
    expected = ["ml-100k", "ml-latest-small", "ml-1m", "ml-10m", "ml-20m", "ml-25m", "ml-32m"]
    assert names == ["planted", *expected]
    for info in known():
        assert info.label and info.size and info.source and info.licence and "\n" not in info.licence
    for name in expected:
        archive = KNOWN[name].archive
        assert archive.url == f"https://files.grouplens.org/datasets/movielens/{name}.zip"
        assert archive.md5 is None or len(archive.md5) == 32
    assert replace(KNOWN["ml-100k"].archive).md5 == "0e33842e24a9c977be4e0107933c0723"


def modules_after(code: str) -> list[str]:
    """Which of the heavy modules a fresh Python has loaded after `code`."""
    heavy = "{'numpy', 'pandas', 'torch', 'urllib.request'}"
    code = f"import sys\nfrom pathlib import Path\n{code}\nprint(*({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_looking_what_is_here_needs_no_numpy_and_loading_no_pandas(cache: Path) -> None:
    load("ml-100k", cache)
    there = f"Path({str(cache)!r})"
    looking = (
        f"from recommender.datasets import known, prepared; known(); assert prepared('ml-100k', {there})"
    )
    assert modules_after(looking) == []
    assert modules_after(f"from recommender.datasets import load; load('ml-100k', {there})") == ["numpy"]

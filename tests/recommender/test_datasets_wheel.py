"""The second source: the data out of a pinned wheel, by the user's own pip."""

import hashlib
import os
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from datasets_samples import recbole
from datasets_server import Server, ending, entry, parts, server

from recommender.datasets import FetchFailed
from recommender.datasets.download import FetchProgress
from recommender.datasets.fetching import FetchFinished, fetch_known
from recommender.datasets.registry import Wheel

__all__ = ["server"]  # the fixture

BAD_PIP = (sys.executable, "-c", "import sys; sys.exit('ERROR: No matching distribution found')")


def wheel_of(folder: Path) -> tuple[Wheel, Path]:
    """A small package like the real one, and the folder it lies in."""
    inside = folder / "files"
    inside.mkdir()
    recbole(inside)
    at = "recbole/dataset_example/ml-100k"
    shelf = folder / "shelf"
    shelf.mkdir()
    with zipfile.ZipFile(shelf / "recbole-1.2.1-py3-none-any.whl", "w") as packed:
        for file in inside.iterdir():
            packed.write(file, f"{at}/{file.name}")
        packed.writestr(f"{at}/ml-100k.kg", "not wanted")
        packed.writestr("recbole/__init__.py", "raise SystemExit('never run')")
        info = "recbole-1.2.1.dist-info"
        packed.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: recbole\nVersion: 1.2.1\n")
        packed.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        packed.writestr(f"{info}/RECORD", "")
    sums = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in inside.iterdir()}
    return Wheel("recbole==1.2.1", at, sums), shelf


def test_refused_by_the_server_the_data_comes_out_of_the_wheel_by_the_users_own_pip(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel, shelf = wheel_of(tmp_path)
    server.status = 403
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    events = list(fetch_known(entry(server, wheel), tmp_path / "cache"))
    last = events[-1]
    assert isinstance(last, FetchFinished) and last.source == "recbole==1.2.1" and last.ratings == 4
    notes = [event.note for event in events if isinstance(event, FetchProgress)]
    assert any("403 Forbidden; asking pip" in note for note in notes)
    raw = tmp_path / "cache" / "raw" / "ml-100k"
    assert sorted(file.name for file in raw.iterdir()) == ["ml-100k.inter", "ml-100k.item", "ml-100k.user"]
    server.status, server.content = 500, b""
    ending(fetch_known(entry(server, wheel), tmp_path / "cache", pip=BAD_PIP))
    assert len(server.asked) == 1


def copying_pip(shelf: Path) -> tuple[str, ...]:
    """A command that does what `pip download` does, without pip."""
    code = f"import shutil, sys; shutil.copy(*sorted(__import__('pathlib').Path({str(shelf)!r}).iterdir()), "
    return (sys.executable, "-c", code + "sys.argv[sys.argv.index('--dest') + 1])")


def test_other_files_under_the_same_name_are_refused(server: Server, tmp_path: Path) -> None:
    wheel, shelf = wheel_of(tmp_path)
    server.status = 404
    wrong = replace(wheel, sha256={**wheel.sha256, "ml-100k.user": "0" * 64})
    with pytest.raises(FetchFailed, match=r"ml-100k\.user of recbole==1\.2\.1: checksum [0-9a-f]{64}, not 0"):
        list(fetch_known(entry(server, wrong), tmp_path / "cache", pip=copying_pip(shelf)))
    assert parts(tmp_path / "cache") == []
    missing = replace(wheel, folder="recbole/elsewhere")
    with pytest.raises(FetchFailed, match=r"recbole-1\.2\.1.*\.whl: There is no item named"):
        list(fetch_known(entry(server, missing), tmp_path / "cache", pip=copying_pip(shelf)))


@pytest.mark.parametrize(
    ("pip", "said"),
    [
        (
            (sys.executable, "-S", "-E", "-m", "pip"),
            r"this Python has no pip \(python -m ensurepip adds it\)",
        ),
        (BAD_PIP, r"pip download recbole==1\.2\.1: No matching distribution found"),
        ((sys.executable, "-c", ""), r"pip brought no wheel of recbole==1\.2\.1"),
        ((sys.executable, "-c", "raise SystemExit(1)"), "it failed without a word"),
        (("/nonexistent/python", "-m", "pip"), "pip cannot be started: No such file"),
    ],
)
def test_when_pip_cannot_help_both_reasons_are_said(
    pip: tuple[str, ...], said: str, server: Server, tmp_path: Path
) -> None:
    wheel, _ = wheel_of(tmp_path)
    server.status = 403
    with pytest.raises(
        FetchFailed, match=f"403 Forbidden; .*{said}.*the planted world needs no download"
    ) as caught:
        list(fetch_known(entry(server, wheel), tmp_path / "cache", pip=pip))
    assert "\n" not in str(caught.value) and parts(tmp_path / "cache") == []


def test_closing_the_iterator_ends_pip(server: Server, tmp_path: Path) -> None:
    wheel, _ = wheel_of(tmp_path)
    server.status = 403
    mark = tmp_path / "pid"
    code = (
        f"import os, time, pathlib; pathlib.Path({str(mark)!r}).write_text(str(os.getpid())); time.sleep(60)"
    )
    events = fetch_known(entry(server, wheel), tmp_path / "cache", pip=(sys.executable, "-c", code))
    next(events)
    next(events)
    while not (mark.exists() and mark.read_text()):
        time.sleep(0.01)
    events.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)

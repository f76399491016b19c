"""Downloads against a server on this machine: whole, refused, cut, wrong, two at once."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from datasets_server import Server, ending, entry, parts, server

from recommender.datasets import DataError, FetchFailed, download, fetch, load, prepared
from recommender.datasets.download import FetchProgress
from recommender.datasets.fetching import FetchFinished, fetch_known
from recommender.datasets.registry import KNOWN, Archive

__all__ = ["server"]  # the fixture


def test_a_download_ends_prepared_with_its_terms(server: Server, tmp_path: Path) -> None:
    events = list(fetch_known(entry(server), tmp_path))
    last = events[-1]
    assert isinstance(last, FetchFinished) and last.source == server.url
    assert (last.users, last.items, last.ratings) == (2, 3, 4)
    assert last.fingerprint == load("ml-100k", tmp_path).ratings.fingerprint
    assert json.loads(json.dumps(last.to_dict()))["licence"] == KNOWN["ml-100k"].info.licence
    told = [event for event in events if isinstance(event, FetchProgress) and event.total]
    assert told[-1].done == told[-1].total == len(server.content)
    assert [event.done for event in told] == sorted(event.done for event in told)
    assert prepared("ml-100k", tmp_path) and parts(tmp_path) == ["ml-100k.zip"]


def test_what_is_here_and_sound_is_not_downloaded_again(server: Server, tmp_path: Path) -> None:
    ending(fetch_known(entry(server), tmp_path))
    (tmp_path / "prepared" / "ml-100k.npz").write_bytes(b"damaged")
    ending(fetch_known(entry(server), tmp_path))
    assert len(server.asked) == 1 and len(load("ml-100k", tmp_path).ratings) == 4


def test_a_damaged_archive_is_replaced(server: Server, tmp_path: Path) -> None:
    ending(fetch_known(entry(server), tmp_path))
    (tmp_path / "raw" / "ml-100k.zip").write_bytes(server.content[:-1])
    ending(fetch_known(entry(server), tmp_path))
    assert (tmp_path / "raw" / "ml-100k.zip").read_bytes() == server.content


def test_a_cut_connection_is_taken_up_where_it_ended(server: Server, tmp_path: Path) -> None:
    server.cut_after = [100_000, 150_000]
    ending(fetch_known(entry(server), tmp_path))
    assert server.asked == [None, "bytes=100000-", "bytes=250000-"]


def test_the_next_try_continues_what_an_interrupted_one_left(server: Server, tmp_path: Path) -> None:
    events = fetch_known(entry(server), tmp_path)
    first = next(events)
    assert isinstance(first, FetchProgress) and 0 < first.done < len(server.content)
    events.close()
    assert parts(tmp_path) == [".ml-100k.zip.part"]
    ending(fetch_known(entry(server), tmp_path))
    assert server.asked == [None, f"bytes={first.done}-"]


def test_a_server_without_ranges_starts_over(server: Server, tmp_path: Path) -> None:
    server.ranges, server.cut_after = False, [100_000]
    ending(fetch_known(entry(server), tmp_path))
    assert server.asked == [None, "bytes=100000-"]


def test_a_piece_of_another_file_is_thrown_away(server: Server, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / ".ml-100k.zip.part").write_bytes(b"x" * 1000)
    ending(fetch_known(entry(server), tmp_path))
    assert server.asked == ["bytes=1000-", None]


@pytest.mark.parametrize("left", ["whole", "too much"])
def test_a_piece_that_is_whole_already_needs_no_more(left: str, server: Server, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    piece = server.content if left == "whole" else server.content + b"more"
    (tmp_path / "raw" / ".ml-100k.zip.part").write_bytes(piece)
    ending(fetch_known(entry(server), tmp_path))
    assert server.asked == [f"bytes={len(piece)}-", *([] if left == "whole" else [None])]


def test_a_connection_that_brings_nothing_is_given_up(server: Server, tmp_path: Path) -> None:
    server.cut_after = [1000, 0, 0, 0, 0, 0, 0]
    with pytest.raises(FetchFailed, match="the connection was cut"):
        list(fetch_known(entry(server), tmp_path))
    assert len(server.asked) == 4 and parts(tmp_path) == [".ml-100k.zip.part"]


def test_a_wrong_checksum_is_said_and_nothing_stays(server: Server, tmp_path: Path) -> None:
    wrong = replace(entry(server), archive=Archive(server.url, 1, "0" * 32))
    with pytest.raises(FetchFailed, match=f"checksum [0-9a-f]{{32}} instead of {'0' * 32}"):
        list(fetch_known(wrong, tmp_path))
    assert parts(tmp_path) == [] and not prepared("ml-100k", tmp_path)


def test_without_a_checksum_the_archive_must_be_sound(server: Server, tmp_path: Path) -> None:
    unchecked = replace(entry(server), archive=Archive(server.url, 1, None))
    server.says_length = False
    assert ending(fetch_known(unchecked, tmp_path / "good")).ratings == 4
    server.content = b"<html>log in first</html>"
    with pytest.raises(FetchFailed, match="is no zip archive"):
        list(fetch_known(unchecked, tmp_path / "bad"))
    assert parts(tmp_path / "bad") == []


@pytest.mark.parametrize(
    ("status", "said"), [(403, "403 Forbidden"), (404, "404 Not Found"), (503, "503 Service")]
)
def test_a_refusal_is_one_line_at_once(status: int, said: str, server: Server, tmp_path: Path) -> None:
    server.status = status
    with pytest.raises(FetchFailed, match=said) as caught:
        list(fetch_known(entry(server), tmp_path))
    assert len(server.asked) == 1 and parts(tmp_path) == []
    assert str(caught.value).startswith("MovieLens 100K could not be fetched (127.0.0.1")
    assert str(caught.value).endswith("the planted world needs no download")


def test_nobody_there_falls_through_at_once(tmp_path: Path) -> None:
    closed = replace(KNOWN["ml-100k"], archive=Archive("http://127.0.0.1:9/x.zip", 1, "0" * 32), wheel=None)
    began = time.monotonic()
    with pytest.raises(FetchFailed, match=r"127\.0\.0\.1:9: Connection refused"):
        list(fetch_known(closed, tmp_path))
    assert time.monotonic() - began < 2


def test_a_silent_server_is_not_waited_for(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "PATIENCE_S", 0.2)
    server.silent_s = 3.0
    began = time.monotonic()
    with pytest.raises(FetchFailed, match="answer"):
        list(fetch_known(entry(server), tmp_path))
    assert time.monotonic() - began < 2.5


def test_a_disk_that_cannot_be_written_is_one_line(server: Server, tmp_path: Path) -> None:
    (tmp_path / "raw").write_text("a file where the folder should be")
    with pytest.raises(FetchFailed, match="raw: cannot write: "):
        list(fetch_known(entry(server), tmp_path))


def test_two_at_once_do_not_meet(server: Server, tmp_path: Path) -> None:
    one, two = fetch_known(entry(server), tmp_path), fetch_known(entry(server), tmp_path)
    next(one)
    next(two)
    assert ending(one).fingerprint == ending(two).fingerprint
    assert server.asked == [None, None] and parts(tmp_path) == ["ml-100k.zip"]


def test_an_abandoned_piece_is_adopted_once_it_is_old(server: Server, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    orphan = tmp_path / "raw" / ".ml-100k.zip-dead.part"
    orphan.write_bytes(server.content[:5000])
    ending(fetch_known(entry(server), tmp_path / "elsewhere"))
    os.utime(orphan, (1, 1))
    ending(fetch_known(entry(server), tmp_path))
    assert server.asked == [None, "bytes=5000-"] and parts(tmp_path) == ["ml-100k.zip"]


def test_an_unknown_name_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="unknown data set 'ml-3m'"):
        fetch("ml-3m", tmp_path)


def test_a_terminated_command_puts_its_piece_aside(server: Server, tmp_path: Path) -> None:
    server.cut_after = [100_000] * 3
    code = f"""
import sys
from recommender.datasets import __main__ as door, download, registry
from dataclasses import replace
known = registry.KNOWN["ml-100k"]
registry.KNOWN["ml-100k"] = replace(known, archive=registry.Archive({server.url!r}, 1, "0" * 32), wheel=None)
download._PIECE = 1000
original = download._copy
def slowly(*given):
    import time
    for event in original(*given):
        yield event
        time.sleep(60)
download._copy = slowly
sys.exit(door.main(["fetch", "ml-100k", "--cache", {str(tmp_path)!r}]))
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    assert first["event"] == "progress" and first["done"] > 0
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert parts(tmp_path) == [".ml-100k.zip.part"]

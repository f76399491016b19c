"""Downloading one archive: given up at once when nobody answers, continued after a cut, checked."""

import contextlib
import hashlib
import http.client
import queue
import threading
import time
import urllib.error
import urllib.request
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from recommender.datasets.errors import FetchFailed
from recommender.datasets.registry import Archive
from recommender.events import Event

PATIENCE_S = 5.0  # for an answer, and for the next piece
_TRIES = 3  # connections in a row that bring nothing new
_PIECE = 1 << 16  # bytes
_REPORT_S = 0.1  # seconds between two progress events
_ORPHANED_S = 60.0  # a part that nobody has written to for so long belongs to nobody


class SourceFailed(Exception):
    """One source does not give the data; another may. The text is a reason in a few words."""


@dataclass(frozen=True)
class FetchProgress(Event):
    """How much is here: `done` of `total` bytes (0: nobody knows). A later one replaces an earlier one."""

    name: ClassVar[str] = "progress"
    done: int
    total: int
    note: str


def download(archive: Archive, target: Path) -> Iterator[FetchProgress]:
    """Bring `archive` to `target`, which appears whole and checked or not at all.

    What a cut, an error or a closed iterator leaves behind is continued by the next call. Two processes
    that download the same archive do not meet: each owns its part. SourceFailed says why it did not work;
    FetchFailed when this machine cannot store it.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part, resumed = _claim(target)
    except OSError as error:
        raise FetchFailed(f"{target.parent}: cannot write: {error.strerror}") from None
    try:
        yield from _fill(archive, part)
        fault = _fault(archive, part)
        if fault and resumed:  # the older piece was another file's
            part.write_bytes(b"")
            yield from _fill(archive, part)
            fault = _fault(archive, part)
        if fault:
            part.unlink()
            raise SourceFailed(fault)
        part.replace(target)
    finally:
        with contextlib.suppress(OSError):  # it is gone when all went well
            if part.stat().st_size:
                part.rename(_shared_part(target))
            else:
                part.unlink()


def is_sound(archive: Archive, file: Path) -> bool:
    """Whether a file that is here already is the archive."""
    return _fault(archive, file) == ""


def _shared_part(target: Path) -> Path:
    return target.with_name(f".{target.name}.part")


def _claim(target: Path) -> tuple[Path, bool]:
    """A part file of our own: what an earlier try left, taken by renaming it, or an empty one."""
    own = target.with_name(f".{target.name}-{uuid.uuid4().hex}.part")
    pattern = f".{target.name}-*.part"
    orphans = [part for part in target.parent.glob(pattern) if _age(part) > _ORPHANED_S]
    for left in (_shared_part(target), *orphans):
        with contextlib.suppress(OSError):
            left.rename(own)
            return own, own.stat().st_size > 0
    own.touch()
    return own, False


def _age(part: Path) -> float:
    try:
        return time.time() - part.stat().st_mtime
    except OSError:
        return 0.0


def _fill(archive: Archive, part: Path) -> Iterator[FetchProgress]:
    """Append to `part` until it is whole; a cut connection is taken up where it ended."""
    host = archive.url.split("/")[2]
    barren, ever = 0, False
    while True:
        before = part.stat().st_size
        trouble = "the connection was cut"
        try:
            with _open(archive.url, before) as response:
                ever = True
                done, total = _whence(response, before)
                yield from _copy(response, part, done, total or archive.bytes, host)
                if total is None or part.stat().st_size >= total:
                    return
        except urllib.error.HTTPError as error:
            if error.code == 416 and before:  # no such range: the piece is whole already, or no piece of this
                return
            raise SourceFailed(f"{host} answers {error.code} {error.reason}") from None
        except (OSError, http.client.HTTPException) as error:
            trouble = _words(error)
        barren = 0 if part.stat().st_size > before else barren + 1
        if not ever or barren >= _TRIES:
            raise SourceFailed(f"{host}: {trouble}")
        time.sleep(0.2 * (barren + 1))


def _open(url: str, start: int) -> Any:
    """The response, from byte `start` on. Gives up in time even where looking up the name hangs."""
    headers = {"User-Agent": "recommender", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    request = urllib.request.Request(url, headers=headers)
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def connect() -> None:
        try:
            answers.put(urllib.request.urlopen(request, timeout=PATIENCE_S))
        except Exception as error:  # handed to the caller, whatever it is
            answers.put(error)

    threading.Thread(target=connect, daemon=True).start()
    try:
        answer = answers.get(timeout=PATIENCE_S + 1)
    except queue.Empty:
        raise TimeoutError(f"no answer within {PATIENCE_S:g} s") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _whence(response: Any, wanted: int) -> tuple[int, int | None]:
    """Where the bytes that come belong, and how long the whole is (None: the server does not say)."""
    length = response.headers.get("Content-Length")
    if response.status == 206:
        start, _, whole = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
        if start.startswith(f"{wanted}-"):
            return wanted, int(whole) if whole.isdigit() else None
        raise http.client.HTTPException("it sends another part than was asked for")
    return 0, int(length) if length else None


def _copy(response: Any, part: Path, done: int, total: int, host: str) -> Iterator[FetchProgress]:
    told = 0.0
    with part.open("r+b") as file:
        file.truncate(done)
        file.seek(done)
        while piece := response.read(_PIECE):
            try:
                file.write(piece)
                file.flush()
            except OSError as error:
                raise FetchFailed(f"{part.parent}: cannot write: {error.strerror}") from None
            done += len(piece)
            if time.monotonic() - told > _REPORT_S:
                told = time.monotonic()
                yield FetchProgress(done, total, f"downloading from {host}")
    yield FetchProgress(done, total, f"downloading from {host}")


def _fault(archive: Archive, file: Path) -> str:
    """What is wrong with a downloaded file, in a few words; "" for nothing."""
    if archive.md5 is None:
        try:
            with zipfile.ZipFile(file) as packed:
                broken = packed.testzip()
        except (OSError, zipfile.BadZipFile, EOFError):
            return f"what came from {archive.url} is no zip archive"
        return f"{broken} in the archive is damaged" if broken else ""
    with file.open("rb") as raw:
        found = hashlib.file_digest(raw, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    return "" if found == archive.md5 else f"checksum {found} instead of {archive.md5}"


def _words(error: Exception) -> str:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return str(reason) if "answer" in str(reason) else "it does not answer in time"
    if isinstance(reason, OSError):
        return reason.strerror or str(reason)
    return str(reason) or type(error).__name__

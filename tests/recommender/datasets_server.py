"""A server on this machine that hands out a small MovieLens 100K and behaves as badly as told."""

import hashlib
import http.server
import io
import os
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from datasets_samples import ml_100k

from recommender.datasets.download import FetchProgress
from recommender.datasets.fetching import FetchEvent, FetchFinished
from recommender.datasets.registry import KNOWN, Archive, Known, Wheel


@dataclass
class Server:
    """What the server has and how it behaves; `asked` are the Range headers it was sent."""

    content: bytes
    ranges: bool = True
    cut_after: list[int] = field(default_factory=list)  # bytes of each answer until the connection drops
    status: int = 200
    silent_s: float = 0.0
    says_length: bool = True
    asked: list[str | None] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    behaviour = Server(archive_bytes(tmp_path))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            behaviour.asked.append(self.headers.get("Range"))
            time.sleep(behaviour.silent_s)
            answer(self, behaviour)

        def log_message(self, *words: object) -> None:
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    behaviour.url = f"http://127.0.0.1:{running.server_port}/ml-100k.zip"
    threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
    yield behaviour
    running.shutdown()
    running.server_close()


def answer(handler: http.server.BaseHTTPRequestHandler, behaviour: Server) -> None:
    if behaviour.status != 200:
        handler.send_error(behaviour.status)
        return
    start = 0
    wanted = handler.headers.get("Range")
    if wanted and behaviour.ranges:
        start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if start >= len(behaviour.content):
            handler.send_error(416)
            return
        handler.send_response(206)
        size = len(behaviour.content)
        handler.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
    else:
        handler.send_response(200)
    body = behaviour.content[start:]
    if behaviour.says_length:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: behaviour.cut_after.pop(0)] if behaviour.cut_after else body)


def archive_bytes(folder: Path) -> bytes:
    """A zip of the sample, padded so that it comes in several pieces."""
    inside = folder / "ml-100k"
    inside.mkdir()
    ml_100k(inside)
    (inside / "README").write_bytes(os.urandom(300_000))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for file in sorted(inside.iterdir()):
            packed.write(file, f"ml-100k/{file.name}")
    return buffer.getvalue()


def entry(server: Server, wheel: Wheel | None = None) -> Known:
    md5 = hashlib.md5(server.content).hexdigest()
    return replace(KNOWN["ml-100k"], archive=Archive(server.url, len(server.content), md5), wheel=wheel)


def parts(cache: Path) -> list[str]:
    """Everything in the raw folder, hidden pieces included."""
    return sorted(file.name for file in (cache / "raw").iterdir())


def ending(events: Iterator[FetchEvent]) -> FetchFinished:
    *progress, last = events
    assert all(isinstance(event, FetchProgress) for event in progress)
    assert isinstance(last, FetchFinished)
    return last

"""`python -m recommender.datasets`: gets a data set ready in a process of its own, told in JSON lines.

    fetch NAME [--cache DIR]      download a known data set, check it and prepare it
    prepare PATH [--cache DIR]    read a file or folder of ratings and keep a prepared copy

Each line is an event: {"event": "progress", "done", "total", "note"}, then exactly one of
{"event": "finished", "data", "label", "licence", "source", "users", "items", "ratings", "fingerprint"} and
{"event": "failed", "message"}. Exit codes: 0 finished, 1 failed, 2 usage. SIGTERM stops it and leaves
nothing half done.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

Line = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one command and tell its events on stdout."""
    parser = argparse.ArgumentParser(
        prog="python -m recommender.datasets", description="Get data sets ready."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (("fetch", "name of a known data set"), ("prepare", "a file or folder of ratings")):
        command = commands.add_parser(name)
        command.add_argument("data", help=what)
        command.add_argument("--cache", type=Path, help="where prepared data sets are kept")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # unwinds, so files are tidied

    from recommender.datasets import DataError

    work = _fetch if chosen.command == "fetch" else _prepare
    try:
        for line in work(chosen.data, chosen.cache):
            _tell(line)
    except (DataError, OSError) as fault:
        _tell({"event": "failed", "message": " ".join(str(fault).split()) or type(fault).__name__})
        return 1
    return 0


def _fetch(name: str, cache: Path | None) -> Iterator[Line]:
    from recommender.datasets.fetching import fetch

    for event in fetch(name, cache):
        yield event.to_dict()


def _prepare(path: str, cache: Path | None) -> Iterator[Line]:
    from recommender.datasets import prepare

    yield {"event": "progress", "done": 0, "total": 0, "note": f"reading {Path(path).name}"}
    data = prepare(path, cache)
    yield {
        "event": "finished",
        "data": data.name,
        "label": data.label,
        "licence": data.licence,
        "source": path,
        "users": data.ratings.n_users,
        "items": len(data.items),
        "ratings": len(data.ratings),
        "fingerprint": data.ratings.fingerprint,
        "skipped": [vars(skip) for skip in data.report.skipped],
    }


def _tell(line: Line) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

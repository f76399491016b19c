"""The figures of practice, one Markdown table:

    python -m tests.benchmarks.practice_table REVIEW_LOG.csv [--anki PYTHON]

REVIEW_LOG is a log as py-fsrs keeps it (its own test log has 12,580 reviews). It goes through our store, with
a restart after every thousandth review and up to 20 reviews undone and redone after every hundredth, and is
compared card for card with calling fsrs directly. PYTHON is an interpreter that has the package `anki`
(python -m venv /tmp/anki && /tmp/anki/bin/pip install anki); Anki's own code then opens the exports.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.core.real_log import Logged, by_fsrs, by_store, read, save, states_of
from tutor.core.anki import write_package, write_text
from tutor.core.anki_reviews import anki_rows
from tutor.core.curriculum import Course, content_root
from tutor.core.practice_stats import log_loss
from tutor.core.review_log import merge_rows, read_log, write_log
from tutor.store.paths import Paths
from tutor.store.store import Store

IMPORTER = Path(__file__).with_name("practice_anki.py")


def equality(log: list[Logged], folder: Path) -> list[str]:
    """Rows on the states of all cards."""
    direct = by_fsrs(log)
    stored = by_store(log, folder / "store", restart_every=1000, undo_every=100)
    same = sum(stored.get(card) == state for card, state in direct.items())
    store, copy = Store(Paths(folder / "store")), Store(Paths(folder / "copy"))
    write_log(store.practice, folder / "log.csv")
    done = read_log(copy, folder / "log.csv")
    again = read_log(copy, folder / "log.csv")
    back = sum(states_of(copy).get(card) == state for card, state in direct.items())
    return [
        f"| cards in fsrs' own state after restarts and undo | {same} of {len(direct)} |",
        f"| the same after export and import ({done.added} reviews; {again.added} the second time) "
        f"| {back} of {len(direct)} |",
    ]


def speed(log: list[Logged], folder: Path) -> list[str]:
    """A row: reviews a second, each scheduled and committed in a transaction of its own."""
    store = Store(Paths(folder / "speed"))
    began = time.perf_counter()
    for one in log:
        save(store, one)
    seconds = time.perf_counter() - began
    loss = log_loss(store.practice.reviews())
    return [
        f"| reviews a second, scheduled and committed one by one | {len(log) / seconds:,.0f} |",
        f"| log loss of the scheduler's chances, of one constant chance ({loss.reviews} reviews) "
        f"| {loss.scheduler:.3f}, {loss.constant:.3f} |",
    ]


def anki(python: str, folder: Path) -> list[str]:
    """Rows on what Anki's own importer makes of the exports."""
    course = Course.load()
    first, second, text = folder / "first.apkg", folder / "second.apkg", folder / "cards.txt"
    count = write_package(course, first)
    edited = Path(shutil.copytree(content_root(), folder / "course"))
    practice = next((edited / "questions").glob("q07-*")) / "practice.toml"
    practice.write_text(practice.read_text("utf-8").replace("50 factors", "fifty factors"), "utf-8")
    time.sleep(1.1)  # Anki compares whole seconds
    write_package(Course.load(edited), second)
    write_text(Course.load(edited), text)
    back = folder / "back.apkg"
    command = [python, str(IMPORTER), *map(str, (back, first, first, second, text))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    names = ("a new collection", "the same file again", "one question edited", "the text file")
    table = [f"| notes that we export | {count} |"]
    for name, row in zip(names, rows, strict=False):
        table.append(
            f"| Anki {row['anki']}, {name} | {row['new']} new, {row['updated']} updated, "
            f"{row['unchanged']} unchanged; {row['notes']} notes, {row['guids']} ids, "
            f"fields {', '.join(row['fields'])} |"
        )
    store = Store(Paths(folder / "back"))
    done, again = (merge_rows(store, anki_rows(course, back), back) for _ in range(2))
    table.append(
        f"| reviews made in Anki, taken in here, the second time "
        f"| {rows[-1]['reviews']}, {done.added}, {again.added} |"
    )
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", type=Path)
    parser.add_argument("--anki", metavar="PYTHON")
    args = parser.parse_args()
    log = read(args.log)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [f"| reviews in the log | {len(log):,} |", *equality(log, folder), *speed(log, folder)]
        if args.anki:
            rows += anki(args.anki, folder)
    print("| what | measured |", "|---|---|", *rows, sep="\n")


if __name__ == "__main__":
    main()

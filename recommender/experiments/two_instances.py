"""Two instances: two objects of one class; does changing one change the other?

Settings
    store     where the list of seen films lives: "self" (made in `__init__`) or "class" ("self")

Chart and table: the print-out; there are no series.

Measured
    other          "stays" or "changes": the second viewer's list after the first one's grew
    seen_first, seen_second    both lists afterwards, as text
    same           "one list" or "two lists", by `is`
    forgotten      name of the error of a method that was written without `self`
    store          as set
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from recommender.events import Event
from recommender.experiments.printout import Entry, Measured, play
from recommender.experiments.settings import choice, only

_OWN = """class Viewer:
    def __init__(self, name):
        self.name = name
        self.seen = []
"""
_SHARED = """class Viewer:
    seen = []

    def __init__(self, name):
        self.name = name
"""
_METHODS = """
    def watch(self, film):
        self.seen.append(film)

    def greet():
        return "hello"
"""
CLASSES = {"self": _OWN + _METHODS, "class": _SHARED + _METHODS}
AFTER = ("ada.seen", "bob.seen", "ada.seen is bob.seen", "bob.greet()")
BEFORE = (
    'ada, bob = Viewer("Ada"), Viewer("Bob")',
    "ada.name, bob.name",
    "ada.seen, bob.seen",
    'ada.watch("Alien")',
)


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Make two viewers and change one. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("store",))
    store = choice(settings, "store", "self", tuple(CLASSES))

    def measure(entries: Sequence[Entry]) -> Measured:
        return {**measured(entries), "store": store}

    pieces = (CLASSES[store].rstrip(), *BEFORE, *AFTER)
    return play(
        {"family": "two-instances", "store": store}, pieces, {"__name__": "prompt"}, measure, cancelled
    )


def measured(entries: Sequence[Entry]) -> Measured:
    """The words that a sentence about the run may use; names as in the module's docstring."""
    by_source = {entry.source: entry for entry in entries}
    first, second, same, forgotten = (by_source[source] for source in AFTER)
    return {
        "other": "changes" if second.value else "stays",
        "seen_first": first.shown,
        "seen_second": second.shown,
        "same": "one list" if same.value else "two lists",
        "forgotten": forgotten.error or "none",
    }

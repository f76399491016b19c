"""Star arguments: what `*` and `**` collect in a definition, and what they spread in a call.

No settings, no series. Chart and table: the print-out.

Measured
    collects       what f(1, 2, 3, x=4) puts into `args` and `kwargs`: "tuple-dict", "list-dict", "error" or
                   "other"
    collected, spread    `args` of f(1, 2, 3, x=4) and of f(*[1, 2], **{"x": 3}), as text
    named                names in `kwargs` of f(1, 2, 3, x=4)
    star_on_number       name of the error of f(*5)
    twice                name of the error of a name that is given twice
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from recommender.events import Event
from recommender.experiments.printout import Entry, Measured, play
from recommender.experiments.settings import only

COLLECT, SPREAD = "f(1, 2, 3, x=4)", 'f(*[1, 2], **{"x": 3})'
NUMBER, TWICE = "f(*5)", 'f(**{"x": 1}, x=2)'
PIECES = (
    "def f(a, *args, **kwargs):\n    return a, args, kwargs",
    COLLECT,
    SPREAD,
    "f([1, 2])  # no star: one argument",
    'f(*"abc")',
    'f(*{"x": 3, "y": 4})  # one star on a dict: its keys',
    NUMBER,
    TWICE,
    "f()",
)


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Call f in several ways. Raises SpecError for any setting."""
    only(dict(spec.get("settings") or {}), ())
    return play({"family": "star-arguments"}, PIECES, {}, measured, cancelled)


def measured(entries: Sequence[Entry]) -> Measured:
    """The words that a sentence about the run may use; names as in the module's docstring."""
    by_source = {entry.source: entry for entry in entries}
    (_, collected, kwargs), (_, spread, _) = by_source[COLLECT].value, by_source[SPREAD].value
    return {
        "collects": collects(by_source[COLLECT]),
        "collected": repr(collected),
        "named": ", ".join(kwargs),
        "spread": repr(spread),
        "star_on_number": by_source[NUMBER].error or "none",
        "twice": by_source[TWICE].error or "none",
    }


def collects(entry: Entry) -> str:
    """The kinds of container that the extra arguments came in."""
    if entry.error:
        return "error"
    _, args, kwargs = entry.value
    if args == (2, 3) and kwargs == {"x": 4}:
        return "tuple-dict"
    return "list-dict" if args == [2, 3] and kwargs == {"x": 4} else "other"

"""Print-outs: short pieces of Python that are run line by line, as at a prompt, and what each one shows."""

from __future__ import annotations

import ast
import io
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from recommender.events import Cancelled, Chart, Event, Finished, Started
from recommender.experiments import charts

WIDTH = 76
"""Most characters of a line of a print-out."""

Measured = Mapping[str, float | str]


@dataclass(frozen=True)
class Entry:
    """What was typed at the prompt, and what came back."""

    source: str
    shown: str
    """printed text and the value, or the error in one line"""
    value: Any = None
    """of an expression"""
    error: str | None = None
    """name of the exception's class"""


def enter(source: str, names: dict[str, Any]) -> Entry:
    """Run a piece of our own Python in `names`; `print` goes into what is shown.

    A last line that is an expression is shown by its repr, unless it is None. An exception is a result, too.
    """
    printed = io.StringIO()
    names["print"] = partial(print, file=printed)
    body = ast.parse(source).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    value = None
    try:
        exec(compile(ast.Module(body, []), "<prompt>", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "<prompt>", "eval"), names)
    except Exception as error:
        first = (str(error).splitlines() or [""])[0]
        line = f"{type(error).__name__}: {first}"
        return Entry(source, printed.getvalue() + line, None, type(error).__name__)
    return Entry(source, printed.getvalue() + ("" if value is None else repr(value)), value)


def transcript(entries: Sequence[Entry]) -> str:
    """All that was typed and shown, as a terminal has it; long lines are cut."""
    lines: list[str] = []
    for entry in entries:
        first, *rest = entry.source.splitlines()
        lines += [
            f">>> {first}",
            *(f"... {line}".rstrip() for line in rest),
            *entry.shown.rstrip().splitlines(),
        ]
    return "\n".join(line if len(line) <= WIDTH else line[: WIDTH - 1] + "…" for line in lines)


def play(
    config: Mapping[str, Any],
    pieces: Sequence[str],
    names: dict[str, Any],
    measure: Callable[[Sequence[Entry]], Measured],
    cancelled: Callable[[], bool],
    more: Callable[[Sequence[Entry]], list[charts.Chart]] = lambda entries: [],
) -> Iterator[Event]:
    """A run that is a print-out: a chart that grows by a piece at a time, and a row of the table for each."""
    began = time.perf_counter()
    yield Started(dict(config))
    entries: list[Entry] = []
    for piece in pieces:
        if cancelled():
            yield Cancelled()
            return
        entries.append(enter(piece, names))
        yield Chart(_chart(entries))
    rows = [(entry.source.splitlines()[0], _one_line(entry.shown)) for entry in entries]
    yield Finished(
        {
            "series": [],
            "charts": [_chart(entries), *more(entries)],
            "table": {"columns": ["typed", "shown"], "rows": rows},
            "measured": dict(measure(entries)),
            "seconds": time.perf_counter() - began,
        }
    )


def _chart(entries: Sequence[Entry]) -> charts.Chart:
    telling = next((entry for entry in reversed(entries) if entry.shown), entries[-1])
    says = f"{telling.source.splitlines()[-1].strip()} shows {_one_line(telling.shown) or 'nothing'}"
    return charts.text("print-out", says, transcript(entries))


def _one_line(shown: str) -> str:
    return " ".join(shown.split())

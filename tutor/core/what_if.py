"""Which run a plain line asks for: "what happens if I crank weight decay to 10?" names knob and value.

A knob is known by its label, by the names that the glossary gives for it, and by its name before a number. A
value beyond the knob's range is brought to the nearer end of it, and that is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tutor.core.course_schema import ExperimentFile, Parameter
from tutor.core.curriculum import Course, Question
from tutor.text.tokens import squeezed

_HAPPENS = re.compile(
    r"(?:(?:so |and |but |ok |hm+ )*(?:what|whats|what's) (?:if|(?:happens?|would happen|will happen|changes)"
    r" (?:if|when|with|without|at|for|once))"
    r"|see what happens|how (?:does|do|would|will) .{3,60} (?:change|behave|do) (?:if|when|with)"
    r"|(?:run|try|test|show me|simulate) .{0,60})\b"
)
_AT_THE_END = re.compile(r"\b(?:what|and what|then what|so what) (?:happens|would happen|then)\W*$")
_ORDER = re.compile(
    r"(?:(?:please|now|and|ok|then|let'?s|can (?:you|we|i)|could (?:you|we|i)|i want to|i'?d like to)[, ]+)*"
    r"(?:crank|turn|set|try|raise|lower|increase|decrease|put|run|with|use|drop|double)\b"
)
_MAX_ORDER = 10
"""Words of an order; longer lines that begin with one are attempts."""
_NUMBER = re.compile(
    r"(?<![\w.])[-−+]?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?(?:\s?(?:k|thousand|million)\b)?(?![\w.]*\d)"
)
_NONE = re.compile(r"\b(?:no|without(?: any)?|zero|off|remove|drop|leave out|kill)\b")
_WORDS = {
    "one": "1",
    "two": "2",
    "three": "3",
    "five": "5",
    "ten": "10",
    "a hundred": "100",
    "hundred": "100",
}
_RANGE = re.compile(r"\b(from )[\d.]*\d((?: \w+)? (?:up )?to )[\d.]*\d")
_TIMES = {"k": 1e3, "thousand": 1e3, "million": 1e6}


@dataclass(frozen=True)
class WhatIf:
    """A run, its settings as the knobs take them, and what there is to say about them before it starts."""

    experiment: ExperimentFile
    settings: dict[str, Any] = field(default_factory=dict)
    note: str = ""


def what_if(text: str, course: Course, question: Question | None) -> WhatIf | None:
    """The run that a line asks for; None where it asks for none that the course has.

    `question` is the one on the screen: its own runs go first among those that vary the knob.
    """
    line = squeezed(text).rstrip(" .!?")
    asks = bool(_HAPPENS.match(line) or _AT_THE_END.search(line))
    orders = bool(_ORDER.match(line)) and len(line.split()) <= _MAX_ORDER
    if not asks and not orders:
        return None
    named = list(_named(line, course))
    if named:
        own = question.file.experiments if question else ()
        file, knob, at = min(named, key=lambda one: _rank(one, own))
        values = _values(line, knob, at)
        if values or asks:
            return _with_values(file, knob, values)
        return None
    titled = [
        file for file in course.experiments() if {file.title.casefold(), _spaced(file.name)} & _parts(line)
    ]
    return WhatIf(titled[0]) if titled and asks else None


# --- knobs ---------------------------------------------------------------------------------------

Named = tuple[ExperimentFile, Parameter, tuple[int, int]]


def _named(line: str, course: Course) -> Iterator[Named]:
    """Every knob that the line names, with the place of its name."""
    also = {name.casefold(): term for term in course.glossary() for name in (term.term, *term.also)}
    for file in course.experiments():
        for knob in file.parameters:
            label = knob.label.casefold()
            term = also.get(label)
            names = [label, *([term.term, *term.also] if term else [])]
            wordings = [rf"\b{re.escape(name.casefold()).removesuffix('s')}s?\b" for name in names]
            wordings.append(rf"\b{re.escape(knob.name)}(?= ?(?:=|:|to|at|of)? ?[-−\d.])")
            found = [match for wording in wordings if (match := re.search(wording, line))]
            if found:
                widest = max(found, key=lambda match: match.end() - match.start())
                yield file, knob, widest.span()


def _rank(named: Named, own: Sequence[str]) -> tuple[bool, int, bool, bool]:
    """A knob that the run varies, named in most letters, of the question's own runs, in the run's title."""
    file, knob, (start, end) = named
    is_varied = knob.kind in ("numbers", "choice")
    return (
        not is_varied,
        start - end,
        file.name not in own,
        knob.label.casefold() not in file.title.casefold(),
    )


# --- values --------------------------------------------------------------------------------------


def _values(line: str, knob: Parameter, at: tuple[int, int]) -> list[Any]:
    """What the line gives the knob: numbers behind its name, else before it; 0 for "without"."""
    if knob.kind == "choice":
        return [choice for choice in knob.choices if re.search(rf"\b{re.escape(choice)}\b", line)][:1]
    before, behind = line[: at[0]], line[at[1] :]
    for part in (behind, before):
        numbers = [_read(match.group()) for match in _NUMBER.finditer(part)]
        if numbers:
            return numbers if part is behind else numbers[-1:]
    if _NONE.search(before) or re.search(r"\b(?:off|away|out)\b", behind):
        return [0.0]
    spelt = [number for word, number in _WORDS.items() if re.search(rf"\b{word}\b", line)]
    return [float(spelt[-1])] if spelt else []


def _read(written: str) -> float:
    digits = re.match(r"[-+]?[\d.,]+(?:e[-+]?\d+)?", written.replace("−", "-"))
    assert digits is not None
    unit = written[digits.end() :].strip()
    return float(digits.group().replace(",", ".")) * _TIMES.get(unit, 1)


def _with_values(file: ExperimentFile, knob: Parameter, values: list[Any]) -> WhatIf:
    """The run with these values in the knob's range; where it compares several, they join its own."""
    if not values:
        return WhatIf(file)
    if knob.kind == "choice":
        return WhatIf(file, {knob.name: values[0]}, f"{knob.label}: {values[0]}.")
    kept = [_within(knob, value) for value in values]
    note = " ".join(dict.fromkeys(_beyond(knob, wish, got) for wish, got in zip(values, kept, strict=True)))
    if knob.kind == "numbers":
        assert isinstance(knob.default, tuple)
        several: list[float] = sorted({*map(float, knob.default), *kept})
        joins = "is part of this run" if set(kept) <= set(knob.default) else "joins this run"
        note = note.strip() or f"{knob.label} {_listed(kept)} {joins}."
        return WhatIf(file, {knob.name: several}, note)
    got: float | int = int(kept[0]) if knob.kind == "integer" else kept[0]
    return WhatIf(file, {knob.name: got}, note.strip() or f"{knob.label}: {got:g} in this run.")


def asked_with(file: ExperimentFile, settings: dict[str, Any]) -> str:
    """The prediction that is asked for; a range that it names ("from 0 up to 1") is that of the settings."""
    for values in settings.values():
        if isinstance(values, list):
            span = rf"\g<1>{min(values):g}\g<2>{max(values):g}"
            return _RANGE.sub(span, file.prediction.ask, count=1)
    return file.prediction.ask


def _within(knob: Parameter, value: float) -> float:
    low = value if knob.low is None else knob.low
    high = value if knob.high is None else knob.high
    inside = min(max(value, low), high)
    return float(round(inside)) if knob.kind == "integer" else inside


def _beyond(knob: Parameter, wish: float, got: float) -> str:
    """What is said of a value that the knob does not take."""
    if wish == got:
        return ""
    low, high = knob.low, knob.high
    if low is None or high is None:
        return f"{knob.label} takes whole numbers, so I take {got:g}."
    return f"{knob.label}: {low:g} to {high:g} is possible here, so I take {got:g} and not {wish:g}."


def _listed(values: Sequence[float]) -> str:
    return " and ".join(f"{value:g}" for value in values)


def _spaced(name: str) -> str:
    return name.replace("-", " ")


def _parts(line: str) -> set[str]:
    """Every run of up to six words of a line."""
    words = line.split()
    return {" ".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, start + 7)}


__all__ = ["WhatIf", "asked_with", "what_if"]

"""Finds the stretches of a text that may be formulas, as places in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from tutor.text.formula_roles import PARTS, is_data, loose_role, role_of
from tutor.text.lexicon import words_of
from tutor.text.segments import Span
from tutor.text.tokens import plain

MAX_FORMULAS = 12
_SAME_WIDTH = (
    (re.compile(r"<-|:=|==(?!=)"), " ="),
    (re.compile(r"[←⟵≔]"), "="),
    (re.compile(r"\\(?:leftarrow|gets)\b"), None),
    (
        re.compile(r"\b(weight|learning|old|data|base|original|normal) (decay|rate|loss)\b", re.I),
        "_",
    ),
    (re.compile(r"```\w*|[`$]|\bdef \w+\([^()\n]*\)(?: *->[^:\n]*)?:|\breturn\b|\bwith [\w.]+\(\):"), "\n"),
    (re.compile(r"#[^\n]*"), None),
)
_LOOP = re.compile(r"\bfor\s+(?P<target>\w+)\s+in\s+(?P<through>[\w.()]+)\s*:\s*")
_PIECE = re.compile(
    r"(?P<space>[^\S\n]+)|(?P<command>\\[A-Za-z]+|\\[,;:!|{} ])|(?P<number>\d+(?:\.\d+)?(?:e-?\d+)?)"
    r"|(?P<name>[α-ωϵϑµℓℒ∇]|[A-Za-zŷ_][A-Za-z0-9_]*)|(?P<open>[(\[{])|(?P<close>[)\]}])"
    r"|(?P<sign>\.\.\.|…|⋯|\*\*|[-+*/]=|[-+*/@^=|‖∥∣Σ∑∂√½¼²³⁴⁰¹₀-₉ᵢⱼₖₙₘₜᵤⁿᵀ·∙⋅×÷−′])|(?P<other>.|\n)"
)
_DEFINED = re.compile(r"\b([^\W\d]\w{0,30})\s{0,3}[-+*/]?=(?!=)")
_SET = re.compile(r"\s{0,3}[-+*/]?=(?!=)")
_DIFFERENTIAL = re.compile(r"d(?:[LEJCwpWxθ]|loss|theta)")
_LOOK = 5  # characters
_OPERATORS = words_of("+ - * / ** @ ^ = += -= *= /= · ∙ ⋅ × ÷ − plus minus times")
_OPERATOR_WORDS = frozenset(("plus", "minus", "times", "squared"))
_DASH_BEFORE = words_of(
    "because so where with the this that it and which since as i we you where then here for to just"
)
_SPOILING = words_of(
    "log ln exp max min mean average root absolute half twice double negative over divided cubed "
    "squared times plus minus by inverse without not two three four five ten"
)
"""Words that make another formula of what stands beside them."""
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[^\S\n]*\Z")
_WORD_AFTER = re.compile(r"[^\S\n]*([^\W\d_]+)")


class Loop(NamedTuple):
    """What a statement is repeated for."""

    target: str
    through: str


class Place(NamedTuple):
    """Where one statement stands, and what it says with arrows as `=`."""

    span: Span
    text: str
    loops: tuple[Loop, ...]
    is_alone: bool
    """Whether nothing else stands in its line or between the stops around it."""


def places_in(text: str) -> list[Place]:
    """All stretches of a text that look like formulas, at most `MAX_FORMULAS`."""
    text = _same_width(text)
    defined = frozenset(_DEFINED.findall(text))
    found: list[Place] = []
    for start, line, loops in _lines(text):
        for place in _runs(text, start, line, loops, defined):
            found.append(place)
            if len(found) == MAX_FORMULAS:
                return found
    return found


def _same_width(text: str) -> str:
    """The text with some spellings made plain, each sign in its place."""
    text = "".join(
        old if old in "`$" else new for old, new in zip(text, plain(text).replace("'", "′"), strict=True)
    )
    for pattern, written in _SAME_WIDTH:
        if written == "_":
            text = pattern.sub(r"\1_\2", text)
        elif written is None:
            text = pattern.sub(lambda found: ("=" if found[0][0] == "\\" else " ").ljust(len(found[0])), text)
        else:
            text = pattern.sub(partial(_padded, written), text)
    return text


def _padded(written: str, found: re.Match[str]) -> str:
    return written.rjust(len(found[0]), written[0])


def _lines(text: str) -> Iterator[tuple[int, str, tuple[Loop, ...]]]:
    """Lines and what stands between semicolons, each with the loops around it."""
    open_loops: list[tuple[int, Loop]] = []
    for match in re.finditer(r"[^\n]+", text):
        indent = len(match[0]) - len(match[0].lstrip())
        open_loops = [(depth, loop) for depth, loop in open_loops if depth < indent]
        start = match.start()
        inner: list[Loop] = []
        for loop in list(_LOOP.finditer(match[0]))[:3]:
            yield start, text[start : match.start() + loop.start()], _loops(open_loops, inner)
            inner.append(Loop(loop["target"], loop["through"]))
            start = match.start() + loop.end()
        rest = text[start : match.end()]
        if inner and not rest.strip():
            open_loops += [(indent, loop) for loop in inner]
            continue
        for part in re.finditer(r"[^;]+", rest):
            yield start + part.start(), part[0], _loops(open_loops, inner)


def _loops(around: list[tuple[int, Loop]], inner: list[Loop]) -> tuple[Loop, ...]:
    return (*(loop for _, loop in around), *inner)


class _Run:
    """Signs and names in a row, without a word of prose between them."""

    def __init__(self, defined: frozenset[str]) -> None:
        self._defined = defined
        self.pieces: list[re.Match[str]] = []
        self.brackets: list[bool] = []  # for each open one, whether it belongs to a call

    def add(self, piece: re.Match[str]) -> None:
        if piece["open"]:
            before = self.pieces[-1] if self.pieces else None
            self.brackets.append(bool(before and before["name"] and before.end() == piece.start()))
        elif piece["close"] and self.brackets:
            self.brackets.pop()
        self.pieces.append(piece)

    def takes(self, piece: re.Match[str], after: str) -> bool:
        """Whether a piece goes on with the run."""
        if piece["space"]:
            return bool(self.pieces)
        if piece["close"]:
            return bool(self.brackets)
        if piece["other"]:
            is_point = piece[0] == "." and after[:1].isalpha() and bool(self.pieces) and not _is_end(after)
            return is_point or (piece[0] in ",:" and bool(self.brackets))
        if piece["name"]:
            return self._takes_name(piece[0], after)
        return True

    def _takes_name(self, name: str, after: str) -> bool:
        if any(self.brackets) or self._is_after_point():
            return True
        if name in _OPERATOR_WORDS:
            return bool(self.pieces)
        if name == "of":
            return bool(self.pieces) and self._words()[-1:] == ["sum"]
        if name in self._defined or _SET.match(after):
            return True
        return _is_symbol(name) or after[:1] == "(" or (after[:1] == "." and after[1:2].isalpha())

    def _is_after_point(self) -> bool:
        return bool(self.pieces) and self.pieces[-1][0] == "."

    def _words(self) -> list[str]:
        return [piece[0] for piece in self.pieces if not piece["space"]]


def _is_end(after: str) -> bool:
    return after[:1].isupper() and after[1:2] != ""


def _is_symbol(name: str) -> bool:
    if name in ("a", "I", "i"):
        return False
    is_known = (
        _DIFFERENTIAL.fullmatch(name)
        or role_of(name)
        or loose_role(name, set())
        or is_data(name)
        or name in PARTS
    )
    return bool(is_known or len(name) == 1 or name == "sum" or "_" in name or any(map(str.isdigit, name)))


def _runs(
    text: str, offset: int, line: str, loops: tuple[Loop, ...], defined: frozenset[str]
) -> Iterator[Place]:
    run = _Run(defined)
    for piece in _PIECE.finditer(line[:2_000]):
        after = line[piece.end() : piece.end() + _LOOK]
        if run.takes(piece, after):
            run.add(piece)
            continue
        yield from _place(text, offset, run, loops)
        run = _Run(defined)
        if run.takes(piece, after):
            run.add(piece)
    yield from _place(text, offset, run, loops)


def _place(text: str, offset: int, run: _Run, loops: tuple[Loop, ...]) -> Iterator[Place]:
    kept = [piece for piece in run.pieces if not piece["space"]]
    if len(kept) < 2 or run.brackets:
        return
    start, end = offset + kept[0].start(), offset + kept[-1].end()
    after = _WORD_AFTER.match(text, end)
    before = _WORD_BEFORE.search(text[max(0, start - 30) : start])
    words = {match[1].casefold() for match in (before, after) if match}
    if words & _SPOILING or kept[0][0] in ("*", "/", "·", "×", "**", "^", "@"):
        return
    while kept and kept[-1][0] in _OPERATORS:
        last = kept.pop()
        if after and not (last[0] in "-−" and after[1].casefold() in _DASH_BEFORE):
            return
    if len(kept) < 2:
        return
    if kept[0][0] == "+":
        kept = kept[1:]
    span = Span(offset + kept[0].start(), offset + kept[-1].end())
    yield Place(span, span.of(text), loops, _is_alone(text, span))


def _is_alone(text: str, span: Span) -> bool:
    before, after = text[: span.start].rstrip(" \t+"), text[span.end :].lstrip(" \t.!?")
    return (not before or before[-1] in "\n;:") and (not after or after[0] in "\n;")

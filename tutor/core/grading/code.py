"""Recognises sums of products in formulas and code by structure; parses, never executes.

A text is searched for pieces that Python can parse. Each piece becomes a `Shape`: what is done to
what. Names do not matter: `sum(p*q for p, q in zip(u, v))` has the shape of `s += a[i] * b[i]`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tutor.core.grading.code_nodes import (
    alters,
    are_different,
    are_names,
    is_multiplication,
    is_number_product,
    is_product,
    name_of,
    share_number,
    terms,
)
from tutor.text.segments import Span
from tutor.text.tokens import plain

MAX_CHARACTERS = 600
"""Longer pieces are not read as code."""

Feature = str
Shape = frozenset[Feature]
OTHER: Shape = frozenset({"other"})
"""Code that is certainly code, and nothing more is known of it."""
ALTERED: Shape = frozenset({"altered"})
"""Products or a sum, but with a sign or a step that makes something else of them: `s -= a * b`."""
"""`pair`: products of entries at the same place; `sum`: of these; `outer`: of all with all; ..."""

_STARTS = re.compile(
    r"(?:\bsum|\bfsum|\bmath\.fsum|\bnp\.\w+|\btorch\.\w+|\bprod)\s*\(|\[|\bdef \w|\bfor \w"
    r"|\w+\s*\+?=(?!=)|[\w\])]\s*\*"
)
_CERTAINLY_CODE = (ast.comprehension, ast.For, ast.AugAssign, ast.FunctionDef)
_INDEX = r"(?:_\{?(\w)\}?|([ᵢⱼₖₙₘ₀-₉]))"
_FORMULA = re.compile(
    rf"(?P<sum>(?:[Σ∑]|\\sum|\bsum(?:med)?\b)[^.;!?]{{0,25}}?)?\b(?P<one>[a-zA-Z]){_INDEX}"
    rf"\s*(?:\*|·|×|times|\\cdot|\\times)?\s*(?P<other>[a-zA-Z]){_INDEX}",
    re.IGNORECASE,
)
"""`Σ xᵢyᵢ`, `sum over i of a_i times b_i`: products of entries with one index, perhaps summed."""
_SENTENCE_END = re.compile(r"[.!?]\s+\w")
_FENCE = re.compile(r"```(?:python)?\s*\n?(.*?)```|`([^`]+)`", re.DOTALL)


class CodePiece(NamedTuple):
    """Code found in an answer."""

    span: Span
    shape: Shape


def shapes_in(text: str) -> list[Shape]:
    """Shapes of the code in a text, those without any meaning left out."""
    return [piece.shape for piece in code_in(text)]


@lru_cache(maxsize=256)
def code_in(text: str) -> tuple[CodePiece, ...]:
    """All code in a text with a shape, from the largest pieces that can be parsed."""
    formulas = tuple(_formulas(text))
    if formulas or not any(sign in plain(text) for sign in ("*", "(", "=", "@")):
        return formulas
    return tuple(_search(plain(text)))


def _formulas(text: str) -> Iterator[CodePiece]:
    for match in _FORMULA.finditer(text):
        indices = {index for index in match.group(3, 4, 6, 7) if index}
        if len(indices) == 1 and match["one"] != match["other"]:
            yield CodePiece(Span(*match.span()), frozenset({"pair", "sum"} if match["sum"] else {"pair"}))


def _search(text: str) -> Iterator[CodePiece]:
    end = 0
    for start, stop in _candidates(text):
        if start < end:
            continue
        shape = _shape(text[start:stop])
        if shape:
            yield CodePiece(Span(start, stop), shape)
            end = stop


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    """Places that may hold code: quoted code, the whole text, lines, and expressions inside prose."""
    for match in _FENCE.finditer(text):
        group = 1 if match[1] is not None else 2
        yield match.span(group)
    if len(text) <= MAX_CHARACTERS:
        yield 0, len(text)
    for match in re.finditer(r"[^\n]+", text):
        if match.end() - match.start() <= MAX_CHARACTERS:
            yield match.span()
    for match in list(_STARTS.finditer(text))[:10]:
        start = match.start()
        for stop in _stops(text, start):
            yield start, stop


def _stops(text: str, start: int) -> Iterator[int]:
    """Ends to try for code that starts in the middle of a sentence, the longest first."""
    limit = min(len(text), start + 200)
    sentence_end = _SENTENCE_END.search(text, start, limit)
    limit = sentence_end.start() if sentence_end else limit
    ends = [match.end() for match in re.finditer(r"[\])]|[\w\])](?=\s|[.,;:?!]|$)", text[start:limit])]
    yield from (start + end for end in reversed(ends[-25:]))


def _shape(source: str) -> Shape | None:
    source = source.strip().rstrip(".;")
    if _SENTENCE_END.search(source):
        return None
    for attempt in (source, f"({source})", source.replace(": ", ":\n ", 1), _one_line_loop(source)):
        try:
            tree = ast.parse(_dedented(attempt))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if _is_prose(tree):
            return None
        finder = _Finder()
        finder.visit(tree)
        if any(map(alters, ast.walk(tree))):
            return ALTERED
        if not finder.found and any(isinstance(node, _CERTAINLY_CODE) for node in ast.walk(tree)):
            return OTHER
        return frozenset(finder.found) or None
    return None


def _is_prose(tree: ast.Module) -> bool:
    """Whether words of a sentence were taken for code: "sum(...), which", "sum(...) in Python"."""
    only = tree.body[0] if len(tree.body) == 1 else None
    return isinstance(only, ast.Expr) and isinstance(only.value, ast.Tuple | ast.Compare | ast.BoolOp)


def _one_line_loop(source: str) -> str:
    """`s = 0; for a, b in zip(x, y): s += a * b` as Python wants it: on two lines."""
    return re.sub(r"[;,]\s*(?:then\s+)?for ", "\nfor ", source, count=1)


def _dedented(source: str) -> str:
    return "\n".join(line if index else line.lstrip() for index, line in enumerate(source.split("\n")))


class _Finder(ast.NodeVisitor):
    """Collects features. `pair` needs two different partners at the same place."""

    def __init__(self) -> None:
        self.found: set[Feature] = set()
        self._partners: list[frozenset[str]] = []
        self._crossed: list[set[str]] = []

    # --- what walks what ---

    def visit_For(self, node: ast.For) -> None:
        self._enter(node.target, node.iter)
        self.generic_visit(node)

    def _comprehension(self, node: ast.GeneratorExp | ast.ListComp) -> None:
        for generator in node.generators:
            self._enter(generator.target, generator.iter)
        if isinstance(node, ast.ListComp) and is_product(node.elt):
            self.found.add("list")
        self.generic_visit(node)

    visit_GeneratorExp = _comprehension
    visit_ListComp = _comprehension

    def _enter(self, target: ast.expr, source: ast.expr) -> None:
        names = frozenset(node.id for node in ast.walk(target) if isinstance(node, ast.Name))
        is_zip = isinstance(source, ast.Call) and name_of(source.func) == "zip" and are_different(source.args)
        if is_zip or not isinstance(target, ast.Tuple):
            (self._partners if is_zip else self._crossed).append(names if is_zip else set(names))  # type: ignore[arg-type]

    # --- what is done ---

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Mult):
            self.found.update(self._kind_of_product(node))
        elif isinstance(node.op, ast.Add) and self._is_sum_of_products(node):
            self.found.update(("pair", "sum"))
        elif isinstance(node.op, ast.MatMult):
            self.found.add("library")
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.op, ast.Add) and self._is_pair(node.value):
            self.found.update(("pair", "sum"))
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        value = node.value
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
            names = {ast.unparse(target) for target in node.targets}
            sides = (value.left, value.right)
            if any(ast.unparse(side) in names for side in sides) and any(map(self._is_pair, sides)):
                self.found.update(("pair", "sum"))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = name_of(node.func)
        if name in ("sum", "fsum") and node.args and self._sums_pairs(node.args[0]):
            self.found.update(("pair", "sum"))
        elif name == "sum" and not node.args and isinstance(node.func, ast.Attribute):
            if is_product(node.func.value) and self._sums_pairs(node.func.value):
                self.found.update(("pair", "sum"))
        elif name in ("dot", "inner", "vdot", "einsum"):
            self.found.add("library")
        self.generic_visit(node)

    def _sums_pairs(self, argument: ast.expr) -> bool:
        if isinstance(argument, ast.GeneratorExp | ast.ListComp):
            inner = _Finder()
            for generator in argument.generators:
                inner._enter(generator.target, generator.iter)
            return len(argument.generators) == 1 and inner._is_pair(argument.elt)
        if isinstance(argument, ast.Call) and name_of(argument.func) in ("multiply", "mul"):
            return len(argument.args) == 2 and are_different(argument.args)
        if isinstance(argument, ast.Call) and name_of(argument.func) == "map" and argument.args:
            return is_multiplication(argument.args[0]) and len(argument.args) == 3
        return isinstance(argument, ast.BinOp) and isinstance(argument.op, ast.Mult) and are_names(argument)

    # --- products ---

    def _kind_of_product(self, node: ast.BinOp) -> set[Feature]:
        if self._is_pair(node):
            return {"pair"}
        sides = (node.left, node.right)
        if all(isinstance(side, ast.Call) and name_of(side.func) == "sum" for side in sides):
            return {"product-of-sums"}
        used = {side.id for side in sides if isinstance(side, ast.Name)}
        if len(used) == 2 and sum(bool(used & names) for names in self._crossed) == 2:
            return {"outer"}
        return set()

    def _is_pair(self, node: ast.expr) -> bool:
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)):
            return False
        left, right = node.left, node.right
        if isinstance(left, ast.Subscript) and isinstance(right, ast.Subscript):
            same_place = ast.dump(left.slice) == ast.dump(right.slice)
            return same_place and ast.dump(left.value) != ast.dump(right.value)
        if isinstance(left, ast.Name) and isinstance(right, ast.Name) and left.id != right.id:
            names = {left.id, right.id}
            return any(names <= partners for partners in self._partners) or share_number(left.id, right.id)
        return False

    def _is_sum_of_products(self, node: ast.BinOp) -> bool:
        added = list(terms(node))
        return len(added) > 1 and all(self._is_pair(term) or is_number_product(term) for term in added)

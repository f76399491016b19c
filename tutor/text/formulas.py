r"""Reads formulas in a free text by what they say: `L + \lambda \|w\|^2` equals `loss + wd * (p**2).sum()`.

Formulas are found (`formula_places`), written as Python expressions (`formula_source`), parsed with `ast` and
computed at a few fixed points (`formula_values`). Nothing is executed; what cannot be read is left out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tutor.text.formula_places import Loop, Place, places_in
from tutor.text.formula_points import POINTS, Value, point, same
from tutor.text.formula_roles import COEFFICIENT, GRADIENT, LOOSE, part_of_weights, role_of
from tutor.text.formula_source import Unreadable, python_source, target_role
from tutor.text.formula_tree import MAX_CHARACTERS, key_of, parsed, plain_names
from tutor.text.formula_values import Walker
from tutor.text.segments import Span

_IN_PLACE = {"add_": "+", "sub_": "-", "mul_": "*", "div_": "/"}
_UPDATES = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div}
_MAX_ITEMS = 20


@dataclass(frozen=True)
class Formula:
    """One formula of a text, computed."""

    span: Span
    target: str | None
    """The role of what it is set equal to, if that is known."""
    is_equation: bool
    is_alone: bool
    values: tuple[Value, ...]
    """One for each point."""


@dataclass(frozen=True)
class _Statement:
    place: Place
    sides: tuple[ast.expr, ...]
    """All that is set equal to a target, in order: usually one."""
    key: str
    """The name it is kept under."""
    target: str | None
    is_equation: bool
    loops: tuple[tuple[ast.expr, ast.expr], ...]
    checks: ast.expr | None
    """A derivative that the sides have to agree with."""


@lru_cache(maxsize=256)
def formulas_in(text: str) -> tuple[Formula, ...]:
    """All formulas of a text that can be computed; each by itself, and with what was defined before it."""
    statements = [statement for place in places_in(text) for statement in _statements(place)]
    apart = [_computed([statement]) for statement in statements]
    together = _computed(statements) if any(statement.key for statement in statements[:-1]) else []
    found = [one for each in (*apart, together) for one in each]
    return tuple({_key(one): one for one in found}.values())


@lru_cache(maxsize=1024)
def value_of(expression: str, index: int, scale: float = 1.0) -> Value:
    """What an expression in Python and names of roles comes to at a point, its coefficient scaled.

    Raises `Unreadable`.
    """
    at = point(index)
    at = at | {COEFFICIENT: at[COEFFICIENT] * scale}
    return Walker(at, {}, set(), None).value(parsed(expression))


def agrees(formula: Formula, expression: str, factors: Iterable[float] = (1.0,)) -> bool:
    """Whether a formula equals an expression at all points, for one of the factors of `coefficient`."""
    return any(
        all(same(formula.values[index], value_of(expression, index, factor)) for index in range(POINTS))
        for factor in factors
    )


def _key(one: Formula) -> tuple[Span, str | None, str]:
    return one.span, one.target, repr(one.values)


# --- from a place to a statement ---


def _statements(place: Place) -> list[_Statement]:
    if len(place.text) > MAX_CHARACTERS:
        return []
    try:
        return [_statement(place)]
    except Unreadable:
        return []


def _statement(place: Place) -> _Statement:
    parts, signs = _sides(place.text)
    if len(parts) == 1:
        return _in_place(place, parsed(python_source(parts[0])))
    left, *rest = parts
    target = target_role(left)
    sides = [parsed(python_source(side)) for side in rest]
    place_left = _readable(left)
    if signs[0]:
        if place_left is None or len(rest) > 1:
            raise Unreadable("an update of nothing")
        sides = [ast.BinOp(place_left, _UPDATES[signs[0]](), sides[0])]
    checks = place_left if _is_derivative(place_left) else None
    key = key_of(place_left) if place_left is not None else ""
    return _Statement(place, tuple(sides), key, target, True, _loops(place.loops, key), checks)


def _in_place(place: Place, tree: ast.expr) -> _Statement:
    """An expression, or an update such as `p.data.mul_(1 - lr * wd)`."""
    owner = tree.func.value if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Attribute) else None
    if owner is not None and isinstance(tree, ast.Call) and tree.func.attr in _IN_PLACE:  # type: ignore[attr-defined]
        key = key_of(owner)
        target = GRADIENT if key.endswith(".grad") else role_of(key)
        return _Statement(place, (tree,), key, target, True, _loops(place.loops, key), None)
    return _Statement(place, (tree,), "", None, False, _loops(place.loops, ""), None)


def _sides(text: str) -> tuple[list[str], list[str]]:
    """What stands between the `=` outside brackets, and the sign before each: `+` for `+=`."""
    parts, signs, start, depth = [], [], 0, 0
    for match in re.finditer(r"[(\[{]|[)\]}]|([-+*/]?)=", text):
        if match[0] in "([{":
            depth += 1
        elif match[0] in ")]}":
            depth -= 1
        elif depth == 0:
            parts.append(text[start : match.start()])
            signs.append(match[1])
            start = match.end()
    return [*parts, text[start:]], signs


def _readable(text: str) -> ast.expr | None:
    try:
        return parsed(python_source(text))
    except Unreadable:
        return None


def _is_derivative(tree: ast.expr | None) -> bool:
    return tree is not None and "derivative" in plain_names(tree)


def _loops(loops: tuple[Loop, ...], key: str) -> tuple[tuple[ast.expr, ast.expr], ...]:
    """The loops of a statement, without one that updates each of the weights: it says so of all at once."""
    found = []
    for target, through in loops:
        if key.partition(".")[0] != target:
            found.append((parsed(target), parsed(python_source(through))))
    return tuple(found)


# --- from statements to values ---


def _computed(statements: list[_Statement]) -> list[Formula]:
    """Compute statements one after the other; what one of them defines is known to those behind it."""
    known: list[dict[str, Value]] = [{} for _ in range(POINTS)]
    found = []
    for statement in statements:
        try:
            rows = [_values(statement, index, known[index]) for index in range(POINTS)]
        except Unreadable:
            continue
        for side in range(len(rows[0])):
            values = tuple(row[side] for row in rows)
            place = statement.place
            found.append(Formula(place.span, statement.target, statement.is_equation, place.is_alone, values))
        if statement.key:
            for index in range(POINTS):
                known[index][statement.key] = rows[index][-1]
    return found


def _values(statement: _Statement, index: int, known: dict[str, Value]) -> list[Value]:
    """What each side comes to. Raises `Unreadable`, also for an equation that is false."""
    names = {name for side in statement.sides for name in plain_names(side)}
    walker = Walker(point(index), known, names, _price(statement, names))
    if statement.loops:
        found = [_repeated(walker, statement, statement.loops)]
    else:
        found = [walker.value(side) for side in statement.sides if not _is_derivative(side)]
    if not found:
        raise Unreadable("nothing but a derivative")
    if statement.checks is not None:
        try:
            slope = walker.value(statement.checks)
        except Unreadable:
            return found
        if not same(slope, found[-1]):
            raise Unreadable("a false equation")
    return found


def _repeated(walker: Walker, statement: _Statement, loops: tuple[tuple[ast.expr, ast.expr], ...]) -> Value:
    if not loops:
        once = walker.value(statement.sides[-1])
        if statement.key:
            walker.known[statement.key] = once
        return once
    (target, through), *rest = loops
    value: Value | None = None
    for item in list(walker.items(through))[:_MAX_ITEMS]:
        walker.bind(target, item)
        value = _repeated(walker, statement, tuple(rest))
    if value is None:
        raise Unreadable("an empty loop")
    return value


def _price(statement: _Statement, names: set[str]) -> float | None:
    """The one broken number of a formula without a name for the coefficient: `loss + 0.01 * sum(p**2)`."""
    roles = {role_of(name) for name in names}
    if COEFFICIENT in roles or names & LOOSE or not any(map(part_of_weights, names)):
        return None
    numbers = {
        node.value
        for side in statement.sides
        for node in ast.walk(side)
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
    }
    return numbers.pop() if len(numbers) == 1 else None

"""Computes what a formula says at a few fixed points by walking its tree; no text is ever executed.

The tree comes from `ast.parse`, and only the kinds of nodes named here are walked. Letters: W entries of the
weights, which stand in two tensors (one after the other) where a formula goes through them.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tutor.text.formula_points import (
    ENTRIES,
    FIRST,
    ONE,
    TWO,
    Doubles,
    Value,
    flat,
    kept,
    number,
    total,
    vector,
)
from tutor.text.formula_roles import COEFFICIENT, GRADIENT, LOSS, RATE, WEIGHTS, loose_role, role_of
from tutor.text.formula_source import FUNCTIONS, Unreadable
from tutor.text.formula_tree import MODULES, is_data_loss, key_of, part, plain_names, terms
from tutor.text.lexicon import words_of

MAX_STEPS = 3_000
MAX_EXPONENT = 4
_H = 1e-5
"""Step of the difference quotient of `d/dw (...)`; its error is about 1e-10."""
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.MatMult: operator.matmul,
}  # fmt: skip
_SAME = words_of(
    "data T detach clone float item flatten ravel view reshape list cat concat concatenate stack hstack "
    "numpy tensor parameters_to_vector weight"
)


class Walker:
    """Computes trees at one point. `known` holds what earlier statements gave to a name."""

    def __init__(self, at: dict[str, Any], known: dict[str, Value], others: set[str], price: float | None):
        self.at = at
        self.known = dict(known)
        self._others = others
        self._price = price
        self._bound: dict[str, Value] = {}
        self._steps = 0

    def value(self, node: ast.expr) -> Value:
        """What a tree comes to. Raises `Unreadable`."""
        with np.errstate(all="ignore"):
            try:
                found = self._value(node)
            except (
                TypeError,
                ValueError,
                ZeroDivisionError,
                OverflowError,
                IndexError,
                RecursionError,
            ) as no:
                raise Unreadable("no value") from no
        return found

    def bind(self, target: ast.expr, item: Value) -> None:
        """Give a loop variable its value."""
        if isinstance(target, ast.Tuple) and isinstance(item, list) and len(item) == len(target.elts):
            for each, value in zip(target.elts, item, strict=True):
                self.bind(each, value)
        elif isinstance(target, ast.Name):
            self._bound[target.id] = item
        else:
            raise Unreadable("a loop over something else")

    def items(self, node: ast.expr) -> Iterator[Value]:
        """What a loop goes through: tensors of the weights, entries of a tensor, or places."""
        value = self.value(node)
        if isinstance(value, list):
            yield from value
        elif isinstance(value, np.ndarray) and len(value) == ENTRIES:
            yield from (value[:FIRST], value[FIRST:])
        elif isinstance(value, np.ndarray):
            yield from (float(entry) for entry in value)
        else:
            raise Unreadable("a loop over a number")

    # --- nodes ---

    def _value(self, node: ast.expr) -> Value:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise Unreadable("too long a way")
        if is_data_loss(node):
            return np.copy(self.at[LOSS]) if isinstance(self.at[LOSS], np.ndarray) else float(self.at[LOSS])
        kind = type(node).__name__
        method = getattr(self, f"_on_{kind}", None)
        if method is None:
            raise Unreadable(kind)
        found: Value = method(node)
        if isinstance(found, float) and not abs(found) < 1e9:
            raise Unreadable("a huge number")
        return found

    def _on_Constant(self, node: ast.Constant) -> Value:
        if node.value is ... or not isinstance(node.value, int | float):
            raise Unreadable("dots")
        number = float(node.value)
        return float(self.at[COEFFICIENT]) if self._price == number else number

    def _on_Name(self, node: ast.Name) -> Value:
        if node.id in self._bound:
            return self._bound[node.id]
        if node.id in self.known:
            return self.known[node.id]
        role = role_of(node.id) or loose_role(node.id, self._others)
        if role is None:
            raise Unreadable(f"the name {node.id}")
        found: Value = self.at[role]
        return found

    def _on_Attribute(self, node: ast.Attribute) -> Value:
        key = key_of(node)
        if key in self.known:
            return self.known[key]
        owner = key_of(node.value)
        if node.attr == "grad" and (role_of(owner) == WEIGHTS or owner in self._bound):
            return self._gradient_like(owner)
        if node.attr in _SAME and (owner in self._bound or role_of(owner.rpartition(".")[2])):
            return self._value(node.value)
        role = role_of(node.attr)
        if role not in (WEIGHTS, RATE, COEFFICIENT) or owner in self._bound or role_of(owner) == GRADIENT:
            raise Unreadable(f"the attribute {node.attr}")
        found: Value = self.at[role]
        return found

    def _gradient_like(self, owner: str) -> Value:
        gradient = self.at[GRADIENT]  # [W]
        bound = self._bound.get(owner)
        if isinstance(bound, np.ndarray) and len(bound) != ENTRIES:
            return np.asarray(gradient[:FIRST] if len(bound) == FIRST else gradient[FIRST:])
        return np.asarray(gradient)

    def _on_UnaryOp(self, node: ast.UnaryOp) -> Value:
        value = number(self._value(node.operand))
        if isinstance(node.op, ast.USub | ast.UAdd):
            return kept(-value if isinstance(node.op, ast.USub) else value)
        raise Unreadable("an operator")

    def _on_BinOp(self, node: ast.BinOp) -> Value:
        if isinstance(node.op, ast.Add):
            found = self._chain(node)
            if found is not None:
                return found
        act = _OPERATORS.get(type(node.op))
        if act is None:
            raise Unreadable("an operator")
        if isinstance(node.op, ast.Pow):
            return self._power(node.left, node.right)
        if isinstance(node.op, ast.MatMult):
            return float(np.sum(vector(self._value(node.left)) @ vector(self._value(node.right))))
        return kept(act(number(self._value(node.left)), number(self._value(node.right))))

    def _power(self, base: ast.expr, exponent: ast.expr) -> Value:
        if any(isinstance(part, ast.Name | ast.Call | ast.Pow) for part in ast.walk(exponent)):
            raise Unreadable("an exponent that is no number")
        power = self._value(exponent)
        if not isinstance(power, float) or abs(power) > MAX_EXPONENT:
            raise Unreadable("an exponent")
        return kept(np.power(number(self._value(base)), power))

    def _chain(self, node: ast.BinOp) -> float | None:
        """`w1**2 + w2**2 + ...`: terms that say the same of several weights are one sum over all."""
        every = list(terms(node))
        named = [term for term in every if not (isinstance(term, ast.Constant) and term.value is ...)]
        parts = [part(term) for term in named]
        has_dots = len(named) < len(every)
        apart = {part[0] for part in parts if part}
        is_over_parts = any(part[1] for part in parts if part) and len(apart) == len(named)
        if len(named) < 2 or not all(parts) or not (has_dots or is_over_parts):
            return None
        totals = []
        for term in named:
            inner = Walker(self.at, {}, set(), None)
            inner._bound = dict.fromkeys(plain_names(term) - FUNCTIONS - MODULES, self.at[WEIGHTS])
            totals.append(total(inner._value(term)))
        return totals[0] if np.allclose(totals, totals[0]) else None

    def _on_Subscript(self, node: ast.Subscript) -> Value:
        value = self._value(node.value)
        if isinstance(node.slice, ast.Slice):
            raise Unreadable("a slice")
        place = self._value(node.slice)
        if not isinstance(value, np.ndarray) or not isinstance(place, float) or not 0 <= place < len(value):
            raise Unreadable("an index")
        return float(value[int(place)])

    def _on_ListComp(self, node: ast.ListComp | ast.GeneratorExp) -> Value:
        return list(self._through(node.generators, node.elt))

    _on_GeneratorExp = _on_ListComp

    def _on_List(self, node: ast.List | ast.Tuple) -> Value:
        return [self._value(each) for each in node.elts]

    _on_Tuple = _on_List

    def _through(self, generators: list[ast.comprehension], inner: ast.expr) -> Iterator[Value]:
        first, *rest = generators
        if first.ifs or first.is_async:
            raise Unreadable("a condition")
        for item in self.items(first.iter):
            self.bind(first.target, item)
            if rest:
                yield from self._through(rest, inner)
            else:
                yield self._value(inner)

    # --- calls ---

    def _on_Call(self, node: ast.Call) -> Value:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else key_of(node.func)
        arguments = list(node.args)
        if isinstance(node.func, ast.Attribute) and key_of(node.func.value).partition(".")[0] not in MODULES:
            if name == "parameters" or role_of(key_of(node.func)) == WEIGHTS:
                return np.asarray(self.at[WEIGHTS])
            arguments.insert(0, node.func.value)
        if name not in FUNCTIONS or not arguments:
            raise Unreadable(f"the function {name}")
        return self._called(name, arguments, {each.arg: each.value for each in node.keywords})

    def _called(self, name: str, arguments: list[ast.expr], named: dict[str | None, ast.expr]) -> Value:
        if name == "derivative":
            return self._derivative(arguments[0])
        if name in TWO:
            return self._two(name, arguments, named)
        if name in ("pow", "power") and len(arguments) == 2:
            return self._power(arguments[0], arguments[1])
        if name == "norm":
            return self._norm(arguments, named)
        if named or (len(arguments) > 1 and name not in _SAME):
            raise Unreadable("an argument too many")
        if name in _SAME:
            return flat(self._value(arguments[0]))
        return self._one(name, self._value(arguments[0]), arguments[0])

    def _one(self, name: str, value: Value, argument: ast.expr) -> Value:
        if name in ("sum", "fsum"):
            return total(value)
        if name in ("mean", "average"):
            return float(np.mean(vector(flat(value))))
        if name == "len":
            return float(len(vector(value)))
        if name == "range":
            return [float(place) for place in range(ENTRIES)] if value == ENTRIES else []
        if name in ONE:
            return kept(ONE[name](number(value)))
        raise Unreadable(f"the function {name}")

    def _two(self, name: str, arguments: list[ast.expr], named: dict[str | None, ast.expr]) -> Value:
        if len(arguments) != 2 or set(named) - {"alpha"}:
            raise Unreadable("arguments")
        left, right = (number(self._value(each)) for each in arguments)
        if "alpha" in named:
            right = right * number(self._value(named["alpha"]))
        return kept(TWO[name](left, right))

    def _norm(self, arguments: list[ast.expr], named: dict[str | None, ast.expr]) -> Value:
        orders = [*arguments[1:], *named.values()]
        if set(named) - {"p", "ord"} or len(orders) > 1:
            raise Unreadable("arguments")
        order = self._value(orders[0]) if orders else 2.0
        if order not in (1.0, 2.0):
            raise Unreadable("another norm")
        return kept(ONE["norm1" if order == 1.0 else "norm"](number(self._value(arguments[0]))))

    def _derivative(self, inner: ast.expr) -> Value:
        """The slope along the weights; where the loss stands in it, the gradient is its slope."""

        def moved(by: Doubles) -> Value:
            rise = self.at[GRADIENT] * by  # [W]
            loss = self.at[LOSS] + (float(rise.sum()) if is_number else rise)
            at = self.at | {WEIGHTS: self.at[WEIGHTS] + by, LOSS: loss}
            return Walker(at, {}, self._others, self._price)._value(inner)

        is_number = isinstance(self._value(inner), float)
        if is_number:
            steps = np.eye(ENTRIES) * _H
            return np.array([(total(moved(by)) - total(moved(-by))) / (2 * _H) for by in steps])
        every = np.full(ENTRIES, _H)
        return np.asarray((number(moved(every)) - number(moved(-every))) / (2 * _H))

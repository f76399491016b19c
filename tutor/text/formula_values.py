"""Computes what a formula says at a few fixed points by walking its tree; no text is ever executed.

The tree comes from `ast.parse`, and only the kinds of nodes named here are walked. Letters: W entries of the
weights, which stand in two tensors (one after the other) where a formula goes through them.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.text.formula_roles import (
    COEFFICIENT, GRADIENT, LOSS, RATE, ROLES, WEIGHTS, is_data, loose_role, part_of_weights, role_of,
)  # fmt: skip
from tutor.text.formula_source import FUNCTIONS, Unreadable

Doubles = NDArray[np.float64]
Value = float | Doubles | list[Any]

MAX_CHARACTERS = 300
MAX_NODES = 160
MAX_STEPS = 3_000
MAX_EXPONENT = 4
MAX_NUMBER = 1e6
POINTS = 3
"""Points at which formulas are compared."""
_ENTRIES = 5  # W
_FIRST = 2  # entries in the first tensor
_H = 1e-5
"""Step of the difference quotient of `d/dw (...)`; its error is about 1e-10."""
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.MatMult: operator.matmul,
}  # fmt: skip
_NODES = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.Constant, ast.Name, ast.Attribute, ast.Call, ast.GeneratorExp,
    ast.ListComp, ast.comprehension, ast.Subscript, ast.Tuple, ast.List, ast.Load, ast.Store, ast.keyword,
    ast.operator, ast.unaryop, ast.Slice,
)  # fmt: skip
_SAME = frozenset(
    "data T detach clone float item flatten ravel view reshape list cat concat concatenate stack hstack numpy "
    "tensor parameters_to_vector weight".split()
)
_MODULES = frozenset(("np", "numpy", "torch", "math", "F", "nn", "linalg", "functional", "utils"))
_TWO = {
    "dot": operator.matmul, "inner": operator.matmul, "vdot": operator.matmul, "matmul": operator.matmul,
    "mul": operator.mul, "multiply": operator.mul, "mul_": operator.mul, "add": operator.add,
    "add_": operator.add, "sub": operator.sub, "subtract": operator.sub, "sub_": operator.sub,
    "div": operator.truediv, "divide": operator.truediv, "div_": operator.truediv,
}  # fmt: skip
_ONE: dict[str, Callable[[Any], Any]] = {
    "sqrt": np.sqrt, "square": np.square, "abs": np.abs, "fabs": np.abs, "absolute": np.abs, "sign": np.sign,
    "sgn": np.sign, "norm": lambda value: np.sqrt(np.sum(np.square(value))),
    "norm1": lambda value: np.sum(np.abs(value)),
}  # fmt: skip


def parsed(source: str) -> ast.expr:
    """The tree of an expression. Raises `Unreadable` where it holds anything that no formula needs."""
    if len(source) > 3 * MAX_CHARACTERS:
        raise Unreadable("too long")
    try:
        tree = ast.parse(source.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unreadable("no expression") from error
    nodes = list(ast.walk(tree))
    if len(nodes) > MAX_NODES or not all(isinstance(node, _NODES) for node in nodes):
        raise Unreadable("no formula")
    for node in nodes:
        if isinstance(node, ast.Constant) and node.value is not ... and type(node.value) not in (int, float):
            raise Unreadable("no number")
        if isinstance(node, ast.Constant) and node.value is not ... and abs(node.value) > MAX_NUMBER:
            raise Unreadable("a huge number")
    return tree.body


@cache
def point(index: int) -> dict[str, Any]:
    """Values of all roles at one point."""
    random = np.random.default_rng(20 + index)
    return {
        LOSS: float(random.uniform(0.5, 2)),
        COEFFICIENT: float(random.uniform(0.1, 0.9)),
        RATE: float(random.uniform(0.1, 0.9)),
        WEIGHTS: random.uniform(0.3, 2, _ENTRIES) * np.array([1, -1, 1, 1, -1]),  # [W]
        GRADIENT: random.uniform(0.3, 2, _ENTRIES) * np.array([-1, 1, 1, -1, 1]),  # [W]
    }


def plain_names(tree: ast.AST) -> set[str]:
    """All names of a formula, attributes included."""
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return found | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def key_of(node: ast.expr) -> str:
    """How a name or an attribute is kept between statements: `p.grad`, but `p` for `p.data`."""
    if isinstance(node, ast.Attribute):
        return key_of(node.value) if node.attr == "data" else f"{key_of(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


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
            except (TypeError, ValueError, ZeroDivisionError, OverflowError, IndexError, RecursionError) as no:
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
        elif isinstance(value, np.ndarray) and len(value) == _ENTRIES:
            yield from (value[:_FIRST], value[_FIRST:])
        elif isinstance(value, np.ndarray):
            yield from (float(entry) for entry in value)
        else:
            raise Unreadable("a loop over a number")

    # --- nodes ---

    def _value(self, node: ast.expr) -> Value:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise Unreadable("too long a way")
        if _is_data_loss(node):
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
        if isinstance(bound, np.ndarray) and len(bound) != _ENTRIES:
            return np.asarray(gradient[:_FIRST] if len(bound) == _FIRST else gradient[_FIRST:])
        return np.asarray(gradient)

    def _on_UnaryOp(self, node: ast.UnaryOp) -> Value:
        value = _number(self._value(node.operand))
        if isinstance(node.op, ast.USub):
            return -value
        if isinstance(node.op, ast.UAdd):
            return value
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
            return float(np.sum(_vector(self._value(node.left)) @ _vector(self._value(node.right))))
        return _kept(act(_number(self._value(node.left)), _number(self._value(node.right))))

    def _power(self, base: ast.expr, exponent: ast.expr) -> Value:
        if any(isinstance(part, ast.Name | ast.Call | ast.Pow) for part in ast.walk(exponent)):
            raise Unreadable("an exponent that is no number")
        power = self._value(exponent)
        if not isinstance(power, float) or abs(power) > MAX_EXPONENT:
            raise Unreadable("an exponent")
        return _kept(np.power(_number(self._value(base)), power))

    def _chain(self, node: ast.BinOp) -> float | None:
        """`w1**2 + w2**2 + ...`: terms that say the same of several weights are one sum over all."""
        terms = list(_terms(node))
        named = [term for term in terms if not (isinstance(term, ast.Constant) and term.value is ...)]
        parts = [_part(term) for term in named]
        has_dots = len(named) < len(terms)
        apart = {part[0] for part in parts if part}
        is_over_parts = any(part[1] for part in parts if part) and len(apart) == len(named)
        if len(named) < 2 or not all(parts) or not (has_dots or is_over_parts):
            return None
        totals = []
        for term in named:
            inner = Walker(self.at, {}, set(), None)
            inner._bound = dict.fromkeys(plain_names(term) - FUNCTIONS - _MODULES, self.at[WEIGHTS])
            totals.append(_total(inner._value(term)))
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
        if isinstance(node.func, ast.Attribute) and key_of(node.func.value).partition(".")[0] not in _MODULES:
            if name == "parameters" or role_of(key_of(node.func)) == WEIGHTS:
                return np.asarray(self.at[WEIGHTS])
            arguments.insert(0, node.func.value)
        if name not in FUNCTIONS or not arguments:
            raise Unreadable(f"the function {name}")
        return self._called(name, arguments, {each.arg: each.value for each in node.keywords})

    def _called(self, name: str, arguments: list[ast.expr], named: dict[str | None, ast.expr]) -> Value:
        if name == "derivative":
            return self._derivative(arguments[0])
        if name in _TWO:
            return self._two(name, arguments, named)
        if name in ("pow", "power") and len(arguments) == 2:
            return self._power(arguments[0], arguments[1])
        if name == "norm":
            return self._norm(arguments, named)
        if named or (len(arguments) > 1 and name not in _SAME):
            raise Unreadable("an argument too many")
        if name in _SAME:
            return _flat(self._value(arguments[0]))
        return self._one(name, self._value(arguments[0]), arguments[0])

    def _one(self, name: str, value: Value, argument: ast.expr) -> Value:
        if name in ("sum", "fsum"):
            return _total(value)
        if name in ("mean", "average"):
            return float(np.mean(_vector(_flat(value))))
        if name == "len":
            return float(len(_vector(value)))
        if name == "range":
            return [float(place) for place in range(_ENTRIES)] if value == _ENTRIES else []
        if name in _ONE:
            return _kept(_ONE[name](_number(value)))
        raise Unreadable(f"the function {name}")

    def _two(self, name: str, arguments: list[ast.expr], named: dict[str | None, ast.expr]) -> Value:
        if len(arguments) != 2 or set(named) - {"alpha"}:
            raise Unreadable("arguments")
        left, right = (_number(self._value(each)) for each in arguments)
        if "alpha" in named:
            right = right * _number(self._value(named["alpha"]))
        return _kept(_TWO[name](left, right))

    def _norm(self, arguments: list[ast.expr], named: dict[str | None, ast.expr]) -> Value:
        orders = [*arguments[1:], *named.values()]
        if set(named) - {"p", "ord"} or len(orders) > 1:
            raise Unreadable("arguments")
        order = self._value(orders[0]) if orders else 2.0
        if order not in (1.0, 2.0):
            raise Unreadable("another norm")
        return _kept(_ONE["norm1" if order == 1.0 else "norm"](_number(self._value(arguments[0]))))

    def _derivative(self, inner: ast.expr) -> Value:
        """The slope along the weights; where the loss stands in it, the gradient is its slope."""

        def moved(by: Doubles) -> Value:
            rise = self.at[GRADIENT] * by  # [W]
            loss = self.at[LOSS] + (float(rise.sum()) if is_number else rise)
            at = self.at | {WEIGHTS: self.at[WEIGHTS] + by, LOSS: loss}
            return Walker(at, {}, self._others, self._price)._value(inner)

        is_number = isinstance(self._value(inner), float)
        if is_number:
            steps = np.eye(_ENTRIES) * _H
            return np.array([(_total(moved(by)) - _total(moved(-by))) / (2 * _H) for by in steps])
        every = np.full(_ENTRIES, _H)
        return np.asarray((_number(moved(every)) - _number(moved(-every))) / (2 * _H))


# --- values ---


def _kept(value: Any) -> Value:
    found = np.asarray(value, dtype=np.float64)
    if found.ndim > 1 or not np.all(np.isfinite(found)) or np.any(np.abs(found) > 1e9):
        raise Unreadable("no number")
    return float(found) if found.ndim == 0 else found


def _number(value: Value) -> Any:
    if isinstance(value, list):
        raise Unreadable("a list")
    return value


def _vector(value: Value) -> Doubles:
    if isinstance(value, float):
        raise Unreadable("a number")
    return np.asarray(_flat(value))


def _flat(value: Value) -> Value:
    """A list of tensors as one."""
    return np.concatenate([np.atleast_1d(each) for each in value]) if isinstance(value, list) and value else value


def _total(value: Value) -> float:
    if isinstance(value, list):
        return float(sum(_total(each) for each in value))
    return float(np.sum(value))


# --- trees ---


def _terms(node: ast.expr) -> Iterator[ast.expr]:
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield node.right
        node = node.left
    yield node


def _part(term: ast.expr) -> tuple[str, bool] | None:
    """The only weight that a term is about, if there is just one."""
    names = plain_names(term) - FUNCTIONS - _MODULES
    return part_of_weights(names.pop()) if len(names) == 1 else None


def _is_data_loss(node: ast.expr) -> bool:
    """Whether it is a loss that somebody wrote out: `((pred - y)**2).mean()`."""
    names = plain_names(node)
    if not any(map(is_data, names)):
        return False
    roles = {role_of(name) for name in names} & {COEFFICIENT, RATE, LOSS, GRADIENT}
    return not roles and isinstance(node, ast.Call | ast.BinOp)


def same(one: Value, other: Value) -> bool:
    """Whether two values agree to one part in a million."""
    if isinstance(one, list) or isinstance(other, list) or np.shape(one) != np.shape(other):
        return False
    return bool(np.allclose(one, other, rtol=1e-6, atol=1e-9))


assert set(ROLES) == set(point(0))

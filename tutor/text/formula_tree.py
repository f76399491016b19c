"""The tree of a formula: `ast` parses it, only kinds of nodes that a formula needs are let through."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tutor.text.formula_roles import COEFFICIENT, GRADIENT, LOSS, RATE, is_data, part_of_weights, role_of
from tutor.text.formula_source import FUNCTIONS, Unreadable

MAX_CHARACTERS = 300
MAX_NODES = 160
MAX_NUMBER = 1e6
MODULES = frozenset(("np", "numpy", "torch", "math", "F", "nn", "linalg", "functional", "utils"))
_NODES = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.Constant, ast.Name, ast.Attribute, ast.Call, ast.GeneratorExp,
    ast.ListComp, ast.comprehension, ast.Subscript, ast.Tuple, ast.List, ast.Load, ast.Store, ast.keyword,
    ast.operator, ast.unaryop, ast.Slice,
)  # fmt: skip


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
        if not isinstance(node, ast.Constant) or node.value is ...:
            continue
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise Unreadable("no number")
        if abs(node.value) > MAX_NUMBER:
            raise Unreadable("a huge number")
    return tree.body


def plain_names(tree: ast.AST) -> set[str]:
    """All names of a formula, attributes included."""
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return found | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def key_of(node: ast.expr) -> str:
    """How a name or an attribute is kept between statements: `p.grad`, but `p` for `p.data`."""
    if isinstance(node, ast.Attribute):
        return key_of(node.value) if node.attr == "data" else f"{key_of(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def terms(node: ast.expr) -> Iterator[ast.expr]:
    """The terms of a sum, from the last to the first."""
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield node.right
        node = node.left
    yield node


def part(term: ast.expr) -> tuple[str, bool] | None:
    """The only weight that a term is about, if there is just one."""
    names = plain_names(term) - FUNCTIONS - MODULES
    return part_of_weights(names.pop()) if len(names) == 1 else None


def is_data_loss(node: ast.expr) -> bool:
    """Whether it is a loss that somebody wrote out: `((pred - y)**2).mean()`."""
    names = plain_names(node)
    if not any(map(is_data, names)):
        return False
    roles = {role_of(name) for name in names} & {COEFFICIENT, RATE, LOSS, GRADIENT}
    return not roles and isinstance(node, ast.Call | ast.BinOp)

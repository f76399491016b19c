"""What single nodes of parsed code do: products, sums, and what makes something else of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator


def alters(node: ast.AST) -> bool:
    """Whether a product or a sum is taken away, turned round or divided, or no product is summed."""
    if isinstance(node, ast.AugAssign):
        return not isinstance(node.op, ast.Add) and is_product(node.value)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub) and (is_product(node.operand) or is_sum(node.operand))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        return any(is_product(side) or is_sum(side) for side in (node.left, node.right))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Pow):
        return is_sum(node.left) or is_sum(node.right)
    if not is_sum(node) or not isinstance(node, ast.Call) or not node.args:
        return False
    summed = node.args[0]
    inner = summed.elt if isinstance(summed, ast.GeneratorExp | ast.ListComp) else summed
    return isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add | ast.Sub | ast.Div | ast.Pow)


def is_sum(node: ast.AST) -> bool:
    """Whether it calls a sum."""
    return isinstance(node, ast.Call) and name_of(node.func) in ("sum", "fsum")


def are_different(nodes: list[ast.expr]) -> bool:
    """Whether no two of the expressions are the same."""
    return len({ast.dump(node) for node in nodes}) == len(nodes)


def terms(node: ast.expr) -> Iterator[ast.expr]:
    """The terms of a sum, from left to right."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from terms(node.left)
        yield from terms(node.right)
    else:
        yield node


def is_product(node: ast.expr) -> bool:
    """Whether it multiplies two things."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)


def is_number_product(node: ast.expr) -> bool:
    """Whether it multiplies two numbers, the first of either sign."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)):
        return False
    sides = (node.left.operand if isinstance(node.left, ast.UnaryOp) else node.left, node.right)
    return all(isinstance(side, ast.Constant) for side in sides)


def are_names(node: ast.BinOp) -> bool:
    """Whether it joins two different names."""
    return (
        isinstance(node.left, ast.Name) and isinstance(node.right, ast.Name) and node.left.id != node.right.id
    )


def is_multiplication(node: ast.expr) -> bool:
    """Whether it is a function that multiplies its two arguments."""
    if isinstance(node, ast.Lambda):
        names = {argument.arg for argument in node.args.args}
        body = node.body
        used = {part.id for part in ast.walk(body) if isinstance(part, ast.Name)}
        return is_product(body) and used == names and len(names) == 2
    return name_of(node) == "mul"


def share_number(one: str, other: str) -> bool:
    """`x1` and `y1`, `x_k` and `y_k`."""
    first, second = (re.fullmatch(r"([a-zA-Z]+)_?(\w)", name) for name in (one, other))
    return bool(first and second and first[2] == second[2] and first[1] != second[1] and len(first[1]) == 1)


def name_of(node: ast.expr) -> str:
    """The last part of a name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""

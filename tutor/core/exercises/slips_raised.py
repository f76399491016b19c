"""Slips that look the same in every exercise, recognised by the error that they lead to."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from typing import Any

from tutor.core.exercises.slips import bug_of
from tutor.core.exercises.verdicts import Bug

Raised = Mapping[str, Any]


def by_error(raised: Raised, code: str, asked: str) -> Bug | None:
    """The slip behind an error; `asked` is the name that the task asks for."""
    text = f"{raised['type']}: {raised['message']}"
    for pattern, name in _ERRORS:
        if match := re.search(pattern, text):
            return name(match, raised, code, asked)
    return None


def _line(raised: Raised) -> str:
    return f"Line {raised['line']}" if raised.get("line") and raised.get("in") == "code" else "Your code"


def _syntax(_: re.Match[str], raised: Raised, code: str, __: str) -> Bug:
    said = str(raised["message"])
    stop = "" if said.endswith(("?", ".")) else "."
    return bug_of(
        "syntax", "not valid Python", "actionable", f"{_line(raised)} is not Python yet: {said}{stop}"
    )


def _unknown_name(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    name = match[1]
    if name == "self":
        return _self(match, raised, code, asked)
    if name == asked and raised.get("in") != "code":
        message = f"Nothing in your code has the name `{asked}`. Is it spelt as in the task?"
        return bug_of("not-there", f"no name {asked}", "actionable", message)
    message = f"{_line(raised)} uses the name `{name}`, which is not known there. Where should it come from?"
    return bug_of("unknown-name", "a name that is not defined", "actionable", message)


def _self(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        "A method gets the object itself as its first argument. Does `self` stand first in each of "
        "its brackets?"
    )
    return bug_of("self", "self forgotten", "essential", message)


def _arguments(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug | None:
    name, takes, given = match[1], int(match[2]), int(match[3])
    if "." in name and given == takes + 1:
        return _self(match, raised, code, asked)
    message = (
        f"`{name}` takes {takes} argument{'s' * (takes != 1)}, and {given} were given. Which names "
        "belong in its brackets?"
    )
    return bug_of("arguments", "another number of arguments", "actionable", message)


def _no_class_arguments(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        f"`{match[1]}` takes no arguments: Python finds no `__init__` in it. Two underscores on each side?"
    )
    return bug_of("init-name", "__init__ misspelt", "actionable", message)


def _super(_: re.Match[str], __: Raised, ___: str, ____: str) -> Bug:
    message = (
        "PyTorch cannot register your tables yet. Which call, `super()....`, has to come first in __init__?"
    )
    return bug_of("super-init", "super().__init__() forgotten", "essential", message)


def _attribute(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug | None:
    owner, name = match[1], match[2]
    if owner not in code:
        return None
    if name in _locals_of_init(code):
        message = (
            f"`{name}` is a local name in __init__ and gone when that ends. Where does an object keep "
            "what it needs later: `self.`?"
        )
        return bug_of("local", "self. forgotten", "essential", message)
    message = (
        f"The object has no `{name}`. Under which name did you keep it on self, and is it the one of "
        "the task?"
    )
    return bug_of("attribute", "another name on self", "actionable", message)


def _locals_of_init(code: str) -> set[str]:
    """Names that `__init__` sets without `self.`."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return set()
    methods = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
    names = (one for method in methods for one in ast.walk(method) if isinstance(one, ast.Name))
    return {one.id for one in names if isinstance(one.ctx, ast.Store)}


def _unbound(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = f"{_line(raised)} uses `{match[1]}` before it has a value. Where does it begin?"
    return bug_of("unbound", "used before it has a value", "actionable", message)


def _rows_of_table(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        "A code is larger than its table has rows. Which count of rows belongs to which table, which "
        "column to which?"
    )
    return bug_of("table-rows", "a table too short for the codes", "actionable", message)


def _sizes(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    said = str(raised["message"]).splitlines()[0].rstrip(".")
    message = f"Two shapes do not fit ({said}). Which size should each table, or each axis, have?"
    return bug_of("sizes", "shapes of different size", "actionable", message)


def _shadowed(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        f"{_line(raised)} uses a number where a list is needed. Did a name, of a loop perhaps, take "
        "the place of another?"
    )
    return bug_of("shadowed", "a name used twice", "actionable", message)


def _key(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        f"{_line(raised)} asks for {match[1]}, and there is no column or key of that name. How is it "
        "spelt in the task?"
    )
    return bug_of("key", "a column or key that is not there", "actionable", message)


def _library(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        f"There is no library {match[1]} here. torch, numpy and pandas are, and the names of fastai "
        "that the lecture uses."
    )
    return bug_of("library", "a library that is not here", "actionable", message)


def _refused(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        f"{_line(raised)} reached for a file, the network or another program, and was stopped. Here "
        "your code has only itself."
    )
    return bug_of("refused", "reached outside", "actionable", message)


def _memory(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        f"{_line(raised)} asked for more memory than a check gets, and was stopped. How long is that "
        "list, or tensor?"
    )
    return bug_of("memory", "too much memory", "actionable", message)


def _output(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = f"{_line(raised)} printed more than anybody reads, and was stopped. Is there a print in a loop?"
    return bug_of("output", "too much output", "actionable", message)


def _no_gradient(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        "Your result carries no gradient: somewhere it left PyTorch, by .item(), float(...), .detach() or a "
        "new tensor. Which line takes a plain number out?"
    )
    return bug_of("no-gradient", "cut off from the gradients", "essential", message)


def _recursion(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    return bug_of(
        "recursion", "calls itself without end", "actionable", f"{_line(raised)} calls itself without end."
    )


def _not_written(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        "`forward` is not there: PyTorch calls it for each batch. Is it in the class, spelt like "
        "this and indented?"
    )
    return bug_of("forward", "no forward", "essential", message)


_ERRORS: tuple[tuple[str, Callable[[re.Match[str], Raised, str, str], Bug | None]], ...] = (
    (r"^(?:SyntaxError|IndentationError|TabError): ", _syntax),
    (r"^UnboundLocalError: .*?'(\w+)'", _unbound),
    (r"^NameError: .*?name '(\w+)' is not defined", _unknown_name),
    (r"^TypeError: ([\w.<>]+)\(\) takes (?:from )?(\d+) .*but (\d+) (?:was|were) given", _arguments),
    (r"^TypeError: (\w+)\(\) takes no arguments", _no_class_arguments),
    (r"^AttributeError: cannot assign \w+ before Module\.__init__\(\) call", _super),
    (r"^NotImplementedError: Module .* \"forward\"", _not_written),
    (r"^AttributeError: '(\w+)' object has no attribute '(\w+)'", _attribute),
    (r"^IndexError: index out of range in self", _rows_of_table),
    (r"^RuntimeError: .*(?:must match|size mismatch|cannot be multiplied)", _sizes),
    (r"^TypeError: '(?:int|float)' object is not (?:subscriptable|iterable)", _shadowed),
    (r"^TypeError: object of type '(?:int|float)' has no len", _shadowed),
    (r"^KeyError: (.+)", _key),
    (r"^ModuleNotFoundError: No module named '([\w.]+)'", _library),
    (r"^(?:PermissionError|ConnectionRefusedError|gaierror|OSError): ", _refused),
    (r"^FileNotFoundError: ", _refused),
    (r"^MemoryError|can't allocate memory|not enough memory", _memory),
    (r"^OutputLimit", _output),
    (r"^RecursionError", _recursion),
    (r"^RuntimeError: .*does not require grad", _no_gradient),
)  # fmt: skip

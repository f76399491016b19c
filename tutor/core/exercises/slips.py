"""Slips that look the same in every exercise: recognised by the error, or by what came back."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tutor.core.exercises.verdicts import Bug, Kind

_GAP = re.compile(r"(?<![A-Za-z0-9_])___(?![A-Za-z0-9_])")
Result = Mapping[str, Any]
Raised = Mapping[str, Any]


def by_error(raised: Raised, code: str, asked: str) -> Bug | None:
    """The slip behind an error; `asked` is the name that the task asks for."""
    text = f"{raised['type']}: {raised['message']}"
    for pattern, name in _ERRORS:
        if match := re.search(pattern, text):
            return name(match, raised, code, asked)
    return None


def nothing_returned(found: Sequence[Result], wanted: Sequence[Result]) -> Bug | None:
    """Whether the first case that fails gave None: printed, or lost."""
    if not _lost(found[0].get("value", ""), wanted[0].get("value")):
        return None
    if any(one.get("printed") for one in found):
        message = (
            "Your code prints the result and hands nothing back. Which word gives a value to the caller?"
        )
        return _bug("printed", "printed instead of returned", "actionable", message)
    message = "Nothing comes back from your code: it gives None. Is a return missing, or not reached?"
    return _bug("no-return", "nothing is returned", "actionable", message)


def _lost(got: Any, want: Any) -> bool:
    """Whether None came where something was asked for, alone or in a list."""
    if isinstance(got, list) and isinstance(want, list) and len(got) == len(want):
        return any(map(_lost, got, want))
    return got is None and want is not None


def gap(code: str) -> int | None:
    """The first line that still holds a gap `___`."""
    lines = (number for number, line in enumerate(code.splitlines(), 1) if _GAP.search(line))
    return next(lines, None)


def gap_left(line: int) -> Bug:
    """The bug of a program with gaps."""
    message = f"Line {line} still holds a gap ___. What belongs there? The worked sibling shows one like it."
    return _bug("gap", "a gap is left", "actionable", message)


def by_value(found: Sequence[Result], wanted: Sequence[Result]) -> Bug | None:
    """The slip behind wrong values: of cases that fail, what they gave and what they should."""
    both = [(a, b) for a, b in zip(found, wanted, strict=True) if "value" in a and "value" in b]
    pairs = [(a["value"], b["value"]) for a, b in both]
    return next(filter(None, (_shape_slip(got, want) or _parts_slip(got, want) for got, want in pairs)), None)


def _parts_slip(got: Any, want: Any) -> Bug | None:
    """Several things are asked for, and another number of them comes."""
    if not isinstance(want, list) or (isinstance(got, list) and len(got) == len(want)):
        return None
    found = f"{len(got)} item{'s' * (len(got) != 1)}" if isinstance(got, list) else "no list"
    message = (
        f"{len(want)} items are asked for, together in one tuple or list; your code gives {found}. "
        "What is missing?"
    )
    return _bug("parts", "another number of items", "actionable", message)


def _shape_slip(got: Any, want: Any) -> Bug | None:
    if isinstance(got, list) and isinstance(want, list) and len(got) == len(want):
        return next(filter(None, map(_shape_slip, got, want)), None)
    if not (isinstance(want, dict) and "shape" in want):
        return None
    if isinstance(got, list):
        message = (
            "Your code gives a list where a tensor is asked for. Arithmetic on whole batches needs a tensor."
        )
        return _bug("list", "a list instead of a tensor", "actionable", message)
    if not (isinstance(got, dict) and "shape" in got):
        return None
    return _between(got["shape"], want["shape"], want)


def _between(got: list[int], want: list[int], array: Mapping[str, Any]) -> Bug | None:
    if got == want:
        return None
    if array["is"] == "frame":
        message = (
            f"Your table has {_rows(got)}, the one asked for {_rows(want)}. What is one row of it, and "
            "what is one column?"
        )
        return _bug("table-shape", "a table of another shape", "essential", message)
    if got == [*want, 1]:
        message = (
            f"An axis of length 1 is left over: shape {got} instead of {want}. Against [n] it would be "
            "repeated to [n, n]."
        )
        return _bug("extra-axis", "[n, 1] against [n]", "actionable", message)
    if len(want) == 1 and got == [want[0], want[0]]:
        message = (
            f"Shape {got} instead of {want}: something of shape [n, 1] met something of shape [n]. Print "
            "both shapes."
        )
        return _bug("broadcast", "[n, 1] against [n] repeated to [n, n]", "essential", message)
    if not got:
        message = (
            "One number is left for the whole batch. Over which dim may the sum run, and over which not?"
        )
        return _bug("all-summed", "summed over everything", "essential", message)
    return None


def _rows(shape: list[int]) -> str:
    rows, columns = shape[0], shape[1] if len(shape) > 1 else 1
    return f"{rows} row{'s' * (rows != 1)} and {columns} column{'s' * (columns != 1)}"


CHANGED = Bug(
    id="changed",
    bug="changes what it was given",
    kind="actionable",
    message=(
        "Your results are right, but what your code was given is not left as it was. Which line "
        "works in place?"
    ),
)


# --- errors --------------------------------------------------------------------------------------


def _bug(id: str, bug: str, kind: Kind, message: str) -> Bug:
    return Bug(id=id, bug=bug, kind=kind, message=message)


def _line(raised: Raised) -> str:
    return f"Line {raised['line']}" if raised.get("line") and raised.get("in") == "code" else "Your code"


def _syntax(_: re.Match[str], raised: Raised, code: str, __: str) -> Bug:
    said = str(raised["message"])
    stop = "" if said.endswith(("?", ".")) else "."
    return _bug(
        "syntax", "not valid Python", "actionable", f"{_line(raised)} is not Python yet: {said}{stop}"
    )


def _unknown_name(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    name = match[1]
    if name == "self":
        return _self(match, raised, code, asked)
    if name == asked and raised.get("in") != "code":
        message = f"Nothing in your code has the name `{asked}`. Is it spelt as in the task?"
        return _bug("not-there", f"no name {asked}", "actionable", message)
    message = f"{_line(raised)} uses the name `{name}`, which is not known there. Where should it come from?"
    return _bug("unknown-name", "a name that is not defined", "actionable", message)


def _self(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        "A method gets the object itself as its first argument. Does `self` stand first in each of "
        "its brackets?"
    )
    return _bug("self", "self forgotten", "essential", message)


def _arguments(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug | None:
    name, takes, given = match[1], int(match[2]), int(match[3])
    if "." in name and given == takes + 1:
        return _self(match, raised, code, asked)
    message = (
        f"`{name}` takes {takes} argument{'s' * (takes != 1)}, and {given} were given. Which names "
        "belong in its brackets?"
    )
    return _bug("arguments", "another number of arguments", "actionable", message)


def _no_class_arguments(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        f"`{match[1]}` takes no arguments: Python finds no `__init__` in it. Two underscores on each side?"
    )
    return _bug("init-name", "__init__ misspelt", "actionable", message)


def _super(_: re.Match[str], __: Raised, ___: str, ____: str) -> Bug:
    message = (
        "PyTorch cannot register your tables yet. Which call, `super()....`, has to come first in __init__?"
    )
    return _bug("super-init", "super().__init__() forgotten", "essential", message)


def _attribute(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug | None:
    owner, name = match[1], match[2]
    if owner not in code:
        return None
    if name in _locals_of_init(code):
        message = (
            f"`{name}` is a local name in __init__ and gone when that ends. Where does an object keep "
            "what it needs later: `self.`?"
        )
        return _bug("local", "self. forgotten", "essential", message)
    message = (
        f"The object has no `{name}`. Under which name did you keep it on self, and is it the one of "
        "the task?"
    )
    return _bug("attribute", "another name on self", "actionable", message)


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
    return _bug("unbound", "used before it has a value", "actionable", message)


def _rows_of_table(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        "A code is larger than its table has rows. Which count of rows belongs to which table, which "
        "column to which?"
    )
    return _bug("table-rows", "a table too short for the codes", "actionable", message)


def _sizes(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    said = str(raised["message"]).splitlines()[0].rstrip(".")
    message = f"Two shapes do not fit ({said}). Which size should each table, or each axis, have?"
    return _bug("sizes", "shapes of different size", "actionable", message)


def _shadowed(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        f"{_line(raised)} uses a number where a list is needed. Did a name, of a loop perhaps, take "
        "the place of another?"
    )
    return _bug("shadowed", "a name used twice", "actionable", message)


def _key(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        f"{_line(raised)} asks for {match[1]}, and there is no column or key of that name. How is it "
        "spelt in the task?"
    )
    return _bug("key", "a column or key that is not there", "actionable", message)


def _library(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        f"There is no library {match[1]} here. torch, numpy and pandas are, and the names of fastai "
        "that the lecture uses."
    )
    return _bug("library", "a library that is not here", "actionable", message)


def _refused(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        f"{_line(raised)} reached for a file, the network or another program, and was stopped. Here "
        "your code has only itself."
    )
    return _bug("refused", "reached outside", "actionable", message)


def _memory(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        f"{_line(raised)} asked for more memory than a check gets, and was stopped. How long is that "
        "list, or tensor?"
    )
    return _bug("memory", "too much memory", "actionable", message)


def _output(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = f"{_line(raised)} printed more than anybody reads, and was stopped. Is there a print in a loop?"
    return _bug("output", "too much output", "actionable", message)


def _no_gradient(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        "Your result carries no gradient: somewhere it left PyTorch, by .item(), float(...), .detach() or a "
        "new tensor. Which line takes a plain number out?"
    )
    return _bug("no-gradient", "cut off from the gradients", "essential", message)


def _recursion(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    return _bug(
        "recursion", "calls itself without end", "actionable", f"{_line(raised)} calls itself without end."
    )


def _not_written(match: re.Match[str], raised: Raised, code: str, asked: str) -> Bug:
    message = (
        "`forward` is not there: PyTorch calls it for each batch. Is it in the class, spelt like "
        "this and indented?"
    )
    return _bug("forward", "no forward", "essential", message)


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

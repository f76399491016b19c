"""What the grammar of the command line is made of: a parser whose mistakes are one line, and value types."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, NoReturn

from tutor.cli.diagnostics import UsageError


class Parser(argparse.ArgumentParser):
    """Argparse, but a mistake is one line that says how to mend it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing a usage block."""
        raise UsageError(f"{message}. See `{self.prog} --help`.")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Name the near matches of an unknown command, or of a value that an option does not take."""
        if action.choices is None or value in action.choices:
            return
        import difflib  # only a mistake pays for it

        known = [str(choice) for choice in action.choices]
        near = difflib.get_close_matches(str(value), known, n=3, cutoff=0.5)
        remedy = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(known)}."
        if action.option_strings:
            raise UsageError(f"{action.option_strings[0]} cannot be {value!r}; {remedy}")
        typed = f"{self.prog} {value}".removeprefix("tutor ")
        raise UsageError(f"there is no command {typed!r}; {remedy}")


class Group:
    """Commands below one parser; each gets `--json` and `--seed`."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._commands = parser.add_subparsers(
            metavar="COMMAND [OPTIONS]", title="commands", parser_class=Parser
        )

    def add(self, name: str, handler: str, help_text: str) -> argparse.ArgumentParser:
        """Add a command that `handler` serves and return its parser for more options."""
        command: argparse.ArgumentParser = self._commands.add_parser(
            name, help=help_text, description=f"{help_text[:1].upper()}{help_text[1:]}."
        )
        command.add_argument("--json", action="store_true", help="JSON on stdout, nothing else")
        command.add_argument(
            "--seed", type=whole_number, default=0, metavar="N", help="seed of all chance (0)"
        )
        command.set_defaults(handler=handler, prog=command.prog)
        return command

    def group(self, name: str, help_text: str) -> Group:
        """Add a command that has commands below it."""
        parent = self._commands.add_parser(name, help=help_text)
        parent.set_defaults(handler="", prog=parent.prog)
        return Group(parent)


def whole_number(text: str) -> int:
    """A seed: a whole number from 0 to 2**32 - 1, which is what every generator takes."""
    return _in_range(text, int, 0, 2**32 - 1, "a whole number from 0 to 4294967295")


def recommender(text: str) -> str:
    """One of our models, or `yours:NAME`."""
    import difflib  # only who names one pays for it

    known = ("best", "dot-bias", "als", "item-knn", "popularity")
    if text in known or text.startswith("yours:"):
        return text
    near = difflib.get_close_matches(text, known, n=1, cutoff=0.5)
    remedy = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)} and yours:NAME."
    raise UsageError(f"there is no recommender {text!r}; {remedy}")


def count(text: str) -> int:
    """A count of at least one."""
    return _in_range(text, int, 1, 100_000, "a whole number of at least 1")


def _in_range(text: str, kind: Callable[[str], int], low: int, high: int, wanted: str) -> int:
    try:
        value = kind(text)
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"{text!r} is not {wanted}")
    return value

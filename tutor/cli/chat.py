"""`tutor chat`: the learning session as a line dialogue, for pipes and screen readers."""

from __future__ import annotations

import contextlib
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from tutor.cli import diagnostics
from tutor.cli.diagnostics import ExitCode, UsageError
from tutor.cli.learner_text import required_text
from tutor.cli.output import emit_json, emphasis, printable, prompt, write_styled

if TYPE_CHECKING:
    from tutor.core.curriculum import Course
    from tutor.core.events import ChatEvent, Said

SPEAKERS = {"you": "You:", "tutor": "Tutor:"}
FAREWELLS = frozenset({"quit", "exit", "bye"})


def chat(args: Namespace) -> ExitCode:
    """Talk until the input ends. Every event is committed before it is printed."""
    from tutor.core.workspace import Workspace

    typing = sys.stdin.isatty()
    with closing(Workspace()) as workspace:
        voice = Voice(workspace.course, typing, plain=args.plain)
        say: Callable[[ChatEvent], None] = emit_json if args.json else voice.say
        session = workspace.session(inline_runs=True)
        for event in session.opening():
            say(event)
        for line in _typed_lines(with_prompt=not args.json) if typing else sys.stdin:
            for event in session.ask(text) if (text := _readable(line)) else ():
                say(event)
    return ExitCode.DONE


def _readable(line: str) -> str:
    """The learner's line without control characters; empty, after a word why, where it cannot be used."""
    try:
        return required_text(line, "this line")
    except UsageError as fault:
        diagnostics.report(str(fault))
        return ""


class Voice:
    """Writes events as a dialogue: each line of the transcript behind its speaker."""

    def __init__(self, course: Course, typing: bool, *, plain: bool) -> None:
        self._course = course
        self._typing = typing
        self._mark = (lambda text: text) if plain else emphasis
        self._question: str | None = None
        """The question that the last line of the tutor belonged to."""

    def say(self, event: ChatEvent) -> None:
        """Write one event; what only a screen needs is left out."""
        if event.event == "said":
            if not (event.role == "you" and self._typing):  # then it stands on the terminal already
                self._line(SPEAKERS[event.role], self._label(event), event.text)
        elif event.event == "progress":
            diagnostics.progress(event.note, event.fraction)
        elif event.event == "failed":
            diagnostics.report(diagnostics.with_log(event.message, event.log))

    def _label(self, said: Said) -> str | None:
        """The name of the tutor's move; where a question is put, that of the question."""
        if said.role == "you":
            return None
        is_put, self._question = said.question != self._question, said.question
        if said.label or not is_put or said.question is None:
            return said.label
        entry = self._course.entry(said.question)
        return f"Q{entry.q} · {entry.title}" if entry.q else entry.title

    def _line(self, speaker: str, label: str | None, text: str) -> None:
        diagnostics.clear_progress()
        first, *more = printable(f"[{label}] {text}" if label else text).split("\n")
        write_styled("\n".join([f"{self._mark(speaker)} {first}", *(f"  {line}".rstrip() for line in more)]))


def _typed_lines(*, with_prompt: bool) -> Iterator[str]:
    """Lines typed at a terminal, with editing and history where the platform has them."""
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  (`input` uses it once it is there; without it a line ends at 4096 bytes)
    while True:
        try:
            line = input("You: " if with_prompt and sys.stdout.isatty() else "")
        except EOFError:
            if with_prompt:
                prompt("\n")
            return
        if line.strip().casefold() in FAREWELLS:
            return
        yield line

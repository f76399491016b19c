"""One quiz card: what is asked, the place for an answer, and what is said after the reveal."""

from __future__ import annotations

import re
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Input, Static

from tutor.core.proposals import TOLD
from tutor.ui.commands import bindings

_MARKS = re.compile(r"`([^`]+)`|\*([^*\s][^*]*)\*")
QUIET = "$foreground 65%"
KEY = "bold $text-accent"
SURE = (("1", "a guess"), ("2", "fairly sure"), ("3", "sure"))


@dataclass(frozen=True)
class Reveal:
    """The other side of a card."""

    verdict: str
    """What became of the reply, in words."""
    right: bool | None
    answer: str
    """The right answer; empty where the explanation is the answer."""
    why: str
    chosen: int | None = None
    """Place of the option that was chosen."""
    correct: int | None = None
    """Place of the right option."""
    grades: tuple[tuple[int, str, str], ...] = ()
    """(key, its name, when the card would come back)."""
    suggested: int | None = None
    """The key that is proposed."""
    see: str = ""
    """What to look at beside the answer: a run, for somebody who was sure and wrong."""


@dataclass(frozen=True)
class Face:
    """A card as it lies on the table."""

    title: str
    form: str
    prompt: str
    options: tuple[str, ...] = ()
    typed: bool = True
    """Whether there is a box for the reply; else one looks and says how sure one was, in one key."""
    way: str = ""
    """For a card that was forgotten often: how it is taught this time."""
    hints: tuple[str, ...] = ()
    """Those given so far."""
    asks_sure: bool = False
    """The reply is in; how sure was it?"""
    note: str = ""
    """The learner's own, shown with the answer."""
    reveal: Reveal | None = None

    @property
    def has_box(self) -> bool:
        """Whether something can be typed now."""
        return self.typed and not self.options and not self.asks_sure and self.reveal is None


class Reply(Input):
    """The box for a typed answer."""

    BINDINGS = bindings("quiz", "reply")


class Card(VerticalScroll, can_focus=True):
    """Shows `face`: the question alone, or with its answer."""

    DEFAULT_CSS = """
    Card {
        height: auto;
        max-height: 1fr;
        max-width: 96;
        border: round $foreground 25%;
        border-title-color: $text-primary;
        border-subtitle-color: $text-muted;
        padding: 1 2;
        scrollbar-size-vertical: 1;
        &:focus, &:focus-within { border: round $primary; }
        & > #way { color: $text-warning; margin-bottom: 1; }
        & > #prompt { text-style: bold; margin-bottom: 1; }
        & > #options { margin-bottom: 1; }
        & > Reply { border: round $foreground 25%; height: 3; background: transparent; margin-bottom: 1; }
        & > Reply:focus { border: round $accent; }
        & > #hints { margin-bottom: 1; }
        & > #verdict { text-style: bold; }
        & > #verdict.-right { color: $text-success; }
        & > #verdict.-wrong { color: $text-error; }
        & > #why { margin: 0 0 1 0; }
        & > #see { color: $text-warning; margin-bottom: 1; }
        & > #own { color: $text-muted; margin-bottom: 1; }
        & > .gone { display: none; }
    }
    .-short Card { padding: 0 1; }
    """

    face: reactive[Face | None] = reactive(None)

    def compose(self) -> ComposeResult:
        """The parts from top to bottom; those without content are hidden."""
        yield Static(id="way", markup=False)
        yield Static(id="prompt", markup=False)
        yield Static(id="options")
        yield Reply(placeholder="type your answer, then enter; enter alone shows it", id="reply")
        yield Static(id="hints")
        yield Static(id="sure")
        yield Static(id="verdict", markup=False)
        yield Static(id="answer", markup=False)
        yield Static(id="why", markup=False)
        yield Static(id="see", markup=False)
        yield Static(id="own", markup=False)
        yield Static(id="grades")

    def watch_face(self, before: Face | None, face: Face | None) -> None:
        """Fill the parts in."""
        if face is None:
            return
        self.border_title = face.title
        self.border_subtitle = face.form
        self._fill("way", inline(face.way))
        self._fill("prompt", inline(face.prompt))
        self._fill("options", _options(face))
        self._fill("hints", _hints(face.hints))
        self._fill("sure", _sure(face))
        self._fill("own", Content(f"Your note: {face.note}" if face.note and face.reveal else ""))
        self._box(before, face)
        self._other_side(face.reveal)
        if face.reveal:
            self.scroll_end(animate=False)
        elif before is None or before.prompt != face.prompt:
            self.scroll_home(animate=False)
        self.place_focus()

    def place_focus(self) -> None:
        """Into the box where something is to be typed, else on the card, whose keys answer."""
        box = self.face is not None and self.face.has_box
        (self.query_one("#reply") if box else self).focus()

    def _box(self, before: Face | None, face: Face) -> None:
        """The box stays with what was typed; on a new card it is empty."""
        reply = self.query_one("#reply", Reply)
        if before is None or (face.has_box and not before.has_box):
            reply.value = ""
        reply.disabled = not face.has_box
        reply.set_class(
            not face.has_box and (not reply.value or bool(face.options) or not face.typed), "gone"
        )

    def _other_side(self, reveal: Reveal | None) -> None:
        self._fill("verdict", Content(reveal.verdict if reveal else ""))
        verdict = self.query_one("#verdict")
        verdict.set_class(reveal is not None and reveal.right is True, "-right")
        verdict.set_class(reveal is not None and reveal.right is False, "-wrong")
        self._fill("answer", inline(f"Answer: {reveal.answer}" if reveal and reveal.answer else ""))
        self._fill("why", inline(reveal.why if reveal else ""))
        self._fill("see", Content(reveal.see if reveal else ""))
        self._fill("grades", _grades(reveal) if reveal else Content(""))

    def _fill(self, id: str, content: Content) -> None:
        part = self.query_one(f"#{id}", Static)
        part.update(content)
        part.set_class(not content.plain, "gone")


def inline(text: str) -> Content:
    """A line of the course with its `code` and *titles* set apart."""
    parts: list[str | tuple[str, str]] = []
    start = 0
    for found in _MARKS.finditer(text):
        parts += [
            text[start : found.start()],
            (found[1], "$text-accent") if found[1] else (found[2], "italic"),
        ]
        start = found.end()
    return Content.assemble(*parts, text[start:])


def _options(face: Face) -> Content:
    lines = []
    for place, option in enumerate(face.options):
        mark, style = "", ""
        if face.reveal and place == face.reveal.correct:
            mark, style = "  ✓ right", "$text-success"
        elif face.reveal and place == face.reveal.chosen:
            mark, style = "  ✗ your choice", "$text-error"
        elif face.reveal or face.asks_sure:
            style = QUIET
        lines.append(
            Content.assemble((f" {place + 1} ", KEY), " ", inline(option).stylize(style), (mark, style))
        )
    return Content("\n").join(lines)


def _hints(hints: tuple[str, ...]) -> Content:
    names = ["hint  "] * (TOLD - 1) + ["answer  "]
    return Content("\n").join(
        Content.assemble((name, QUIET), inline(hint)) for name, hint in zip(names, hints, strict=False)
    )


def _sure(face: Face) -> Content:
    """The question how sure one is, in the words that fit what was done before."""
    quick = not face.typed and not face.options
    if face.reveal or not (face.asks_sure or quick):
        return Content("")
    ask = "How sure were you?" if face.asks_sure else "Say it to yourself. How sure are you?"
    parts: list[Content | tuple[str, str] | str] = [ask]
    for key, name in SURE:
        parts += [(f"  {key} ", KEY), name]
    return Content.assemble(*parts)


def _grades(reveal: Reveal) -> Content:
    lines = [Content("How well did you know it?")]
    width = max((len(name) for _, name, _ in reveal.grades), default=0)
    for key, name, interval in reveal.grades:
        here = key == reveal.suggested
        lines.append(
            Content.assemble(
                (f" {key} ", KEY),
                (f"{name:<{width}}", "bold" if here else ""),
                (f"  {interval}", QUIET),
                ("  ← suggested, space takes it" if here else "", QUIET),
            )
        )
    return Content("\n").join(lines)

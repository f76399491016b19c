"""One quiz card: what is asked, the place for an answer, and what is said after the reveal."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Input, Static

from tutor.ui.commands import bindings


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
    intervals: tuple[tuple[int, str, str], ...] = ()
    """(grade, its name, when the card would come back)."""
    suggested: int | None = None


@dataclass(frozen=True)
class Face:
    """A card as it lies on the table."""

    title: str
    form: str
    prompt: str
    options: tuple[str, ...] = ()
    reveal: Reveal | None = None


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
        &:focus, &:focus-within { border: round $primary; }
        & > #prompt { text-style: bold; margin-bottom: 1; }
        & > #options { margin-bottom: 1; }
        & > Reply { border: round $foreground 25%; height: 3; background: transparent; margin-bottom: 1; }
        & > Reply:focus { border: round $accent; }
        & > #verdict { text-style: bold; }
        & > #verdict.-right { color: $text-success; }
        & > #verdict.-wrong { color: $text-error; }
        & > #why { margin: 0 0 1 0; }
        & > .gone { display: none; }
    }
    .-short Card { padding: 0 1; }
    """

    face: reactive[Face | None] = reactive(None)

    def compose(self) -> ComposeResult:
        """The parts from top to bottom; those without content are hidden."""
        yield Static(id="prompt", markup=False)
        yield Static(id="options")
        yield Reply(placeholder="type your answer, then enter; enter alone shows it", id="reply")
        yield Static(id="verdict", markup=False)
        yield Static(id="answer", markup=False)
        yield Static(id="why", markup=False)
        yield Static(id="grades")

    def watch_face(self, before: Face | None, face: Face | None) -> None:
        """Fill the parts in."""
        if face is None:
            return
        self.border_title = face.title
        self.border_subtitle = face.form
        reply = self.query_one("#reply", Reply)
        if face.reveal is None:
            reply.value = ""
        reply.disabled = face.reveal is not None
        self._fill("prompt", Content(face.prompt))
        self._fill("options", self._options(face))
        typed = not face.options and (face.reveal is None or bool(reply.value))
        reply.set_class(not typed, "gone")
        reveal = face.reveal
        self._fill("verdict", Content(reveal.verdict if reveal else ""))
        verdict = self.query_one("#verdict")
        verdict.set_class(reveal is not None and reveal.right is True, "-right")
        verdict.set_class(reveal is not None and reveal.right is False, "-wrong")
        self._fill("answer", Content(f"Answer: {reveal.answer}" if reveal and reveal.answer else ""))
        self._fill("why", Content(reveal.why if reveal else ""))
        self._fill("grades", _grades(reveal) if reveal else Content(""))
        self.scroll_home(animate=False) if reveal is None else self.scroll_end(animate=False)
        self.place_focus()

    def place_focus(self) -> None:
        """Into the box where something is to be typed, else on the card, whose keys answer."""
        face = self.face
        typed = face is not None and not face.options and face.reveal is None
        (self.query_one("#reply") if typed else self).focus()

    def _fill(self, id: str, content: Content) -> None:
        part = self.query_one(f"#{id}", Static)
        part.update(content)
        part.set_class(not content.plain, "gone")

    def _options(self, face: Face) -> Content:
        lines = []
        for place, option in enumerate(face.options):
            mark, style = "", ""
            if face.reveal and place == face.reveal.correct:
                mark, style = "  ✓ right", "$text-success"
            elif face.reveal and place == face.reveal.chosen:
                mark, style = "  ✗ your choice", "$text-error"
            elif face.reveal:
                style = "$foreground 65%"
            lines.append(
                Content.assemble((f" {place + 1} ", "bold $text-accent"), (f" {option}{mark}", style))
            )
        return Content("\n").join(lines)


def _grades(reveal: Reveal) -> Content:
    parts = [Content("How well did you know it?\n")]
    for grade, name, interval in reveal.intervals:
        here = grade == reveal.suggested
        parts.append(
            Content.assemble(
                (f" {grade} ", "bold $text-accent"),
                (f"{name:<6}", "bold" if here else ""),
                (f" {interval}", "$foreground 65%"),
                ("  ← suggested" if here else "", "$foreground 65%"),
                "\n" if grade != reveal.intervals[-1][0] else "",
            )
        )
    return Content("").join(parts)

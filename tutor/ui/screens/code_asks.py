"""Small questions of the code screen: agree, start over, a name for the model."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

_CSS = """
    align: center middle;
    background: $background 60%;
    & > Vertical {
        width: 74;
        max-width: 96%;
        height: auto;
        padding: 1 2;
        background: $surface;
        border: round $primary;
        border-title-color: $primary;
        border-subtitle-color: $text-muted;
    }
    & Static { height: auto; }
    & Input { margin-top: 1; }
"""


class Choose(ModalScreen[str | None]):
    """A question with an answer on a key each; esc changes nothing."""

    BINDINGS = [("escape", "dismiss", "back")]
    DEFAULT_CSS = f"Choose {{{_CSS}}}"

    def __init__(self, title: str, text: str, answers: dict[str, str]) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._answers = answers

    def compose(self) -> ComposeResult:
        """Ask, with the keys below."""
        keys = "\n".join(f"{key}  {meaning}" for key, meaning in self._answers.items())
        box = Vertical(Static(self._text, markup=False), Static(f"\n{keys}", markup=False))
        box.border_title = self._title
        box.border_subtitle = "esc changes nothing"
        yield box

    def key_y(self) -> None:
        """Say yes."""
        self._answer("y")

    def key_1(self) -> None:
        """Take the first."""
        self._answer("1")

    def key_2(self) -> None:
        """Take the second."""
        self._answer("2")

    def _answer(self, key: str) -> None:
        if key in self._answers:
            self.dismiss(key)


class Name(ModalScreen[str | None]):
    """Asks under which name Movies will list the learner's model."""

    BINDINGS = [("escape", "dismiss", "back")]
    DEFAULT_CSS = f"Name {{{_CSS}}}"

    def __init__(self, proposal: str) -> None:
        super().__init__()
        self._proposal = proposal

    def compose(self) -> ComposeResult:
        """Propose one."""
        words = (
            "Your class is trained on the real ratings, with you as one more viewer, beside ours. "
            "Its stars for each film are kept; your code is not run again for a list."
        )
        box = Vertical(Static(words, markup=False), Input(self._proposal, id="name", max_length=40))
        box.border_title = "Train it · under which name?"
        box.border_subtitle = "enter trains · esc not now"
        yield box

    @on(Input.Submitted)
    def _named(self, message: Input.Submitted) -> None:
        message.stop()
        if message.value.strip():
            self.dismiss(message.value.strip())

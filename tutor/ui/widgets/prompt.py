"""Where the learner types: it grows with the text, remembers what was sent, and can be locked."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import TextArea

from tutor.core.proposals import CONFIDENCE
from tutor.ui.commands import bindings

_INVITATION = "Answer in your own words; a guess is useful."
_LEVELS = (None, 3, 2, 1)
"""How sure one may say to be, in the order in which the key goes through them; None: not said."""


class Prompt(TextArea):
    """A text field of one to six lines. Enter sends, ctrl+j begins a new line."""

    BINDINGS = bindings("learn", "prompt")
    DEFAULT_CSS = """
    Prompt {
        height: auto;
        min-height: 3;
        max-height: 8;
        margin: 0 1;
        padding: 0 1;
        background: $background;
        border: round $border-blurred;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
        &:focus { border: round $primary; }
        &.-locked { border: round $border-blurred; color: $text-muted; }
        &.-locked .text-area--cursor { background: $surface; color: $text-muted; }
    }
    """

    locked: reactive[bool] = reactive(False, init=False, toggle_class="-locked")
    """Nothing can be sent while the core works; keys typed meanwhile are kept."""

    sure: reactive[int | None] = reactive(None, init=False)
    """How sure the learner is of what is being typed: 1 guess, 2 fairly sure, 3 sure; None: not said."""

    class Submitted(Message):
        """The learner sends this text; `sure` as above."""

        def __init__(self, text: str, sure: int | None = None) -> None:
            super().__init__()
            self.text = text
            self.sure = sure

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(
            text, id=id, placeholder=_INVITATION, highlight_cursor_line=False, tab_behavior="focus"
        )
        self.sent: list[str] = []
        """What was sent before, oldest first."""
        self._back = 0
        """How many steps into `sent` the prompt shows; 0 is what is being typed."""
        self._typing = ""
        self._ahead = ""

    def on_mount(self) -> None:
        """Begin behind the draft."""
        self.move_cursor(self.document.end)

    def say(self, remark: str) -> None:
        """Show one small line in the frame until the text changes."""
        self.border_subtitle = remark

    def put(self, text: str) -> None:
        """Replace the text and go to its end."""
        self.text = text
        self.move_cursor(self.document.end)

    def watch_locked(self, locked: bool) -> None:
        """Show the lock in words, and let go of what was typed meanwhile."""
        self.read_only = locked
        self._show_title()
        self.placeholder = "" if locked else _INVITATION
        if not locked and self._ahead:
            ahead, self._ahead = self._ahead, ""
            self.insert(ahead)

    def watch_sure(self) -> None:
        """Show how sure, in words."""
        self._show_title()

    def _show_title(self) -> None:
        """In the frame: the lock, or how sure one is; while there is text, how to say it."""
        said = CONFIDENCE.get(self.sure or 0)
        if self.locked:
            self.border_title = "one moment · esc stops"
        elif said:
            self.border_title = f"{said} · F6 changes it"
        else:
            self.border_title = "how sure? F6, if you like" if self.text.strip() else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no sending while the tutor is at work."""
        return not (self.locked and action in ("send", "new_line", "sure"))

    def action_send(self) -> None:
        """Send the text, unless there is none."""
        if not self.text.strip():
            self.say("Nothing typed yet: a guess is enough, F2 gives a hint.")
            return
        text = self.text
        self.sent.append(text)
        self._back = 0
        self.post_message(self.Submitted(text, self.sure))
        self.sure = None

    def action_sure(self) -> None:
        """Go through sure, fairly sure, guess, and not said."""
        self.sure = _LEVELS[(_LEVELS.index(self.sure) + 1) % len(_LEVELS)]

    def action_new_line(self) -> None:
        """Begin a new line."""
        self.insert("\n")

    def action_earlier(self) -> None:
        """In the first line, show what was sent before; elsewhere go up."""
        if self.locked or not self.cursor_at_first_line or self._back == len(self.sent):
            self.action_cursor_up()
            return
        if self._back == 0:
            self._typing = self.text
        self._recall(self._back + 1)

    def action_later(self) -> None:
        """In the last line, go forward again; elsewhere go down."""
        if self.locked or not self.cursor_at_last_line or self._back == 0:
            self.action_cursor_down()
            return
        self._recall(self._back - 1)

    def _recall(self, back: int) -> None:
        self._back = back
        self.put(self.sent[-back] if back else self._typing)

    async def _on_key(self, event: events.Key) -> None:
        """Keep what is typed while locked; leave Enter to its binding."""
        if event.key == "enter":
            event.prevent_default()
        elif self.locked and event.is_printable and event.character:
            self._ahead += event.character
            event.prevent_default()
            event.stop()

    async def _on_paste(self, event: events.Paste) -> None:
        """Keep what is pasted while locked."""
        if self.locked:
            self._ahead += event.text
            event.prevent_default()
            event.stop()

    def on_text_area_changed(self) -> None:
        """A remark has had its time once the text changes."""
        self.border_subtitle = None
        self._show_title()

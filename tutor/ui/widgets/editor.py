"""Where code is written: Python colours from the theme, indentation, the line at fault marked."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.reactive import reactive
from textual.strip import Strip
from textual.theme import Theme
from textual.widgets import TextArea
from textual.widgets.text_area import TextAreaTheme

_INKS = {
    "keyword": "primary", "keyword.function": "primary", "keyword.return": "primary",
    "keyword.operator": "primary",
    "conditional": "primary", "repeat": "primary", "exception": "primary", "include": "primary",
    "string": "success", "string.documentation": "success", "number": "warning", "float": "warning",
    "boolean": "warning", "constant.builtin": "warning", "function": "accent", "function.call": "accent",
    "method": "accent", "method.call": "accent", "class": "accent", "type": "accent", "type.class": "accent",
    "constructor": "accent", "type.builtin": "accent", "function.builtin": "accent",
}  # fmt: skip
"""Kinds of Python's words, and the theme's colour for each."""
_INDENT = 4


class Editor(TextArea):
    """A Python editor; `fault` marks a line and says why beside it."""

    DEFAULT_CSS = """
    Editor {
        height: 1fr;
        padding: 0;
        background: $background;
        border: round $border-blurred;
        border-title-color: $text-primary;
        border-subtitle-color: $text-muted;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 0;
        &:focus { border: round $primary; }
    }
    """

    fault: reactive[tuple[int, str] | None] = reactive(None, init=False)
    """Line (from 1) and what is wrong there."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(
            "", id=id, language="python", soft_wrap=False, tab_behavior="indent", show_line_numbers=True
        )

    def on_mount(self) -> None:
        """Follow the app's theme."""
        self._dress(self.app.current_theme)
        self.app.theme_changed_signal.subscribe(self, self._dress)

    def put(self, text: str, *, read_only: bool = False) -> None:
        """Show another text, from its beginning."""
        self.fault = None
        self.read_only = read_only
        self.load_text(text)
        lines = text.splitlines()
        if lines and not read_only:
            self.move_cursor((len(lines) - 1, len(lines[-1])))

    def watch_fault(self) -> None:
        """Draw the mark, and bring it into sight."""
        self.notify_style_update()
        if self.fault is not None and self.fault[0] <= self.document.line_count:
            self.move_cursor((self.fault[0] - 1, len(self.document[self.fault[0] - 1])))

    def render_line(self, y: int) -> Strip:
        """The line, with what is wrong behind it."""
        strip, (left, top) = super().render_line(y), self.scroll_offset
        if self.fault is None or self.fault[0] - 1 != y + top or self.fault[0] > self.document.line_count:
            return strip
        end = self.gutter_width + cell_len(self.document[y + top].expandtabs(_INDENT)) + 1 - left
        room = strip.cell_length - end
        words = Segment(f" ◀ {self.fault[1]}", self.rich_style + Style(bold=True, italic=True))
        marked = Strip.join([strip.crop(0, max(0, end)), Strip([words])])
        return marked.adjust_cell_length(strip.cell_length, self.rich_style) if room > 0 else strip

    async def _on_key(self, event: events.Key) -> None:
        """Enter goes on below the line's indentation, one step deeper behind a colon."""
        if event.key != "enter" or self.read_only:
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()
        row, column = self.cursor_location
        before = self.document[row][:column]
        depth = len(before) - len(before.lstrip(" "))
        depth += _INDENT if before.rstrip().endswith(":") else 0
        start, end = self.selection
        self._replace_via_keyboard("\n" + " " * depth, start, end)

    def _dress(self, theme: Theme) -> None:
        """Colours of the app's theme; where tree-sitter is missing the text stays plain."""
        variables = self.app.theme_variables
        inks = {kind: Style(color=variables[name]) for kind, name in _INKS.items() if name in variables}
        inks["comment"] = Style(color=variables.get("foreground"), dim=True, italic=True)
        self.register_theme(TextAreaTheme(name="tutor", syntax_styles=inks))
        self.theme = "css"
        self.theme = "tutor"

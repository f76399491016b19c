"""The course as a list: units as headings, one line per question, its state as a sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tutor.core.course_schema import Unit
from tutor.core.curriculum import Entry
from tutor.ui.commands import bindings

SIGNS = {"done": "✓", "started": "●", "new": "○", "planned": "·"}
LEGEND = "✓ done  ● started  ○ new\n▸ open now  · not written yet"


class QuestionMap(OptionList):
    """Units and questions; Enter or a click opens one."""

    BINDINGS = bindings("learn", "map")
    DEFAULT_CSS = """
    QuestionMap {
        width: 1fr;
        height: 1fr;
        max-height: 100%;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        border: none;
        padding: 0 0 0 1;
        background: $surface;
        &:focus { border: none; background-tint: $foreground 0%; }
        & > .option-list--option-highlighted { background: $surface; color: $foreground; }
        &:focus > .option-list--option-highlighted {
            background: $primary 30%;
            color: $foreground;
            text-style: bold;
        }
        & > .option-list--option-disabled { color: $foreground; }
    }
    """

    class Opened(Message):
        """The learner chose a question."""

        def __init__(self, entry: Entry) -> None:
            super().__init__()
            self.entry = entry

    def __init__(self, units: Sequence[Unit], entries: Sequence[Entry], *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._units = units
        self._entries = {entry.id: entry for entry in entries}

    def show(self, current: str | None, states: Mapping[str, str]) -> None:
        """Write the list anew: which question is open, and how far each one is."""
        options = []
        for unit in self._units:
            options.append(Option(Content.styled(unit.title, "bold $foreground 65%"), disabled=True))
            for entry in self._entries.values():
                if entry.unit == unit.id:
                    row = _row(entry, states.get(entry.id, "new"), entry.id == current)
                    options.append(Option(row, id=entry.id, disabled=entry.planned))
        top = self.scroll_offset.y
        self.set_options(options)
        self.scroll_to(y=top, animate=False)
        if current in self._entries:
            self.highlighted = self.get_option_index(str(current))

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Say which question was chosen."""
        message.stop()
        self.post_message(self.Opened(self._entries[str(message.option_id)]))

    def on_click(self, event: events.Click) -> None:
        """Let a click on a planned question be answered too; the keys pass over them."""
        index = event.style.meta.get("option")
        chosen = self.options[index].id if index is not None else None
        if chosen and self._entries[chosen].planned:
            self.post_message(self.Opened(self._entries[chosen]))


def short(id: str) -> str:
    """Name a question as one types it: `q7`, `t1`."""
    return f"{id[0]}{int(id[1:])}"


def _row(entry: Entry, state: str, current: bool) -> Content:
    sign = "▸" if current else SIGNS["planned" if entry.planned else state]
    row = f" {sign} {entry.q or short(entry.id):>3}  {entry.title}"
    if current:
        return Content.styled(row, "bold $primary")
    return Content.styled(row, "$foreground 50%") if entry.planned else Content(row)

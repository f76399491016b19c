"""The line below every place: the few keys that matter now."""

from __future__ import annotations

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

from tutor.ui.commands import Command, command, key_name


class Footer(Widget):
    """Shows the registry's commands that work at this moment, in the order of their rank.

    Where the line is too short the last ranks go; the palette's key, which leads to all of
    them, stays.
    """

    COMPONENT_CLASSES = {"footer--key", "footer--title"}
    DEFAULT_CSS = """
    Footer {
        dock: bottom;
        height: 1;
        padding: 0 1;
        background: $panel;
        color: $text-muted;
        & > .footer--key { color: $accent; text-style: bold; }
        & > .footer--title { color: $foreground 80%; }
    }
    """
    ALLOW_SELECT = False

    def on_mount(self) -> None:
        """Follow the focus and whatever else changes which keys work."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_changed)

    def _bindings_changed(self, _screen: Screen[object]) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Press the key under the mouse."""
        key = event.style.meta.get("press")
        if key:
            self.app.simulate_key(key)

    def render(self) -> RenderResult:
        """Show what fits: the right end first, then by rank."""
        shown = self._shown()
        right = [part for rank, part in shown if rank >= 80]
        room = self.content_size.width - sum(part.cell_length + 2 for part in right)
        left: list[Content] = []
        for rank, part in shown:
            if rank < 80 and part.cell_length + 2 <= room:
                left.append(part)
                room -= part.cell_length + 2
        gap = Content("  ")
        if room < -2:
            return gap.join(right[-1:])
        return Content.assemble(gap.join(left), " " * (room + 2 * bool(right)), gap.join(right))

    def _shown(self) -> list[tuple[int, Content]]:
        found: dict[str, tuple[Command, list[str]]] = {}
        for key, active in self.screen.active_bindings.items():
            ours = command(active.binding.id)
            if ours and ours.footer and active.enabled:
                found.setdefault(ours.id, (ours, []))[1].append(key)
        parts = [
            (ours.footer, self._part(ours, self._keys(ours, keys), keys[0])) for ours, keys in found.values()
        ]
        return sorted(parts, key=lambda one: one[0])

    def _keys(self, ours: Command, keys: list[str]) -> str:
        """The first key; of those that each mean something else, the first and the last: `1-4`."""
        if ours.shown:
            return ours.shown
        apart = len(keys) > 1 and "{key}" in ours.action
        return f"{key_name(keys[0])}-{key_name(keys[-1])}" if apart else key_name(keys[0])

    def _part(self, ours: Command, display: str, key: str) -> Content:
        click = Style.from_meta({"press": key})
        return Content.assemble(
            (display, self.get_visual_style("footer--key") + click),
            (f" {ours.title}", self.get_visual_style("footer--title") + click),
        )

"""What a command is: one thing a learner can do by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Where = Literal["learn", "lab", "movies", "quiz", "progress", "code"]


@dataclass(frozen=True)
class Command:
    """One thing a learner can do."""

    id: str
    """Names the command for a keymap: `learn.hint`."""
    key: str
    """Key as Textual names it; several are separated by commas, the first one is shown.

    Where the action holds `{key}`, each key passes itself to the action.
    """
    title: str
    """One to three words for the footer."""
    help: str
    """One sentence for the help screen and the palette."""
    place: Where | None
    """Where it works; None: everywhere."""
    action: str
    """Textual action, looked up on the widget, then the place, then the app."""
    cli: str | None = None
    """The same on the command line."""
    focus: str | None = None
    """Kind of widget that must have the focus: "prompt", "transcript", "map"..."""
    footer: int = 0
    """Rank in the footer, 1 first; 0: not shown there."""
    priority: bool = False
    """Works even where the focused widget would take the key."""
    palette: bool = True
    """Offered by the command palette."""
    shown: str = ""
    """How to show the keys where the first and the last would not say it: `← →`."""

"""The few figures that the header shows, gathered from the core."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.core.workspace import Workspace


@dataclass(frozen=True)
class Facts:
    """What is due, how much is done, and whose ratings the numbers come from."""

    due: int = 0
    """Cards to practise now."""
    done: int = 0
    written: int = 0
    """Questions and topics that can be opened; planned ones do not count."""
    data: str = ""
    """Label of the data set, with "invented viewers" where they are."""

    @property
    def short_data(self) -> str:
        """The part of the label that matters most in a narrow terminal."""
        return self.data.rpartition(", ")[2]


def gather(workspace: Workspace) -> Facts:
    """Count for the header: SQL and the course's map, no data set is loaded."""
    standings = workspace.store.learning.standings()
    written = [entry.id for entry in workspace.course.entries if not entry.planned]
    return Facts(
        due=workspace.practice.counts().due,
        done=sum(id in standings and standings[id].state == "done" for id in written),
        written=len(written),
        data=label(workspace.data.current),
    )


def label(data: str) -> str:
    """Name a data set as the header does: `ML-100K`, `planted world, invented viewers`."""
    if data.startswith("planted"):
        return "planted world, invented viewers"
    return data.upper() if data.startswith("ml-") and data[3:4].isdigit() else data

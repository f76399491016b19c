"""The few figures that the header shows, gathered from the core."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.core.practice import utc_now
from tutor.core.time_plan import current_plan

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
    minutes_left: int | None = None
    """Of the time that the learner has; None without a plan for it."""

    @property
    def time(self) -> str:
        """The time that is left, to stand before the other figures; empty without a plan."""
        if self.minutes_left is None:
            return ""
        return f"{self.minutes_left} min left · " if self.minutes_left else "time is up · "

    @property
    def short_data(self) -> str:
        """The part of the label that matters most in a narrow terminal."""
        return self.data.rpartition(", ")[2]


def gather(workspace: Workspace) -> Facts:
    """Count for the header: SQL and the course's map, no data set is loaded."""
    now = utc_now()
    plan = current_plan(workspace.store.settings, now)
    standings = workspace.store.learning.standings()
    written = [entry.id for entry in workspace.course.entries if not entry.planned]
    return Facts(
        due=workspace.practice.counts().due,
        done=sum(id in standings and standings[id].state == "done" for id in written),
        written=len(written),
        data=label(workspace.data.current),
        minutes_left=plan.left(now) if plan else None,
    )


def label(data: str) -> str:
    """Name a data set as the header does: `ML-100K`, `planted world, invented viewers`."""
    if data.startswith("planted"):
        return "planted world, invented viewers"
    return data.upper() if data.startswith("ml-") and data[3:4].isdigit() else data

"""What the tutor asks beside the question on the screen: one thing at a time, kept until it is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tutor.core.session import Session

BESIDE = "asked_beside"
"""Setting: what is asked, or None: `kind`, `text`, and what its kind needs."""


def beside(session: Session, kind: str | None = None) -> dict[str, Any]:
    """What is asked beside the question, of one kind or of any; empty if nothing is."""
    waiting: dict[str, Any] = session.workspace.store.settings.get(BESIDE) or {}
    return waiting if kind is None or waiting.get("kind") == kind else {}


def put_beside(session: Session, waiting: dict[str, Any] | None) -> None:
    """Ask something beside the question; None takes it away."""
    session.workspace.store.settings.set(BESIDE, waiting)

"""What tests of Quiz share: a learner's practice, and the way to a card."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from textual.pilot import Pilot

from tutor.core.items import present
from tutor.core.practice import Practice
from tutor.store.paths import Paths
from tutor.ui.screens.quiz import Quiz
from tutor.ui.widgets.card import Card

from .fakes_places import PlacesWorkspace
from .looks import settle


def quiz_workspace(home: Path) -> PlacesWorkspace:
    workspace = PlacesWorkspace(Paths(home))
    workspace.store.settings.set("bury_siblings", False)  # two questions would be two cards a day
    return workspace


async def arrive(pilot: Pilot[None], new: bool = True) -> Quiz:
    await pilot.press("alt+4")
    await settle(pilot)
    assert isinstance(pilot.app.screen, Quiz)
    if new:
        await pilot.press("n")
        await settle(pilot)
    return pilot.app.screen


async def until(pilot: Pilot[None], form: str) -> Card:
    """Grade cards until one of that form lies on the table."""
    card = pilot.app.screen.query_one(Card)
    for _ in range(40):
        assert card.face is not None
        if card.face.form == form:
            return card
        await reveal(pilot)
        await pilot.press("3")
        await settle(pilot)
    raise AssertionError(f"no card of the form {form!r}")


async def ask(pilot: Pilot[None], quiz: Quiz, card: str, form: str) -> None:
    """Lay a card in a form on the table."""
    asked = quiz.workspace.practice.quiz(card)
    item = next(item for item in quiz.workspace.practice.deck.items(card) if item.form == form)
    assert quiz._table
    table = replace(quiz._table, asked=replace(asked, presented=present(item, 1)))
    quiz._laid(replace(table, intervals=quiz.workspace.practice.intervals(asked)))
    await settle(pilot)


def learned(workspace: PlacesWorkspace, count: int) -> list[str]:
    """So many cards that were right twice, long ago."""
    now = datetime.now(UTC) - timedelta(days=400)
    practice = Practice(workspace.store, workspace.course, lambda: now)
    names = list(practice.deck.cards)[:count]
    for name in names:
        for _ in range(2):
            practice.review(practice.quiz(name), 3)
            now += timedelta(days=9)
    return names


def leech(workspace: PlacesWorkspace) -> str:
    """A card that was forgotten four times."""
    now = datetime.now(UTC) - timedelta(days=900)
    practice = Practice(workspace.store, workspace.course, lambda: now)
    for grade in (4, *(1, 3, 3) * 3, 1):
        practice.review(practice.quiz("q22.p1"), grade)
        now += timedelta(days=30)
    return "q22.p1"


async def reveal(pilot: Pilot[None]) -> None:
    await pilot.press("enter")
    await settle(pilot)

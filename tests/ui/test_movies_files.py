"""Importing and exporting on the screen: what became of each row, and rows that are settled by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from tutor.core.film_import.files import RatingFiles
from tutor.core.film_import.report import Candidate, Matched, Open, Report
from tutor.store.paths import Paths
from tutor.ui.app import TutorApp
from tutor.ui.screens.movies_files import FilesSheet, OpenRows

from .conftest import SIZES
from .fakes_places import PlacesWorkspace
from .test_movies import arrive, words
from .test_movies_sheets import press


@pytest.fixture
def workspace(tmp_path: Path) -> PlacesWorkspace:
    return PlacesWorkspace(Paths(tmp_path / "home"))


class ScriptedFiles(RatingFiles):
    """One row is found, one may be two films, one is not found."""

    def __init__(self) -> None:
        self.settled: list[tuple[str, str]] = []

    def take(self, path: Path, user: str | None = None, choices: object = None) -> Report:
        candidates = (Candidate("fargo-1996", "Fargo", 1996), Candidate("alien-1979", "Alien", 1979))
        unsure = Open("a.csv", 3, "rating", "Farg (1996)", 4.0, "not sure", candidates)
        gone = Open("a.csv", 4, "rating", "Stalker (1979)", 5.0, "not in this data set")
        row = Matched("a.csv", 2, "rating", "Heat", 4.0, "heat-1995", "Heat", 1995, {}, "title")
        return Report("IMDb", "planted world", (row,), (unsure,), (gone,), (), ("halved",), 7)

    def settle(self, row: Open, ref: str, batch: int | None) -> tuple[Matched, int | None]:
        self.settled.append((row.named, ref))
        return Matched("a.csv", 3, "rating", row.named, 4.0, ref, "Fargo", 1996, {}, "you"), batch

    def export(self, path: Path) -> int:
        path.write_text("x")
        return 3


@pytest.mark.parametrize("size", SIZES)
async def test_an_import_is_reported_and_what_is_open_is_settled_by_hand(
    app: TutorApp, workspace: PlacesWorkspace, tmp_path: Path, size: tuple[int, int]
) -> None:
    files = workspace.rating_files = ScriptedFiles()  # type: ignore[attr-defined]
    (tmp_path / "a.csv").write_text("x")
    async with app.run_test(size=size) as pilot:
        await arrive(pilot)
        await press(pilot, "i")
        sheet = app.screen
        assert isinstance(sheet, FilesSheet)
        sheet.query_one("#path", Input).value = str(tmp_path / "a.csv")
        await press(pilot, "enter")
        assert "IMDb: 1 rating taken over, 1 uncertain, 1 not in planted world." in words(app)
        assert isinstance(app.focused, OpenRows) and "1 Fargo (1996)" in words(app)
        await press(pilot, "1")
        sheet.query_one("#other", Input).value = "Alien"
        sheet.query_one("#other", Input).focus()
        await press(pilot, "enter")
        assert files.settled == [("Farg (1996)", "fargo-1996"), ("Stalker (1979)", "Alien")]
        assert sheet.query_one(OpenRows).rows == ()
        sheet.query_one("#path", Input).value = str(tmp_path / "mine.csv")
        sheet.query_one("#path", Input).focus()
        await press(pilot, "enter")
        assert "3 ratings written" in words(app)


async def test_a_file_that_is_not_there_is_said_so(app: TutorApp, workspace: PlacesWorkspace) -> None:
    workspace.rating_files = RatingFiles(workspace.store.ratings, lambda: None)  # type: ignore
    async with app.run_test(size=(120, 40)) as pilot:
        await arrive(pilot)
        await press(pilot, "i")
        app.screen.query_one("#path", Input).value = "/nowhere/none.zip"
        await press(pilot, "enter")
        assert "No such file" in words(app) and app.is_running

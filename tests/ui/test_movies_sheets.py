"""Movies: questions with hidden forecasts, what-if, marks, dials, groups, files, the map, data sets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tutor.core.datasets import DataSets
from tutor.core.events import Rested
from tutor.core.film_records import Axis, Score, Spot, TasteMap
from tutor.core.serving import NoModel
from tutor.store.paths import Paths
from tutor.ui.app import TutorApp
from tutor.ui.screens.movies_board import Wishes, dial, score_line, sparks
from tutor.ui.screens.movies_data import DataSheet
from tutor.ui.screens.movies_groups import GroupCards, Groups
from tutor.ui.screens.movies_map import MapView, ScoreSheet, in_words, plot_of
from tutor.ui.screens.movies_tune import Tune
from tutor.ui.widgets.films import Films, Picks
from tutor.ui.widgets.question import QuestionCard, surprise

from .conftest import SIZES
from .fakes_places import PlacesWorkspace
from .looks import settle
from .test_movies import arrive, words


@pytest.fixture
def workspace(tmp_path: Path) -> PlacesWorkspace:
    return PlacesWorkspace(Paths(tmp_path / "home"))


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


# --- the start --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_a_forecast_is_hidden_until_its_film_is_rated_then_the_surprise_is_told(
    app: TutorApp, workspace: PlacesWorkspace, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        movies = await arrive(pilot)
        card = movies.query_one(QuestionCard)
        assert card.film is not None and card.film.title == "Amadeus"
        assert "amadeus-1984" not in {pick.film.id for pick in movies.query_one(Picks).rows}
        await press(pilot, "0")
        assert workspace.store.ratings.stars() == {"amadeus-1984": 5.0}
        said = str(movies.query_one("#said", Static).content)
        assert said == "Amadeus: we guessed 3.9, you said 5. More than we thought."
        assert card.film is not None and card.film.title == "Toy Story"
        assert "off by 1.10 stars over 1 guess" in str(movies.query_one("#score", Static).content)


async def test_not_seen_is_no_rating_and_undo_takes_it_back(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        movies = await arrive(pilot)
        await press(pilot, "n", "n")
        assert workspace.store.ratings.stars() == {}
        assert len(workspace.store.ratings.marks()["not_seen"]) == 2
        assert "2 not seen" in words(app)
        await press(pilot, "u", "u")
        card = movies.query_one(QuestionCard)
        assert card.film is not None and card.film.title == "Amadeus"
        assert workspace.store.ratings.marks()["not_seen"] == frozenset()


async def test_the_first_line_says_what_is_kept_and_that_nothing_leaves(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        movies = await arrive(pilot)
        said = str(movies.query_one("#said", Static).content)
        assert str(workspace.paths.home) in said and "Nothing is sent anywhere" in said


async def test_three_groups_make_a_list_in_four_key_presses(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        movies = await arrive(pilot)
        await press(pilot, "p", "1", "3", "8")
        assert isinstance(app.screen, Groups)
        assert workspace.movies.tastes_picked == ("g0", "g2", "g7")  # type: ignore[attr-defined]
        await press(pilot, "3", "4", "5")
        assert app.screen.query_one(GroupCards).picked == ("g7", "g3", "g4")
        await press(pilot, "escape")
        assert str(movies.query_one(Picks).border_title).startswith("For you ·")


# --- the list ------------------------------------------------------------------------------------------


async def test_marks_change_the_list_and_fill_the_shelves(app: TutorApp, workspace: PlacesWorkspace) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        movies = await arrive(pilot)
        await press(pilot, "escape", "x", "w", "j", "s")
        marks = workspace.store.ratings.marks()
        assert (marks["hidden"], marks["watchlist"], marks["seen"]) == (
            {"the-usual-suspects-1995"}, {"l-a-confidential-1997"}, {"dr-strangelove-1963"},
        )  # fmt: skip
        listed = {pick.film.id for pick in movies.query_one(Picks).rows}
        assert "the-usual-suspects-1995" not in listed and "l-a-confidential-1997" in listed
        rated = movies.query_one("#rated", Films)
        await press(pilot, "b")
        assert [film.id for film in rated.rows] == ["l-a-confidential-1997"]
        await press(pilot, "w")
        assert rated.rows == () and "w puts a film" in rated.empty
        await press(pilot, "b")
        assert {film.id for film in rated.rows} == {"the-usual-suspects-1995", "dr-strangelove-1963"}
        await press(pilot, "u", "u")
        assert "again on your watchlist" in words(app) or "no longer seen" in words(app)


async def test_ratings_of_films_that_are_not_here_are_counted(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    workspace.movies.left_out = 2  # type: ignore[attr-defined]
    async with app.run_test(size=(120, 40)) as pilot:
        await arrive(pilot)
        assert "You rated 0 · 2 not in this set" in words(app)


async def test_a_film_with_few_ratings_is_marked(app: TutorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        movies = await arrive(pilot)
        few = [pick.film.id for pick in movies.query_one(Picks).rows if pick.few]
        assert few == ["twister-1996"] and "?" in words(app)


async def test_a_what_if_shows_the_other_list_and_keeps_nothing_until_it_is_told_to(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        movies = await arrive(pilot)
        await press(pilot, "2", "v", "0")
        assert workspace.movies.wishes["what_if"] == {"amadeus-1984": 5.0}  # type: ignore[attr-defined]
        assert workspace.store.ratings.stars() == {"amadeus-1984": 1.0}
        assert "What if Amadeus were ★★★★★" in words(app)
        await press(pilot, "escape")
        assert workspace.movies.wishes["what_if"] == {}  # type: ignore[attr-defined]
        assert not str(movies.query_one(Picks).border_title).startswith("What if")
        await press(pilot, "v", "8", "enter")
        assert workspace.store.ratings.stars() == {"amadeus-1984": 4.0}


async def test_dials_repaint_the_list_and_are_kept(app: TutorApp, workspace: PlacesWorkspace) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        movies = await arrive(pilot)
        await press(pilot, "t", "right", "j", "left", "j", "j", "right", "j", "right")
        assert isinstance(app.screen, Tune)
        wishes = workspace.movies.wishes  # type: ignore[attr-defined]
        assert (wishes["model"], wishes["knobs"]) == ("best", {"popularity": -0.1, "diversity": 0.5})
        assert workspace.asking.strategy == "log-popularity x entropy"
        await press(pilot, "j", "right", "j", "left", "j", "right", "0")
        assert workspace.movies.wishes["genres"] == ("Action",)  # type: ignore[attr-defined]
        assert workspace.movies.wishes["without"] == ("Adventure",)  # type: ignore[attr-defined]
        await press(pilot, "escape")
        assert {pick.film.genres[0] for pick in movies.query_one(Picks).rows} <= {"Action"}
        kept = Wishes.kept(workspace.store.settings.get("movies_wishes"))
        assert kept.model == "best" and kept.genres == ("Action",)
        assert "popularity -0.1, diversity +0.5, Action, no Adventure" in words(app)


async def test_a_recommender_that_was_never_trained_is_trained_when_it_is_picked(
    app: TutorApp, workspace: PlacesWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[str] = []
    usual = workspace.movies.recommend

    def recommend(**wishes: Any) -> Any:
        if wishes.get("model") == "als" and not trained:
            raise NoModel("There is no als yet.")
        return usual(**wishes)

    def ensure(cancelled: object, model: str) -> Iterator[Any]:
        trained.append(model)
        yield Rested(note="ready")

    monkeypatch.setattr(workspace.movies, "recommend", recommend)
    monkeypatch.setattr(workspace.movies, "ensure_model", ensure)
    async with app.run_test(size=(120, 40)) as pilot:
        movies = await arrive(pilot)
        await press(pilot, "t", "right", "right", "right", "escape")
        assert trained == ["als"]
        assert str(movies.query_one(Picks).border_title).startswith(
            "For a typical viewer · rate 3 more · als"
        )


# --- map, score, data sets --------------------------------------------------------------------------------

MAP = TasteMap(
    spots=tuple(
        Spot(
            id=str(n), title=f"Film {n}", year=1990, genres=(), keys={}, rated=rated, x=n / 4 - 1,
            y=n / 8 - 0.5,
        )
        for n, rated in enumerate([5.0, 1.0, None, None, None, None, None, None])
    ),
    x=0.2, y=-0.1, axes=(Axis(low=("A", "B"), high=("C",)), Axis(low=("D",), high=("E",))),
)  # fmt: skip


async def test_the_map_zooms_and_says_where_one_stands(
    app: TutorApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.core.taste_map.taste_map", lambda movies: MAP)
    async with app.run_test(size=(120, 40)) as pilot:
        await arrive(pilot)
        await press(pilot, "m")
        view = app.screen.query_one(MapView)
        assert "YOU" in words(app) and "Film 0" in words(app) and "You: right 0.20, down 0.10." in words(app)
        await press(pilot, "y", "plus", "plus", "plus")
        assert view.view[:2] == (0.2, -0.1) and "Film 0" not in words(app)
        await press(pilot, "minus", "left", "l")
        assert view.view[0] < 0.2 and "Film" not in words(app)


def test_the_map_in_words_names_the_axes() -> None:
    assert "left: A, B" in in_words(MAP) and "up: E" in in_words(MAP)
    curves = plot_of(MAP, (-1, 1), (-1, 1), names=True).curves
    assert [curve.name for curve in curves] == ["you", "you liked", "you rated lower", "not rated"]


async def test_the_score_is_drawn_and_said(app: TutorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await arrive(pilot)
        await press(pilot, "c")
        assert isinstance(app.screen, ScoreSheet) and "No guess was put to the test" in words(app)
        await press(pilot, "escape", "0", "1", "c")
        assert "After 2 hidden guesses the model is off by" in words(app)


async def test_data_sets_are_listed_with_their_terms_used_and_trained_again(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    workspace.data = DataSets(workspace.store, workspace.paths)  # type: ignore[assignment]
    async with app.run_test(size=(120, 40)) as pilot:
        await arrive(pilot)
        await press(pilot, "D")
        assert isinstance(app.screen, DataSheet)
        shown = words(app)
        assert "planted world in use" in shown and "to fetch" in shown and "this program (MIT)" in shown
        await press(pilot, "j", "enter")
        assert "is not here yet: f fetches it" in words(app)
        await press(pilot, "k", "enter")
        assert workspace.store.settings.get("data") == "planted"
        await press(pilot, "r")
        assert "The recommender is ready." in words(app)
        app.screen.query_one("#own", Input).value = "/nowhere/mine.csv"
        app.screen.query_one("#own", Input).focus()
        await press(pilot, "enter")
        assert "There is no file or folder" in words(app)


# --- words --------------------------------------------------------------------------------------------------


def test_what_is_said_of_a_guess() -> None:
    assert surprise("Heat", 3.94, 4.0) == "Heat: we guessed 3.9, you said 4. Close."
    assert surprise("Heat", 3.94, 1.5) == "Heat: we guessed 3.9, you said 1.5. Less than we thought."
    assert surprise("Heat", None, 2.0) == "Heat: 2 stars."
    assert surprise("Heat", None, None) == "Heat: not seen."


def test_dials_sparks_and_scores() -> None:
    assert dial(0, -1, 1) == "─────●─────" and dial(4, 0, 4) == "──────────●"
    assert sparks((1.0, 0.5, 0.25), 14) == "█▄▂"
    assert "hidden" in score_line(None)
    told = Score(answers=3, off=0.5, means_off=0.75, curve=(1, 0.7, 0.5), means_curve=(1, 1, 0.75))
    assert score_line(told) == "Model against you: off by 0.50 stars over 3 guesses; film means 0.75 █▆▄"

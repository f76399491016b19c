"""Movies: find, rate, see the list move and why; undo; no recommender yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tutor.core.film_records import Because, Why
from tutor.store.paths import Paths
from tutor.ui.app import TutorApp
from tutor.ui.screens.movies import Movies
from tutor.ui.widgets.films import Films, Picks, moves, stars_of, stars_text
from tutor.ui.widgets.question import QuestionCard
from tutor.ui.widgets.why import adding_up, because_line, sum_line

from .conftest import SIZES
from .fakes_places import PlacesWorkspace
from .looks import settle, words


@pytest.fixture
def workspace(tmp_path: Path) -> PlacesWorkspace:
    return PlacesWorkspace(Paths(tmp_path / "home"))


async def arrive(pilot: Pilot[None]) -> Movies:
    await pilot.press("alt+3")
    await settle(pilot)
    assert isinstance(pilot.app.screen, Movies)
    return pilot.app.screen


async def search(pilot: Pilot[None], text: str) -> None:
    await pilot.press("slash", *text)
    await settle(pilot)
    await pilot.press("down")
    await settle(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_without_ratings_it_says_whose_list_it_is_and_what_to_do(
    app: TutorApp, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        movies = await arrive(pilot)
        shown = words(app)
        assert "For a typical viewer · rate 3 more" in shown
        assert "1-9 = ½-4½" in shown and "0 = 5" in shown
        assert isinstance(app.focused, QuestionCard)
        assert len(movies.query_one(Picks).rows) == 11  # without the film that is asked about
        assert "You have not rated a film yet" in shown


@pytest.mark.parametrize("size", SIZES)
async def test_typing_finds_and_a_digit_rates_at_once(
    app: TutorApp, workspace: PlacesWorkspace, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        movies = await arrive(pilot)
        await search(pilot, "fargo")
        assert app.focused is movies.query_one("#found")
        await pilot.press("9")
        await settle(pilot)
        assert workspace.store.ratings.stars() == {"fargo-1996": 4.5}
        shown = words(app)
        assert "Fargo: 4.5 stars." in shown
        assert "You rated 1" in shown and "★★★★½" in shown
        assert "fargo-1996" not in {pick.film.id for pick in movies.query_one(Picks).rows}
        assert "rate 2 more" in shown


async def test_three_ratings_make_it_the_learners_list_and_films_move(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        movies = await arrive(pilot)
        await pilot.press("escape")
        picks = movies.query_one(Picks)
        assert app.focused is picks
        for title in ("star-wars-1977", "alien-1979"):
            picks.cursor = next(i for i, pick in enumerate(picks.rows) if pick.film.id == title)
            await pilot.press("0")
            await settle(pilot)
        picks.cursor = next(i for i, pick in enumerate(picks.rows) if pick.film.id == "fargo-1996")
        await pilot.press("1")
        await settle(pilot)
        shown = words(app)
        assert "For you ·" in shown
        assert "▲" in shown and "▼" in shown
        assert workspace.store.ratings.stars()["fargo-1996"] == 0.5


async def test_undo_and_delete(app: TutorApp, workspace: PlacesWorkspace) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        movies = await arrive(pilot)
        await search(pilot, "alien")
        await pilot.press("8")
        await settle(pilot)
        await pilot.press("2")
        await settle(pilot)
        assert workspace.store.ratings.stars() == {"alien-1979": 1.0}
        await pilot.press("u")
        await settle(pilot)
        assert "Alien: 4 stars again." in words(app)
        movies.query_one("#rated", Films).focus()
        await pilot.press("d")
        await settle(pilot)
        assert workspace.store.ratings.stars() == {}
        assert "Alien is not rated any more." in words(app)
        await pilot.press("u", "u", "u")
        await settle(pilot)
        assert "Nothing to undo." in words(app)


async def test_digits_and_letters_belong_to_the_search_field_while_it_has_the_focus(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        movies = await arrive(pilot)
        await pilot.press("slash", *"12 u")
        await settle(pilot)
        assert movies.query_one("#search", Input).value == "12 u"
        assert workspace.store.ratings.stars() == {}
        assert "no film of that name here" in words(app)
        await pilot.press("escape", "slash")
        assert app.focused is movies.query_one("#search")


@pytest.mark.parametrize("size", SIZES)
async def test_why_adds_up_on_the_screen(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await arrive(pilot)
        shown = words(app)
        assert "Why The Usual Suspects" in shown
        why = str(app.screen.query_one("#why", Static).content)
        assert "4.25 = 3.00 start + 0.10 you + 1.20 film + 0.00 taste − 0.05 limits" in why
        await pilot.press("escape", "j")
        await settle(pilot)
        assert "Why L.A. Confidential" in words(app)


async def test_no_recommender_yet_trains_one_and_shows_the_list(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    workspace.movies.model_ready = False
    async with app.run_test(size=(120, 40)) as pilot:
        movies = await arrive(pilot)
        while not movies.query_one(Picks).rows:
            await settle(pilot)
        assert workspace.movies.model_ready


async def test_a_failed_training_says_so_and_can_be_tried_again(
    app: TutorApp, workspace: PlacesWorkspace
) -> None:
    workspace.movies.model_ready, workspace.movies.fails = False, True  # type: ignore[attr-defined]
    async with app.run_test(size=(120, 40)) as pilot:
        movies = await arrive(pilot)
        while "Press r" not in words(app):
            await settle(pilot)
        workspace.movies.fails = False  # type: ignore[attr-defined]
        await pilot.press("escape", "r")
        while not movies.query_one(Picks).rows:
            await settle(pilot)
        assert "The Usual Suspects" in words(app)


async def test_a_search_can_lead_here(app: TutorApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await app.go("movies", "casab")
        await settle(pilot)
        assert app.screen.query_one("#search", Input).value == "casab"
        assert [film.id for film in app.screen.query_one("#found", Films).rows] == ["casablanca-1942"]


@pytest.mark.parametrize("size", [(80, 1), (20, 5), (50, 12)])
async def test_tiny_terminals_do_not_break_it(app: TutorApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await arrive(pilot)
        await search(pilot, "a")
        await pilot.press("5", "j", "G", "g")
        await settle(pilot)
        assert app.is_running


@pytest.mark.parametrize("size", SIZES)
async def test_a_more_accurate_recommender_comes_in_quietly_and_says_how_sure_it_is(
    app: TutorApp, workspace: PlacesWorkspace, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await arrive(pilot)
        assert "In 9 of 10" not in words(app) and "2.9–5.0" not in words(app)
        workspace.movies.best_wanted = True
        await pilot.press("alt+1")
        await arrive(pilot)
        await settle(pilot)
        assert not workspace.movies.best_wanted
        assert ("2.9–5.0" in words(app)) == (size[0] >= 100)
        assert ("you would give 2.9 to 5.0 stars." in words(app)) == (size[1] >= 30)


def test_keys_are_stars() -> None:
    assert [stars_of(key) for key in "1290"] == [0.5, 1.0, 4.5, 5.0]
    assert [stars_text(stars) for stars in (0.5, 3, 4.5)] == ["½", "★★★", "★★★★½"]


def test_a_film_that_leaves_the_list_moves_nobody() -> None:
    assert moves(["a", "b", "c"], ["b", "c", "d"]) == {"b": 0, "c": 0, "d": None}
    assert moves(["a", "b", "c"], ["c", "b"]) == {"c": 1, "b": -1}
    assert moves([], ["a"]) == {"a": 0}


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=8))
def test_rounded_parts_add_up_to_the_rounded_sum(parts: list[float]) -> None:
    total = sum(parts)
    rounded = adding_up(parts, total)
    assert round(sum(rounded), 2) == round(total, 2)
    assert all(abs(a - b) < 0.01 + 1e-9 for a, b in zip(parts, rounded, strict=True))


def test_because_names_the_strongest_and_sums_the_rest() -> None:
    pushes = tuple(
        Because(id=name, title=name, stars=stars, push=push)
        for name, stars, push in [("Fargo", 5, 0.4), ("Alien", 1, -0.3), ("Heat", 4, 0.2), ("Jaws", 3, 0.05)]
    )
    why = Why(mean=2.75, user_bias=0.2, item_bias=0.8, taste=0.25, clamp=-0.1, because=pushes, rest=0.1)
    assert sum_line(3.9, why) == ("3.90 = 2.75 start + 0.20 you + 0.80 film + 0.25 taste − 0.10 limits")
    assert because_line(why) == (
        "you + taste come from Fargo 5★ +0.40, Alien 1★ −0.30, Heat 4★ +0.20, 1 more rating +0.05, "
        "assumed of anybody +0.10"
    )

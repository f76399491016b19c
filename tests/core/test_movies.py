"""Films are found, rated, changed and undone; on the planted world."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from movie_world import World, a_dataset

from tutor.core.catalogue import AmbiguousTitle, UnknownFilm
from tutor.core.movies import BadStars, NotRated, parse_stars
from tutor.store.ratings import FilmRow


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.store.close()


# --- finding films ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("fargo", "fargo-1996"),
        ("matrix the", "the-matrix-1999"),
        ("Matrix, The (1999)", "the-matrix-1999"),
        ("matrx", "the-matrix-1999"),
        ("godfather 2", "the-godfather-part-ii-1974"),
        ("pulp 1994", "pulp-fiction-1994"),
        ("starwars", "star-wars-1977"),
        ("toy sto", "toy-story-1995"),
        ("back to the furture", "back-to-the-future-1985"),
        ("usual suspcts", "the-usual-suspects-1995"),
        ("AMÉLIE", "amelie-2001"),
        ("2001", "2001-a-space-odyssey-1968"),
    ],
)
def test_search_finds_what_was_meant(world: World, typed: str, first: str) -> None:
    assert world.movies.search(typed)[0].id == first


@pytest.mark.parametrize("typed", ["", "  ", "!?", "zzzzqqqq", "\x00\x1b[31m", "x" * 20_000])
def test_search_finds_nothing_where_nothing_fits(world: World, typed: str) -> None:
    assert world.movies.search(typed) == []


def test_search_shows_the_learners_stars(world: World) -> None:
    world.movies.rate("fargo-1996", 4.5)
    assert [film.rated for film in world.movies.search("fargo")[:1]] == [4.5]


def test_a_film_is_found_by_id_title_and_year_and_never_guessed(world: World) -> None:
    films = [("Hamlet", 1990), ("Hamlet", 1996), ("The Killer", 1989), ("Seven (a.k.a. Se7en)", 1995)]
    world.switch_to(a_dataset(films))
    find = world.movies.film
    assert find("hamlet-1990").id == find("Hamlet (1990)").id == "hamlet-1990"
    assert find("killer, the").id == find("Killer").id == find("the killer (1989)").id
    assert find("Se7en").id == find("Seven (1995)").id == find("seven").id
    with pytest.raises(AmbiguousTitle, match=r"hamlet-1990.*hamlet-1996") as caught:
        find("Hamlet")
    assert [film.year for film in caught.value.candidates] == [1990, 1996]
    with pytest.raises(UnknownFilm, match="Near: hamlet") as unknown:
        find("Hamlet (2000)")
    assert "\n" not in str(unknown.value)


# --- ratings -----------------------------------------------------------------------------------


@pytest.mark.parametrize("stars", [0, 5.5, 4.3, "nan", "", "five", "-1", "1e9", "inf"])
def test_stars_that_nobody_can_give_change_nothing(world: World, stars: str | float) -> None:
    with pytest.raises(BadStars, match=r"0\.5 to 5 in halves"):
        world.movies.rate("fargo-1996", stars)
    assert world.movies.rated() == []


def test_stars_may_be_typed() -> None:
    assert [parse_stars(text) for text in (" 4 ", "4.5", "4,5", 0.5, 5)] == [4.0, 4.5, 4.5, 0.5, 5.0]


def test_rate_change_delete_undo(world: World) -> None:
    assert world.movies.rate("Fargo (1996)", "4.5").after == 4.5
    change = world.movies.rate("fargo-1996", 2)
    assert (change.before, change.after, change.film.title) == (4.5, 2.0, "Fargo")
    world.movies.delete("fargo")
    with pytest.raises(NotRated, match="Fargo is not rated"):
        world.movies.delete("fargo")
    undone = world.movies.undo()
    assert undone is not None
    assert world.movies.film("fargo").rated == 2.0
    world.movies.undo()
    world.movies.undo()
    assert world.movies.film("fargo").rated is None
    assert world.movies.undo() is None


def test_a_film_of_another_data_set_is_found_by_its_id(world: World) -> None:
    world.store.ratings.set(FilmRow("stalker-1979", "Stalker", 1979, (), {}), 5.0)
    assert world.movies.film("stalker-1979").title == "Stalker"
    with pytest.raises(UnknownFilm):
        world.movies.film("Stalker")

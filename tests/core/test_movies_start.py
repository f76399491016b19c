"""The start: questions, hidden forecasts, groups of taste, marks, what-if; the map; why adds up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from movie_world import World, a_model, a_posterior, an_audience

from recommender import checkpoint, lists_audience, posterior
from recommender.serving import audience_path
from tutor.core.asking import STRATEGIES, WITHOUT_DRAWS, Asking
from tutor.core.errors import BadInput
from tutor.core.film_records import FEW
from tutor.core.movies import BadKnob
from tutor.core.serving import MODEL
from tutor.core.taste_map import moved_by, taste_map
from tutor.core.tastes import GROUPS


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    for kind in ("best", MODEL):
        path = world.serving.path("planted", kind)
        path.parent.mkdir(parents=True, exist_ok=True)
        lists_audience.save(an_audience(world.child.dataset), audience_path(path))
    checkpoint.save(a_model(world.child.dataset), world.serving.path("planted"))
    posterior.save(a_posterior(world.child.dataset), world.serving.path("planted", "best"))
    yield world
    world.store.close()


@pytest.fixture
def asking(world: World) -> Asking:
    return Asking(world.movies)


# --- questions -------------------------------------------------------------------------------------


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_no_film_is_asked_about_twice(world: World, asking: Asking, strategy: str) -> None:
    asked = []
    for number in range(12):
        question = asking.next(strategy)
        assert question is not None and question.strategy == strategy and question.film.rated is None
        asked.append(question.film.id)
        asking.answer(question.film.id, None if number % 3 == 0 else 4)
    assert len(set(asked)) == 12
    assert asking.next(strategy, never=world.movies.catalogue().films) is None


def test_not_seen_steers_what_comes_next_and_is_no_rating(world: World, asking: Asking) -> None:
    first = asking.next("information")
    assert first is not None
    without = asking.next("information", never=[first.film.id])
    said = asking.answer(first.film.id, None)
    assert said.stars is None and said.surprise is None and world.movies.rated() == []
    steered = asking.next("information")
    assert steered is not None and without is not None
    chances = [asking._crowd()[0].chance([], rows) for rows in ([], [asking._crowd()[1][first.film.id]])]
    assert not np.allclose(*chances)
    world.movies.undo()
    again = asking.next("information")
    assert again is not None and again.film.id == first.film.id


def test_without_a_model_of_draws_another_strategy_stands_in(world: World, asking: Asking) -> None:
    world.serving.path("planted", "best").unlink()
    question = asking.next("information")
    assert question is not None and question.strategy == WITHOUT_DRAWS


def test_a_strategy_is_kept_and_an_unknown_one_is_bad_input(asking: Asking) -> None:
    asking.choose_strategy("popular")
    assert asking.strategy == "popular"
    for wrong in (lambda: asking.choose_strategy("best"), lambda: asking.next("best")):
        with pytest.raises(BadInput, match="popular"):
            wrong()


def test_the_score_counts_forecasts_made_before_the_answer(world: World, asking: Asking) -> None:
    films = [film.id for film in world.movies.recommend(4)]
    before = world.movies.predicted(films[0])
    first = asking.answer(films[0], 1)
    assert first.predicted == before and first.surprise == pytest.approx(1 - (before or 0))
    world.movies.rate(films[1], 5)  # in the list, where its forecast is shown: no test
    second = asking.answer(films[2], 4)
    score = asking.score()
    errors = [abs((said.predicted or 0) - (said.stars or 0)) for said in (first, second)]
    assert score.answers == 2 and score.curve == pytest.approx((errors[0], sum(errors) / 2), abs=1e-3)
    assert score.off == score.curve[-1] and score.means_off == score.means_curve[-1]
    world.movies.undo()
    assert asking.score().answers == 1
    asking.answer(films[0], 3)  # again: the learner knows the forecast by now
    asking.answer(films[2], 3)
    assert asking.score().answers == 1


def test_strategies_can_be_compared_on_oneself(world: World, asking: Asking) -> None:
    for strategy, stars in (("popular", 4.0), ("popular", None), ("random", 2.0)):
        question = asking.next(strategy)
        assert question is not None
        asking.answer(question.film.id, stars)
    told = {one.strategy: (one.asked, one.seen) for one in asking.score().strategies}
    assert told == {"popular": (2, 1), "random": (1, 1)}
    assert all(one.off is not None and one.off >= 0 for one in asking.score().strategies)


# --- groups ----------------------------------------------------------------------------------------


def test_eight_groups_are_the_same_every_time_and_no_film_is_in_two(world: World) -> None:
    found = world.movies.tastes()
    assert len(found) == GROUPS and len({taste.id for taste in found}) == GROUPS
    films = [film.id for taste in found for film in taste.films]
    assert len(films) == len(set(films)) and all(len(taste.films) >= 3 for taste in found)
    world.movies._grouped = None
    assert world.movies.tastes() == found


def test_groups_make_a_list_until_ratings_take_over(world: World) -> None:
    typical = [film.id for film in world.movies.recommend(10)]
    chosen = [taste.id for taste in world.movies.tastes()[:3]]
    world.movies.choose_tastes(chosen)
    listed = world.movies.recommend(10, why=True)
    assert [film.id for film in listed] != typical
    assert "3 groups you picked" in world.movies.basis().note
    for film in listed:
        assert film.why is not None
        assert {one.id for one in film.why.because} == {f"group:{taste}" for taste in chosen}
        pushes = sum(one.push for one in film.why.because) + film.why.rest
        assert pushes == pytest.approx(film.why.user_bias + film.why.taste, abs=0.01)
    for film in world.movies.recommend(9):
        world.movies.rate(film.id, 4)
    own = world.movies.recommend(10, why=True)[0].why
    assert own is not None and not any(one.id.startswith("group:") for one in own.because)
    with pytest.raises(BadInput, match="no group 'nonsense'"):
        world.movies.choose_tastes(["nonsense"])
    assert world.movies.chosen_tastes == tuple(chosen)


# --- the list --------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["best", "dot-bias", "item-knn", "popularity"])
def test_what_was_seen_or_put_away_is_never_listed(world: World, model: str) -> None:
    films = [film.id for film in world.movies.recommend(3)]
    world.movies.mark(films[0], "seen")
    world.movies.mark(films[1], "hidden")
    world.movies.mark(films[2], "watchlist")
    listed = {film.id for film in world.movies.recommend(400, model=model)}
    assert not {*films[:2]} & listed and films[2] in listed
    assert [film.id for film in world.movies.marked("watchlist")] == [films[2]]
    world.movies.undo()
    world.movies.undo()
    assert films[1] in {film.id for film in world.movies.recommend(400, model=model)}
    with pytest.raises(BadInput, match="no mark"):
        world.movies.mark(films[0], "loved")  # type: ignore[arg-type]


def test_genres_in_and_out(world: World) -> None:
    listed = world.movies.recommend(50, genres=["comedy", "Drama"], without=["Romance"])
    assert listed and all({"Comedy", "Drama"} & {*film.genres} for film in listed)
    assert not any("Romance" in film.genres for film in listed)
    with pytest.raises(BadKnob, match="No film"):
        world.movies.recommend(5, genres=["Polka"])


def test_films_with_few_ratings_are_marked(world: World) -> None:
    counts = world.movies.catalogue().counts
    for film in world.movies.recommend(400):
        assert film.ratings == counts[film.id] and film.few == (counts[film.id] < FEW)


def test_a_what_if_is_the_list_that_the_other_stars_would_make(world: World) -> None:
    films = [film.id for film in world.movies.recommend(3)]
    for film in films:
        world.movies.rate(film, 5)
    what_if = world.movies.recommend(10, what_if={films[0]: 1.0, films[1]: None})
    real = world.movies.recommend(10)
    assert world.movies.film(films[0]).rated == 5.0
    world.movies.rate(films[0], 1)
    world.movies.delete(films[1])
    assert [one.model_dump() for one in world.movies.recommend(10)] == [one.model_dump() for one in what_if]
    assert [one.id for one in what_if] != [one.id for one in real]


# --- why, the map ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["dot-bias", "als", "best"])
def test_why_adds_up_for_a_thousand_random_cases(world: World, kind: str) -> None:
    data = world.child.dataset
    if kind == "als":
        model = a_model(data, kind="als", link="clip", low=1, high=5, offset=3.5, ridge=4.0, bias_ridge=2.0)
        path = world.serving.path("planted", "als")
        lists_audience.save(an_audience(data), audience_path(path))
        checkpoint.save(model, path)
    ranker, rng = world.movies._ranker(kind), np.random.default_rng(5)
    films = np.array(ranker.model.film_ids)
    for _ in range(50):
        rated = rng.choice(films, rng.integers(0, 40), replace=False)
        stars = dict(zip(rated.tolist(), (rng.integers(1, 11, len(rated)) / 2).tolist(), strict=True))
        for film in rng.choice(films, 20, replace=False).tolist():
            why, predicted = ranker.why(stars, film), ranker.predicted(stars, film)
            assert why is not None
            parts = why.mean + why.user_bias + why.item_bias + why.taste + why.clamp
            assert parts == pytest.approx(predicted, abs=0.01)
            pushes = sum(one.push for one in why.because) + why.rest
            assert pushes == pytest.approx(why.user_bias + why.taste, abs=0.01)


def test_the_nearest_of_ones_own_films_comes_first(world: World) -> None:
    films = [film.id for film in world.movies.recommend(6)]
    for film in films[1:]:
        world.movies.rate(film, 4)
    near = world.movies.nearest_rated(films[0], 3)
    cosines = [one.cosine for one in near]
    assert len(near) == 3 and cosines == sorted(cosines, reverse=True) and max(cosines) <= 1


def test_the_map_places_the_learner_and_a_rating_moves_a_taste(world: World) -> None:
    empty = taste_map(world.movies, 20)
    assert (empty.x, empty.y) == (0, 0) and len(empty.spots) == 20
    film = empty.spots[0].id
    assert moved_by(world.movies, film) is None
    world.movies.rate(film, 5)
    there, moved = taste_map(world.movies, 20), moved_by(world.movies, film)
    assert (there.x, there.y) != (0, 0) and {spot.id: spot.rated for spot in there.spots}[film] == 5
    assert moved is not None and moved.stars > 0 and moved.towards and moved.away
    assert not {*moved.towards} & {*moved.away}
    before = world.movies.learner_vector({film: 1.0}).bias
    assert world.movies.learner_vector({film: 5.0}).bias > before

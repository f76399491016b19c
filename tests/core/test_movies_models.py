"""Which model makes the list: the quick one, the accurate one, models without a checkpoint; and the knobs."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from movie_world import World, a_posterior, an_audience

from recommender import lists_audience, posterior
from recommender.serving import audience_path
from tutor.core import serving
from tutor.core.catalogue import Catalogue
from tutor.core.errors import CannotDo
from tutor.core.events import Failed, Rested
from tutor.core.movies import BadKnob
from tutor.core.serving import NoModel
from tutor.runner import oneshot


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.store.close()


# --- the more accurate model --------------------------------------------------------------------------


def fitted_apart(world: World, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The process that fits `best`, faked: writes a posterior and its audience. Returns its command lines."""
    commands: list[list[str]] = []

    def run(command: list[str], log: Path, cancelled: Callable[[], bool]) -> Iterator[dict[str, Any]]:
        commands.append(command)
        out = Path(command[command.index("--out") + 1])
        lists_audience.save(an_audience(world.child.dataset), audience_path(out))
        posterior.save(a_posterior(world.child.dataset), out)
        yield {"event": "progress", "fraction": 0.5, "note": "draw 1/2"}
        yield {"event": "finished", "model": "best", "seconds": 1.0}

    monkeypatch.setattr(oneshot, "run", run)
    return commands


def test_best_takes_over_when_it_is_ready_and_knows_how_sure_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = fitted_apart(world, monkeypatch)
    list(world.movies.ensure_model())
    assert world.movies.best_wanted and world.movies.default_model == "best"
    first = world.movies.recommend(5, why=True)
    assert {(film.low, film.high) for film in first} == {(None, None)}
    assert isinstance(list(world.movies.ensure_best())[-1], Rested)
    assert not world.movies.best_wanted and world.movies.default_model == "best"
    given = {film.id: 4.0 for film in first}
    for film in world.movies.recommend(5, ratings=given, why=True):
        assert film.low is not None and film.high is not None and film.why is not None
        assert 1 <= film.low < film.predicted < film.high <= 5
        why = film.why
        parts = why.mean + why.user_bias + why.item_bias + why.taste + why.clamp
        assert parts == pytest.approx(film.predicted, abs=0.01)
        pushes = sum(one.push for one in why.because) + why.rest
        assert pushes == pytest.approx(why.user_bias + why.taste, abs=0.01)
    assert [film.low for film in world.movies.recommend(5, model="dot-bias")] == [None] * 5
    assert world.movies.learner_vector().rows.size == 0  # the other model still has its own person
    (rested,) = world.movies.ensure_best()
    assert isinstance(rested, Rested) and len(commands) == 1
    assert commands[0][2:6] == ["-m", "recommender", "fit", "--json"] and "--background" in commands[0]


def test_a_stale_best_gives_way_to_a_fresh_quick_model(world: World) -> None:
    world.train()
    path = world.serving.path("planted", "best")
    posterior.save(replace(a_posterior(world.child.dataset), data_hash="older"), path)
    assert world.movies.best_wanted
    assert world.movies.recommend(1)[0].low is None
    world.serving.path("planted").unlink()
    assert world.movies.recommend(1)[0].low is not None


def test_best_that_fails_leaves_the_quick_model_serving(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_: Any) -> Iterator[dict[str, Any]]:
        yield {"event": "failed", "message": "the chain diverged"}

    monkeypatch.setattr(oneshot, "run", run)
    world.train()
    assert list(world.movies.ensure_best())[-1] == Failed(message="the chain diverged")
    assert world.movies.recommend(1)


# --- knobs and models ----------------------------------------------------------------------------------


def test_the_list_is_sorted_by_worth_and_knobs_turn_it(world: World) -> None:
    list(world.movies.ensure_model())
    counts = Catalogue(world.child.dataset).counts
    plain = world.movies.recommend(10)
    assert {film.diversity_cost for film in plain} == {0.0}
    known, little = (world.movies.recommend(10, knobs={"popularity": x}) for x in (5, -5))
    assert min(counts[film.id] for film in known) > max(counts[film.id] for film in little)
    new, old = (world.movies.recommend(10, knobs={"novelty": x}) for x in (5, -5))
    assert min(film.year or 0 for film in new) > max(film.year or 0 for film in old)
    mixed = world.movies.recommend(10, knobs={"diversity": 5})
    assert [film.id for film in mixed] != [film.id for film in plain]
    assert any(film.diversity_cost for film in mixed)
    for knobs in ({"diversity": -1}, {"novelty": float("inf")}):
        with pytest.raises(BadKnob, match=next(iter(knobs))):
            world.movies.recommend(10, knobs=knobs)


def test_knobs_need_to_know_who_rates_what(world: World) -> None:
    world.train()  # without an audience beside it
    assert not world.serving.fresh()
    with pytest.raises(NoModel, match="knobs"):
        world.movies.recommend(10, knobs={"novelty": 1})


@pytest.mark.parametrize("model", ["item-knn", "popularity"])
def test_models_without_a_checkpoint_list_films_without_reasons(world: World, model: str) -> None:
    (*_, ended) = world.movies.ensure_model(model=model)
    assert isinstance(ended, Rested) and world.child.jobs[0]["model"] == "dot-bias"
    films = list(Catalogue(world.child.dataset).films)
    listed = world.movies.recommend(400, ratings={films[0]: 5, films[1]: 1}, why=True, model=model)
    assert len({film.id for film in listed}) == len(films) - 2
    assert not {film.id for film in listed} & set(films[:2])
    assert all(film.why is None and film.low is None and 1 <= film.predicted <= 5 for film in listed)
    if model == "popularity":
        counts = [Catalogue(world.child.dataset).counts[film.id] for film in listed]
        assert counts == sorted(counts, reverse=True)
        with pytest.raises(CannotDo, match="no knobs"):
            world.movies.recommend(5, model=model, knobs={"novelty": 1})


def test_training_again_trains_both_although_they_are_fresh(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = fitted_apart(world, monkeypatch)
    list(world.movies.ensure_model())
    list(world.movies.ensure_best())
    events = list(world.movies.retrain())
    assert [event.event for event in events].count("finished") == 1 and isinstance(events[-1], Rested)
    assert (len(world.child.jobs), len(commands)) == (2, 2)
    world.child.ending = {"event": "failed", "message": "no room"}
    assert list(world.movies.retrain())[-1] == Failed(message="no room")
    assert len(commands) == 2 and world.movies.model_ready


@pytest.mark.parametrize("kind", ["dot-bias", "best"])
def test_similar_films(world: World, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    fitted_apart(world, monkeypatch)
    list(world.movies.ensure_model())
    if kind == "best":
        list(world.movies.ensure_best())
    films = world.movies.similar("the matrix", 5)
    assert len({film.id for film in films}) == 5
    assert "the-matrix-1999" not in {film.id for film in films}


def test_a_large_set_is_not_fitted_unasked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "BEST_UP_TO", len(world.child.dataset.ratings) - 1)
    assert not world.movies.best_wanted and world.movies.default_model == "dot-bias"
    posterior.save(a_posterior(world.child.dataset), world.serving.path("planted", "best"))
    assert world.movies.recommend(1)[0].low is not None  # but one that was asked for serves

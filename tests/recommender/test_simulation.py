"""Feedback loops: measures with known answers, lists, and whole runs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from recommender import als, datasets
from recommender.cli import main
from recommender.datasets.planted import planted_truth, planted_world, size_of
from recommender.events import Cancelled, Event, Failed, Finished, Point, Started
from recommender.ratings import Ratings
from recommender.simulation import SimulationConfig, SimulationError, remedy_named, simulate
from recommender.simulation_lists import Remedy, lists
from recommender.simulation_measures import coverage, gini, overlap, shown, top_share
from recommender.simulation_model import Fitted, ModelSettings, fit
from recommender.simulation_summary import MEASURES, interval, summary, t_quantile
from recommender.simulation_world import worlds

SMALL = SimulationConfig("planted:users=60,items=60,ratings=1500", rounds=3, seeds=2)


def test_measures_of_lists_that_are_all_the_same() -> None:
    same = np.tile([0, 1], (5, 1))
    counts = shown(same, 4)
    assert counts.tolist() == [5, 5, 0, 0]
    assert coverage(counts) == 0.5
    assert gini(counts) == pytest.approx(0.5)
    assert top_share(counts, 1) == 0.5
    assert overlap(same, 4) == pytest.approx(1)


def test_measures_of_lists_that_share_nothing() -> None:
    apart = np.array([[0, 1], [2, 3]])
    counts = shown(apart, 4)
    assert (coverage(counts), gini(counts), top_share(counts, 2), overlap(apart, 4)) == (1, 0, 0.5, 0)


def test_gini_and_overlap_by_hand() -> None:
    assert gini(np.array([0, 0, 0, 8])) == pytest.approx(3 / 4)  # 1 - 1/I: one film has it all
    assert gini(np.array([3, 1])) == pytest.approx(1 / 4)  # mean difference 1 over twice the mean 2
    assert gini(np.zeros(3, dtype=np.int64)) == top_share(np.zeros(3, dtype=np.int64)) == 0
    chain = np.array([[0, 1], [1, 2], [2, 3]])  # pairs: 1/3, 0, 1/3
    assert overlap(chain, 4) == pytest.approx(2 / 9)
    assert np.isnan(overlap(chain[:1], 4))


def test_without_weight_on_unrated_pairs_the_model_is_als() -> None:
    draw = np.random.default_rng(0)
    table = np.where(draw.random((30, 20)) < 0.5, draw.integers(1, 6, (30, 20)), np.nan)
    table[:, 7] = np.nan  # a film nobody rated
    users, items = np.nonzero(np.isfinite(table))
    ids = (tuple(map(str, range(30))), tuple(map(str, range(20))))
    ratings = Ratings(users, items, table[users, items], None, *ids)  # type: ignore[arg-type]
    known = als.Als(ratings, factors=3, seed=4)
    settings = ModelSettings(3, known.reg, known.bias_reg, sweeps=5, missing_weight=0)
    fitted = fit(table, known.films[:, :-1].copy(), settings)
    for _ in range(5):
        known.sweep()
    grid = np.divmod(np.arange(600), 20)
    assert fitted.stars.ravel() == pytest.approx(known.predict(*grid), abs=1e-4)


def test_no_ratings_are_refused() -> None:
    with pytest.raises(ValueError, match="no ratings"):
        fit(np.full((2, 2), np.nan), np.zeros((2, 1)), ModelSettings(factors=1))


def made(remedy: Remedy, stars: list[float], vectors: list[list[float]], rated: list[int]) -> list[int]:
    fitted = Fitted(np.array([stars]), np.array(vectors))
    shut = np.zeros((1, len(stars)), dtype=bool)
    shut[0, 0] = True
    told = lists(fitted, shut, np.array(rated), remedy, 2, np.random.default_rng(0))
    return [int(film) for film in told[0]]


def test_lists_and_what_each_remedy_does_to_them() -> None:
    stars, rated = [5.0, 4.0, 3.9, 3.0], [0, 99, 0, 0]
    vectors = [[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
    assert made(Remedy("none", 0), stars, vectors, rated) == [1, 2]  # film 0 is shut
    assert made(Remedy("penalty", 0.1), stars, vectors, rated) == [2, 1]  # 4 - 0.1 ln 100 = 3.54
    assert made(Remedy("penalty", 1), stars, vectors, rated) == [2, 3]
    assert made(Remedy("mmr", 0.5), stars, vectors, rated) == [1, 3]  # 2 is like 1
    assert made(Remedy("mmr", 0), stars, vectors, rated) == [1, 2]
    assert made(Remedy("explore", 0), stars, vectors, rated) == [1, 2]


@pytest.mark.parametrize("name", ["explore=1", "mmr=1", "penalty=2", "none"])
def test_no_list_holds_a_film_twice_or_one_that_is_shut(name: str) -> None:
    draw = np.random.default_rng(1)
    fitted = Fitted(draw.normal(3, 1, (50, 30)), draw.normal(0, 1, (30, 3)))
    shut = draw.random((50, 30)) < 0.3
    told = lists(fitted, shut, draw.integers(0, 9, 30), remedy_named(name), 8, draw)
    assert all(len(set(row)) == 8 for row in told.tolist())
    assert not np.take_along_axis(shut, told, axis=1).any()


def test_the_known_ratings_are_the_data_sets_own() -> None:
    here = worlds(SMALL.data, known_each=7)(3)
    assert here.truth.shape == here.known.shape == (60, 60)
    assert (np.isfinite(here.known).sum(axis=1) <= 7).all()
    assert here.minority().sum() == 12
    given = np.isfinite(here.known)
    assert np.corrcoef(here.truth[given], here.known[given])[0, 1] > 0.5


def test_a_world_fitted_to_ratings_is_close_to_the_one_they_came_from(tmp_path: Path) -> None:
    size = size_of("planted:users=120,items=60,ratings=4000")
    ratings, truth = planted_world(size).ratings, planted_truth(size)
    columns = zip(ratings.users, ratings.items, ratings.stars, strict=True)
    lines = [f"{user},{item},{stars:g}" for user, item, stars in columns]
    (tmp_path / "mine.csv").write_text("\n".join(["user,film,rating", *lines]))
    here = worlds(str(tmp_path / "mine.csv"), known_each=5)(0)
    loaded = datasets.load(str(tmp_path / "mine.csv"), None).ratings
    people, films = np.array(loaded.user_ids, dtype=int), np.array(loaded.item_ids, dtype=int)
    true = truth.stars(np.repeat(people, len(films)), np.tile(films, len(people)))
    assert np.corrcoef(here.truth.ravel(), true)[0, 1] > 0.65
    assert here.noise == pytest.approx(truth.noise, abs=0.3)


def told(config: SimulationConfig) -> list[Event]:
    return list(simulate(config))


def test_a_run_repeats_itself_and_seeds_differ() -> None:
    first, again = told(SMALL), told(SMALL)
    points = [event for event in first if isinstance(event, Point)]
    assert points == [event for event in again if isinstance(event, Point)]
    assert len(points) == 2 * 4 * 3 * len(MEASURES)
    curves = [[e.y for e in points if e.series == "none gini" and e.seed == seed] for seed in (0, 1)]
    assert curves[0] != curves[1]
    assert isinstance(first[0], Started) and isinstance(first[-1], Finished)


def test_a_remedy_alone_gives_what_it_gives_among_others() -> None:
    alone = SimulationConfig(SMALL.data, rounds=3, seeds=1, remedies=(remedy_named("mmr"),))
    few = [event for event in told(alone) if isinstance(event, Point)]
    assert set(few) <= {event for event in told(SMALL) if isinstance(event, Point)}


def test_cancel_ends_it_at_the_next_round() -> None:
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 2

    events = list(simulate(SMALL, cancelled=stop))
    assert isinstance(events[-1], Cancelled)
    assert len([event for event in events if isinstance(event, Point)]) == 2 * len(MEASURES)


def test_a_loop_that_would_run_out_of_films_fails_in_one_line() -> None:
    config = SimulationConfig(SMALL.data, rounds=40, again=False)
    assert told(config)[-1] == Failed(f"40 rounds need 147 films or more, and {SMALL.data} has 60")


@pytest.mark.parametrize("text", ["cheer", "explore=2", "penalty=-1", "mmr=much"])
def test_remedies_that_cannot_be(text: str) -> None:
    with pytest.raises(SimulationError, match="remedy"):
        remedy_named(text)


def test_settings_that_cannot_be() -> None:
    with pytest.raises(SimulationError, match="rounds"):
        SimulationConfig(rounds=0)
    with pytest.raises(SimulationError, match="places"):
        SimulationConfig(places=2)
    with pytest.raises(SimulationError, match="seed"):
        SimulationConfig(seed=-1)


def test_summary_counts_and_intervals() -> None:
    plain = np.zeros((2, 2, len(MEASURES)))  # [S, R, M]
    place = {name: number for number, name in enumerate(MEASURES)}
    plain[:, :, place["coverage"]] = [[0.5, 0.4], [0.5, 0.6]]
    plain[:, :, place["utility"]] = 4
    cure = plain.copy()
    cure[:, 1, place["coverage"]] = [0.5, 0.4]
    cure[:, :, place["utility"]] = [[4, 4], [3, 3]]
    result = summary({"none": plain, "cure": cure})
    assert result["measured"]["narrowed"]["coverage"] == 1
    back = result["measured"]["remedies"]["cure"]
    assert (back["coverage"], back["utility_kept"], back["all"]) == (1, 1, 1)
    rows = {(row[0], row[1]): row[2:] for row in result["table"]["rows"]}
    half = 12.7062 * 0.1  # changes +0.1 and -0.2: standard error 0.15; see the next lines
    first, last, change, low, high = rows["cure", "coverage"]
    assert (first, last, change) == pytest.approx((0.5, 0.45, -0.05))
    assert high - low == pytest.approx(2 * half * 1.5)


def test_students_t() -> None:
    """Against the printed table."""
    table = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 9: 2.262, 19: 2.093, 120: 1.980}
    assert {d: t_quantile(d) for d in table} == pytest.approx(table, abs=0.011)
    assert interval(np.array([1.0])) is None


def test_command_prints_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["simulate", "--data", SMALL.data, "--rounds", "2", "--seeds", "1", "--remedy", "explore=0.2"]
    assert main([*argv, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert set(result) == {"table", "measured", "seconds"}
    assert main(argv) == 0
    text = capsys.readouterr().out
    assert "narrower at the end, of 1 seeds" in text and "\nexplore  coverage" in text


@pytest.mark.parametrize("wrong", [["--remedy", "cheer"], ["--rounds", "0"], ["--data", "planted:users=1"]])
def test_command_refuses_in_one_line(capsys: pytest.CaptureFixture[str], wrong: list[str]) -> None:
    assert main(["simulate", *wrong]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1

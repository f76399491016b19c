"""The default list: known answers, knobs that do what they say, and that it beats plain popularity."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from test_posterior import made

from recommender import posterior_fold
from recommender.als import fit as solve
from recommender.checkpoint import FactorModel
from recommender.foldin import fold_in
from recommender.lists import STARS_ONLY, Knobs, mmr, personal, rank
from recommender.lists_audience import Audience, fit_audience
from recommender.posterior import SMALL
from recommender.ranking import best, predict, top_n
from recommender.ratings import Ratings

FILMS, K = 40, 3


def audience(n_items: int = FILMS, seed: int = 0, **changes: Any) -> Audience:
    rng = np.random.default_rng(seed)
    fields: dict[str, Any] = {
        "factors": rng.normal(0, 0.4, (n_items, K)).astype(np.float32),
        "counts": rng.integers(1, 500, n_items).astype(np.int32),
        "years": rng.integers(1930, 2000, n_items).astype(np.int32),
        "people": 600,
        "ridge": 1.0,
        "unseen": 0.5,
    }
    return Audience(**{**fields, **changes})


def factors(n_items: int = FILMS, seed: int = 1) -> FactorModel:
    rng = np.random.default_rng(seed)
    names = tuple(f"film-{i}" for i in range(n_items))
    vectors, biases = rng.normal(0, 0.5, (n_items, K)), rng.normal(0, 0.4, n_items)
    arrays = {"item_factors": vectors.astype(np.float32), "item_bias": biases.astype(np.float32)}
    return FactorModel("als", "clip", 1, 5, 3.5, ridge=5.0, film_ids=names, item_ids=names, **arrays)


def random_scores(seed: int = 2) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.uniform(1, 5, FILMS).astype(np.float32), rng.uniform(0, 1, FILMS).astype(np.float32)


def test_worth_is_the_sum_of_its_terms_in_stars() -> None:
    three = audience(
        3,
        factors=np.eye(3, dtype=np.float32),
        counts=np.array([3, 7, 31], np.int32),
        years=np.array([1980, 1990, 0], np.int32),
    )
    predicted, interest, doubt = (np.array(x, np.float32) for x in ([4, 3, 2], [0.1, 0.3, 0.2], [1, 0.5, 2]))
    knobs = Knobs(interest=10, caution=0.5, popularity=0.25, novelty=1)
    told = rank(three, predicted, interest, 3, (), knobs, doubt)
    # doublings of the audience against the median film: -1, 0, 2; decades from 1985: -0.5, 0.5, unknown
    expected = {0: 4 - 0.5 + 1 - 0.25 - 0.5, 1: 3 - 0.25 + 3 + 0 + 0.5, 2: 2 - 1 + 2 + 0.5 + 0}
    assert told.rows.tolist() == [1, 0, 2]
    assert told.scores == pytest.approx([expected[row] for row in told.rows], abs=1e-6)
    assert told.predicted.tolist() == [3, 4, 2]
    assert not told.diversity_cost.any()


def test_diversity_takes_the_unlike_film_and_tells_its_price() -> None:
    twins = np.array([[1, 0, 0], [2, 0, 0], [0, 1, 0]], np.float32)  # films 0 and 1 point the same way
    three = audience(3, factors=twins, counts=np.ones(3, np.int32), years=np.zeros(3, np.int32))
    predicted, nobody = np.array([4.5, 4.4, 4.0], np.float32), np.zeros(3, np.float32)

    def told(diversity: float) -> Any:
        return rank(three, predicted, nobody, 2, (), Knobs(diversity=diversity))

    assert told(0.39).rows.tolist() == [0, 1]  # the twin costs 0.39 stars, the other film is 0.4 behind
    assert told(0.41).rows.tolist() == [0, 2]
    assert told(0.39).diversity_cost.tolist() == [0, 0]
    assert told(0.41).diversity_cost == pytest.approx([0, 0.4], abs=1e-6)
    assert told(0.41).scores == pytest.approx([4.5, 4.0])


def test_films_that_point_apart_earn_nothing_for_it() -> None:
    opposed = np.array([[1, 0], [-1, 0], [0, 1]], np.float32)
    assert mmr(np.array([3, 2, 2.1], np.float32), opposed, 3, 5.0).tolist() == [0, 2, 1]


@pytest.mark.parametrize("knob", ["popularity", "novelty"])
def test_a_knob_turned_up_never_lowers_what_it_asks_for(knob: str) -> None:
    films = audience()
    asked = films.doublings if knob == "popularity" else films.decades
    found = [
        float(asked[rank(films, *random_scores(), 8, (), Knobs(**{knob: x})).rows].mean())
        for x in (-9, -2, -0.5, 0, 0.5, 2, 9)
    ]
    assert found == sorted(found)
    assert found[0] < found[3] < found[-1]


def test_diversity_turned_up_makes_lists_less_alike() -> None:
    films = audience()

    def likeness(diversity: float) -> float:
        rows = rank(films, *random_scores(), 8, (), Knobs(diversity=diversity)).rows
        cosines = films.directions(rows) @ films.directions(rows).T
        return float(np.maximum(cosines, 0)[np.triu_indices(8, 1)].mean())

    assert likeness(0) > likeness(3) > likeness(30)


def test_interest_turned_up_lists_what_the_person_would_watch() -> None:
    films, (predicted, interest) = audience(), random_scores()
    none, much = (rank(films, predicted, interest, 5, (), Knobs(interest=x, caution=0)) for x in (0, 1e4))
    assert none.rows.tolist() == np.argsort(-predicted)[:5].tolist()
    assert much.rows.tolist() == np.argsort(-interest)[:5].tolist()


@pytest.mark.parametrize("diversity", [0.0, 1.0])
def test_more_films_than_there_are_and_none(diversity: float) -> None:
    films, knobs = audience(), Knobs(diversity=diversity)
    all_of_them = rank(films, *random_scores(), 1000, [3, 4], knobs)
    assert sorted(all_of_them.rows.tolist()) == [row for row in range(FILMS) if row not in (3, 4)]
    assert np.isfinite(all_of_them.scores).all()
    assert len(rank(films, *random_scores(), 0, [], knobs).rows) == 0
    assert len(rank(films, *random_scores(), 5, range(FILMS), knobs).rows) == 0


def test_of_equals_the_lower_row_comes_first() -> None:
    same = np.ones(FILMS, np.float32)
    for diversity in (0.0, 0.5):
        films = audience(factors=np.zeros((FILMS, K), np.float32))
        assert rank(films, same, same, 4, [1], Knobs(diversity=diversity)).rows.tolist() == [0, 2, 3, 4]


def test_a_person_without_ratings_gets_what_everybody_watches() -> None:
    model, films = factors(), audience()
    told = personal(model, films, fold_in(model, [], []), 10, knobs=Knobs(interest=1000))
    assert films.counts[told.rows].tolist() == sorted(films.counts, reverse=True)[:10]


def persons() -> list[tuple[Any, Any, Audience]]:
    point, few, many = factors(), made(FILMS), made(SMALL + 200)
    rows, stars = [3, 8, 20, 21], [5.0, 1.0, 4.0, 3.0]
    draws = [(m, posterior_fold.fold_in(m, rows, stars), audience(m.n_items)) for m in (few, many)]
    return [(point, fold_in(point, rows, stars), audience()), *draws]


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("diversity", [0.0, 2.0])
def test_never_a_rated_film_never_one_twice_and_always_the_same(at: int, diversity: float) -> None:
    model, folded, films = persons()[at]
    knobs = Knobs(diversity=diversity)
    told, again = (personal(model, films, folded, 30, [5], knobs) for _ in range(2))
    assert len(told.rows) == len(set(told.rows.tolist())) == 30
    assert not {3, 5, 8, 20, 21} & set(told.rows.tolist())
    assert told.rows.tolist() == again.rows.tolist()
    assert told.scores.tolist() == again.scores.tolist()


def test_stars_alone_sort_as_the_models_do() -> None:
    for (model, folded, films), top in zip(persons(), (top_n, *[posterior_fold.top_n] * 2), strict=True):
        assert personal(model, films, folded, 10, knobs=STARS_ONLY).rows.tolist() == (
            top(model, folded, 10).tolist()
        )


@pytest.mark.parametrize("at", [1, 2])
def test_caution_takes_the_doubt_of_the_draws_off(at: int) -> None:
    model, folded, films = persons()[at]
    knobs = Knobs(caution=0.75)
    told = personal(model, films, folded, 10, knobs=knobs)
    doubt = posterior_fold.moments(model, folded, told.rows)[1]
    stars = posterior_fold.predict(model, folded, told.rows)
    worth = stars - 0.75 * doubt + knobs.interest * films.interest(folded.rows)[told.rows]
    assert told.scores == pytest.approx(worth, abs=1e-4)
    assert told.predicted == pytest.approx(stars, abs=1e-5)


def test_predicted_are_the_models_own_stars() -> None:
    model, folded, films = persons()[0]
    told = personal(model, films, folded, 10)
    assert told.predicted.tolist() == predict(model, folded, told.rows).tolist()


def four_tribes(seed: int = 5) -> Ratings:
    """People of four tribes watch films of their own kind more often, and like them more; fame helps."""
    rng = np.random.default_rng(seed)
    people, films = np.arange(240) % 4, np.arange(120) % 4
    own = people[:, None] == films
    fame = 1 / (1 + np.arange(120) // 4) ** 0.5  # the same for each kind
    users, items = np.nonzero(rng.random((240, 120)) < fame * np.where(own, 0.9, 0.25))
    stars = np.clip(rng.normal(np.where(own, 4.3, 2.7)[users, items], 0.6), 1, 5).astype(np.float32)
    ids = (tuple(map(str, range(240))), tuple(map(str, range(120))))
    return Ratings(users, items, stars, None, *ids)


def test_people_unseen_find_more_than_in_the_popular_films_and_more_films_are_shown() -> None:
    ratings = four_tribes()
    learn = ratings.take(ratings.users < 200)
    als, films = solve(learn, factors=4, reg=5.0), fit_audience(learn, factors=8)
    arrays = {"item_factors": als.films[:, :-1], "item_bias": als.films[:, -1]}
    names = {"film_ids": ratings.item_ids, "item_ids": ratings.item_ids}
    model = FactorModel("als", "clip", 1, 5, als.mean, ridge=5.0, bias_ridge=3.0, **arrays, **names)
    rng, hits, shown = np.random.default_rng(0), [], []
    for person in range(200, 240):
        held, known = np.split(rng.permutation(np.flatnonzero(ratings.users == person)), [10])
        good = ratings.items[held][ratings.stars[held] >= 4]
        rows, counts = ratings.items[known], films.counts.astype(np.float64)
        counts[rows] = -np.inf
        lists = (
            personal(model, films, fold_in(model, rows, ratings.stars[known]), 10).rows,
            best(counts, 10),
        )
        hits.append([np.isin(rows, good).mean() for rows in lists])
        shown.append(lists)
    ours, popular = np.mean(hits, axis=0)
    assert ours > 1.3 * popular
    assert len(np.unique([pair[0] for pair in shown])) > len(np.unique([pair[1] for pair in shown]))


def test_what_does_not_fit_is_refused() -> None:
    model, folded, films = persons()[0]
    with pytest.raises(ValueError, match="audience of 39 films, but a model of 40"):
        personal(model, audience(39), folded, 10)
    with pytest.raises(TypeError, match="Folded cannot be ranked by a Posterior"):
        personal(made(FILMS), films, folded, 10)
    with pytest.raises(ValueError, match="numbers for 40 films"):
        rank(films, np.ones(3, np.float32), np.ones(FILMS, np.float32), 10)
    with pytest.raises(ValueError, match="novelty must be a finite number"):
        Knobs(novelty=float("nan"))
    with pytest.raises(ValueError, match="diversity must not be negative"):
        replace(Knobs(), diversity=-1.0)

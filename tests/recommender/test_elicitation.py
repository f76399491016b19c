from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from recommender_toys import planted

from recommender.elicitation import STRATEGIES, Answers, Information, Ranked, strategy
from recommender.elicitation_crowd import Crowd
from recommender.posterior import BUCKETS, LEVELS, NORMAL_90, Posterior
from recommender.posterior_fold import fold_in
from recommender.ratings import Ratings

S, N_ITEMS = 4, 6
TELLING = 2


def tiny(n_items: int = N_ITEMS) -> Posterior:
    """One factor; taste matters for film TELLING far more than for the others, and nobody is sure of it."""
    films = np.zeros((n_items, S, 2), dtype=np.float16)
    films[:, :, 0] = 0.5
    films[TELLING, :, 0] = 3
    names = tuple(f"film-{i}" for i in range(n_items))
    return Posterior(
        low=1,
        high=5,
        offset=3,
        smoothing=5,
        user_dof=1e9,
        films=films,
        link=np.zeros_like(films),
        film_noise=np.ones((n_items, S), dtype=np.float16),
        mean=np.zeros((S, 2), dtype=np.float32),
        mean_link=np.zeros((S, 2), dtype=np.float32),
        precision=np.tile(np.diag([1, 100]).astype(np.float32), (S, 1, 1)),
        rating_precision=np.ones(S, dtype=np.float32),
        spread=np.full((len(BUCKETS), len(LEVELS) + 1, 2), NORMAL_90, dtype=np.float32),
        film_ids=names,
        item_ids=names,
    )


def crowd_of(seen: np.ndarray, stars: np.ndarray | None = None) -> Crowd:
    """From a 0/1 table of people and films."""
    users, items = np.nonzero(seen)
    given = np.full(len(users), 3.0) if stars is None else stars[users, items]
    ids = (tuple(map(str, range(seen.shape[0]))), tuple(map(str, range(seen.shape[1]))))
    return Crowd.of(Ratings(users, items, given.astype(np.float32), None, *ids))


def evenly_known(n_items: int = N_ITEMS) -> Crowd:
    return crowd_of(np.random.default_rng(0).random((400, n_items)) < 0.5)


def two_camps() -> Crowd:
    """Half of the people have seen films 0 to 2, the other half films 3 to 5."""
    camps = np.repeat([[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]], 200, axis=0)
    return crowd_of(camps * (np.random.default_rng(1).random(camps.shape) < 0.9))


def test_the_film_that_tells_most_is_asked_first() -> None:
    assert Information(tiny(), evenly_known()).next_film(Answers()) == TELLING


def test_worth_is_the_fall_of_the_mean_variance() -> None:
    posterior, crowd = tiny(), evenly_known()
    found = Information(posterior, crowd).worth(Answers())
    chance = crowd.chance([], [])
    films = np.column_stack([posterior.films[crowd.rows, 0, 0].astype(float), np.ones(N_ITEMS)])
    before = np.linalg.inv(posterior.precision[0].astype(float))
    for at, row in enumerate(crowd.rows):
        after = fold_in(posterior, [int(row)], [3.0]).covariance[0]
        fall = np.einsum("id,de,ie->i", films, before - after, films)
        assert found[at] == pytest.approx(chance[at] * np.average(fall, weights=chance), rel=1e-3)


def test_a_telling_film_that_hardly_anybody_has_seen_is_not_asked_first() -> None:
    seen = np.random.default_rng(0).random((400, N_ITEMS)) < 0.5
    seen[1:, TELLING] = False
    assert Information(tiny(), crowd_of(seen)).next_film(Answers()) != TELLING


def test_not_seen_lowers_the_chance_of_films_known_to_the_same_people() -> None:
    crowd = two_camps()
    chance = dict(zip(crowd.rows.tolist(), crowd.chance([], [0]), strict=True))
    assert max(chance[1], chance[2]) < 0.2 < 0.6 < min(chance[3], chance[4], chance[5])
    seen = dict(zip(crowd.rows.tolist(), crowd.chance([0], []), strict=True))
    assert min(seen[1], seen[2]) > 0.6 > 0.2 > max(seen[3], seen[4], seen[5])
    assert np.allclose(crowd.chance([], []), crowd.share)


def test_not_seen_steers_the_next_question() -> None:
    posterior = tiny()
    flat = replace(posterior, films=np.full_like(posterior.films, 0.5))
    chooser = Information(flat, two_camps())
    assert chooser.next_film(Answers(not_seen=(0,))) in (3, 4, 5)
    assert chooser.next_film(Answers(not_seen=(3,))) in (0, 1, 2)


def test_popular_and_the_entropies_have_known_orders() -> None:
    known = np.zeros((8, 3), dtype=int)
    known[:, 0] = 1  # known to all, who agree
    known[:6, 1] = 1  # known to most, who do not
    known[:2, 2] = 1  # hardly known, and they do not agree
    stars = np.tile([[4.0, 1.0, 1.0], [4.0, 5.0, 5.0]], (4, 1))
    crowd = crowd_of(known, stars)
    assert crowd.entropy == pytest.approx(np.log(2) / 3 * np.array([0, 1, 1]), abs=1e-9)
    orders = {
        "popular": [0, 1, 2],
        "log-popularity x entropy": [1, 2, 0],
        "entropy0": [1, 2, 0],
    }
    for name, order in orders.items():
        assert asked(strategy(name, tiny(3), crowd)) == order
    parts, weights = np.array([1 / 4, 3 / 8, 3 / 8]), np.array([0.5, 1, 1])
    # three numbers of stars occur: 1, 4 and 5
    assert crowd.entropy0[1] == pytest.approx(-(weights * parts * np.log(parts)).sum() / 3.5)


def asked(chooser: object, answers: Answers | None = None) -> list[int]:
    """Everything that is asked, every second film being seen."""
    answers = answers or Answers()
    rows: list[int] = []
    while (row := chooser.next_film(answers)) is not None:  # type: ignore[attr-defined]
        rows.append(row)
        answers = answers.plus(row, 4.0 if len(rows) % 2 else None)
    return rows


@pytest.mark.parametrize("name", STRATEGIES)
def test_everything_is_asked_once_and_then_nothing(name: str) -> None:
    rows = asked(strategy(name, tiny(), evenly_known()))
    assert sorted(rows) == list(range(N_ITEMS))


@pytest.mark.parametrize("name", STRATEGIES)
def test_what_is_left_out_is_never_asked(name: str) -> None:
    rows = asked(strategy(name, tiny(), evenly_known()), Answers(left_out=frozenset({0, TELLING})))
    assert sorted(rows) == [1, 3, 4, 5]


@pytest.mark.parametrize("name", STRATEGIES)
def test_the_same_seed_asks_the_same(name: str) -> None:
    crowd = Crowd.of(planted(60, N_ITEMS))
    first, second = (asked(strategy(name, tiny(), crowd, seed=3, person=1)) for _ in range(2))
    assert first == second


def test_random_orders_differ_between_people() -> None:
    crowd, posterior = evenly_known(40), tiny(40)
    orders = {tuple(asked(strategy("random", posterior, crowd, 0, person))) for person in range(4)}
    assert len(orders) == 4


def test_films_that_nobody_rated_come_last_but_come() -> None:
    seen = np.ones((10, N_ITEMS), dtype=bool)
    seen[:, 4] = False
    for name in ("popular", "entropy0", "information"):
        assert asked(strategy(name, tiny(), crowd_of(seen)))[-1] == 4


def test_answers_are_records() -> None:
    start = Answers()
    later = start.plus(3, 4.5).plus(1, None).plus(2, 1.0)
    assert (dict(start.rated), start.not_seen) == ({}, ())
    assert (dict(later.rated), later.not_seen) == ({3: 4.5, 2: 1.0}, (1,))
    assert sorted(later.closed.tolist()) == [1, 2, 3]


def test_films_outside_the_crowd_may_have_been_answered() -> None:
    crowd = evenly_known(3)
    assert np.allclose(crowd.chance([5], [4]), crowd.share)
    assert asked(Ranked(crowd.rows, crowd.counts), Answers(rated={5: 3.0}))


def test_a_wrong_name_and_an_empty_crowd_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown strategy 'telepathy'"):
        strategy("telepathy", tiny(), evenly_known())
    with pytest.raises(ValueError, match="no ratings"):
        Crowd.of(planted().take([]))

"""Work that cannot grow says so in one line, before it starts."""

from __future__ import annotations

import numpy as np
import pytest

from recommender import limits
from recommender.config import recipe
from recommender.events import Failed, Started
from recommender.fitting import fit
from recommender.limits import refusal
from recommender.ratings import Ratings


def wide(users: int, items: int) -> Ratings:
    """One rating among many people and films."""
    row = np.zeros(1, dtype=np.int32)
    ids = (tuple(map(str, range(users))), tuple(map(str, range(items))))
    return Ratings(row, row, np.ones(1, dtype=np.float32), None, *ids)


@pytest.mark.parametrize(
    ("users", "items", "limit"), [(2, 30_001, "at most 30000"), (40_000, 25_001, "at most 1000000000")]
)
def test_item_knn_refuses_what_would_not_fit(users: int, items: int, limit: str) -> None:
    *_, end = fit(recipe("lesson", "item-knn"), wide(users, items))
    assert isinstance(end, Failed)
    assert limit in end.message and "\n" not in end.message


@pytest.mark.parametrize("model", ["nn", "nn-embedding", "classifier", "hybrid", "best"])
def test_models_refuse_beyond_their_limit_before_they_start(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal(model, 1_000_000) is None
    monkeypatch.setitem(limits.MOST_RATINGS, model, 0)
    started, end = fit(recipe("lesson", model), wide(2, 2))
    assert isinstance(started, Started) and isinstance(end, Failed)
    assert end.message.startswith(f"{model} takes at most 0 ratings, not 1;") and "\n" not in end.message


@pytest.mark.parametrize("model", ["mean", "biases", "popularity", "als", "dot-bias"])
def test_models_that_grow_with_the_ratings_have_no_limit(model: str) -> None:
    assert refusal(model, 10**12) is None

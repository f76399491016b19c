"""Work that cannot grow says so in one line, before it starts."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.config import recipe
from recommender.events import Failed
from recommender.fitting import fit
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

"""How many ratings a model takes: one that would need too much time or memory says so at once.

`load`, `mean`, `biases`, `popularity`, `als`, `best` and the dot products grow with the ratings. Networks do,
too, but in small steps: the lecture's five epochs take them about two minutes for a million ratings.
`item-knn` has limits of its own, since its tables grow with users times films.
"""

from __future__ import annotations

from recommender.models import NETS

MOST_RATINGS = {**dict.fromkeys(NETS, 10_000_000), "best": 30_000_000}
"""Networks: twenty minutes of the lecture's recipe, on one core. `best`: memory, some 200 bytes a rating."""


def refusal(model: str, ratings: int) -> str | None:
    """Why `model` does not learn from so many ratings, in one line; None if it does."""
    most = MOST_RATINGS.get(model)
    if most is None or ratings <= most:
        return None
    return f"{model} takes at most {most:,} ratings, not {ratings:,}; als, biases and dot-bias take more"

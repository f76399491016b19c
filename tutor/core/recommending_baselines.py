"""Lists by `popularity` and `item-knn`, which are learnt on the spot and give no reasons. NumPy only."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from recommender import baseline_lists
from recommender.lists import Knobs
from recommender.lists_audience import Audience
from recommender.ratings import Dataset
from recommender.serving import one_row_per_film
from tutor.core.catalogue import Catalogue
from tutor.core.errors import CannotDo
from tutor.core.film_records import Recommendation
from tutor.core.recommending import DIGITS

NAMES = baseline_lists.NAMES


def recommend(
    name: str,
    dataset: Dataset,
    catalogue: Catalogue,
    audience: Audience | None,
    stars: Mapping[str, float],
    top: int,
    knobs: Knobs | None = None,
    never: Collection[str] = (),
) -> list[Recommendation]:
    """The best films that were not rated and are not in `never`, best first.

    Raises `CannotDo` for what the model cannot do.
    """
    ratings, film_ids = one_row_per_film(dataset)
    row = {film: at for at, film in enumerate(film_ids)}
    known = {film: value for film, value in stars.items() if film in row}
    rows = [row[film] for film in known]
    gone = [row[film] for film in never if film in row]
    fitting = audience if audience is not None and audience.n_items == len(film_ids) else None
    try:
        found = baseline_lists.listed(
            name, ratings, rows, list(known.values()), max(0, top), gone, audience=fitting, knobs=knobs
        )
    except ValueError as error:
        raise CannotDo(f"{error}.") from None
    films = [catalogue.films[film_ids[at]] for at in found.rows]
    numbers = np.stack([found.predicted, found.diversity_cost], axis=1)
    return [
        Recommendation(
            rank=rank, id=film.id, title=film.title, year=film.year or None, genres=film.genres,
            keys=film.keys, predicted=round(float(predicted), DIGITS),
            diversity_cost=round(float(cost), DIGITS), ratings=catalogue.counts[film.id],
        )
        for rank, (film, (predicted, cost)) in enumerate(zip(films, numbers, strict=True), start=1)
    ]  # fmt: skip

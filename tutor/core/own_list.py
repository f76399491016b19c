"""Lists by a model that the learner wrote: its stars were stored film by film, and are only sorted here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from tutor.core.errors import CannotDo
from tutor.core.film_records import Recommendation
from tutor.store.code import CodeTable

if TYPE_CHECKING:
    from tutor.core.catalogue import Catalogue

OWN = "yours:"
"""What the name of a recommender begins with that the learner trained."""


def own_names(code: CodeTable, data: str) -> list[str]:
    """The learner's models of a data set, newest first, as they are asked for."""
    return [f"{OWN}{name}" for name in code.models(data)]


def own_list(
    name: str,
    code: CodeTable,
    data: str,
    catalogue: Catalogue,
    stars: Mapping[str, float],
    top: int,
    *,
    knobs: bool = False,
    never: Collection[str] = (),
) -> list[Recommendation]:
    """The best films that were not rated and are not in `never`, best first.

    Raises `CannotDo` for a name that is not there in this data set, and for knobs.
    """
    model = code.model(name.removeprefix(OWN).strip())
    if model is None or model.data != data:
        known = ", ".join(own_names(code, data)) or "none yet: exercise 15 trains one"
        where = f" for {data}" if model is None else f": it was trained on {model.data}, not on {data}"
        raise CannotDo(f"There is no {name}{where}. Of yours there are here: {known}.")
    if knobs:
        raise CannotDo("The knobs need a recommender of ours; your scores are listed as they are.")
    listed = catalogue.films.keys() - stars.keys() - set(never)
    found = sorted((-value, film) for film, value in model.scores.items() if film in listed)
    films = [(-value, catalogue.films[film]) for value, film in found[: max(0, top)]]
    return [
        Recommendation(
            rank=rank, id=film.id, title=film.title, year=film.year or None, genres=film.genres,
            keys=film.keys, predicted=value,
        )
        for rank, (value, film) in enumerate(films, start=1)
    ]  # fmt: skip

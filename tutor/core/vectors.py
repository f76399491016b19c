"""Pairs of vectors to play with: a person's and a film's, as the recommender has learned them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recommender.experiments.geometry import Scene
    from tutor.core.workspace import Workspace

RATED = 6
"""So many of the learner's own films are offered."""


@dataclass(frozen=True)
class Pair:
    """A film, a person, and their two vectors."""

    title: str
    note: str
    """Why this film: "suits you best", "you gave it 4 stars"."""
    person: str
    """"you" or "a viewer"."""
    scene: Scene


def pairs(workspace: Workspace) -> list[Pair]:
    """The film that suits the learner best, one that says nothing, one that suits least, then rated ones.

    Without ratings the person is a typical viewer. Reads the serving model, or makes a small one where none
    was trained. Raises `CannotDo`, `CheckpointError`, `DataMissing`.
    """
    from recommender.experiments.dot_product import model_for, scene  # NumPy: not at start-up

    name = workspace.data.current
    path = str(workspace.serving.path(name)) if workspace.serving.ready(name) else None
    model = model_for({"data": name, "checkpoint": path}, workspace.paths.data)
    assert model is not None  # nothing cancels it
    ratings = workspace.store.ratings.stars()
    person = "you" if ratings else "a viewer"
    dots = model.item_factors @ scene(model, ratings)[1].person
    order = sorted(range(len(dots)), key=dots.__getitem__)
    extremes = {
        model.film_ids[order[-1]]: f"suits {person} best",
        model.film_ids[min(order, key=lambda row: abs(dots[row]))]: f"says nothing about {person}",
        model.film_ids[order[0]]: f"suits {person} least",
    }
    known = set(model.film_ids)
    rated = [(id, stars) for id, stars in ratings.items() if id in known and id not in extremes]
    notes = extremes | {id: f"you gave it {stars:g} stars" for id, stars in rated[:RATED]}
    return [
        Pair(workspace.movies.film(id).title, note, person, scene(model, ratings, id)[1])
        for id, note in notes.items()
    ]

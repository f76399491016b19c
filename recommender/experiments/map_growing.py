"""The map grows: where the film vectors are while the model trains, and which of them move far.

Settings
    shown     how many films of each group are drawn, 5 to 60 (25)
    epochs    passes over the ratings, 1 to 20 (5)
    factors   length of the vectors, 2 to 200 (50)

Films with any ratings are put in three equal groups by their number: "often", "sometimes", "rarely" rated.
The scatter "map" shows the two directions in which the drawn films differ most (2-D PCA; the most rated films
of the group "often", the least rated of "rarely"), turned so that each picture lies as near as it can to the
one before. Series "often", "sometimes", "rarely": mean distance of the group's vectors from their first
values, against epochs (no unit: the length of a difference of vectors).

Table: one row per group: group, films, ratings of its middle film, mean distance moved, mean length at the
end.

Measured
    moved_often, moved_sometimes, moved_rarely      mean distance moved
    ratio           moved_often / moved_rarely
    rank_agreement  Spearman correlation over all rated films of distance moved and number of ratings
    who             "often" if that is above 0.3, "rarely" if below -0.3, else "alike"
    farthest        the film that moved farthest, as text
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.events import Chart, Event, Started
from recommender.experiments import charts
from recommender.experiments.curves import Curves
from recommender.experiments.settings import only, whole
from recommender.experiments.sweeps import World, finished, race, world_of
from recommender.training import Trainer, tables_of

Floats = NDArray[np.float64]
Rows = NDArray[np.integer]
GROUPS = ("often", "sometimes", "rarely")
CLEAR_RANK = 0.3
"""Below this a rank correlation says little about a single film."""


def run(spec: Mapping[str, Any], cache: Path | None, cancelled: Callable[[], bool]) -> Iterator[Event]:
    """Train once and draw along the way. Raises SpecError for a bad setting."""
    settings = dict(spec.get("settings") or {})
    only(settings, ("shown", "epochs", "factors"))
    shown = whole(settings, "shown", 25, 5, 60)
    changes = {
        "epochs": whole(settings, "epochs", 5, 1, 20),
        "factors": whole(settings, "factors", 50, 2, 200),
    }
    return _run(spec, shown, changes, cache, cancelled)


def _run(
    spec: Mapping[str, Any],
    shown: int,
    changes: Mapping[str, Any],
    cache: Path | None,
    cancelled: Callable[[], bool],
) -> Iterator[Event]:
    began, curves = time.perf_counter(), Curves(int(spec.get("seed") or 0))
    yield Started({"family": "map-growing", "shown": shown, "seed": curves.seed, **changes})
    world = world_of(spec, cache)
    trainer = world.trainer("dot-bias", **changes)
    growing = Growing(world, trainer, shown)
    yield Chart(growing.draw(trainer))

    def look(_: str, trainer: Trainer) -> list[Event]:
        epoch, moved = trainer.steps_done / trainer.n_batches, growing.moved(trainer)
        points: list[Event] = [
            curves.add(name, epoch, float(moved[rows].mean())) for name, rows in growing.groups.items()
        ]
        return [*points, Chart(growing.draw(trainer))]

    if not (yield from race({"map": trainer}, curves, cancelled, show=(), after=look)):
        return
    moved, lengths = growing.moved(trainer), np.linalg.norm(vectors(trainer), axis=1)  # [I] each
    middles = {name: float(np.median(growing.counts[films])) for name, films in growing.groups.items()}
    rows = [
        (name, len(films), middles[name], float(moved[films].mean()), float(lengths[films].mean()))
        for name, films in growing.groups.items()
    ]
    columns = ["group", "films", "ratings of its middle film", "moved", "length at the end"]
    found = measured(moved, growing.counts, growing.groups)
    found["farthest"] = world.data.items.titles[int(np.argmax(moved))]
    yield finished(began, curves, columns, rows, found, [growing.draw(trainer)])


class Growing:
    """What stays from picture to picture: first vectors, groups, films drawn; and the last picture."""

    def __init__(self, world: World, trainer: Trainer, shown: int):
        self.titles = world.data.items.titles
        self.counts = np.bincount(world.train.items, minlength=world.ratings.n_items)  # [I]
        self.first = vectors(trainer)  # [I, K]
        order = np.argsort(-self.counts, kind="stable")
        rated = order[self.counts[order] > 0]
        self.groups: dict[str, Rows] = dict(zip(GROUPS, np.array_split(rated, len(GROUPS)), strict=True))
        often, sometimes, rarely = self.groups.values()
        middle = max(0, (len(sometimes) - shown) // 2)
        self.drawn = {
            "often": often[:shown],
            "sometimes": sometimes[middle : middle + shown],
            "rarely": rarely[-shown:],
        }
        self.last: Floats | None = None

    def moved(self, trainer: Trainer) -> Floats:
        """Distance of each film's vector from its first value [I]."""
        return np.asarray(np.linalg.norm(vectors(trainer) - self.first, axis=1))

    def draw(self, trainer: Trainer) -> charts.Chart:
        """The picture of this moment."""
        films = np.concatenate(list(self.drawn.values()))  # [F]
        names = [name for name, rows in self.drawn.items() for _ in rows]
        self.last = flat(vectors(trainer)[films], self.last)
        spots = [
            (self.titles[film], x, y, f"{name} rated")
            for film, name, (x, y) in zip(films, names, self.last, strict=True)
        ]
        spread = {name: _spread(self.last, names, name) for name in ("often", "rarely")}
        epoch = trainer.steps_done / trainer.n_batches
        says = f"epoch {epoch:.1f}: films rated often lie {spread['often']:.2f} from the middle on average"
        says += f", rarely rated ones {spread['rarely']:.2f}"
        return charts.scatter("map", says, spots, "first direction", "second direction")


def _spread(points: Floats, names: list[str], group: str) -> float:
    chosen = points[[name == group for name in names]]
    return float(np.linalg.norm(chosen, axis=1).mean()) if len(chosen) else 0.0


def vectors(trainer: Trainer) -> Floats:
    """The film vectors [I, K]."""
    return tables_of(trainer.model)[1].astype(np.float64)


def flat(points: Floats, before: Floats | None) -> Floats:
    """The two main directions of `points` [F, K] as [F, 2], turned or mirrored to lie near `before` [F, 2].

    The turn is the orthogonal Procrustes solution: W Z, where nowᵀ · before = W S Z is the SVD.
    """
    centred = points - points.mean(axis=0)
    left, values, _ = np.linalg.svd(centred, full_matrices=False)  # [F, K], [K]
    now: Floats = left[:, :2] * values[:2]  # [F, 2]
    if before is None:
        return now
    w, _, z = np.linalg.svd(now.T @ before)  # [2, 2] each
    return np.asarray(now @ (w @ z))


def measured(moved: Floats, counts: Rows, groups: Mapping[str, Rows]) -> dict[str, float | str]:
    """The numbers and words that a sentence about the run may use; names as in the module's docstring."""
    found: dict[str, float | str] = {
        f"moved_{name}": float(moved[films].mean()) for name, films in groups.items()
    }
    rated = np.concatenate(list(groups.values()))
    agreement = float(np.corrcoef(ranks(moved[rated]), ranks(counts[rated]))[0, 1])
    found["ratio"] = float(moved[groups["often"]].mean() / moved[groups["rarely"]].mean())
    found["rank_agreement"] = agreement
    found["who"] = "often" if agreement > CLEAR_RANK else "rarely" if agreement < -CLEAR_RANK else "alike"
    return found


def ranks(values: NDArray[Any]) -> Floats:
    """Rank of each value, from 0; equal values share the mean of their ranks."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts + 1) / 2)[inverse], dtype=np.float64)

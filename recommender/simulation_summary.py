"""What came out of a simulation, over seeds. Letters: S seeds, R rounds, M measures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

MEASURES: dict[str, str] = {
    "coverage": "share of all films that stand in anybody's list",
    "gini": "how unevenly places are spread over films (0 evenly, 1 all to one)",
    "top10": "share of all places that the ten most shown films take",
    "overlap": "mean Jaccard likeness of two people's lists",
    "utility": "true stars of what people picked",
    "minority": "true stars of what the fifth with the least common taste picked",
    "majority": "true stars of what all others picked",
    "harm": "stars that the minority falls short of its own best, beyond what the majority does",
}
NARROWING = {"coverage": -1, "gini": 1, "top10": 1, "overlap": 1}
"""Which way each measure goes where a loop narrows."""
KEPT = 0.95
"""Share of the utility without a remedy that a remedy has to keep."""


def summary(runs: Mapping[str, Doubles]) -> dict[str, Any]:
    """Plain data from the runs {remedy: [S, R, M]}, "none" among them.

    "table": a row per remedy and measure. `change` is, without a remedy, the last round less the first; with
    one, its last round less the last round without; `low` and `high` are its 95 % interval over seeds (None
    for one seed). "measured": in how many seeds the loop narrowed, and what each remedy brought back.
    """
    plain = runs["none"]
    rows = [
        _row(name, measure, each[:, :, place], plain[:, :, place])
        for name, each in runs.items()
        for place, measure in enumerate(MEASURES)
    ]
    columns = ["remedy", "measure", "first", "last", "change", "low", "high"]
    narrowed = {
        measure: int(np.sum(way * (_column(plain, measure)[:, -1] - _column(plain, measure)[:, 0]) > 0))
        for measure, way in NARROWING.items()
    }
    back = {name: _back(each, plain) for name, each in runs.items() if name != "none"}
    measured = {"seeds": len(plain), "narrowed": narrowed, "remedies": back}
    return {"table": {"columns": columns, "rows": rows}, "measured": measured}


def _column(runs: Doubles, measure: str) -> Doubles:
    """One measure of every seed and round [S, R]."""
    return np.asarray(runs[:, :, list(MEASURES).index(measure)])


def _row(name: str, measure: str, here: Doubles, plain: Doubles) -> list[Any]:
    against = plain[:, 0] if name == "none" else plain[:, -1]
    change = here[:, -1] - against  # [S]
    half = interval(change)
    middle = float(change.mean())
    ends = (None, None) if half is None else (middle - half, middle + half)
    return [name, measure, float(here[:, 0].mean()), float(here[:, -1].mean()), middle, *ends]


def _back(here: Doubles, plain: Doubles) -> dict[str, Any]:
    """In how many seeds the last round is no narrower than the first without a remedy, and at what price."""
    wide = {
        measure: way * (_column(here, measure)[:, -1] - _column(plain, measure)[:, 0]) <= 0
        for measure, way in NARROWING.items()
    }
    restored = wide["coverage"] & wide["gini"] & wide["top10"]
    mine, theirs = _column(here, "utility"), _column(plain, "utility")
    share = np.minimum(mine.mean(axis=1) / theirs.mean(axis=1), mine[:, -1] / theirs[:, -1])  # [S]
    return {
        **{measure: int(each.sum()) for measure, each in wide.items()},
        "utility_kept": int((share >= KEPT).sum()),
        "utility_share": float(share.min()),
        "all": int((restored & (share >= KEPT)).sum()),
    }


def interval(values: Doubles) -> float | None:
    """Half the width of the 95 % interval of a mean [S] (Student's t); None for fewer than two values."""
    if len(values) < 2:
        return None
    return t_quantile(len(values) - 1) * float(values.std(ddof=1)) / math.sqrt(len(values))


def t_quantile(degrees: int) -> float:
    """The 97.5 % point of Student's t, to 0.01. Source: Abramowitz, Stegun 26.7.5; exact for 1 to 3."""
    exact = {1: 12.7062, 2: 4.3027, 3: 3.1824}
    z, d = 1.959964, degrees
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    series = z + sum(term / float(d**power) for power, term in enumerate(terms, 1))
    return exact.get(d, series)

"""Ratings: crosstabs, one-hot rows, folds and errors."""

from __future__ import annotations

import random
from decimal import Decimal

from tutor.core.generators.writing import Draw, Values, bracketed, hundredths, listed, written

_VIEWERS = ("Ana", "Ben", "Cleo", "Dev", "Ela")
_FILMS = ("Fargo", "Jaws", "Heat", "Alien", "Toy Story")


def _crosstab_cell(draw: random.Random) -> Values:
    """Five `ratings` in words; one of them belongs in the cell of `viewer` and `film`: its stars.

    `row` and `column` count from 1 in a table whose rows and columns stand in the order of the alphabet.
    """
    pairs = [(viewer, film) for viewer in _VIEWERS[:3] for film in _FILMS[:3]]
    rated = [(*pair, draw.randint(1, 5)) for pair in draw.sample(pairs, k=5)]
    viewer, film, stars = draw.choice(rated)
    ratings = ", ".join(f"{who} gave {what} {number}" for who, what, number in rated)
    row = sorted({one[0] for one in rated}).index(viewer) + 1
    column = sorted({one[1] for one in rated}).index(film) + 1
    place = {"row": str(row), "column": str(column)}
    return {"ratings": ratings, "viewer": viewer, "film": film, **place, "answer": str(stars)}


def _crosstab_empty(draw: random.Random) -> Values:
    """How many of the `cells` = `viewers` · `films` stay empty with so many `ratings`, none repeated."""
    viewers, films = draw.choice([5, 8, 10, 20, 40, 100]), draw.choice([6, 10, 25, 50, 200])
    cells = viewers * films
    ratings = cells * draw.choice([5, 10, 20, 30]) // 100
    counts = {"viewers": viewers, "films": films, "ratings": ratings, "cells": cells}
    return {name: str(count) for name, count in counts.items()} | {"answer": str(cells - ratings)}


def _one_hot_row(draw: random.Random) -> Values:
    """A `table` of four rows, a `one_hot` vector that is 1 at `place` (counted from 0): the row it picks."""
    numbers = [value for value in range(-5, 7) if value != 0]
    rows = [draw.choices(numbers, k=2) for _ in range(4)]
    place = draw.randrange(4)
    one_hot = listed([int(at == place) for at in range(4)])
    table = "[" + ", ".join(map(listed, rows)) + "]"
    return {"table": table, "one_hot": one_hot, "place": str(place), "answer": listed(rows[place])}


def _fold_size(draw: random.Random) -> Values:
    """`ratings` cut into `folds` equal parts: how many train the model while one `part` tests it."""
    folds = draw.choice([4, 5, 8, 10])
    part = draw.choice([50, 100, 250, 1000, 20_000])
    sizes = {"ratings": part * folds, "folds": folds, "part": part, "answer": part * (folds - 1)}
    return {name: str(size) for name, size in sizes.items()}


def _squared_error(draw: random.Random) -> Values:
    """Three `guesses` and `stars`, their `errors` and `squares`: the MSE, and `absolute`, the MAE."""
    stars = [draw.randint(1, 5) for _ in range(3)]
    errors = [Decimal(draw.choice([-20, -15, -10, -5, 5, 10, 15, 20])) / 10 for _ in stars]
    guesses = [rating + error for rating, error in zip(stars, errors, strict=True)]
    squares = [error * error for error in errors]
    lists = {"guesses": listed(guesses), "errors": listed(errors), "squares": listed(squares)}
    working = " + ".join(map(written, squares))
    means = {"answer": hundredths(sum(squares) / Decimal(3)), "absolute": hundredths(_mean_size(errors))}
    return {"stars": listed(stars), **lists, "working": working, **means}


def _mean_size(errors: list[Decimal]) -> Decimal:
    return sum(map(abs, errors), Decimal(0)) / len(errors)


def _biased_guess(draw: random.Random) -> Values:
    """`mean` + `viewer` bias + `film` bias + `taste` (a dot product); `working` is that sum."""
    parts = [
        Decimal(draw.choice([33, 35, 36])) / 10,
        Decimal(draw.choice([-6, -4, -3, 2, 3, 5])) / 10,
        Decimal(draw.choice([-7, -5, -2, 2, 4, 6])) / 10,
        Decimal(draw.choice([-4, -3, -1, 1, 3, 4])) / 10,
    ]
    values = dict(zip(("mean", "viewer", "film", "taste"), map(written, parts), strict=True))
    working = " + ".join(map(bracketed, parts))
    return values | {"working": working, "answer": written(sum(parts, Decimal(0)))}


GENERATORS: dict[str, Draw] = {
    "biased-guess": _biased_guess,
    "crosstab-cell": _crosstab_cell,
    "crosstab-empty": _crosstab_empty,
    "fold-size": _fold_size,
    "one-hot-row": _one_hot_row,
    "squared-error": _squared_error,
}

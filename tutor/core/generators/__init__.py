"""Built-in generators of fresh numbers for compute items.

A generator draws small numbers that one can work with on paper and gives, beside them, the exact
`answer`: a number, or a list of numbers such as a row or a shape. All values are texts, ready for a
prompt; negative numbers carry the true minus sign. The same name and seed always give the same numbers.
"""

from __future__ import annotations

import random

from tutor.core.generators import data, decay, models, vectors
from tutor.core.generators.writing import Draw, Values, written

__all__ = ["UnknownGenerator", "Values", "fields", "generate", "names", "written"]

_GENERATORS: dict[str, Draw] = {
    **data.GENERATORS,
    **decay.GENERATORS,
    **models.GENERATORS,
    **vectors.GENERATORS,
}


class UnknownGenerator(LookupError):
    """No generator of that name."""


def names() -> tuple[str, ...]:
    """The names of all generators, sorted."""
    return tuple(sorted(_GENERATORS))


def generate(name: str, seed: int) -> Values:
    """Fresh values by name, `answer` among them. Raises `UnknownGenerator`."""
    if name not in _GENERATORS:
        raise UnknownGenerator(f"There is no generator {name!r}; known are {', '.join(names())}.")
    return _GENERATORS[name](random.Random(f"{name}:{seed}"))


def fields(name: str) -> tuple[str, ...]:
    """Names of the values that a generator draws. Raises `UnknownGenerator`."""
    return tuple(generate(name, 0))

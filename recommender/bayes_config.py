"""What a chain of the Bayesian model is: one frozen record, and its two recipes. Standard library only."""

from __future__ import annotations

import math
from dataclasses import dataclass

from recommender.config import ConfigError, recipe


@dataclass(frozen=True)
class BayesConfig:
    """Everything that decides a chain, the data apart. Found on other splits than those that are reported."""

    factors: int
    """K, the length of a user's and a film's vector."""
    sweeps: int
    """Draws of everything; the first eighth is left out."""
    rank: int = 128
    """R, the directions of each side's features that its prior may depend on."""
    smoothing: float = 5.0
    """Average ratings added to each history before it says something."""
    trait_weight: float = 0.3
    """Scale of the traits beside a history, whose length is about 1."""
    user_dof: float = 10.0
    """How alike the users' noise is: degrees of freedom of its prior."""
    film_dof: float = 20.0
    """How alike the films' noise is."""
    warm: int = 3
    """Sweeps without noise that start the chain."""
    seed: int = 0
    """Decides all draws."""

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        for name in ("factors", "sweeps", "rank", "warm"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} must be at least 1, not {getattr(self, name)}")
        for name in ("smoothing", "user_dof", "film_dof"):
            if not 0 < getattr(self, name) < math.inf:
                raise ConfigError(f"{name} must be a positive number, not {getattr(self, name)}")
        if not 0 <= self.trait_weight < math.inf:
            raise ConfigError(f"trait_weight must be 0 or more, not {self.trait_weight}")

    @property
    def burn(self) -> int:
        """First sweeps that are left out of the average."""
        return self.sweeps // 8


def of_recipe(name: str, seed: int = 0) -> BayesConfig:
    """The chain of the recipe "lesson" or "fast". Raises ConfigError for another name."""
    sizes = recipe(name, "best")
    return BayesConfig(factors=sizes.factors, sweeps=sizes.epochs, seed=seed)


BEST = of_recipe("lesson")
FAST = of_recipe("fast")
"""A third of the time, for a little of the accuracy."""

"""A run as one line that `tutor replay` repeats.

    cf1:weight-decay:wd=0+0.1,epochs=5:seed=0,seeds=3,data=ml-100k:FINGERPRINT.RATINGS.MADE.RESULT

The last part tells what the result hangs on: the data set, the learner's ratings (`-` where they play no
part), the versions and kind of machine, and the result itself, each as eight hexadecimal digits.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Any
from urllib.parse import quote, unquote

from tutor.core.errors import BadInput

KIND = "cf1"
NO_RATINGS = "-"


class TokenError(BadInput):
    """A line that is no token, or one of a run that cannot be repeated here."""


@dataclass(frozen=True)
class Token:
    """What a run was, and what it hangs on."""

    experiment: str
    settings: Mapping[str, Any]
    seed: int
    seeds: int
    data: str
    fingerprint: str
    ratings: str
    made: str
    result: str

    def __str__(self) -> str:
        """The line."""
        knobs = ",".join(f"{name}={_written(value)}" for name, value in self.settings.items())
        start = f"seed={self.seed},seeds={self.seeds},data={_quoted(self.data)}"
        proofs = ".".join((self.fingerprint, self.ratings, self.made, self.result))
        return ":".join((KIND, self.experiment, knobs, start, proofs))


def read_token(line: str) -> Token:
    """Read a token. Raises `TokenError` with one clear line."""
    parts = line.strip().split(":")
    if len(parts) != 5 or parts[0] != KIND:
        raise TokenError(f"that is no token of a run; one begins with {KIND}: and has five parts.")
    try:
        start = dict(pair.split("=", 1) for pair in parts[3].split(","))
        fingerprint, ratings, made, result = parts[4].split(".")
        settings = {
            name: ",".join(unquote(part) for part in value.split("+"))
            for name, value in (pair.split("=", 1) for pair in parts[2].split(",") if pair)
        }
        seed, seeds, data = int(start["seed"]), int(start["seeds"]), unquote(start["data"])
    except (ValueError, KeyError):
        raise TokenError("that token is damaged; copy the whole line.") from None
    return Token(parts[1], settings, seed, seeds, data, fingerprint, ratings, made, result)


def digest(value: Any) -> str:
    """Eight hexadecimal digits of any JSON value."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def result_digest(result: Mapping[str, Any]) -> str:
    """Digest of all that a repeated run must give again: what depends on the clock is left out."""
    clocked = set(result.get("clocked", ()))
    table = result.get("table") or {}
    kept = [i for i, name in enumerate(table.get("columns", ())) if name not in clocked]
    return digest(
        {
            "series": [one for one in result.get("series", ()) if one["name"] not in clocked],
            "charts": [one for one in result.get("charts", ()) if one["title"] not in clocked],
            "rows": [[row[i] for i in kept] for row in table.get("rows", ())],
            "measured": _unclocked(result.get("measured", {}), clocked),
            "by_seed": [_unclocked(one["measured"], clocked) for one in result.get("by_seed", ())],
        }
    )


def _unclocked(measured: Mapping[str, Any], clocked: set[str]) -> dict[str, Any]:
    return {name: value for name, value in measured.items() if name not in clocked}


def ratings_digest(ratings: Mapping[str, float]) -> str:
    """Digest of the learner's ratings."""
    return digest(dict(ratings)) if ratings else NO_RATINGS


@cache
def made_here() -> str:
    """Digest of what numbers may hang on here: our version, Python, NumPy, PyTorch, the kind of machine."""
    versions = [metadata.version(name) for name in ("tutor", "numpy", "torch")]
    return digest([*versions, sys.version_info[:3], platform.system(), platform.machine()])


def _written(value: Any) -> str:
    values = value if isinstance(value, (list, tuple)) else [value]
    return "+".join(_quoted(one) for one in values)


def _quoted(value: Any) -> str:
    text = repr(value).replace("e+", "e") if isinstance(value, float) else str(value)
    return quote(text, safe="")

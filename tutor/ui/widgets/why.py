"""Why a film is recommended, in words whose numbers add up as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Push(Protocol):
    """What one rated film does to a prediction, in stars."""

    @property
    def title(self) -> str:
        """The film."""

    @property
    def stars(self) -> float:
        """What it was given."""

    @property
    def push(self) -> float:
        """Stars added."""


class Reason(Protocol):
    """A prediction taken apart, in stars (see `recommender.ranking.Why`)."""

    @property
    def mean(self) -> float:
        """The mean, or the middle of the range."""

    @property
    def user_bias(self) -> float:
        """How high the learner rates."""

    @property
    def item_bias(self) -> float:
        """How high the film is rated."""

    @property
    def taste(self) -> float:
        """The dot product."""

    @property
    def clamp(self) -> float:
        """What the range takes."""

    @property
    def because(self) -> Sequence[Push]:
        """What each rated film pushes."""

    @property
    def rest(self) -> float:
        """What no rated film explains."""


def adding_up(parts: Sequence[float], total: float) -> list[float]:
    """Round parts to hundredths so that they add up to the rounded total, each off by less than 0.01."""
    cents = [part * 100 for part in parts]
    floors = [int(cent // 1) for cent in cents]
    missing = round(total * 100) - sum(floors)
    by_rest = sorted(range(len(parts)), key=lambda i: floors[i] - cents[i])
    for i in by_rest[: max(0, missing)]:
        floors[i] += 1
    return [floor / 100 for floor in floors]


def sum_line(predicted: float, why: Reason) -> str:
    """The sum: `4.61 = 2.75 start + 0.13 you + 0.85 film + 1.10 taste − 0.22 limits`."""
    names = ("start", "you", "film", "taste", "limits")
    parts = (why.mean, why.user_bias, why.item_bias, why.taste, why.clamp)
    words = f"{predicted:.2f} ="
    for place, (name, part) in enumerate(zip(names, adding_up(parts, predicted), strict=True)):
        if place and name == names[-1] and part == 0:
            continue
        sign = "" if not place else "− " if part < 0 else "+ "
        words += f" {sign}{abs(part) if place else part:.2f} {name}"
    return words


def interval_line(low: float | None, high: float | None) -> str:
    """How sure the prediction is, if that is known; else nothing."""
    if low is None or high is None:
        return ""
    return f"In 9 of 10 such cases you would give {low:.1f} to {high:.1f} stars."


def because_line(why: Reason, most: int = 3) -> str:
    """What the learner's own ratings push: the strongest by name, the others together."""
    if not why.because:
        return "You have not rated a film yet: this is what a typical viewer would get."
    pushes = sorted(why.because, key=lambda push: -abs(push.push))
    named = pushes[:most]
    others = sum(push.push for push in pushes[most:])
    total = why.user_bias + why.taste
    *numbers, more, rest = adding_up([*(p.push for p in named), others, why.rest], total)
    words = [f"{_named(push)} {_signed(n)}" for push, n in zip(named, numbers, strict=True)]
    if len(pushes) > most:
        count = len(pushes) - most
        words.append(f"{count} more {'rating' if count == 1 else 'ratings'} {_signed(more)}")
    if rest:
        words.append(f"assumed of anybody {_signed(rest)}")
    return f"you + taste come from {', '.join(words)}"


def _named(push: Push) -> str:
    """A film with its stars; a group of taste has none of its own."""
    return f"{_short(push.title)} {push.stars:g}★" if push.stars * 2 % 1 == 0 else push.title


def _short(title: str) -> str:
    return title if len(title) <= 30 else title[:29].rstrip() + "…"


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'}{abs(value):.2f}"

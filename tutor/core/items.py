"""Practice items as they are put before the learner: fresh numbers, shuffled options, a fair judge."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from tutor.core.course_schema import Item, Option
from tutor.core.generators import generate

_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)")


class NotAnOption(ValueError):
    """The reply names none of the options; the message is one clear line."""


@dataclass(frozen=True)
class Judged:
    """What became of a reply."""

    right: bool | None
    """None for forms that this module cannot judge (explain, code)."""
    why: str
    """The explanation: of the chosen option, or of the answer."""
    chosen: Option | None = None
    note: str = ""
    """What the reply itself says, where own words were judged."""


@dataclass(frozen=True)
class Presented:
    """An item with its numbers drawn and its options shuffled; equal seeds give equal items."""

    item: Item
    seed: int
    prompt: str
    options: tuple[Option, ...]
    accepted: tuple[str, ...]
    """What a typed reply may say; empty for forms with options and for explain."""
    why: str
    """Explanation or worked solution; for options that of the right one."""

    @property
    def answer(self) -> str:
        """The right answer as one would show it; empty for explain and code items."""
        if self.options:
            return next(option.text for option in self.options if option.correct)
        return self.accepted[0] if self.accepted else ""

    @property
    def shown(self) -> Judged:
        """What there is to say where the answer is shown without a reply."""
        return Judged(None, self.why)

    def judge(self, reply: str) -> Judged:
        """Judge a reply: an option by number, letter or text, else a typed word or number.

        Raises `NotAnOption` where there are options and the reply names none of them.
        """
        if self.options:
            chosen = self._chosen(reply)
            return Judged(chosen.correct, chosen.why, chosen)
        if not self.accepted:
            return Judged(None, self.why)
        same = _same_number if self.item.form == "compute" else _same_words
        return Judged(any(same(reply, accepted) for accepted in self.accepted), self.why)

    def _chosen(self, reply: str) -> Option:
        text = _plain(reply)
        for number, option in enumerate(self.options, start=1):
            if text in (str(number), chr(ord("a") + number - 1), _plain(option.text)):
                return option
        raise NotAnOption(
            f"{reply.strip()!r} is none of the options; type a number from 1 to {len(self.options)}."
        )


def present(item: Item, seed: int) -> Presented:
    """Draw an item's numbers and shuffle its options by `seed`. Raises `UnknownGenerator`."""
    values = generate(item.generator, seed) if item.generator else {}
    options = list(item.options)
    random.Random(seed).shuffle(options)
    right = next((option.why for option in options if option.correct), "")
    return Presented(
        item=item,
        seed=seed,
        prompt=_filled(item.prompt, values),
        options=tuple(options),
        accepted=(values["answer"],) if values else item.answers,
        why=_filled(item.why or right, values),
    )


def _filled(text: str, values: dict[str, str]) -> str:
    """Texts without a generator are taken as they are: they may hold braces of code."""
    return text.format(**values) if values else text


def _plain(text: str) -> str:
    """Case, spaces, quotes and a final full stop do not count; the true minus is a hyphen."""
    text = text.replace("−", "-").casefold().strip().strip("`\"'.)( ")
    return " ".join(text.split())


def _same_words(reply: str, accepted: str) -> bool:
    return _plain(reply) == _plain(accepted)


def _same_number(reply: str, accepted: str) -> bool:
    """Equal numbers; where the answer has decimals, half a unit of its last one is forgiven.

    The last numbers of the reply count, so that `6 + 0 + 1 = 7` is read as 7. An answer in brackets is a
    list, such as a row or a shape: its numbers must come in order.
    """
    is_list = accepted.startswith("[")
    reply = reply.replace("−", "-")
    found = _NUMBER.findall(reply if is_list else re.sub(r"(?<=\d),(?=\d)", ".", reply))
    expected = _NUMBER.findall(accepted.replace("−", "-"))
    if is_list and len(found) != len(expected):
        return False
    last = found[-len(expected) :]
    return len(last) == len(expected) and all(map(_close, last, expected))


def _close(found: str, expected: str) -> bool:
    decimals = len(expected.partition(".")[2])
    slack = 0.5 * 10**-decimals if decimals else 0.0
    return abs(float(found) - float(expected)) <= slack + 1e-9

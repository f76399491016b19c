"""What the terminal sends where Textual reads it otherwise than this app needs."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, cast

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS


class AltDigit(StrEnum):
    """Keys that Textual's own list of keys lacks."""

    ONE = "alt+1"
    TWO = "alt+2"
    THREE = "alt+3"
    FOUR = "alt+4"
    FIVE = "alt+5"


def hear_alt_digits() -> None:
    """Let Escape and a digit mean alt+digit, as most terminals send it.

    Textual reads these sequences as the characters of a Mac's Option key (alt+2 as a trade mark sign),
    so that the places could not be reached by key. A pound sign that is typed stays one.
    """
    for key in AltDigit:
        cast("dict[str, Any]", ANSI_SEQUENCES_KEYS)[f"\x1b{key.value[-1]}"] = (key,)

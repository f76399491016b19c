"""Bars made of block characters, for tables and lists."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.core.plotting.scales import number


def meter(share: float, width: int) -> str:
    """A thick line on a thin one: `share` (0 to 1) of `width` cells, to half a cell."""
    return thin_meter(share, width).replace(" ", "─")


def thin_meter(share: float, width: int) -> str:
    """The thick line alone, filled up with spaces."""
    halves = round(min(1.0, max(0.0, share)) * width * 2)
    return ("━" * (halves // 2) + "╸" * (halves % 2)).ljust(width)


def bar_lines(rows: Sequence[tuple[str, float]], width: int) -> list[str]:
    """Named values as horizontal bars, with the number behind each; negative ones go left of a middle."""
    if not rows:
        return []
    names = min(max(len(name) for name, _ in rows), max(4, width // 3))
    numbers = max(len(number(value)) for _, value in rows)
    room = max(2, width - names - numbers - 2)
    low, high = min(0.0, *(v for _, v in rows)), max(0.0, *(v for _, v in rows))
    scale = room / ((high - low) or 1.0)
    left = round(-low * scale)
    lines = []
    for name, value in rows:
        size = abs(value) * scale
        bar = ("█" * round(size)).rjust(left).ljust(room) if value < 0 else " " * left + eighths(size)
        lines.append(f"{name[:names]:<{names}} {bar:<{room}} {number(value):>{numbers}}"[:width])
    return lines


def eighths(size: float) -> str:
    """A bar of that many cells, to an eighth of a cell."""
    full, rest = divmod(round(size * 8), 8)
    return "█" * full + (" ▏▎▍▌▋▊▉"[rest] if rest else "")

"""The start against a bare app, with room for a busy machine; the exact figures are a benchmark."""

from __future__ import annotations

from pathlib import Path

from .first_frame import measure_starts


def test_the_first_frame_costs_little_more_than_a_bare_app(tmp_path: Path) -> None:
    starts = measure_starts(tmp_path, turns=5)
    assert starts.ratio <= 2.5, str(starts)
    assert not max(starts.megabytes) > 80, str(starts)

"""Lab while a run says far more than can be painted: keys arrive, and few messages reach the screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tutor.store.paths import Paths
from tutor.ui.bridge import Bridge
from tutor.ui.screens.lab import Lab
from tutor.ui.widgets.chart import Chart
from tutor.ui.widgets.prompt import Prompt

from .fakes_lab import ScriptedChild
from .fakes_places import PlacesWorkspace
from .looks import app_on, settle
from .test_lab import open_experiment

FLOOD = 20_000
"""Points of the run, as fast as a thread can say them."""
TEXT = "they pull big weights back to zero"


class FloodingChild(ScriptedChild):
    """Says `FLOOD` points without a pause, then waits at the gate."""

    said = 0

    def _seed(self, spec: dict[str, Any], seed: int, cancelled: Any) -> Iterator[Any]:
        for number in range(FLOOD):
            self.said += 1
            yield {"event": "point", "series": "wd 0 valid", "x": number / FLOOD, "y": 1.0, "seed": seed}
            yield {"event": "progress", "fraction": number / FLOOD, "note": ""}
        self.gate.wait()


@pytest.fixture
def workspace(tmp_path: Path) -> PlacesWorkspace:
    workspace = PlacesWorkspace(Paths(tmp_path / "home"))
    child = FloodingChild()
    workspace.child.run = child.run  # type: ignore[method-assign]
    workspace.child, workspace.gate = child, child.gate
    return workspace


async def test_keys_arrive_while_the_run_floods(
    workspace: PlacesWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundles: list[int] = []
    heard = Lab.on_bridge_points

    def counted(lab: Lab, message: Bridge.Points) -> None:
        bundles.append(len(message.points))
        heard(lab, message)

    monkeypatch.setattr(Lab, "on_bridge_points", counted)
    app = app_on(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        lab = await open_experiment(pilot, "k-fold")
        workspace.gate.clear()
        await pilot.press("0", ".", "5", "enter", "r", "alt+1", *TEXT.split()[0])
        for word in TEXT.split()[1:]:
            await pilot.press("space", *word)
        assert app.bridge.busy("lab"), "the run went on all the time"
        assert app.screen.query_one(Prompt).text == TEXT
        while sum(bundles) < FLOOD:
            await pilot.pause()
        workspace.gate.set()
        await settle(pilot)
        assert lab._stage == "result"
        assert len(lab.query_one("#chart", Chart).plot.curves) > 0  # type: ignore[union-attr]
    assert sum(bundles) == FLOOD, "no point is lost"
    assert len(bundles) * 20 < FLOOD, "and few of them are messages of their own"

"""The chart on the screen: the drawing in the theme's colours, and the same in words."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from tutor.core.plotting import Curve, Plot
from tutor.ui.widgets.chart import Chart

PLOT = Plot(
    (Curve("wd 0 valid", (0, 1, 2), (1.0, 0.5, 0.9)), Curve("wd 0.1 valid", (0, 1, 2), (1.0, 0.6, 0.5))),
    "epoch",
    "MSE (stars²)",
)


class ChartApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Chart()


def shown(app: App[None]) -> str:
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_axes_units_and_names_are_on_the_screen(size: tuple[int, int]) -> None:
    async with (app := ChartApp()).run_test(size=size) as pilot:
        app.query_one(Chart).plot = PLOT
        await pilot.pause()
        text = shown(app)
        assert "MSE (stars²)" in text and "epoch" in text
        assert "wd 0 valid 0.900" in text and "wd 0.1 valid 0.500" in text
        assert len(text.splitlines()) == size[1]


async def test_each_series_has_a_colour_of_the_theme_and_a_line_of_its_own() -> None:
    async with (app := ChartApp()).run_test(size=(80, 24)) as pilot:
        chart = app.query_one(Chart)
        chart.plot = PLOT
        await pilot.pause()
        names = {
            segment.text.split()[0]: segment.style.color
            for y in range(24)
            for segment in chart.render_line(y)
            if "wd 0" in segment.text and segment.style
        }
        assert set(names) == {"──", "━━"}
        assert len(set(names.values())) == 2


async def test_the_summary_says_the_same() -> None:
    async with (app := ChartApp()).run_test() as pilot:
        chart = app.query_one(Chart)
        assert chart.summary == "No points yet."
        chart.plot = PLOT
        await pilot.pause()
        assert chart.summary == (
            "MSE (stars²) over epoch: wd 0 valid 1 → 0.900 (lowest 0.500 at 1); wd 0.1 valid 1 → 0.500."
        )


async def test_a_new_size_is_drawn_anew_down_to_one_line() -> None:
    async with (app := ChartApp()).run_test(size=(80, 24)) as pilot:
        app.query_one(Chart).plot = PLOT
        for size in [(40, 10), (15, 4), (80, 1), (1, 1), (120, 40)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert "wd 0 valid 0.900" in shown(app)


@pytest.mark.parametrize("theme", ["textual-light", "textual-dark", "ansi-dark"])
async def test_it_is_legible_in_any_theme(theme: str) -> None:
    async with (app := ChartApp()).run_test(size=(80, 24)) as pilot:
        app.theme = theme
        app.query_one(Chart).plot = PLOT
        await pilot.pause()
        rows = [segment for y in range(24) for segment in app.query_one(Chart).render_line(y)]
        styles = [segment.style for segment in rows if segment.text.strip() and segment.style]
        hidden = [style for style in styles if style.color == style.bgcolor and not style.color.is_default]
        assert styles and not hidden

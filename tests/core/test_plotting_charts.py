"""What a chart must show, checked on charts whose picture is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.experiments import charts
from tutor.core.plotting import COLD, FAINT, HEAT, Curve, Plot, chart_words, draw, draw_chart, summary


def bars(values, spread=None):
    return charts.bars("errors", "the model misses least", values, "MSE, stars²", spread)


def inks(drawing, row):
    return {text.strip(): ink for ink, text in drawing.spans(row) if text.strip()}


# --- bars ----------------------------------------------------------------------------------


def test_bars_begin_at_zero_and_are_as_long_as_their_numbers():
    lines = draw_chart(bars({"mean": 2.0, "model": 1.0}), 40, 4).lines
    assert lines[0] == "MSE, stars²"
    lengths = [line.count("█") for line in lines[1:] if line]
    assert lengths[0] == 2 * lengths[1] > 0
    assert lines[1].endswith("2") and lines[-1].endswith("1")


def test_a_negative_bar_goes_left_of_the_zero_line():
    lines = draw_chart(bars({"down": -1.0, "up": 2.0, "none": 0.0}), 60, 4).lines
    down, up, none = lines[1:]
    assert down.rindex("█") + 1 == up.index("█") == none.index("│")


def test_a_spread_is_shaded_on_the_bar_and_told_in_numbers():
    line = draw_chart(bars({"model": 1.0}, {"model": (0.5, 1.5)}), 60, 4).lines[1]
    assert line.endswith("1 (0.500 to 1.50)")
    assert line.index("█") < line.index("▒") < line.index("─") < line.index("┤")
    assert (
        inks(draw_chart(bars({"model": 1.0}, {"model": (0.5, 1.5)}), 60, 4), 1)[
            line[line.index("▒") : line.index("┤") + 1]
        ]
        == FAINT
    )


def test_bars_without_room_are_counted():
    lines = draw_chart(bars({f"film {i}": i + 1.0 for i in range(20)}), 40, 8).lines
    assert lines[-1] == "… and 14 more" and len(lines) == 8


# --- histogram --------------------------------------------------------------------------------


def test_each_group_has_a_panel_with_its_own_scale():
    chart = charts.histogram(
        "start", "three starts", {"zeros": np.zeros(50), "wide": [-1, -1, 1, 0.5]}, "value"
    )
    drawing = draw_chart(chart, 42, 12)
    assert drawing.lines[0] == "zeros  50 values, tallest bar 50"
    assert drawing.lines[5] == "wide  4 values, tallest bar 2"
    assert drawing.lines[-1].endswith("value")
    tall = [line.count("█") for line in drawing.lines[1:5]]
    assert len(set(tall)) == 1 and tall[0] in (2, 3)  # a single column of bins over all rows
    assert inks(drawing, 0)["zeros"] != inks(drawing, 5)["wide"]


def test_a_bin_with_one_value_leaves_a_trace():
    values = np.concatenate([np.zeros(10_000), [1.0]])
    chart = charts.histogram("start", "", {"values": values})
    assert "▁" in draw_chart(chart, 40, 10).lines[-3]


# --- heat map -----------------------------------------------------------------------------------


STARS = [[1.0, np.nan, 5.0], [np.nan, 3.0, 4.0]]


def heat(values=STARS):
    return charts.heat(
        "ratings", "half are blank", ["ann", "bob"], ["Fargo", "Alien", "Heat"], values, "stars"
    )


def test_a_cell_has_a_shade_its_number_and_a_blank_is_shown_as_one():
    drawing = draw_chart(heat(), 40, 8)
    assert drawing.lines[1].split() == ["ann", "░░░░░░1", "·", "██████5"]
    assert drawing.lines[2].split()[1:] == ["·", "▓▓▓▓▓▓3", "██████4"]
    assert drawing.lines[-1].endswith("stars  · blank")
    assert inks(drawing, 1)["░░░░░░1"] == HEAT and inks(drawing, 1)["██████5"] == HEAT + 3


def test_numbers_below_zero_have_other_signs_and_another_ink():
    drawing = draw_chart(heat([[-2.0, 0.0, 2.0], [-0.4, 1.0, 0.1]]), 24, 8)
    assert drawing.lines[1].split()[1:] == ["⣿⣿⣿⣿⣿", "░░░░░", "█████"] or "⣿" in drawing.lines[1]
    assert min(ink for ink, text in drawing.spans(1) if "⣿" in text) == COLD + 3
    assert "below 0" in "\n".join(draw_chart(heat([[-2.0, 0.0, 2.0], [-0.4, 1.0, 0.1]]), 80, 8).lines)


def test_a_large_heat_map_shows_means_of_blocks():
    values = np.arange(40 * 4, dtype=float).reshape(40, 4)
    values[:, 2:] = np.nan
    chart = charts.heat("large", "", [f"r{i}" for i in range(40)], list("abcd"), values)
    lines = draw_chart(chart, 60, 12).lines
    assert len(lines) <= 12
    assert "4 x 1 cells" in lines[-1]
    assert lines[1].startswith("r0") and lines[2].startswith("r4")
    assert "·" in lines[1] and "█" in lines[-2]


# --- scatter ------------------------------------------------------------------------------------


def test_the_outermost_points_are_named_and_no_name_covers_another():
    rng = np.random.default_rng(0)
    spots = [(f"film {i:03}", *rng.normal(size=2), "film") for i in range(300)]
    spots.append(("Star Wars", 9.0, 9.0, "film"))
    lines = draw_chart(charts.scatter("map", "", spots, "x", "y"), 70, 18).lines
    text = "\n".join(lines)
    assert "Star Wars ●" in text
    named = [f"film {i:03}" for i in range(300) if f"film {i:03}" in text]
    assert 3 <= len(named) <= 20
    assert sum(line.count("film 0") + line.count("film 1") + line.count("film 2") for line in lines) == len(
        named
    )


def test_groups_differ_by_their_signs():
    rng = np.random.default_rng(1)
    spots = [("", *rng.normal(size=2), "other") for _ in range(100)]
    spots += [("Up", 3.0, 3.0, "Animation"), ("Heat", -3.0, 3.0, "Crime")]
    lines = draw_chart(charts.scatter("map", "", spots), 60, 16).lines
    assert "⠂⠄ other" in lines[0] and "○ Animation" in lines[0] and "◆ Crime" in lines[0]
    assert any("Up ○" in line for line in lines) and any("◆ Heat" in line for line in lines)


# --- print-outs, words, sizes --------------------------------------------------------------------


def test_a_print_out_is_as_long_as_it_is():
    chart = charts.text("layers", "two layers", "\n".join(f"line {i}" for i in range(30)))
    assert draw_chart(chart, 20, 5).lines == [f"line {i}" for i in range(30)]
    assert draw_chart(charts.text("wide", "", "x" * 30), 10, 5).lines == ["x" * 9 + "…"]


def test_the_words_are_title_and_what_it_says():
    assert chart_words(heat()) == "ratings: half are blank"


def test_an_unknown_kind_is_an_error():
    with pytest.raises(ValueError, match="unknown kind of chart 'pie'"):
        draw_chart({"kind": "pie", "title": "", "says": ""}, 40, 10)


CHARTS = [
    bars({"a": 1.0, "b": -2.0, "c": float("nan")}, {"a": (0.5, 1.2)}),
    bars({}),
    heat(),
    charts.heat("empty", "", [], [], np.zeros((0, 0))),
    charts.histogram("h", "s", {"a": [1.0, 2.0, 2.0], "b": [3.0]}),
    charts.histogram("h", "s", {"same": [1.0, 1.0]}),
    charts.scatter("s", "s", [("one", 1.0, 1.0, "g"), ("two", 1.0, 1.0, "")], "x", "y"),
    charts.scatter("s", "s", []),
    charts.text("t", "s", ""),
]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CHARTS), st.integers(0, 130), st.integers(0, 45))
def test_no_size_breaks_a_chart_or_is_exceeded(chart, width, height):
    drawing = draw_chart(chart, width, height)
    assert all(len(line) <= width for line in drawing.lines)
    assert chart["kind"] == "text" or len(drawing.lines) <= max(height, 0)


# --- several seeds in one plot ---------------------------------------------------------------------


def test_later_seeds_are_faint_lines_behind_and_named_once():
    xs, front = (0, 1, 2, 3), Curve("valid", (0, 1, 2, 3), (3, 2, 1, 0))
    behind = Curve("valid", xs, (3, 3, 3, 3), behind=True)
    plot = Plot((behind, front), "epoch", "MSE")
    drawing = draw(plot, 50, 14)
    assert "\n".join(drawing.lines).count("valid") == 1
    used = {ink for row in range(14) for ink, text in drawing.spans(row) if text.strip()}
    assert {0, FAINT} <= used
    assert summary(plot) == "MSE over epoch: valid 3 → 0."


def test_lines_behind_alone_are_drawn_before_the_first_point_of_the_others():
    behind = Curve("valid", (0, 1, 2, 3), (3, 2, 1, 0), behind=True)
    lines = draw(Plot((behind,), "epoch", "MSE"), 90, 14).lines
    assert any("⠀" < sign <= "⣿" for line in lines for sign in line)
    assert "valid" not in "\n".join(lines)

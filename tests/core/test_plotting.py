"""What a plot must show, checked on pictures whose answer is known."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.core.plotting import AXIS, WORDS, Curve, Plot, bar_lines, draw, meter, number, summary
from tutor.core.plotting.braille import DASHED, Grid
from tutor.core.plotting.parts import looks
from tutor.core.plotting.scales import Axis, decimals, ticks


def line(name="valid", xs=(0, 1, 2, 3, 4), ys=(0, 1, 2, 3, 4), **kind):
    return Curve(name, xs, ys, **kind)


@pytest.mark.parametrize(
    ("low", "high", "about", "expected"),
    [
        (0, 5, 5, (0, 1, 2, 3, 4, 5)),
        (0.28, 1.02, 4, (0.4, 0.6, 0.8, 1.0)),
        (-2, 2, 4, (-2, -1, 0, 1, 2)),
        (0, 1682, 3, (0, 500, 1000, 1500)),
        (3, 3, 4, (3,)),
    ],
)
def test_ticks_are_round_and_inside(low, high, about, expected):
    assert ticks(low, high, about) == pytest.approx(expected)


@pytest.mark.parametrize(("step", "places"), [(1, 0), (0.5, 1), (0.25, 2), (0.01, 2), (200, 0), (2.5, 1)])
def test_tick_labels_have_the_decimals_that_tell_them_apart(step, places):
    assert decimals((0.0, step)) == places


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.8234, "0.823"),
        (-0.2, "-0.200"),
        (12.345, "12.3"),
        (3.0, "3"),
        (1682, "1,682"),
        (1e-7, "1e-07"),
    ],
)
def test_numbers_have_three_digits(value, text):
    assert number(value) == text


def test_axis_puts_its_ends_on_the_first_and_last_dot():
    axis = Axis.around([2, 4], 101)
    assert (axis.dot(2), axis.dot(3), axis.dot(4)) == (0, 50, 100)


def test_axis_of_one_value_has_room_on_both_sides():
    axis = Axis.around([0.5, 0.5], 11)
    assert axis.low < 0.5 < axis.high
    assert axis.dot(0.5) == 5


def test_grid_draws_a_known_diagonal():
    grid = Grid(2, 1)
    grid.line((0, 0), (3, 3), 7)
    assert grid.character(0, 0) + grid.character(1, 0) == "⠑⢄"
    assert grid.inks == [[7, 7]]


def test_dashes_run_on_over_the_joints_of_a_line():
    whole, jointed = Grid(10, 1), Grid(10, 1)
    whole.line((0, 0), (19, 0), 0, DASHED)
    at = jointed.line((0, 0), (9, 0), 0, DASHED)
    jointed.line((9, 0), (19, 0), 0, DASHED, at)
    row = [[grid.character(column, 0) for column in range(10)] for grid in (whole, jointed)]
    assert row[0] == row[1]
    assert " " in row[0]


def test_a_rising_line_goes_from_the_lower_left_to_the_upper_right():
    drawing = draw(Plot((line(),), "epoch", "MSE (stars²)"), 40, 12)
    lines = drawing.lines
    assert lines[0].startswith("MSE (stars²)") and lines[0].endswith("── valid")
    assert lines[-1].endswith("epoch")
    body = lines[1:-2]
    dots = [[column for column, sign in enumerate(row) if "⠀" < sign <= "⣿"] for row in body]
    assert dots[-1][0] == 3 and dots[0][-1] == 39
    assert [min(row) for row in dots] == sorted((min(row) for row in dots), reverse=True)
    assert [row.split("┤")[0].strip() for row in body if "┤" in row] == ["4", "2", "0"]


def test_names_stand_at_the_ends_of_wide_lines_and_do_not_share_a_row():
    names = ["wd 0 train", "wd 0 valid", "wd 0.1 train", "wd 0.1 valid"]
    curves = tuple(line(name, ys=(1, 1, 1, 1, 1 + i / 100)) for i, name in enumerate(names))
    lines = draw(Plot(curves, "epoch", "MSE"), 90, 16).lines
    ends = [row for row in lines if "wd 0" in row]
    assert len(ends) == 4
    assert ends[0].endswith("━━ wd 0.1 valid 1.03")
    assert ends[-1].endswith("╌╌ wd 0 train 1")


def test_series_of_one_setting_share_an_ink_and_differ_by_dash():
    found = looks([line("wd 0 train"), line("wd 0 valid"), line("wd 1 train"), line("wd 1 valid")])
    assert [look.ink for look in found] == [0, 0, 1, 1]
    assert len({(look.dash, look.thick) for look in found}) == 4


def test_four_pairs_differ_without_colour():
    found = looks([line(f"wd {wd} {role}") for wd in range(4) for role in ("train", "valid")])
    assert len({(look.dash, look.thick) for look in found}) == 8


def test_no_two_of_eight_series_look_alike_without_colour():
    found = looks([line(f"s{i}") for i in range(8)])
    assert len({(look.dash, look.thick) for look in found}) == 8


def test_every_cell_has_the_ink_of_what_stands_there():
    drawing = draw(Plot((line(),), "epoch", "MSE"), 40, 12)
    inks = {ink for row in range(12) for ink, text in drawing.spans(row) if text.strip()}
    assert inks == {0, AXIS, WORDS}
    assert ["".join(text for _, text in drawing.spans(row)).rstrip() for row in range(12)] == drawing.lines


def test_point_labels_never_overlap_and_keep_their_letters():
    names = [f"<Film {i:02}>" for i in range(30)]
    xs = [math.cos(i * 2.4) * i for i in range(30)]
    ys = [math.sin(i * 2.4) * i for i in range(30)]
    text = "\n".join(draw(Plot((Curve("films", xs, ys, "points", names),)), 100, 30).lines)
    assert sum(name in text for name in names) == text.count("<") == text.count(">") >= 25
    assert text.count("●") == 30 + 1  # one more in the legend


def test_labels_give_way_where_all_points_are_one():
    text = "\n".join(draw(Plot((Curve("f", [0] * 20, [0] * 20, "points", ["name"] * 20),)), 40, 10).lines)
    assert 1 <= text.count("name") <= 8


def test_a_square_plot_has_the_same_unit_on_both_axes():
    drawing = draw(Plot((Curve("v", [0, 1], [0, 1], "arrow", ("v",)),), square=True), 80, 20)
    marks = [
        (column, row)
        for row, text in enumerate(drawing.lines)
        for column, sign in enumerate(text)
        if "⠀" < sign <= "⣿"
    ]
    width = max(c for c, _ in marks) - min(c for c, _ in marks) + 1
    height = max(r for _, r in marks) - min(r for _, r in marks) + 1
    assert width * 2 == pytest.approx(height * 4, abs=6)


def test_bars_are_as_high_as_their_values():
    drawing = draw(Plot((Curve("n", [0, 1, 2], [1, 4, 2], "bars"),), "value", "count"), 40, 14)
    body = [row.split("│")[-1].split("┤")[-1] for row in drawing.lines[1:-2]]
    heights = [sum(row.ljust(36)[column] > "⠀" for row in body) for column in (6, 17, 28)]
    assert heights[1] == len(body)
    assert heights[0] * 4 == pytest.approx(heights[1], abs=4)
    assert heights[2] * 2 == pytest.approx(heights[1], abs=2)


def test_long_series_keep_their_peaks():
    ys = [0.0] * 5000
    ys[2500] = 10.0
    lines = draw(Plot((line(xs=list(range(5000)), ys=ys),)), 60, 12).lines
    assert any("⠀" < sign <= "⣿" for sign in lines[1])


def test_values_that_are_not_numbers_are_left_out():
    text = summary(Plot((line(ys=(1, math.nan, 2, math.inf, 3)),)))
    assert text == "valid 1 → 3."


@pytest.mark.parametrize("curves", [(), (line(xs=(), ys=()),), (line(xs=(1,), ys=(math.nan,)),)])
def test_a_plot_without_points_says_so(curves):
    assert "no points yet" in "\n".join(draw(Plot(curves), 40, 10).lines)
    assert summary(Plot(curves)) == "No points yet."


def test_summary_names_the_turn_of_a_curve():
    plot = Plot((line(ys=(1, 0.5, 0.6, 0.8, 0.9)),), "epoch", "MSE (stars²)")
    assert summary(plot) == "MSE (stars²) over epoch: valid 1 → 0.900 (lowest 0.500 at 1)."


def test_summary_of_points_and_bars_and_arrows():
    assert summary(Plot((Curve("films", [1], [2], "points", ["Fargo"]),))) == "films: Fargo (1, 2)."
    assert summary(Plot((Curve("n", [0, 1], [3, 9], "bars"),))) == "n from 0 to 1, most at 1 (9)."
    assert summary(Plot((Curve("you", [0, 1], [0, 2], "arrow"),))) == "you (1, 2)."


def test_meter_and_bars_of_text():
    assert meter(0.45, 10) == "━━━━╸─────"
    assert meter(2, 4) == "━━━━" and meter(-1, 4) == "────"
    assert bar_lines([("mean", 2), ("you", -1)], 20) == [
        "mean     ████████  2",
        "you  ████         -1",
    ]
    assert bar_lines([], 20) == []


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(0, 130), height=st.integers(0, 40),
    points=st.lists(st.tuples(st.floats(), st.floats(-1e9, 1e9)), max_size=12),
    kind=st.sampled_from(["line", "points", "bars", "arrow"]), square=st.booleans(),
)  # fmt: skip
def test_any_data_at_any_size_fits_the_sheet(width, height, points, kind, square):
    curve = Curve("a series", [x for x, _ in points], [y for _, y in points], kind, ["label"] * len(points))
    plot = Plot((curve, curve), "x", "y", square=square)
    drawing = draw(plot, width, height)
    assert len(drawing.lines) == height
    assert all(len(row) <= width for row in drawing.lines)
    assert summary(plot)

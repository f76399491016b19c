"""Exported pictures: curves told apart by colour and dash, all seeds, charts, any text."""

from xml.etree import ElementTree

from recommender.experiments import charts
from tutor.core.curriculum import Course
from tutor.core.events import RunFinished, Series
from tutor.core.lab_svg import COLOURS, svg

NAMES = [f"wd {number} & <valid>" for number in range(8)]
SVG = "{http://www.w3.org/2000/svg}"


def picture(seeds: int = 1, names: list[str] = NAMES, **more: object) -> ElementTree.Element:
    series = tuple(
        Series(name=name, x=(0, 1, 2), y=(1, 0.5, place + seed / 10), seed=seed)
        for seed in range(seeds)
        for place, name in enumerate(names)
    )
    by_seed = tuple({"seed": seed, "measured": {}, "outcome": None} for seed in range(seeds))
    run = RunFinished(
        name="weight-decay", config={"seed": 0}, series=series, expected="a valley", sentence="It < fell.",
        seconds=1.0, by_seed=by_seed if seeds > 1 else (), **more,
    )  # fmt: skip
    return ElementTree.fromstring(svg(Course.load().experiment("weight-decay"), run))


def test_each_curve_has_a_look_of_its_own_and_a_name() -> None:
    root = picture()
    looks = {
        (line.get("stroke"), line.get("stroke-dasharray"))
        for line in root.iter(f"{SVG}polyline")
        if line.get("stroke") in COLOURS
    }
    assert len(looks) == len(NAMES)
    assert {text.text for text in root.iter(f"{SVG}text")} >= {*NAMES, "It < fell."}
    assert not list(root.iter(f"{SVG}polygon"))


def test_all_seeds_are_there_with_a_band_around_them() -> None:
    root = picture(seeds=3)
    lines = [line for line in root.iter(f"{SVG}polyline") if line.get("stroke") in COLOURS]
    assert len(lines) == 3 * len(NAMES)
    assert len([line for line in lines if line.get("stroke-width") == "2"]) == len(NAMES)
    assert len(list(root.iter(f"{SVG}polygon"))) == len(NAMES)
    assert any("other seeds" in (text.text or "") for text in root.iter(f"{SVG}text"))


def test_charts_keep_their_inks_and_a_flat_curve_is_drawn() -> None:
    chart = charts.histogram("start values", "two groups", {"zeros": [0.0] * 9, "wide": [-1.0, 0.2, 1]})
    root = picture(names=[], charts=(chart,))
    spans = {span.get("fill") for span in root.iter(f"{SVG}tspan") if (span.text or "").strip()}
    assert len(spans & {*COLOURS}) > 1
    run = RunFinished(
        name="x", config={}, expected="", sentence="", seconds=0.0,
        series=(Series(name="flat", x=(1,), y=(2,)), Series(name="none", x=(), y=())),
    )  # fmt: skip
    ElementTree.fromstring(svg(Course.load().experiment("weight-decay"), run))

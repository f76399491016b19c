"""What a plain "what happens if ..." runs: the knob that is meant, the value that is wished, its limits."""

from pathlib import Path
from typing import Any

import pytest
from session_world import World, said, turn

from tutor.core.curriculum import Course
from tutor.core.events import Opened
from tutor.core.settings import read_settings
from tutor.core.what_if import what_if

REAL = Course.load(Path(__file__).parents[2] / "content")
STRENGTHS = [0.0, 0.01, 0.1, 1.0]


@pytest.mark.parametrize(
    ("ref", "text", "name", "settings"),
    [
        (22, "what happens if i crank weight decay to 10?", "weight-decay", {"wd": [*STRENGTHS, 10.0]}),
        (None, "What if I set wd = 0.5", "weight-decay", {"wd": [0.0, 0.01, 0.1, 0.5, 1.0]}),
        (22, "weight decay 10, what happens?", "weight-decay", {"wd": [*STRENGTHS, 10.0]}),
        (22, "turn weight decay off", "weight-decay", {"wd": STRENGTHS}),
        (22, "try l2 regularisation 0.3", "weight-decay", {"wd": [0.0, 0.01, 0.1, 0.3, 1.0]}),
        (20, "crank weight decay to 2", "penalty", {"wd": [0.0, 0.01, 0.1, 0.3, 1.0, 2.0]}),
        (6, "what happens if i use just 1 factor?", "factors", {"factors": [1.0, 5.0, 20.0, 50.0, 200.0]}),
        (22, "what if i train for 12 epochs", "weight-decay", {"epochs": 12}),
        (8, "what happens with an outer join as the kind of join", "merge", {"how": "outer"}),
    ],
)
def test_knob_and_value_are_understood(
    ref: int | None, text: str, name: str, settings: dict[str, Any]
) -> None:
    found = what_if(text, REAL, REAL.question(ref) if ref else None)
    assert found is not None
    assert (found.experiment.name, found.settings) == (name, settings)
    read_settings(found.experiment, found.settings)  # the run takes them


@pytest.mark.parametrize(
    ("text", "value", "note"),
    [
        (
            "what happens if i set weight decay to 1000",
            10.0,
            "0 to 10 is possible here, so I take 10 and not 1000",
        ),
        ("what happens if i train for 5k epochs", 30, "1 to 30 is possible here, so I take 30 and not 5000"),
        ("what if weight decay was -3", 0.0, "so I take 0 and not -3"),
    ],
)
def test_a_value_out_of_range_is_brought_in_and_said(text: str, value: float, note: str) -> None:
    found = what_if(text, REAL, REAL.question(22))
    assert found is not None and note in found.note
    got = next(iter(found.settings.values()))
    assert value in got if isinstance(got, list) else value == got


@pytest.mark.parametrize(
    "text",
    [
        "with fewer factors it cannot fit the noise",
        "increase weight decay and the weights get smaller",
        "set the weights close to 0",
        "what happens to the weights under the penalty?",
        "use weight decay so that a person with 3 ratings stays near the average of everybody",
        "what happens if a new user gives 50 ratings?",
    ],
)
def test_answers_and_questions_are_no_runs(text: str) -> None:
    assert what_if(text, REAL, REAL.question(22)) is None


def test_the_wish_reaches_the_run(tmp_path: Path) -> None:
    world = World(tmp_path)
    session = world.session(inline=True)
    session.opening()
    events, _ = turn(session.ask("what happens if i crank weight decay to 50?"))
    assert "so I take 10 and not 50" in said(events)[0].text
    assert "goes from 0 up to 10. What will" in said(events)[0].text
    _, finished = turn(session.ask("3"))
    assert finished.intent == "run_experiment"
    assert 10.0 in world.lab.runs[0]["settings"]["wd"]


def test_the_wish_reaches_the_lab(tmp_path: Path) -> None:
    session = World(tmp_path).session()
    session.opening()
    events, _ = turn(session.ask("what happens if i crank weight decay to 10?"))
    opened = next(event for event in events if isinstance(event, Opened))
    assert opened.argument == "weight-decay" and 10.0 in opened.settings["wd"]

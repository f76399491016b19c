"""Every experiment of the course through the screen, in its quick settings, in one training process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tutor.core.course_schema import ExperimentFile
from tutor.core.curriculum import Course
from tutor.core.lab_results import in_words
from tutor.core.workspace import Workspace
from tutor.store.paths import Paths
from tutor.ui.app import TutorApp
from tutor.ui.screens.lab import Lab
from tutor.ui.widgets.forecast import NumberInput
from tutor.ui.widgets.gallery import Gallery
from tutor.ui.widgets.knobs import KnobInput
from tutor.ui.widgets.outcome import Outcome

from .looks import settle


class OneSeed(Course):
    """The course, each of its experiments with one seed."""

    def experiment(self, name: str) -> ExperimentFile:
        return super().experiment(name).model_copy(update={"seeds": 1})


@pytest.fixture(autouse=True)
def _whole_course(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TUTOR_CONTENT")


@pytest.fixture
def workspace(tmp_path: Path, _whole_course: None) -> Iterator[Workspace]:
    with closing(Workspace(Paths(tmp_path / "home"))) as workspace:
        workspace.store.settings.set("data", "planted")
        workspace._parts["course"] = OneSeed.load()
        yield workspace


async def test_the_screen_runs_every_experiment(workspace: Workspace) -> None:
    app = TutorApp(workspace)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.go("lab")
        await settle(pilot)
        assert isinstance(app.screen, Lab)
        files = workspace.lab.experiments()
        assert len(files) >= 28
        wrong = {file.name: said for file in files if (said := await walk(pilot, app.screen, file))}
    assert not wrong
    assert {run.status for run in workspace.lab.history()} == {"finished"}


async def walk(pilot: Pilot[None], lab: Lab, file: ExperimentFile) -> str:
    """Open, set, predict, run and read one experiment; what is not as it should be, if anything."""
    lab.arrive(file.name)
    await settle(pilot)
    for field in lab.query(KnobInput):
        if (value := file.smoke.get(str(field.name))) is not None:
            field.value = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    await pilot.press("r")
    if lab.bridge.busy("lab"):
        return "it ran without a prediction"
    if file.prediction.is_number:
        lab.query_one(NumberInput).value = str(file.prediction.low)
        await pilot.press("enter")
    else:
        await pilot.press("1")
    await pilot.press("r")
    await settle(pilot)
    await pilot.press("e")
    await pilot.pause()
    return read(lab, file)


def read(lab: Lab, file: ExperimentFile) -> str:
    """Whether the result stands there: said, expected, measured, a sentence, a picture and its words."""
    outcome, gallery = lab.query_one(Outcome), lab.query_one(Gallery)
    run, lines = outcome.run, str(outcome.render()).splitlines()
    if run is None:
        return str(lab.query_one("#ready").render())
    said = file.prediction.low if file.prediction.is_number else file.prediction.choices[0].key
    wanted = {
        "You said": in_words(file, said),
        "Course": in_words(file, file.prediction.expected) or run.expected,
        "Measured": in_words(file, run.outcome),
    }
    for name, words in wanted.items():
        if not any(line.startswith(name) and words in line for line in lines):
            return f"no line {name} {words}"
    if run.sentence not in lines or not gallery.words:
        return "no sentence or no picture"
    return ", ".join(note.message for note in lab.app._notifications if note.severity == "error")

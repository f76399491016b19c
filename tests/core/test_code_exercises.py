"""Code exercises: the verdict, what is kept, agreement, and the learner's own recommender."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.core.kept_references import kept_reference
from tests.core.small_course import small_course
from tutor.core.curriculum import Course
from tutor.core.datasets import DataSets
from tutor.core.errors import BadInput, CannotDo
from tutor.core.events import CurvePoint, Failed, Opened, RunFinished, Said
from tutor.core.exercises import own_model
from tutor.core.exercises.checking import check
from tutor.core.exercises.own_model import OURS, YOURS
from tutor.core.exercises.references import Reference, reference
from tutor.core.exercises.usecase import CannotTrain, Exercises, NoExercise, NotAgreed, read_code
from tutor.core.movies import Movies
from tutor.core.own_list import OWN
from tutor.core.serving import Serving
from tutor.core.workspace import Workspace
from tutor.runner.sandbox import Ended
from tutor.runner.sandbox_watch import Limits
from tutor.store.paths import Paths
from tutor.store.store import Store

PATIENT = Limits(silence_s=30.0, total_s=90.0)
RIGHT = "def dot(x, y):\n    return sum(a * b for a, b in zip(x, y, strict=True))\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(Paths(tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def exercises(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exercises]:
    """The exercise of question 7, in the best sandbox of this machine, without libraries."""
    monkeypatch.setattr("tutor.core.exercises.usecase.missing", lambda layer: "")
    monkeypatch.setattr("tutor.core.exercises.usecase.reference", kept_reference)
    course = Course.load(small_course(tmp_path / "course"))
    made = Exercises(store, store.paths, course, DataSets(store, store.paths), limits=PATIENT, libraries=())
    yield made
    made.close()


# --- verdicts ----------------------------------------------------------------------------------------


def test_a_right_program_is_praised_and_stored(exercises: Exercises) -> None:
    verdict = exercises.check(7, RIGHT)
    assert verdict.passed and verdict.bug is not None and verdict.bug.kind == "celebratory"
    assert verdict.failing is None and all(case.passed for case in verdict.cases)
    assert exercises.show(7).state == "passed"


def test_a_wrong_program_is_shown_its_first_failing_case(exercises: Exercises) -> None:
    verdict = exercises.check(
        "q07", "def dot(x, y):\n    return [a * b for a, b in zip(x, y, strict=True)]\n"
    )
    assert not verdict.passed and verdict.failing is not None
    case = verdict.failing
    assert (case.input, str(case.expected), str(case.got)) == ("dot([2, -1, 1], [3, 0, 1])", "7", "[6, 0, 1]")
    assert verdict.bug is not None and verdict.bug.kind == "essential" and "added" in verdict.bug.bug
    assert exercises.show(7).state == "new"


@pytest.mark.parametrize(
    ("code", "bug", "line"),
    [
        ("def dot(x, y):\n    return total\n", "unknown-name", 2),
        ("def dot(x, y)\n    return 1\n", "syntax", 1),
        ("def dot(x, y):\n    return ___\n", "gap", 2),
        ("", "not-there", None),
        ("def dot(x, y):\n    print(1)\n", "printed", None),
        ("import os\nos._exit(0)\n", "crash", None),
        ("def dot(x, y):\n    import socket\n    return socket.socket()\n", "refused", 3),
    ],
)
def test_slips_and_ends_have_names(exercises: Exercises, code: str, bug: str, line: int | None) -> None:
    if bug == "refused" and exercises.layer == "limits":
        pytest.skip("nothing refuses a socket in this layer; tutor doctor says so")
    verdict = exercises.check(7, code)
    assert verdict.bug is not None and (verdict.bug.id, verdict.line) == (bug, line), verdict.message


def test_an_endless_loop_is_told_with_its_case(exercises: Exercises) -> None:
    exercises._limits = Limits(silence_s=0.6)
    verdict = exercises.check(7, "def dot(x, y):\n    while len(x) == 1: pass\n    return 7\n")
    assert verdict.bug is not None and verdict.bug.id == "time"
    assert not verdict.cases[3].ran and "one entry" in verdict.message


def test_what_is_expected_never_reaches_the_program(exercises: Exercises) -> None:
    """The job holds the program and the cases; neither results nor `expect` nor the solution."""
    jobs: list[Any] = []

    class Spy:
        layer = "limits"

        def run(self, job: Any, *args: Any, **options: Any) -> Iterator[Ended]:
            jobs.append(job)
            yield Ended("done", "")

    entry, exercise = exercises._find(7)
    check(entry, exercise, RIGHT, Reference((), ()), Spy())  # type: ignore[arg-type]
    assert set(jobs[0]) == {"code", "cases"} and jobs[0]["code"] == RIGHT
    assert all(set(case) == {"setup", "call"} for case in jobs[0]["cases"])


@pytest.mark.parametrize(
    "told",
    [
        {"case": 0, "result": {"value": {"shape": "no", "is": "tensor", "kind": "f", "values": []}}},
        {"case": 0, "result": {"raised": {"type": 3}}},
        {"case": 0, "result": [1]},
        {"case": 5, "result": {"value": 7}},
        {"point": 1},
    ],
)
def test_a_forged_result_is_no_result(exercises: Exercises, told: dict[str, Any]) -> None:
    class Forger:
        layer = "limits"

        def run(self, *args: Any, **options: Any) -> Iterator[Any]:
            yield told
            yield Ended("done", "")

    entry, exercise = exercises._find(7)
    verdict = check(entry, exercise, RIGHT, reference(exercise, exercises._paths.home), Forger())  # type: ignore[arg-type]
    assert not verdict.passed and not any(case.ran for case in verdict.cases)


def test_expectations_are_worked_out_once(exercises: Exercises, monkeypatch: pytest.MonkeyPatch) -> None:
    _, exercise = exercises._find(7)
    folder = exercises._paths.home / "exercises"
    first = reference(exercise, folder)
    monkeypatch.setattr(
        "tutor.core.exercises.references.run_jobs", lambda jobs: pytest.fail("worked out again")
    )
    assert reference(exercise, folder) == first


# --- what is kept ------------------------------------------------------------------------------------


def test_texts_are_kept_by_sheet_and_forgotten_on_request(exercises: Exercises) -> None:
    assert "dot" in exercises.text(7) and "___" in exercises.text(7, "blanks")
    exercises.keep(7, "mine")
    exercises.keep(7, "gaps", "blanks")
    assert (exercises.text(7), exercises.text(7, "blanks")) == ("mine", "gaps")
    assert [row.state for row in exercises.all()] == ["begun"]
    assert exercises.reset(7) == 2
    assert exercises.text(7) == exercises.show(7).starter
    exercises.keep(7, "again")
    assert exercises.reset() == 1


def test_a_question_without_code_names_those_with(exercises: Exercises) -> None:
    with pytest.raises(NoExercise, match="q07"):
        exercises.show(22)


def test_a_file_that_is_no_text_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_bytes(b"\xff\xfe\x00")
    for name in ("x.py", "none.py"):
        with pytest.raises(BadInput, match=name):
            read_code(tmp_path / name)


def test_where_walls_are_missing_the_learner_agrees_once(exercises: Exercises, monkeypatch: Any) -> None:
    monkeypatch.setattr("tutor.core.exercises.usecase.missing", lambda layer: "it can read your files.")
    with pytest.raises(NotAgreed, match="read your files"):
        exercises.check(7, RIGHT)
    exercises.agree()
    assert exercises.warning == "" and exercises.check(7, RIGHT).passed


# --- the learner's own recommender ---------------------------------------------------------------------


@pytest.fixture
def whole(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exercises]:
    """The whole course, on the planted world, one epoch."""
    monkeypatch.setattr("tutor.core.exercises.usecase.missing", lambda layer: "")
    monkeypatch.setitem(own_model.RECIPE, "epochs", 1)
    made = Exercises(
        store, store.paths, Course.load(), DataSets(store, store.paths), limits=PATIENT, libraries=("torch",)
    )
    yield made
    made.close()


def test_a_learners_dotproduct_becomes_a_recommender(
    whole: Exercises, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = whole._data
    film = data.dataset().items.film_ids[3]
    movies = Movies(store, data, Serving(store.paths, data, lambda: pytest.fail("nothing else is trained")))
    movies.rate(film, 5)
    code = whole._course.question(15).exercise.solution  # type: ignore[union-attr]
    passed = SimpleNamespace(passed=True)
    monkeypatch.setattr(whole, "check", lambda *what, **how: passed)  # tried elsewhere, takes seconds
    events = list(whole.train(15, code, "  first try "))
    points = [event for event in events if isinstance(event, CurvePoint)]
    assert {event.series for event in points} >= {f"{YOURS}, valid", f"{OURS}, valid"}
    last = events[-1]
    assert isinstance(last, RunFinished) and last.holds, last
    assert last.measured["yours_valid"] == last.measured["ours_valid"]  # the same arithmetic
    kept = store.code.model("first try")
    assert kept is not None and len(kept.scores) == len(set(data.dataset().items.film_ids))
    assert kept.about["own_ratings"] == 1
    assert movies.models[-1] == f"{OWN}first try"
    found = movies.recommend(3, model=f"{OWN}first try")
    assert [one.predicted for one in found] == sorted((one.predicted for one in found), reverse=True)
    assert film not in {one.id for one in found}
    with pytest.raises(CannotDo, match="first try"):
        movies.recommend(3, model=f"{OWN}second")


def test_what_cannot_be_trained_is_told_before(exercises: Exercises, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotTrain, match="no recommender"):
        exercises.train(7, RIGHT, "x")
    monkeypatch.setattr("tutor.core.exercises.usecase.TRAINABLE", "q07")
    with pytest.raises(CannotTrain, match="1 to 40"):
        exercises.train(7, RIGHT, "  ")
    with pytest.raises(CannotTrain, match="once it passes its check"):
        exercises.train(7, "def dot(x, y):\n    return 1\n", "x")


def test_a_program_that_breaks_while_it_trains_keeps_nothing(store: Store) -> None:
    """One program raises; the other is stopped, and nothing is stored."""

    class Box:
        layer = "limits"

        def run(self, job: Any, *args: Any, **options: Any) -> Iterator[Any]:
            if job["code"] == "broken":
                yield {"raised": {"type": "ValueError", "message": "no", "line": 3}}
            yield {"point": ["valid", 0.0, "not a number"]}
            yield Ended("done", "")

        def close(self) -> None: ...

    task = own_model.Task({"seed": 0}, {}, ("a",), 0, 10)
    codes = {YOURS: "broken", OURS: "fine"}
    kept: list[Any] = []
    events = list(
        own_model.train("x", task, codes, Box, lambda: False, lambda *what: kept.append(what))  # type: ignore[arg-type]
    )
    assert isinstance(events[-1], Failed) and "line 3" in events[-1].message
    assert not kept and not any(isinstance(event, CurvePoint) for event in events)


# --- from the chat ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("inline", [False, True])
def test_the_chat_leads_to_the_code_or_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inline: bool
) -> None:
    monkeypatch.setenv("TUTOR_CONTENT", str(small_course(tmp_path / "course")))
    workspace = Workspace(Paths(tmp_path / "home"))
    session = workspace.session(inline_runs=inline)
    list(session.act("goto", "q07"))
    events = list(session.act("exercise"))
    places = [(event.place, event.argument) for event in events if isinstance(event, Opened)]
    said = " ".join(event.text for event in events if isinstance(event, Said))
    workspace.close()
    assert places == ([] if inline else [("code", "q07")])
    assert ("tutor exercise check q07" in said) is inline

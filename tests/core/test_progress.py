"""Progress is counted from what is stored."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tutor.core.practice import Practice
from tutor.core.progress import progress
from tutor.core.workspace import Workspace
from tutor.store.learning import Standing
from tutor.store.paths import Paths
from tutor.store.ratings import FilmRow


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    workspace = Workspace(Paths(tmp_path))
    yield workspace
    workspace.close()


def test_a_newcomer_has_everything_ahead(workspace: Workspace) -> None:
    report = progress(workspace)
    assert (report.questions.done, report.questions.started, report.ratings) == (0, 0, 0)
    assert report.questions.written == len(workspace.course.written)
    assert report.questions.total == len(workspace.course.entries)
    assert (report.cards.seen, report.cards.due, report.cards.remembered) == (0, 0, None)
    assert report.cards.total == len(workspace.practice.deck.cards)
    assert report.runs.model_dump() == {"finished": 0, "predicted": 0, "hits": 0}
    assert report.days == ()


def test_everything_that_is_stored_is_counted(workspace: Workspace) -> None:
    store = workspace.store
    first, second = (entry.id for entry in workspace.course.written[:2])
    store.learning.save_standing(Standing(first, "done"))
    store.learning.save_standing(Standing(second, "started"))
    store.learning.add_attempt(first, "multiply and add", {"verdict": "correct", "score": 1.0})
    store.ratings.set(FilmRow("fargo-1996", "Fargo", 1996, (), {}), 4.5)
    for grade in (4, 1, 3):
        quiz = workspace.practice.next()
        assert quiz is not None
        workspace.practice.review(quiz, grade)
    for prediction, outcome in (("valley", "valley"), ("falls", "valley"), (None, "valley")):
        run = store.runs.start("weight-decay", {}, prediction)
        store.runs.end(run, "finished", {"outcome": outcome})
    store.runs.end(store.runs.start("weight-decay", {}, "falls"), "cancelled")
    store.runs.start("weight-decay", {}, "falls")

    report = progress(workspace)
    assert (report.questions.done, report.questions.started, report.questions.attempts) == (1, 1, 1)
    assert (report.cards.seen, report.cards.reviews, report.ratings) == (3, 3, 1)
    assert report.runs.model_dump() == {"finished": 3, "predicted": 2, "hits": 1}
    counts = [day.model_dump(exclude={"day"}) for day in report.days]
    total = {key: sum(count[key] for count in counts) for key in counts[0]}
    assert total == {"answers": 1, "reviews": 3, "ratings": 1, "runs": 3}


def test_remembered_is_the_share_of_what_had_come_due(workspace: Workspace) -> None:
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    practice = Practice(workspace.store, workspace.course, lambda: now)
    quiz = practice.next()
    assert quiz is not None
    for grade, days in ((1, 0), (1, 0), (3, 2), (1, 30), (1, 0), (4, 2), (3, 40)):
        now += timedelta(days=days)
        practice.review(quiz, grade)  # first steps and second tries on the same day do not count
    assert progress(workspace).cards.remembered == 0.75

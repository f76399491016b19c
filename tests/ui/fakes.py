"""A small, honest workspace for tests of the screen: real store, real course, a scripted tutor.

Nothing here trains, fetches or grades, so a test of the screen is fast and says what the screen does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tutor.core.curriculum import Course, Entry
from tutor.core.events import (
    Asked,
    Cancelled,
    Failed,
    Grade,
    Graded,
    Intent,
    Opened,
    PointGrade,
    Progress,
    Rested,
    Said,
    Turn,
    TurnFinished,
)
from tutor.store.learning import Message
from tutor.store.paths import Paths
from tutor.store.store import Store

ASK = "Take two films' vectors, (1, 2) and (3, -1). **What is their dot product**, and what does it tell you?"
VERDICT = (
    '✓ covered: multiply pairwise, "multiply and add"\n\n'
    "○ still open: what the result means for a viewer\n\nWhat would a large result say?"
)


@dataclass
class FakeSession:
    """A tutor with three answers; `gate` holds a turn until the test lets it go."""

    store: Store
    course: Course
    gate: threading.Event = field(default_factory=threading.Event)
    fail_next: bool = False
    turns: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate.set()

    @property
    def current(self) -> Entry | None:
        return self.course.entry(self.store.settings.get("current", "q07"))

    @property
    def draft(self) -> str:
        return str(self.store.settings.get("draft", ""))

    @draft.setter
    def draft(self, text: str) -> None:
        self.store.settings.set("draft", text)

    def history(self, limit: int = 40) -> list[Message]:
        return self.store.learning.messages(limit)

    def opening(self) -> list[Any]:
        known = bool(self.history(1))
        lines = [] if known else [self._say(self.course.welcome, "welcome")]
        plan = "1 done, 2 open. We go on with the dot product." if known else "2 questions here. We start."
        return [*lines, self._say(plan, "plan"), self._asked(), self._say(ASK, None)]

    def ask(self, text: str, confidence: int | None = None) -> Iterator[Any]:
        self.turns.append(f"{text} [{confidence}]" if confidence else text)
        if self.fail_next:
            self.fail_next = False
            yield Failed(message="The grader broke off. Your answer is back in the prompt.")
            return
        self.store.learning.say("you", text, question="q07")
        yield Said(role="you", text=text, question="q07")
        self.gate.wait(5)
        yield self._say(VERDICT, "verdict")
        points = (PointGrade(id="p1", required=True, covered=True, evidence="multiply and add"),)
        yield Graded(grade=Grade(q=7, id="q07", verdict="partial", score=0.5, points=points, reply=VERDICT))
        yield self._finished("answer")

    def act(self, intent: Intent, argument: str | None = None) -> Iterator[Any]:
        self.turns.append(f"{intent} {argument or ''}".strip())
        self.gate.wait(5)
        if intent == "goto":
            self.store.settings.set("current", argument)
            yield self._asked()
        elif intent == "run_experiment":
            yield Opened(place="lab", argument="dot-product")
        else:
            yield self._say(f"Here is a {intent}.", "hint 1 of this")
        yield self._finished(intent)

    def _say(self, text: str, label: str | None) -> Said:
        self.store.learning.say("tutor", text, label=label, question="q07")
        return Said(role="tutor", text=text, label=label, question="q07")

    def _asked(self) -> Asked:
        entry = self.current
        assert entry
        state = self.store.learning.standing(entry.id).state
        return Asked(
            id=entry.id, q=entry.q, title=entry.title, prompt=entry.prompt, unit=entry.unit, state=state
        )

    def _finished(self, intent: Intent) -> TurnFinished:
        return TurnFinished(turn=Turn(intent=intent, reply="", question="q07"))


@dataclass(frozen=True)
class FakeCounts:
    due: int = 4
    new: int = 2
    next_due_at: str | None = None


class FakePractice:
    def counts(self) -> FakeCounts:
        return FakeCounts()


@dataclass
class FakeData:
    """A data set that arrives when `fetch` is drained."""

    current: str = "planted"
    outcome: Callable[[], Any] = lambda: Rested(note="MovieLens 100K is here: 100,000 ratings.")

    @property
    def fetch_wanted(self) -> bool:
        return self.current == "planted"

    def fetch(self, name: str, cancelled: Callable[[], bool]) -> Iterator[Any]:
        yield Progress(fraction=0.4, note="ml-100k 40 %")
        ending = Cancelled() if cancelled() else self.outcome()
        if isinstance(ending, Rested):
            self.current = name
        yield ending


class FakeChild:
    started = False

    def start(self) -> None:
        self.started = True


class FakeMovies:
    model_ready = True

    def ensure_model(self, cancelled: Callable[[], bool]) -> Iterator[Any]:
        yield Rested(note="The recommender is ready.")


class FakeWorkspace:
    """As much of a workspace as the shell and Learn touch."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths
        self.data = FakeData()
        self.practice = FakePractice()
        self.movies = FakeMovies()
        self.child = FakeChild()
        self.closed = False
        self.sessions: list[FakeSession] = []

    @cached_property
    def store(self) -> Store:
        return Store(self.paths)

    @cached_property
    def course(self) -> Course:
        return Course.load()

    def session(self, inline_runs: bool = False) -> FakeSession:
        assert not inline_runs
        self.sessions.append(FakeSession(self.store, self.course))
        return self.sessions[-1]

    def close(self) -> None:
        self.closed = True
        self.store.close()


def fake_app() -> Any:
    """The app on a fake workspace in the learner's folder of this process."""
    from tutor.ui.app import TutorApp

    return TutorApp(FakeWorkspace(Paths.default()))  # type: ignore[arg-type]

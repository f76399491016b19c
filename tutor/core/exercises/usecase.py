"""Code exercises: show, keep what was typed, check, start over."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tutor.core.code_schema import Exercise
from tutor.core.curriculum import Course, Entry, NotWrittenYet
from tutor.core.datasets import DataSets
from tutor.core.errors import BadInput
from tutor.core.events import Cancelled, Record, RunEvent
from tutor.core.exercises.checking import PROGRAMS, check
from tutor.core.exercises.naming import asked_name
from tutor.core.exercises.own_model import OURS, TRAINING, YOURS, prepare, train
from tutor.core.exercises.references import Reference, reference
from tutor.core.exercises.verdicts import Verdict
from tutor.runner.sandbox import LIBRARIES, Sandbox
from tutor.runner.sandbox_layers import Layer, best_layer, missing
from tutor.runner.sandbox_watch import Limits
from tutor.store.code import Stage
from tutor.store.paths import Paths
from tutor.store.store import Store

CONSENT = "code_consent"
TRAINABLE = "q15"
"""The exercise whose program is a recommender."""


class NoExercise(BadInput):
    """The question asks for no code."""


class NotAgreed(BadInput):
    """The walls of this machine are not complete, and the learner has not agreed to that yet."""


class CannotTrain(BadInput):
    """Not every program can become a recommender."""


class ExerciseRow(Record):
    """An exercise in the list; `state`: new, begun or passed."""

    q: int | None
    id: str
    title: str
    state: str


class ExerciseView(Record):
    """An exercise as it is shown."""

    q: int | None
    id: str
    title: str
    task: str
    example: str
    blanks: str
    starter: str
    text: str
    """What the learner wrote, or the starter."""
    cases: tuple[str, ...]
    state: str


class Exercises:
    """The exercises of a course. Methods may be called from any thread."""

    def __init__(
        self,
        store: Store,
        paths: Paths,
        course: Course,
        data: DataSets,
        *,
        layer: Layer | None = None,
        limits: Limits | None = None,
        libraries: Sequence[str] = LIBRARIES,
    ) -> None:
        """`layer`, `limits` and `libraries` other than the usual ones are for tests."""
        self._store = store
        self._paths = paths
        self._course = course
        self._data = data
        self._layer = layer
        self._limits = limits
        self._libraries = tuple(libraries)
        self._lock = threading.Lock()
        self._references: dict[str, Reference] = {}
        self._sandbox: Sandbox | None = None

    # --- what there is -----------------------------------------------------------------------

    def all(self) -> list[ExerciseRow]:
        """The exercises in the order of the course. Raises `ContentError`."""
        questions = (self._course.question(entry.id) for entry in self._course.written)
        found = [(one.entry, one.exercise) for one in questions]
        return [self._row(entry, exercise) for entry, exercise in found if exercise is not None]

    def show(self, ref: int | str) -> ExerciseView:
        """One exercise. Raises `UnknownQuestion`, `NoExercise`."""
        entry, exercise = self._find(ref)
        row = self._row(entry, exercise)
        return ExerciseView(
            q=row.q,
            id=row.id,
            title=row.title,
            state=row.state,
            task=exercise.file.task,
            example=exercise.example,
            blanks=exercise.blanks,
            starter=exercise.starter,
            text=self.text(ref, "own"),
            cases=tuple(case.name for case in exercise.file.cases),
        )

    def _row(self, entry: Entry, exercise: Exercise) -> ExerciseRow:
        code = self._store.code
        state = "passed" if entry.id in code.passed() else "begun" if entry.id in code.begun() else "new"
        return ExerciseRow(q=entry.q, id=entry.id, title=exercise.file.title, state=state)

    def _find(self, ref: int | str) -> tuple[Entry, Exercise]:
        try:
            question = self._course.question(ref)
        except NotWrittenYet as fault:
            raise NoExercise(str(fault)) from None
        if question.exercise is None:
            known = ", ".join(row.id for row in self.all())
            raise NoExercise(
                f"{question.entry.id} ({question.entry.title}) asks for no code; these do: {known}."
            )
        return question.entry, question.exercise

    # --- what was typed ------------------------------------------------------------------------

    def text(self, ref: int | str, stage: Stage = "own") -> str:
        """The learner's text, or where that stage starts."""
        entry, exercise = self._find(ref)
        kept = self._store.code.text(entry.id, stage)
        return kept if kept is not None else exercise.starter if stage == "own" else exercise.blanks

    def keep(self, ref: int | str, text: str, stage: Stage = "own") -> None:
        """Store what was typed."""
        self._store.code.keep(self._course.entry(ref).id, stage, text)

    def reset(self, ref: int | str | None = None) -> int:
        """Forget what was typed for one exercise, or for all; returns how many texts that were."""
        return self._store.code.forget(None if ref is None else self._find(ref)[0].id)

    # --- walls -----------------------------------------------------------------------------------

    @property
    def layer(self) -> Layer:
        """Which walls stand round a program here."""
        return self._layer or best_layer()

    @property
    def warning(self) -> str:
        """What the learner has to agree to first; "" where nothing is missing, or it is done."""
        return "" if self._store.settings.get(CONSENT) else missing(self.layer)

    def agree(self) -> None:
        """Remember that the learner runs their code without all walls; asked once."""
        self._store.settings.set(CONSENT, True)

    # --- checks ----------------------------------------------------------------------------------

    def prepare(self, ref: int | str) -> None:
        """Work out what is expected and let a child wait, so that the verdict comes at once."""
        entry, exercise = self._find(ref)
        if not self.warning:
            self._box().warm()
        self._reference(entry, exercise)

    def check(
        self,
        ref: int | str,
        code: str,
        cancelled: Callable[[], bool] = lambda: False,
        *,
        once: bool = False,
    ) -> Verdict:
        """Check a program and store how it went; `once`: no child need wait for the next.

        Raises `NotAgreed`, `BrokenExercise`, `NoExercise`.
        """
        entry, exercise = self._find(ref)
        self.require_agreement()
        sandbox = self._box()
        sandbox.warm()  # loads its libraries while what is expected is worked out
        expected = self._reference(entry, exercise)
        verdict = check(entry, exercise, code, expected, sandbox, limits=self._limits, cancelled=cancelled)
        if not once:
            sandbox.warm()
        if not cancelled():
            bug = verdict.bug.id if verdict.bug and not verdict.passed else None
            self._store.code.add_check(entry.id, code, verdict.passed, bug)
        return verdict

    # --- the learner's own recommender --------------------------------------------------------------

    def train(
        self,
        ref: int | str,
        code: str,
        name: str,
        seed: int = 0,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[RunEvent]:
        """Train a program that passes its check on the current data set, beside ours; store its scores.

        Raises at once: `CannotTrain` for another exercise, a name that is none, or a program that fails.
        """
        entry, exercise = self._find(ref)
        title = name.strip()
        if entry.id != TRAINABLE:
            raise CannotTrain(f"{entry.id} is no recommender; {TRAINABLE} (DotProduct) can be trained.")
        if not (0 < len(title) <= 40 and title.isprintable()):
            raise CannotTrain("A name has 1 to 40 letters, signs or spaces, like: first try.")
        verdict = self.check(ref, code, cancelled, once=True)
        if cancelled():
            return iter([Cancelled()])
        if not verdict.passed:
            raise CannotTrain(f"It is trained once it passes its check. {verdict.message}")
        data = self._data.current
        task = prepare(self._data.dataset(), self._store.ratings.stars(), asked_name(exercise), seed)
        codes = {YOURS: code, OURS: exercise.solution}
        return train(
            title, task, codes, lambda: self._sandbox_of(TRAINING), cancelled,
            lambda about, scores: self._store.code.save_model(title, data, about, scores),
        )  # fmt: skip

    def require_agreement(self) -> None:
        """Raises `NotAgreed` where the learner has to agree first."""
        if self.warning:
            raise NotAgreed(f"Before your code runs: {self.warning} To agree, once: tutor exercise agree")

    def close(self) -> None:
        """End the child that waits."""
        with self._lock:
            sandbox, self._sandbox = self._sandbox, None
        if sandbox is not None:
            sandbox.close()

    def _box(self) -> Sandbox:
        with self._lock:
            if self._sandbox is None:
                self._sandbox = self._sandbox_of(PROGRAMS)
            return self._sandbox

    def _sandbox_of(self, programs: Sequence[Path]) -> Sandbox:
        private = (self._paths.home, self._course.root)
        return Sandbox(programs, layer=self._layer, private=private, imports=self._libraries)

    def _reference(self, entry: Entry, exercise: Exercise) -> Reference:
        if entry.id not in self._references:
            self._references[entry.id] = reference(exercise, self._paths.home / "exercises")
        return self._references[entry.id]


def read_code(path: Path) -> str:
    """The text of a file. Raises `BadInput`."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        why = getattr(fault, "strerror", None) or "it is no text in UTF-8"
        raise BadInput(f"cannot read {path}: {why}.") from None

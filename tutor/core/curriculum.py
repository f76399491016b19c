"""The course as the program sees it: its map at once, each question when it is opened.

`Course.load` reads `course.toml` alone, so that start-up pays for one small file. Everything else
is read on first use and kept.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from tutor.core.asked_schema import AskedFile, AskedQuestion
from tutor.core.code_schema import ErrataFile, Erratum, Exercise, ExerciseFile
from tutor.core.course_files import ContentError, read, read_text
from tutor.core.course_folder import FOLDERS, content_root, written_folders
from tutor.core.course_schema import (
    CourseFile,
    Example,
    ExperimentFile,
    Point,
    PracticeFile,
    QuestionFile,
    RubricFile,
    Unit,
)
from tutor.core.errors import BadInput
from tutor.core.glossary_schema import GlossaryFile, Term
from tutor.core.lessons import Chunk, split_lesson
from tutor.core.memory_schema import AnswersFile, Statement, StatementsFile
from tutor.core.path_schema import Contrast, ContrastsFile
from tutor.core.recorded_runs import recorded_runs, settled

__all__ = [
    "PROGRAMS",
    "Chunk",
    "ContentError",
    "Course",
    "CourseError",
    "Entry",
    "NotWrittenYet",
    "Question",
    "UnknownExperiment",
    "UnknownQuestion",
    "content_root",
    "split_lesson",
]

PROGRAMS = ("starter", "blanks", "example", "solution")
"""The Python files of an exercise."""

_REFERENCE = re.compile(r"([qt]?)0*(\d{1,2})")


class CourseError(BadInput):
    """Something was asked of the course that it does not hold; the message is one clear line."""


class UnknownQuestion(CourseError):
    """No question or topic of that name."""


class UnknownExperiment(CourseError):
    """No experiment of that name."""


class NotWrittenYet(CourseError):
    """The question is listed, but its folder does not exist yet."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        super().__init__(f"{entry.id} ({entry.title}) is not written yet.")


@dataclass(frozen=True)
class Entry:
    """A question or topic as the map of the course lists it."""

    id: str
    q: int | None
    """Number of the question, 1-31; None for a topic."""
    unit: str
    title: str
    prompt: str
    planned: bool
    """True until its folder exists: it can be named, but not opened and never counted."""


@dataclass(frozen=True)
class Question:
    """A written question with all that is taught and asked about it."""

    entry: Entry
    folder: Path
    file: QuestionFile
    rubric: RubricFile
    lesson: tuple[Chunk, ...]

    @cached_property
    def practice(self) -> PracticeFile:
        """The quiz items, read on first use; predictions are settled by the recorded runs.

        Raises `ContentError`.
        """
        file = read(self.folder / "practice.toml", PracticeFile)
        if not any(item.measured for item in file.items):
            return file
        runs = recorded_runs(self.folder.parent.parent)
        return PracticeFile(items=tuple(settled(item, runs) for item in file.items))

    @cached_property
    def errata(self) -> tuple[Erratum, ...]:
        """Where the notes or the lecture go wrong on this question. Raises `ContentError`."""
        path = self.folder / "errata.toml"
        return read(path, ErrataFile).findings if path.exists() else ()

    @cached_property
    def asked(self) -> tuple[AskedQuestion, ...]:
        """What learners ask around this question, with answers. Raises `ContentError`."""
        path = self.folder / "asked.toml"
        return read(path, AskedFile).asked if path.exists() else ()

    @cached_property
    def exercise(self) -> Exercise | None:
        """The code that the question asks for, if it does. Raises `ContentError`."""
        folder = self.folder / "exercise"
        if not folder.is_dir():
            return None
        programs = {name: read_text(folder / f"{name}.py") for name in PROGRAMS}
        return Exercise(file=read(folder / "exercise.toml", ExerciseFile), **programs)

    @cached_property
    def memory(self) -> tuple[Example, ...]:
        """All graded answers, of the rubric and of `answers.toml`. Raises `ContentError`."""
        path = self.folder / "answers.toml"
        return (*self.rubric.examples, *(read(path, AnswersFile).examples if path.exists() else ()))

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Single sentences and what they say of this question. Raises `ContentError`."""
        path = self.folder / "statements.toml"
        return read(path, StatementsFile).statements if path.exists() else ()

    def without(self, example: Example) -> Question:
        """The question as if it had never stored a graded answer."""
        kept = tuple(one for one in self.rubric.examples if one is not example)
        other = replace(self, rubric=self.rubric.model_copy(update={"examples": kept}))
        other.__dict__["memory"] = tuple(one for one in self.memory if one is not example)
        other.__dict__["statements"] = self.statements
        return other

    def point(self, point_id: str) -> Point:
        """A point of the rubric. Raises `UnknownQuestion` where the rubric has none of that id."""
        for point in self.rubric.points:
            if point.id == point_id:
                return point
        known = ", ".join(point.id for point in self.rubric.points)
        raise UnknownQuestion(f"{self.entry.id} has no point {point_id}; its points are {known}.")


class Course:
    """A course: its map, and each question, experiment and term on demand."""

    def __init__(self, root: Path, file: CourseFile) -> None:
        self.root = root
        self.title = file.title
        self.welcome = file.welcome
        self.units: tuple[Unit, ...] = file.units
        self._folders = written_folders(root)
        self.entries: tuple[Entry, ...] = tuple(
            Entry(
                id=listed.id,
                q=int(listed.id[1:]) if listed.id.startswith("q") else None,
                unit=listed.unit,
                title=listed.title,
                prompt=listed.prompt,
                planned=listed.id not in self._folders,
            )
            for listed in file.questions
        )
        self._by_id = {entry.id: entry for entry in self.entries}
        self._questions: dict[str, Question] = {}
        self._experiments: dict[str, ExperimentFile] = {}

    @classmethod
    def load(cls, root: Path | None = None) -> Course:
        """Read the map of the course at `root` (default: `content_root()`). Raises `ContentError`."""
        root = root or content_root()
        path = root / "course.toml"
        if not path.is_file():
            remedy = "set TUTOR_CONTENT to a folder that holds course.toml, or unset it"
            raise ContentError(path, "there is no course here", remedy)
        return cls(root, read(path, CourseFile))

    @property
    def written(self) -> tuple[Entry, ...]:
        """The entries that can be opened, in the order of the course."""
        return tuple(entry for entry in self.entries if not entry.planned)

    def entry(self, ref: int | str) -> Entry:
        """The entry named `7`, `"7"`, `"q07"` or `"t01"`. Raises `UnknownQuestion` with near matches."""
        text = str(ref).strip().casefold()
        named = _REFERENCE.fullmatch(text)
        if named:
            found = self._by_id.get(f"{named[1] or 'q'}{int(named[2]):02}")
            if found:
                return found
        raise UnknownQuestion(f"There is no question {str(ref).strip()!r}{self._near(text)}.")

    def folder(self, ref: int | str) -> Path:
        """The folder of a question. Raises `UnknownQuestion` or `NotWrittenYet`."""
        entry = self.entry(ref)
        if entry.planned:
            raise NotWrittenYet(entry)
        return self._folders[entry.id]

    def question(self, ref: int | str) -> Question:
        """Open a question. Raises `UnknownQuestion`, `NotWrittenYet` or `ContentError`."""
        entry = self.entry(ref)
        if entry.planned:
            raise NotWrittenYet(entry)
        if entry.id not in self._questions:
            self._questions[entry.id] = self._read_question(entry)
        return self._questions[entry.id]

    def point(self, card: str) -> tuple[Question, Point]:
        """The question and point that a card `"q07.p2"` stands for. Raises as `question` does."""
        ref, _, point_id = card.partition(".")
        question = self.question(ref)
        return question, question.point(point_id)

    def experiment(self, name: str) -> ExperimentFile:
        """Read one experiment. Raises `UnknownExperiment` with near matches, or `ContentError`."""
        if name not in self._experiments:
            if name not in self.experiment_names:
                near = difflib.get_close_matches(name, self.experiment_names, n=2, cutoff=0.4)
                hint = f"; did you mean {' or '.join(near)}?" if near else "."
                raise UnknownExperiment(f"There is no experiment {name!r}{hint}")
            self._experiments[name] = read(self.root / "experiments" / f"{name}.toml", ExperimentFile)
        return self._experiments[name]

    def experiments(self) -> tuple[ExperimentFile, ...]:
        """All experiments, in the order in which the course first meets them. Raises `ContentError`."""
        place = {entry.id: number for number, entry in enumerate(self.entries)}
        found = [self.experiment(name) for name in self.experiment_names]
        return tuple(sorted(found, key=lambda one: (place.get(one.questions[0], len(place)), one.name)))

    @cached_property
    def experiment_names(self) -> tuple[str, ...]:
        """Names of the experiments that the course holds, sorted."""
        return tuple(sorted(path.stem for path in (self.root / "experiments").glob("*.toml")))

    def glossary(self) -> tuple[Term, ...]:
        """The terms that the tutor can explain. Raises `ContentError`."""
        return self._glossary

    @cached_property
    def _glossary(self) -> tuple[Term, ...]:
        path = self.root / "glossary.toml"
        return read(path, GlossaryFile).terms if path.exists() else ()

    def contrasts(self) -> tuple[Contrast, ...]:
        """Items that ask for the difference between look-alikes. Raises `ContentError`."""
        return self._contrasts

    @cached_property
    def _contrasts(self) -> tuple[Contrast, ...]:
        path = self.root / "contrasts.toml"
        return read(path, ContrastsFile).contrasts if path.exists() else ()

    def primer(self) -> tuple[Chunk, ...]:
        """What a newcomer should have heard of, in short parts; empty where there is none."""
        path = self.root / "primer.md"
        return split_lesson(read_text(path)) if path.exists() else ()

    def _read_question(self, entry: Entry) -> Question:
        folder = self._folders[entry.id]
        return Question(
            entry=entry,
            folder=folder,
            file=read(folder / "question.toml", QuestionFile),
            rubric=read(folder / "rubric.toml", RubricFile),
            lesson=split_lesson(read_text(folder / "lesson.md")),
        )

    def _near(self, text: str) -> str:
        """`; near: q07 (Dot product)`: at most three entries whose id or title resembles the text."""
        names = {name: entry for entry in self.entries for name in (entry.id, entry.title.casefold())}
        close = difflib.get_close_matches(text, names, n=3, cutoff=0.5)
        near = dict.fromkeys(names[name] for name in close)
        if near:
            return "; near: " + ", ".join(f"{entry.id} ({entry.title})" for entry in near)
        ranges = [[one for one in sorted(self._by_id) if one[0] == letter] for letter in FOLDERS]
        return "; known are " + " and ".join(f"{ids[0]}-{ids[-1]}" for ids in ranges if ids)

"""The parts of a course that hold code: errata with their proof, and exercises with their cases and probes.

The code lies in the course as text. It is never imported; it runs in a process of its own
(`tutor.core.exercises`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from tutor.core.course_schema import PartId, Strict, Text

# --- questions/<id>-<name>/errata.toml -----------------------------------------------------


class Erratum(Strict):
    """What is often believed, what is true, and the lines that prove it."""

    id: PartId
    severity: Literal[2, 3]
    """2: misleading; 3: wrong in what matters."""
    about: Literal["notes", "lecture"]
    believed: Text
    true: Text
    proof: Text
    """Python that ends without an error because what is `true` holds."""


class ErrataFile(Strict):
    """`errata.toml`."""

    findings: tuple[Erratum, ...] = Field(min_length=1)


# --- questions/<id>-<name>/exercise/exercise.toml ------------------------------------------


class Case(Strict):
    """One thing that the learner's code is asked to do."""

    name: Text
    setup: str = ""
    """Python that runs after the learner's code and before `call`."""
    call: Text
    """A Python expression; its value is compared with that of the solution."""
    show: Text | None = None
    """How the call reads, where it is better not shown as it is."""
    expect: Any = None
    """A known answer that the solution must give."""


class Probe(Strict):
    """A whole program with one typical bug; whoever gets the same results has made that bug."""

    id: PartId
    bug: Text
    kind: Literal["essential", "actionable", "informative"]
    message: Text
    """Names the bug and asks back; does not give the solution."""
    code: Text


class ExerciseFile(Strict):
    """`exercise.toml`: what to write and how it is tried."""

    title: Text
    task: Text
    celebrate: Text
    imports: tuple[Text, ...] = ()
    """Modules that the learner may expect to be there."""
    cases: tuple[Case, ...] = Field(min_length=1)
    probes: tuple[Probe, ...] = ()


@dataclass(frozen=True)
class Exercise:
    """An exercise with its four programs."""

    file: ExerciseFile
    starter: str
    blanks: str
    """The solution with gaps written `___`."""
    example: str
    """A worked sibling of the task."""
    solution: str

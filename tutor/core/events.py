"""Everything a use-case can tell its door, typed once for the screen, the pipes and the schema.

A turn of the chat and a run of an experiment are streams of these; each stream ends with exactly
one of `TurnFinished` / `RunFinished` / `Rested`, `Failed` or `Cancelled`. `event` names the kind in JSON.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tutor.core.course_schema import Verdict

Intent = Literal[
    "answer", "answer_from_lecture", "lesson", "hint", "reveal", "run_experiment", "exercise",
    "show_recommendations", "rate_movie", "quiz", "next", "previous", "goto", "appeal", "plan",
    "undo", "progress", "help", "encourage", "clarify", "out_of_scope",
]  # fmt: skip
Place = Literal["learn", "lab", "movies", "quiz", "progress", "code", "notes"]


class Record(BaseModel):
    """Base of everything that leaves the core: immutable, no unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


# --- grading -------------------------------------------------------------------------------


class PointGrade(Record):
    """Whether an answer covers a point, with the learner's own words as evidence."""

    id: str
    required: bool
    covered: bool
    evidence: str | None = None


class MisconceptionHit(Record):
    """A misconception that the answer states, with the words that state it."""

    id: str
    evidence: str


class Grade(Record):
    """What an answer earned. `score` is the credited share of the required points, 0 to 1."""

    q: int | None
    id: str
    verdict: Verdict
    score: float
    points: tuple[PointGrade, ...]
    misconceptions: tuple[MisconceptionHit, ...] = ()
    reply: str
    confidence: int | None = None
    """How sure the learner said to be before the verdict: 1 guess, 2 fairly sure, 3 sure."""
    explanation: tuple[dict[str, Any], ...] | None = None
    """Which sentence matched what, when asked for."""


# --- the chat ------------------------------------------------------------------------------


class Turn(Record):
    """A finished turn, as `tutor ask --json` prints it."""

    intent: Intent
    reply: str
    sources: tuple[str, ...] = ()
    question: str | None = None
    """Id of the question on the screen after the turn."""
    data: dict[str, Any] = {}


class Said(Record):
    """A line of the transcript, already stored. `label` names the tutor's move ("hint 1")."""

    event: Literal["said"] = "said"
    role: Literal["you", "tutor"]
    text: str
    label: str | None = None
    question: str | None = None


class Asked(Record):
    """A question is now the one on the screen."""

    event: Literal["asked"] = "asked"
    id: str
    q: int | None
    title: str
    prompt: str
    unit: str
    state: str


class Graded(Record):
    """The verdict on the answer that was just given."""

    event: Literal["graded"] = "graded"
    grade: Grade


class Opened(Record):
    """The turn leads to another place, with what to show there."""

    event: Literal["opened"] = "opened"
    place: Place
    argument: str | None = None
    """Lab: an experiment's name; Movies: a search; Code and Notes: a question's id."""
    settings: dict[str, Any] = {}
    """Lab: knobs that are to stand differently."""


class TurnFinished(Record):
    """The one good ending of a turn."""

    event: Literal["finished"] = "finished"
    turn: Turn


class Failed(Record):
    """The work broke off; nothing of the learner's is lost."""

    event: Literal["failed"] = "failed"
    message: str
    log: str | None = None


class Cancelled(Record):
    """The learner stopped the work."""

    event: Literal["cancelled"] = "cancelled"


# --- runs ----------------------------------------------------------------------------------


class RunStarted(Record):
    """An experiment begins; its settings are final and its row is stored."""

    event: Literal["started"] = "started"
    name: str
    config: dict[str, Any]
    prediction: str | float | None = None


class Progress(Record):
    """How far the work is; a newer one replaces an older one."""

    event: Literal["progress"] = "progress"
    fraction: float | None = None
    note: str = ""


class CurvePoint(Record):
    """One more point of a curve."""

    event: Literal["point"] = "point"
    series: str
    x: float
    y: float
    seed: int = 0


class ChartShown(Record):
    """A whole chart that is no curve; a later one with the same title takes its place."""

    event: Literal["chart"] = "chart"
    chart: dict[str, Any]
    """As `recommender.experiments.charts` describes."""


class SeedDone(Record):
    """One of several seeds is done. The first one's carries all that there is to show of it."""

    event: Literal["seed"] = "seed"
    seed: int
    done: int
    """How many seeds are done."""
    of: int
    outcome: str | float | None = None
    result: RunFinished | None = None
    """As if the run had this seed alone; only with the first."""


class Series(Record):
    """A whole curve."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    seed: int | None = None


class Table(Record):
    """The run in numbers."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()


class RunFinished(Record):
    """What came out of a run, beside what was predicted and expected."""

    event: Literal["finished"] = "finished"
    name: str
    config: dict[str, Any]
    series: tuple[Series, ...] = ()
    table: Table = Table()
    measured: dict[str, Any] = {}
    expected: str
    """What the course expects, in a sentence."""
    charts: tuple[dict[str, Any], ...] = ()
    outcome: str | float | None = None
    """Key of the prediction that came out, or the number that was measured."""
    prediction: str | float | None = None
    hit: bool | None = None
    """Whether the prediction came out; None without one."""
    holds: bool | None = None
    """Whether the course's expectation came out (with several seeds: in most of them)."""
    sentence: str
    spread: str | None = None
    """What several seeds say together."""
    by_seed: tuple[dict[str, Any], ...] = ()
    """`seed`, `measured` and `outcome` of each seed, where there are several."""
    seconds: float
    token: str | None = None
    """`tutor replay` repeats the run from this line."""
    replay: dict[str, Any] | None = None
    """Of a repeated run: `same` (bit for bit), and `differs`, what is not as it was."""
    unstored: str | None = None
    """Why the run is not in the history, where it could not be stored."""
    data: dict[str, Any] = {}
    """The data set: its name, label, fingerprint, whether its viewers are invented."""


# --- data sets and models --------------------------------------------------------------------


class Rested(Record):
    """The one good ending of work that is neither a turn nor a run: a fetch, a fit."""

    event: Literal["finished"] = "finished"
    note: str
    data: dict[str, Any] = {}


ChatEvent = Said | Asked | Graded | Opened | Progress | TurnFinished | Failed | Cancelled
RunEvent = RunStarted | Progress | CurvePoint | ChartShown | SeedDone | RunFinished | Failed | Cancelled
WorkEvent = Progress | Rested | Failed | Cancelled
Event = Annotated[ChatEvent | RunEvent | WorkEvent, Field(union_mode="left_to_right")]

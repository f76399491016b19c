"""What a course may contain: one strict model per file of `content/`.

Every model forbids unknown keys, so a typo in a course file is an error with a place, never a
silent no-op. A course holds no code: generators and experiment families are names that the
program knows.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A text that is not empty once trimmed."""

QuestionId = Annotated[str, StringConstraints(pattern=r"^[qt]\d{2}$")]
"""`q01`-`q99` for questions of the lecture, `t01`-`t99` for its other topics. Ids are never reused."""

PartId = Annotated[str, StringConstraints(pattern=r"^[a-z]+\d+$")]
"""Id of a part inside its question: point `p1`, misconception `m1`, item `i1`."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
"""Lower-case name with hyphens: units, experiments, glossary terms."""

Form = Literal["explain", "choice", "cloze", "compute", "predict", "code"]
Verdict = Literal["correct", "partial", "incorrect", "off_topic", "unsure"]
Voice = Literal["textbook", "everyday", "terse", "jargon", "negation", "swapped", "salad", "off_topic"]


class Strict(BaseModel):
    """Base of all course models: unknown keys are errors, values cannot change."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


# --- course.toml -------------------------------------------------------------------------


class Unit(Strict):
    """A chapter of the course."""

    id: Slug
    title: Text


class Listed(Strict):
    """One question as the map of the course lists it; `planned` until its folder exists."""

    id: QuestionId
    unit: Slug
    title: Text
    """Two to five words for the map."""
    prompt: Text
    """The question, as the lecture asks it, in our words."""


class CourseFile(Strict):
    """`course.toml`: what the course is and the order in which its questions are taught."""

    format_version: Literal[1]
    title: Text
    welcome: Text
    units: tuple[Unit, ...] = Field(min_length=1)
    questions: tuple[Listed, ...] = Field(min_length=1)
    """The order of the course."""


# --- questions/<id>-<name>/question.toml, rubric.toml, practice.toml -----------------------


class QuestionFile(Strict):
    """`question.toml`: how a question is opened and what hangs on it."""

    id: QuestionId
    ask: Text
    """The tutor's opening line: invites an answer in own words, explains nothing."""
    tell_me: Text
    """The fast lane: the answer in about five lines."""
    builds_on: tuple[QuestionId, ...] = ()
    forms: tuple[Form, ...] = ("explain",)
    experiments: tuple[Slug, ...] = ()


class Point(Strict):
    """One idea that a complete answer contains, with its ladder of help."""

    id: PartId
    title: Text
    """A few words that complete "still open: ..." without giving the answer away."""
    required: bool = True
    paraphrases: tuple[Text, ...] = Field(min_length=4)
    """Ways to say it, in different words; none shares its wording with the prompt alone."""
    key_terms: tuple[tuple[Text, ...], ...] = ()
    """Groups of synonyms; an answer that covers the point touches every group."""
    pump: Text
    """Rung 1: invites more without a cue."""
    hint: Text
    """Rung 2: names the concept."""
    prompt: Text
    """Rung 3: a sentence with one word left out, written as `___`."""
    prompt_answers: tuple[Text, ...] = Field(min_length=1)
    """What fits the gap."""
    assertion: Text
    """Rung 4: the point itself."""


class Misconception(Strict):
    """A full sentence that contradicts a point, and what to say to it."""

    id: PartId
    claim: Text
    paraphrases: tuple[Text, ...] = ()
    contradicts: PartId
    explanation: Text
    experiment: Slug | None = None
    """The run that refutes it."""


class Example(Strict):
    """An answer with the marks it should get: the grader's test and its memory."""

    answer: Text
    verdict: Verdict
    points: tuple[PartId, ...] = ()
    misconceptions: tuple[PartId, ...] = ()
    voice: Voice


class Formula(Strict):
    """A formula that answers give, and what it makes or takes away, however it is written."""

    expression: Text
    """In Python, over the roles loss, coefficient, weights, rate and gradient."""
    points: tuple[PartId, ...] = ()
    """Points that it makes."""
    denies: tuple[PartId, ...] = ()
    """Points that it gets wrong."""
    misconceptions: tuple[PartId, ...] = ()
    factors: tuple[float, ...] = Field(default=(1.0,), min_length=1)
    """By these the coefficient may be multiplied and it is still the same formula."""
    target: Literal["loss", "weights", "gradient"] | None = None
    """The role that it may be set equal to; any other that is known makes another formula of it."""
    bare: bool = True
    """Whether it counts in the middle of a sentence; if not, only as an equation or alone in its line."""


class RubricFile(Strict):
    """`rubric.toml`: what is expected of an answer."""

    model_answer: Text
    points: tuple[Point, ...] = Field(min_length=2, max_length=6)
    misconceptions: tuple[Misconception, ...] = ()
    formulas: tuple[Formula, ...] = ()
    examples: tuple[Example, ...] = ()


class Option(Strict):
    """One choice of an item; each says why it is right or wrong."""

    text: Text
    why: Text
    correct: bool = False
    value: Text | None = None
    """Right where the recorded run measured this word."""
    low: float | None = None
    high: float | None = None
    """Right where it measured a number from `low` up to, not including, `high`; either may be left out."""


class Item(Strict):
    """One way of asking for a point in practice."""

    id: PartId
    point: PartId
    form: Form
    prompt: Text
    """May hold `{names}` that the generator fills with fresh values."""
    options: tuple[Option, ...] = ()
    answers: tuple[Text, ...] = ()
    """Accepted answers of a cloze item."""
    generator: Slug | None = None
    """Name of a built-in generator of fresh numbers (compute items)."""
    why: Text | None = None
    """The explanation, or the worked solution with the generator's `{names}`."""
    experiment: Slug | None = None
    measured: Text | None = None
    """Name of the measured value by which the recorded run settles which option is right (predict items)."""


class PracticeFile(Strict):
    """`practice.toml`: the quiz items of a question."""

    items: tuple[Item, ...] = Field(min_length=1)


# --- experiments/<name>.toml ---------------------------------------------------------------


class Parameter(Strict):
    """A knob of an experiment."""

    name: Text
    label: Text
    kind: Literal["number", "integer", "choice", "numbers"]
    default: float | int | str | tuple[float, ...]
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    reason: Text
    """Why one would turn it, in one line."""


class Choice(Strict):
    """One possible prediction."""

    key: Slug
    text: Text


class Prediction(Strict):
    """What the learner commits to before the run: one of `choices`, or a number from `low` to `high`."""

    ask: Text
    measured: Text
    """Name of the measured value to compare with: the key of the choice that came out, or the number."""
    choices: tuple[Choice, ...] = ()
    expected: Slug | None = None
    """The choice the course expects."""
    low: float | None = None
    high: float | None = None
    unit: str = ""
    expected_low: float | None = None
    expected_high: float | None = None
    """The number the course expects lies between these two."""
    near: float | None = Field(default=None, gt=0)
    """A number this close to the measured one counts as right."""

    @property
    def is_number(self) -> bool:
        """Whether a number is sketched instead of a choice taken."""
        return not self.choices

    @model_validator(mode="after")
    def _complete(self) -> Self:
        numbers = (self.low, self.high, self.expected_low, self.expected_high, self.near)
        if self.choices:
            if any(number is not None for number in numbers):
                raise ValueError("a prediction has choices or low, high, near; not both")
            if self.expected not in [choice.key for choice in self.choices] or len(self.choices) < 2:
                raise ValueError("a prediction has at least two choices, and `expected` is the key of one")
        elif any(number is None for number in numbers) or self.expected is not None:
            raise ValueError(
                "without choices a prediction needs low, high, expected_low, expected_high and near"
            )
        return self


class ExperimentFile(Strict):
    """`experiments/<name>.toml`: what to vary, what to predict, what to expect."""

    name: Slug
    title: Text
    family: Slug
    questions: tuple[QuestionId, ...] = Field(min_length=1)
    claim: Text
    goal: Text
    budget_s: float = Field(gt=0)
    parameters: tuple[Parameter, ...] = ()
    prediction: Prediction
    expected: Text
    """What the course expects to see, in one sentence."""
    sentence: Text
    """Made from measured values: a format string over their names."""
    seeds: int = Field(default=1, ge=1, le=10)
    """How many seeds a run goes through where chance matters; the first one's result shows at once."""
    spread: Text | None = None
    """What the seeds say together: a format string over `{seeds}`, `{agree}` (how many came out like the
    first) and `{name.low}`, `{name.high}`, `{name.mean}` of measured numbers."""
    uses_ratings: bool = False
    """Whether the learner's own ratings change the result."""
    code: Text | None = None
    """The run in at most 25 lines of Python, runnable as shown; `$name` stands for a setting."""
    explanation: Text
    x_label: Text
    y_label: Text
    smoke: dict[str, float | int | str | tuple[float, ...]] = {}
    """Settings of a quick run for the course linter."""

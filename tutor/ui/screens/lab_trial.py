"""One experiment on the bench: its settings, its prediction, its curves, its result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tutor.core.lab_results import in_words
from tutor.ui.widgets.growing import Growing

if TYPE_CHECKING:
    from tutor.core.course_schema import ExperimentFile
    from tutor.core.events import RunFinished
    from tutor.core.lab_history import PastRun
    from tutor.ui.widgets.forecast import Said

Mode = Literal["guided", "free", "past"]
"""With a prediction first, without one beside it, or a stored run that is only looked at."""


@dataclass
class Trial:
    """Everything that has to come back when the learner comes back to an experiment."""

    file: ExperimentFile
    mode: Mode = "guided"
    seed: int = 0
    chosen: Said | None = None
    typed: dict[str, str] = field(default_factory=dict)
    growing: Growing = field(default_factory=Growing)
    run: RunFinished | None = None
    last: RunFinished | None = None
    """The run before, whose curves can lie under the next ones."""
    overlay: bool = False
    seen: str | None = None
    """Key of what the learner saw."""
    skipped: bool = False
    """Whether the learner would not say what they saw."""
    explained: bool = False

    @classmethod
    def of_past(cls, file: ExperimentFile, past: PastRun) -> Trial:
        """A stored run as it ended."""
        assert past.result is not None
        seed = int(past.config.get("seed", 0))
        typed = {p.name: as_typed(past.config[p.name]) for p in file.parameters if p.name in past.config}
        trial = cls(file, "past", seed, past.prediction, typed, Growing(seed), past.result, past.result)
        trial.growing.finish(past.result)
        trial.seen, trial.explained = past.observed, True
        return trial

    def free(self) -> Trial:
        """Free play beside this one: the same start and settings, its curves under the next ones."""
        growing = Growing(self.seed, self.run.series if self.run else ())
        return Trial(
            self.file, "free", self.seed, None, dict(self.typed), growing, None, self.run, overlay=True
        )

    def rewind(self) -> None:
        """Go back to the start: same seed, same settings, no prediction yet."""
        self.last = self.run or self.last
        self.chosen = None
        self._forget()

    def begin(self) -> None:
        """Empty the curves for the next run."""
        self.last = self.run or self.last
        under = self.last.series if self.overlay and self.last else ()
        self.growing = Growing(self.seed, under)
        self._forget()

    def _forget(self) -> None:
        self.run, self.seen, self.skipped, self.explained = None, None, False, False

    @property
    def ready(self) -> bool:
        """Whether Run is open."""
        return self.mode == "free" or self.chosen is not None

    @property
    def sights(self) -> list[tuple[str, str]]:
        """What there may be to see, as key and text."""
        asked = self.file.prediction
        if asked.is_number:
            return [("more", "More than I said."), ("near", "About what I said."), ("less", "Less.")]
        return [(choice.key, choice.text) for choice in asked.choices]

    @property
    def wants_sight(self) -> bool:
        """Whether the learner is still to say what they saw; until then nobody else says it."""
        waiting = self.seen is None and not self.skipped
        return self.mode == "guided" and self.run is not None and waiting

    @property
    def saw(self) -> str:
        """What the learner saw, in words."""
        return dict(self.sights).get(self.seen or "", self.seen or "")

    @property
    def said(self) -> str:
        """The prediction in words."""
        return in_words(self.file, self.chosen)


def as_typed(value: object) -> str:
    """A setting as one types it into its knob."""
    return ", ".join(f"{one:g}" for one in value) if isinstance(value, (list, tuple)) else str(value)

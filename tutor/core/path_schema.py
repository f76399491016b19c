"""The parts of a course that lead through it: the placement check and the contrasts of look-alikes."""

from __future__ import annotations

from pydantic import Field

from tutor.core.course_schema import Form, Item, Option, PartId, QuestionId, Strict, Text

# --- placement.toml ------------------------------------------------------------------------


class PlacementItem(Strict):
    """One question of the placement check."""

    id: PartId
    start_at: QuestionId
    """Where to start for somebody who does not know this."""
    prompt: Text
    options: tuple[Option, ...] = Field(min_length=2)

    @property
    def item(self) -> Item:
        """The same as a practice item; its point is of no matter."""
        return Item(id=self.id, point="p0", form="choice", prompt=self.prompt, options=self.options)


class PlacementFile(Strict):
    """`placement.toml`: the items stand in the order of the course."""

    intro: Text
    items: tuple[PlacementItem, ...] = Field(min_length=1)
    otherwise: QuestionId
    """Where to start for somebody who knows all of it."""


# --- contrasts.toml ------------------------------------------------------------------------


class Contrast(Strict):
    """An item that asks for the difference between questions that are easily mixed up.

    It is practised as an item of each of them.
    """

    id: PartId
    questions: tuple[QuestionId, ...] = Field(min_length=2)
    form: Form = "choice"
    prompt: Text
    options: tuple[Option, ...] = ()
    answers: tuple[Text, ...] = ()
    why: Text | None = None

    def item(self, point: str) -> Item:
        """The practice item for a point of one of the questions."""
        return Item(
            id=self.id,
            point=point,
            form=self.form,
            prompt=self.prompt,
            options=self.options,
            answers=self.answers,
            why=self.why,
        )


class ContrastsFile(Strict):
    """`contrasts.toml`."""

    contrasts: tuple[Contrast, ...]

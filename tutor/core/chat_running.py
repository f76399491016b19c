"""Experiments out of the chat: in the app the Lab opens, in a pipe they run here, prediction first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tutor.core.course_schema import Choice, ExperimentFile
from tutor.core.events import Cancelled, ChatEvent, Failed, Opened, Progress, RunFinished
from tutor.core.intents import Understood
from tutor.core.lab_results import in_words, read_prediction
from tutor.core.settings import SettingError
from tutor.core.what_if import what_if
from tutor.text.tokens import squeezed

if TYPE_CHECKING:
    from tutor.core.session import Session

_PENDING = "pending_run"


def run_experiment(session: Session, understood: Understood, text: str) -> Iterator[ChatEvent]:
    """Ask for the prediction, or, once it is made, run; the app does both in the Lab."""
    name = understood.argument or _own_experiment(session)
    if name is None:
        names = ", ".join(session.workspace.course.experiment_names)
        yield session.say(f"No experiment belongs to this question. There are: {names}.")
        return
    file = session.workspace.course.experiment(name)
    wish = what_if(text, session.workspace.course, session.question) if understood.settings else None
    note = wish.note if wish else ""
    if not session.inline:
        yield session.say(
            f"To the Lab: {file.title}. {note} You predict first, then it runs.".replace("  ", " ")
        )
        yield Opened(place="lab", argument=name, settings=understood.settings)
    elif understood.prediction is None:
        yield from _ask_prediction(session, file, understood, note)
    else:
        yield from _run(session, file, understood)


def pending_choice(session: Session, text: str) -> Understood | None:
    """The run that waits for a prediction, if the line makes one; any other line lets go of it."""
    settings = session.workspace.store.settings
    pending = settings.get(_PENDING)
    if not pending:
        return None
    settings.set(_PENDING, None)
    file = session.workspace.course.experiment(pending["name"])
    line = squeezed(text).strip(" .!")
    if file.prediction.is_number:
        try:
            said = read_prediction(file, line)
        except SettingError:
            return None
    else:
        chosen = _chosen(file.prediction.choices, line)
        said = chosen.key if chosen else None
    if said is None:
        return None
    return Understood("run_experiment", file.name, settings=pending["settings"], prediction=str(said))


def _chosen(choices: tuple[Choice, ...], line: str) -> Choice | None:
    """By number, key, or wording."""
    if line.isdigit():
        return choices[int(line) - 1] if 1 <= int(line) <= len(choices) else None
    for choice in choices:
        if line == choice.key or (len(line) > 3 and line in squeezed(choice.text)):
            return choice
    named = [choice for choice in choices if choice.key in line.split()]
    return named[0] if len(named) == 1 and len(line.split()) <= 6 else None


def _own_experiment(session: Session) -> str | None:
    question = session.question
    return question.file.experiments[0] if question and question.file.experiments else None


def _ask_prediction(
    session: Session, file: ExperimentFile, understood: Understood, note: str = ""
) -> Iterator[ChatEvent]:
    with session.workspace.store.transaction():
        session.workspace.store.settings.set(_PENDING, {"name": file.name, "settings": understood.settings})
        choices = [
            f"{number}  {choice.text}" for number, choice in enumerate(file.prediction.choices, start=1)
        ]
        asked = file.prediction
        if asked.is_number:
            choices = [f"A number from {asked.low:g} to {asked.high:g}{asked.unit and f' {asked.unit}'}."]
        said = session.say("\n".join([f"{note} {asked.ask}".strip(), *choices]), "prediction")
    keys = [choice.key for choice in file.prediction.choices]
    session.note(experiment=file.name, choices=keys, settings=understood.settings)
    yield said


def _run(session: Session, file: ExperimentFile, understood: Understood) -> Iterator[ChatEvent]:
    settings = understood.settings or None
    for event in session.workspace.lab.run(file.name, settings=settings, prediction=understood.prediction):
        if isinstance(event, Progress | Failed | Cancelled):
            yield event
        elif isinstance(event, RunFinished):
            yield session.say(_result(file, event), "run")
            session.note(
                experiment=file.name, prediction=event.prediction, outcome=event.outcome, holds=event.holds
            )


def _result(file: ExperimentFile, event: RunFinished) -> str:
    said, measured = in_words(file, event.prediction), in_words(file, event.outcome)
    lines = [f"You said: {said}", f"Measured: {measured}" if measured else "", event.sentence]
    if event.holds is False:
        lines.append(f"The course expects otherwise here: {event.expected}")
    return "\n".join(line for line in lines if line)

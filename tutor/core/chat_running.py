"""Experiments out of the chat: in the app the Lab opens, in a pipe they run here, prediction first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tutor.core.chat_notes import announcement, verdict
from tutor.core.course_schema import Choice, ExperimentFile
from tutor.core.curriculum import Question
from tutor.core.dialogue import MAX_LINES, fitted
from tutor.core.events import Cancelled, ChatEvent, Failed, Grade, Opened, Progress, RunFinished
from tutor.core.grading.reply import OPEN_SIGN
from tutor.core.intents import Understood
from tutor.core.lab_results import in_words, read_prediction
from tutor.core.settings import SettingError
from tutor.core.what_if import asked_with, what_if
from tutor.text.tokens import squeezed

if TYPE_CHECKING:
    from tutor.core.session import Session

_PENDING, _OFFERED, _REFUTED = "pending_run", "offered_run", "refuted"
"""Settings: the run that waits for a prediction, the run offered last, misconceptions that had their run."""
_SURE = 3


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


def refute(session: Session, question: Question, marked: Grade) -> list[ChatEvent]:
    """Answer a misconception: what is right, why the rest is not, and a run that decides, prediction first.

    Each misconception gets its run once; after that the learner is asked to say it anew.
    """
    settings, hit = session.workspace.store.settings, marked.misconceptions[0]
    name, mine = _refuting(session, question, hit.id), f"{question.entry.id}.{hit.id}"
    is_new = name is not None and mine not in settings.get(_REFUTED, [])
    lines = [line for line in marked.reply.splitlines() if not line.startswith(OPEN_SIGN)]
    if name is None or not is_new:
        again = verdict(session, lines, MAX_LINES - 1)
        return [session.say(f"{again}\nHow would you put it now?", "your words")]
    settings.set(_REFUTED, [*settings.get(_REFUTED, []), mine])
    settings.set(_OFFERED, {"question": question.entry.id, "name": name})
    lead = "You were sure, so let a run decide." if marked.confidence == _SURE else "Let a run decide."
    if not session.inline:
        offer = f"{lead} `run it`: you predict first. Or how would you put it now?"
        return [
            session.say(verdict(session, lines, MAX_LINES - 1), "your words"),
            session.say(offer, "prediction"),
        ]
    file = session.workspace.course.experiment(name)
    kept = [line for line in lines if line[:1] in "✓△"]
    notes = announcement(session, MAX_LINES - 1)
    said = session.say(fitted([fitted(kept, 1), notes] if notes else kept, 2), "your words")
    return [said, *_ask_prediction(session, file, Understood("run_experiment", name), lead)]


def sure_and_wrong(question: Question, marked: Grade) -> str:
    """The offer of a run to somebody who was sure of an answer in which nothing is right; else empty."""
    is_wrong = marked.verdict == "incorrect" and marked.confidence == _SURE
    return "You were sure: `run it` lets a run decide." if is_wrong and question.file.experiments else ""


def _refuting(session: Session, question: Question, misconception: str) -> str | None:
    """The run that refutes a misconception, else the question's first; None where the course has none."""
    named = (one.experiment for one in question.rubric.misconceptions if one.id == misconception)
    runs = [name for name in (*named, *question.file.experiments) if name]
    return next((name for name in runs if name in session.workspace.course.experiment_names), None)


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
    """The run that was offered last for the question on the screen, else its first one."""
    question = session.question
    offered = session.workspace.store.settings.get(_OFFERED) or {}
    if question and offered.get("question") == question.entry.id:
        return str(offered["name"])
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
        said = session.say(
            "\n".join([f"{note} {asked_with(file, understood.settings)}".strip(), *choices]), "prediction"
        )
    keys = [choice.key for choice in file.prediction.choices]
    session.note(experiment=file.name, choices=keys, settings=understood.settings)
    yield said


def _run(session: Session, file: ExperimentFile, understood: Understood) -> Iterator[ChatEvent]:
    settings = understood.settings or None
    for event in session.workspace.lab.run(file.name, settings=settings, prediction=understood.prediction):
        if isinstance(event, Progress | Failed | Cancelled):
            yield event
        elif isinstance(event, RunFinished):
            yield session.say("\n".join([*_result(file, event), *_back(session)]), "run")
            session.note(
                experiment=file.name, prediction=event.prediction, outcome=event.outcome, holds=event.holds
            )


def _back(session: Session) -> list[str]:
    """The line that leads back to the question on the screen, if it is begun and still open."""
    current = session.current
    if current is None or session.workspace.store.learning.standing(current.id).state != "started":
        return []
    return ["Back to the question: how would you put it now?"]


def _result(file: ExperimentFile, event: RunFinished) -> list[str]:
    """What was said, what was measured, and what it means, a line each."""
    said, measured = in_words(file, event.prediction), in_words(file, event.outcome)
    lines = [f"You said: {said}", f"Measured: {measured}" if measured else "", event.sentence]
    if event.holds is False:
        lines.append(f"The course expects otherwise here: {event.expected}")
    return [line for line in lines if line]

"""What the tutor does for each intent. Each action stores what it says before it is seen."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.core import (
    chat_again,
    chat_asides,
    chat_navigation,
    chat_notes,
    chat_places,
    chat_reading,
    chat_running,
    chat_sentence,
    chat_time,
    dialogue,
)
from tutor.core.chat_appeals import appeal
from tutor.core.chat_beside_answers import answer_beside
from tutor.core.curriculum import Question
from tutor.core.events import ChatEvent, Grade, Graded, Intent
from tutor.core.grading.reply import OPEN_SIGN
from tutor.core.intents import Understood
from tutor.text.phrases import is_dont_know
from tutor.text.tokens import squeezed

if TYPE_CHECKING:
    from tutor.core.session import Session
    from tutor.store.learning import Standing

Action = Callable[["Session", Understood, str], Iterator[ChatEvent]]
Performance = Generator[ChatEvent, None, Intent]

_NO_MOVE = ("off_topic", "unsure")  # their reply asks back by itself
_YES = frozenset(["yes", "y", "yep", "yeah", "sure", "ok", "okay", "go", "ja", "fine", "alright"])
_THANKS = ("thank", "thx", "cheers", "cool", "nice", "great", "awesome", "wow", "lol", "haha", "love", "good")
_HELP = """\
Answer in your own words; `, sure` or `, a guess` behind it says how sure you are. Or say:
`hint`, `tell me`, `lesson`, `run it`: help with this question, and an experiment that shows it.
`next`, `previous`, `go to 22`, `plan`: move about.   `quiz me`, `how am i doing`, `recap`: practice.
`i loved Fargo`, `recommend me something`, `undo`: films.   `what is an embedding?`: look something up.
`why this?`, `explain the grade`, `I was right`: ask back.   `primer`: what a newcomer should know.
`show my notes`: what you wrote before.   `I have 10 minutes`: I plan for them."""


def perform(session: Session, understood: Understood, text: str) -> Performance:
    """Do what was understood; returns the intent as it turned out."""
    intent = understood.intent
    if intent in ("answer", "clarify") and _says_yes(session, text):
        intent = "next"
    done = yield from answer_beside(session, intent, text)
    if done:
        return done
    if intent == "answer" and session.question is None:
        intent = "clarify"
    if intent == "answer" and _states_a_slip(session, text):
        intent = "answer_from_lecture"
    if intent == "answer_from_lecture":
        return (yield from _look_up(session, understood.argument or text))
    yield from _ACTIONS[intent](session, understood, text)
    return intent


def _states_a_slip(session: Session, text: str) -> bool:
    """Whether "..., right?" asks about something wrong that no point of an answer stands beside."""
    from tutor.core.grading import grade
    from tutor.core.lookup import ASKED_BACK, corrected

    question = session.question
    if question is None or not ASKED_BACK.search(squeezed(text)):
        return False
    marked = grade(question, text)
    if marked.misconceptions or any(point.covered for point in marked.points):
        return False
    return corrected(session.workspace.course, text, question) is not None


def _says_yes(session: Session, text: str) -> bool:
    current = session.current
    if squeezed(text).strip(" .!") not in _YES or current is None:
        return False
    return session.workspace.store.learning.standing(current.id).state == "done"


# --- answers -------------------------------------------------------------------------------------


def _answer(session: Session, _: Understood, text: str) -> Iterator[ChatEvent]:
    """Grade an answer and make one move; verdict, attempt and standing are stored together."""
    from tutor.core.grading import grade

    question, learning = _open(session), session.workspace.store.learning
    before = learning.standing(question.entry.id)
    marked = grade(question, text)
    filled = dialogue.fill_gap(question, before, text)
    if filled:
        marked = dialogue.with_gap_filled(question, marked, filled, text)
    elif dialogue.misses_gap(question, before, text, marked):
        marked = dialogue.with_gap_missed(marked, text)
    marked = marked.model_copy(update={"confidence": session.sure})
    with session.workspace.store.transaction():
        learning.add_attempt(question.entry.id, text, marked.model_dump(mode="json"))
        events = [Graded(grade=marked), *_replies(session, question, marked)]
    session.note(grade=marked.model_dump(mode="json"))
    yield from events


def _replies(session: Session, question: Question, marked: Grade) -> list[ChatEvent]:
    learning = session.workspace.store.learning
    standing = dialogue.after_answer(learning.standing(question.entry.id), marked)
    if dialogue.is_done(question, standing, marked) and marked.verdict not in _NO_MOVE:
        learning.save_standing(replace(standing, state="done"))
        return _done(session, question, marked)
    learning.save_standing(standing)
    if marked.verdict in _NO_MOVE:
        return [session.say(marked.reply, "asking back")]
    if marked.misconceptions:
        return chat_running.refute(session, question, marked)
    return _one_move(session, question, marked)


def _one_move(session: Session, question: Question, marked: Grade) -> list[ChatEvent]:
    learning = session.workspace.store.learning
    standing = learning.standing(question.entry.id)
    move = dialogue.next_rung(question, standing)
    if move is None:
        return [session.say(marked.reply, "your words")]
    _made(session, question, standing, move)
    grades = [Grade.model_validate(one.grade) for one in learning.attempts(question.entry.id)]
    offer = chat_running.sure_and_wrong(question, marked) or dialogue.another_form(question, grades, standing)
    said = [text for text in (move.text, offer) if text]
    room = dialogue.MAX_LINES - sum(len(text.splitlines()) for text in said)
    reply = dialogue.without_questions(marked.reply) if "?" in move.text else marked.reply
    return [
        session.say(chat_notes.verdict(session, [reply], room), "your words"),
        session.say("\n".join(said), move.label),
    ]


def _made(session: Session, question: Question, before: Standing, move: dialogue.Move) -> None:
    """Keep a move of the ladder; a point that was told comes back."""
    session.workspace.store.learning.save_standing(move.standing)
    if move.asks_again:
        session.ask_again(question.entry.id)
        for point in dialogue.missing(question, before)[:1]:
            chat_again.told(session, question, point.id)


def _done(session: Session, question: Question, marked: Grade) -> list[ChatEvent]:
    after = session.workspace.store.learning.standing(question.entry.id)
    asks_why = marked.verdict == "correct" and chat_sentence.wanted(session, question)
    closing = dialogue.confirmation(question, after)
    room = dialogue.MAX_LINES - len(closing.splitlines()) - 1
    said = [line for line in marked.reply.splitlines() if not line.startswith(OPEN_SIGN)]
    events: list[ChatEvent] = [session.say(chat_notes.verdict(session, said, room), "your words")]
    if not asks_why:
        onward = chat_time.onward(session, chat_navigation.upcoming(session, question.entry))
        onward = chat_navigation.leading_on(session) if onward is None else onward
        return [*events, session.say(f"{closing}\n{onward}".rstrip(), "done")]
    chat_sentence.put(session, question)
    return [*events, session.say(closing, "done"), session.say(chat_sentence.ASK, chat_sentence.LABEL)]


# --- help ----------------------------------------------------------------------------------------


def _hint(session: Session, _: Understood, text: str) -> Iterator[ChatEvent]:
    yield from _smaller_step(session, "That is a fair answer. A smaller step:" if is_dont_know(text) else "")


def _smaller_step(session: Session, before: str) -> Iterator[ChatEvent]:
    """The next rung of help, a hint at least; `before` is said first."""
    question = session.question
    if question is None:
        yield session.say("No question is open. `next` opens one.")
        return
    learning = session.workspace.store.learning
    standing = learning.standing(question.entry.id)
    move = dialogue.next_rung(question, standing, at_least=2)
    if move is None:
        yield session.say("Nothing is open here: you have said all of it. `next` goes on.")
        return
    with session.workspace.store.transaction():
        _made(session, question, standing, move)
        said = session.say(f"{before}\n{move.text}".strip(), move.label)
    yield said


def _reveal(session: Session, _: Understood, __: str) -> Iterator[ChatEvent]:
    question = session.question
    if question is None:
        yield session.say("No question is open. `next` opens one.")
        return
    learning = session.workspace.store.learning
    with session.workspace.store.transaction():
        before = learning.standing(question.entry.id)
        move = dialogue.told(question, before)
        check = dialogue.check(question, move.standing)
        _made(session, question, before, move)
        if check:
            learning.save_standing(check.standing)
        session.note(sources=(f"{question.entry.id}: in short",))
        events = [session.say(move.text, move.label)]
        if check:
            events.append(session.say(f"Now you. Fill in: {check.text}", check.label))
    yield from events


def _look_up(session: Session, text: str) -> Performance:
    from tutor.core.lookup import look_up

    found = look_up(session.workspace.course, text, session.question)
    if found is None:
        yield from _out_of_scope(session, Understood("out_of_scope"), text)
        return "out_of_scope"
    deeper = ""
    if found.entry and found.entry != session.current:
        deeper = f" `go to {found.entry.q or found.entry.id}` goes deeper."
    session.note(sources=(found.source,))
    yield session.say(f"{found.text}\n({found.source}){deeper}", "from the course")
    return "answer_from_lecture"


def _encourage(session: Session, _: Understood, text: str) -> Iterator[ChatEvent]:
    if squeezed(text).startswith(_THANKS):
        yield session.say("With pleasure. " + _onward(session))
    elif session.question and not _is_finished(session):
        yield from _smaller_step(session, "This one is hard, and saying so helps me. A smaller step:")
    else:
        yield session.say("Fair. Let us take it slowly: `lesson` explains it in small parts, `next` goes on.")


def _is_finished(session: Session) -> bool:
    question = session.question
    if question is None:
        return True
    return not dialogue.missing(question, session.workspace.store.learning.standing(question.entry.id))


def _onward(session: Session) -> str:
    current = session.current
    return f"We are at {chat_navigation.said_title(current)}." if current else "`next` opens a question."


def _clarify(session: Session, _: Understood, text: str) -> Iterator[ChatEvent]:
    if not text.strip():
        yield session.say("There is nothing to read yet. A guess is useful, even half a sentence.")
    elif session.question:
        yield session.say("I am not sure what you want. Answer in your own words, or say `hint` or `help`.")
    else:
        yield session.say(
            "I am not sure what you want. `next` opens a question, `help` shows what I understand."
        )


def _out_of_scope(session: Session, _: Understood, __: str) -> Iterator[ChatEvent]:
    yield session.say(
        "I do not find that in this course, and I would rather not guess. "
        f"I can explain its terms, such as `what is an embedding?` {_onward(session)}"
    )


def _help(session: Session, understood: Understood, _: str) -> Iterator[ChatEvent]:
    if understood.argument:
        yield from chat_asides.explain(session, understood.argument)
    else:
        yield session.say(_HELP, "help")


def _open(session: Session) -> Question:
    question = session.question
    assert question is not None  # `perform` lets no answer through without one
    return question


_ACTIONS: dict[Intent, Action] = {
    "answer": _answer,
    "lesson": chat_reading.read,
    "hint": _hint,
    "reveal": _reveal,
    "run_experiment": chat_running.run_experiment,
    "exercise": chat_reading.show_exercise,
    "show_recommendations": chat_places.recommend,
    "rate_movie": chat_places.rate,
    "quiz": chat_places.quiz,
    "next": lambda session, _, __: chat_navigation.go_next(session),
    "previous": lambda session, _, __: chat_navigation.go_previous(session),
    "goto": lambda session, understood, _: chat_navigation.go_to(session, understood.argument),
    "appeal": appeal,
    "plan": chat_time.plan,
    "undo": chat_places.undo,
    "progress": chat_places.progress,
    "help": _help,
    "encourage": _encourage,
    "clarify": _clarify,
    "out_of_scope": _out_of_scope,
}

"""A tutoring session: a typed line or a key goes in, events come out; all of it is stored first.

A turn stores the learner's words, reads what they want, acts, and ends with exactly one of
`TurnFinished`, `Failed` or `Cancelled`. What is shown was committed before; a verdict, the attempt
and the standing are committed together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast

from tutor.core.chat_beside import BESIDE
from tutor.core.curriculum import ContentError, CourseError, Entry, Question
from tutor.core.errors import BadInput, CannotDo
from tutor.core.events import Asked, Cancelled, ChatEvent, Failed, Intent, Said, Turn, TurnFinished
from tutor.core.practice import utc_now
from tutor.store.database import StoreError
from tutor.store.learning import Message, Role

if TYPE_CHECKING:
    from datetime import datetime

    from tutor.core.intents import Understood
    from tutor.core.workspace import Workspace

CURRENT, DRAFT, PENDING_RUN, ASK_AGAIN = "current_question", "draft", "pending_run", "ask_again"
"""Settings: the question on the screen, the half-typed text, the run to predict, questions to repeat."""
_EXPECTED = (BadInput, CannotDo, CourseError, ContentError, StoreError)


class Session:
    """One learner's conversation. With `inline_runs`, runs and lists happen inside the chat."""

    def __init__(
        self, workspace: Workspace, inline_runs: bool = False, *, grades: bool = True, keeps: bool = True
    ) -> None:
        self.workspace = workspace
        self.inline = inline_runs
        self.keeps = keeps
        """False where everything is forgotten at once: nothing that takes long is begun then."""
        self.clock: Callable[[], datetime] = utc_now
        self._grades = grades  # whether what reads like an attempt is graded
        self._lines: list[str] = []
        self._sources: list[str] = []
        self._data: dict[str, Any] = {}
        self.sure: int | None = None
        """How sure the learner said to be of this line: 1 guess, 2 fairly sure, 3 sure."""
        self.fault: Exception | None = None
        """What the last turn failed with, where that is an answer and no bug."""

    # --- state -------------------------------------------------------------------------------

    @property
    def current(self) -> Entry | None:
        """The question on the screen; None if there is none or the course no longer holds it."""
        ref = self.workspace.store.settings.get(CURRENT)
        try:
            entry = self.workspace.course.entry(ref) if ref else None
        except CourseError:
            return None
        return None if entry is None or entry.planned else entry

    @property
    def question(self) -> Question | None:
        """The question on the screen, opened."""
        entry = self.current
        return self.workspace.course.question(entry.id) if entry else None

    @property
    def draft(self) -> str:
        """What was typed and not sent."""
        return str(self.workspace.store.settings.get(DRAFT, ""))

    @draft.setter
    def draft(self, text: str) -> None:
        self.workspace.store.settings.set(DRAFT, text)

    def history(self, limit: int = 40) -> list[Message]:
        """The last lines of the transcript, oldest first."""
        return self.workspace.store.learning.messages(limit)

    # --- turns -------------------------------------------------------------------------------

    def opening(self) -> list[ChatEvent]:
        """What the learner sees first: a welcome at the first start, the plan, the question."""
        from tutor.core.chat_navigation import opening

        with self.workspace.store.transaction():
            return list(opening(self))

    def ask(self, text: str, confidence: int | None = None) -> Iterator[ChatEvent]:
        """One turn for a typed line. Ends with one `TurnFinished`, `Failed` or `Cancelled`.

        `confidence` (1 guess to 3 sure) may also be said in the line: ", sure".
        """
        from tutor.core.chat_actions import perform
        from tutor.core.chat_again import reply
        from tutor.core.chat_asides import aside, tip
        from tutor.core.chat_running import pending_choice
        from tutor.core.chat_time import close_when_over
        from tutor.core.confidence import read_confidence
        from tutor.core.dialogue import MAX_LINES

        def events() -> Iterator[ChatEvent]:
            with self.workspace.store.transaction():
                heard = self._say("you", text)
                self.draft = ""
            yield heard
            words, said = read_confidence(text)
            self.sure = confidence or said
            understood = pending_choice(self, words) or reply(self, words) or aside(self, words)
            intent = yield from perform(self, understood or self._understand(words), words)
            said_so_far = sum(len(one.splitlines()) for one in self._lines)
            closing = [*close_when_over(self, intent)]
            if intent == "answer" and not closing and said_so_far < MAX_LINES:
                yield from tip(self)
            yield from closing
            yield self._finished(intent)

        return self._turn(events, text)

    def act(self, intent: Intent, argument: str | None = None) -> Iterator[ChatEvent]:
        """One turn for a key: the same as asking, without a typed line."""
        from tutor.core.chat_actions import perform
        from tutor.core.chat_time import close_when_over
        from tutor.core.intents import Understood

        def events() -> Iterator[ChatEvent]:
            done = yield from perform(self, Understood(intent, argument), argument or "")
            yield from close_when_over(self, done)
            yield self._finished(done)

        return self._turn(events, None)

    def _turn(self, events: Callable[[], Iterator[ChatEvent]], text: str | None) -> Iterator[ChatEvent]:
        self._lines, self._sources, self._data, self.fault = [], [], {}, None
        try:
            for event in events():
                yield event
                if isinstance(event, Failed | Cancelled):
                    self._keep(text)
                    return
        except _EXPECTED as fault:
            self.fault = fault
            self._keep(text)
            yield Failed(message=str(fault))
        except Exception as fault:
            self._keep(text)
            where = type(fault).__name__
            yield Failed(message=f"Something broke on my side ({where}: {fault}). What you typed is kept.")

    def _keep(self, text: str | None) -> None:
        """Put the learner's words back into the prompt, as far as the file still takes them."""
        if text is not None:
            try:
                self.draft = text
            except StoreError:
                return

    def _understand(self, text: str) -> Understood:
        from tutor.core.intents import Understood, classify
        from tutor.text.phrases import is_dont_know, is_instruction

        question = self.question
        understood = classify(text, question if self._grades else None, self.workspace.course)
        if question and understood.intent == "clarify" and is_dont_know(text):
            return Understood("hint")
        is_unclear = understood.intent in ("clarify", "out_of_scope", "goto", "appeal")
        if (
            question
            and self._grades
            and is_unclear
            and (is_instruction(text) or self._fills_gap(question, text))
        ):
            return Understood("answer")  # an order to the grader is no objection, a word in a gap no riddle
        return understood

    def _fills_gap(self, question: Question, text: str) -> bool:
        """Whether a gap is open and a word or two are meant for it."""
        from tutor.core.dialogue import GAP, missing

        standing = self.workspace.store.learning.standing(question.entry.id)
        open_points = missing(question, standing)
        is_open = bool(open_points) and standing.rungs.get(open_points[0].id) == GAP
        return is_open and len(text.split()) <= 3

    def _finished(self, intent: Intent) -> TurnFinished:
        current = self.current
        return TurnFinished(
            turn=Turn(
                intent=intent,
                reply="\n".join(self._lines),
                sources=tuple(dict.fromkeys(self._sources)),
                question=current.id if current else None,
                data=self._data,
            )
        )

    # --- what actions use ----------------------------------------------------------------------

    def say(self, text: str, label: str | None = None) -> Said:
        """Store a line of the tutor's and return its event."""
        self._lines.append(text)
        return self._say("tutor", text, label)

    def _say(self, role: Role, text: str, label: str | None = None) -> Said:
        current = self.current
        question = current.id if current else None
        self.workspace.store.learning.say(role, text, label=label, question=question)
        return Said(role=role, text=text, label=label, question=question)

    @property
    def lines_said(self) -> int:
        """How many lines the tutor has said in this turn."""
        return sum(len(text.splitlines()) for text in self._lines)

    def note(self, *, sources: tuple[str, ...] = (), **data: Any) -> None:
        """Add sources and values to the finished turn."""
        self._sources.extend(sources)
        self._data.update(data)

    def put(self, entry: Entry) -> Asked:
        """Make a question the one on the screen."""
        store = self.workspace.store
        store.settings.set(CURRENT, entry.id)
        state = store.learning.standing(entry.id).state
        return Asked(
            id=entry.id, q=entry.q, title=entry.title, prompt=entry.prompt, unit=entry.unit, state=state
        )

    @property
    def to_repeat(self) -> list[str]:
        """Ids of questions that should come back."""
        return list(self.workspace.store.settings.get(ASK_AGAIN, []))

    def ask_again(self, ref: str, *, wanted: bool = True) -> None:
        """Remember, or forget, that a question should come back."""
        others = [one for one in self.to_repeat if one != ref]
        self.workspace.store.settings.set(ASK_AGAIN, [*others, ref] if wanted else others)


# --- one line without a screen -------------------------------------------------------------------


class _Forget(Exception):
    """Rolls back everything that a turn stored."""


_ABSENT = object()


def answer_line(
    workspace: Workspace, text: str, *, question: int | str | None = None, context_q: object = _ABSENT
) -> Turn:
    """One typed line, as if in the chat, as a finished turn.

    With `question` an attempt is graded and nothing is stored. With `context_q` (the question on the
    screen, None for none) nothing is graded or stored. With neither it is a turn of the chat, stored.
    Raises what the turn failed with: `BadInput`, `CannotDo`, `CourseError` and the like, or `CannotDo`.
    """
    if question is None and context_q is _ABSENT:
        return _only_turn(Session(workspace, inline_runs=True), text)
    ref = question if question is not None else cast("int | str | None", context_q)
    entry = workspace.course.question(ref).entry if question is not None and ref is not None else None
    if entry is None and ref is not None:
        entry = workspace.course.entry(ref)
    session = Session(workspace, inline_runs=True, grades=question is not None, keeps=False)
    turns: list[Turn] = []
    try:
        with workspace.store.transaction():
            workspace.store.settings.set(CURRENT, entry.id if entry else None)
            workspace.store.settings.set(PENDING_RUN, None)
            workspace.store.settings.set(BESIDE, None)
            turns.append(_only_turn(session, text))
            raise _Forget
    except _Forget:
        return turns[0]


def _only_turn(session: Session, text: str) -> Turn:
    for event in session.ask(text):
        if isinstance(event, TurnFinished):
            return event.turn
        if isinstance(event, Failed):
            raise session.fault or CannotDo(event.message)
    raise CannotDo("The turn was stopped.")

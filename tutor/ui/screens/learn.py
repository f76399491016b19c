"""Learn: the tutor asks, the learner answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static, TextArea

from tutor.core.events import Asked, Cancelled, Failed, Graded, Intent, Opened, Said, TurnFinished
from tutor.ui.bridge import Bridge
from tutor.ui.commands import bindings
from tutor.ui.screens.place import Place
from tutor.ui.widgets.prompt import Prompt
from tutor.ui.widgets.question_bar import QuestionBar
from tutor.ui.widgets.question_map import LEGEND, QuestionMap, short
from tutor.ui.widgets.transcript import Transcript, line

if TYPE_CHECKING:
    from textual.timer import Timer

    from tutor.core.curriculum import Entry
    from tutor.store.learning import Message

_AT_ONCE = 3
"""Earlier messages that the first frame shows; the rest follow after it."""
HINT_PAUSE = 2.0
"""Seconds between two steps of help by key: the next one is no reflex."""
_PAUSE = 0.6
"""Seconds without a key after which the half-typed answer is stored."""


class Learn(Place):
    """The chat: question map, transcript, prompt."""

    PLACE = "learn"
    AUTO_FOCUS = "#prompt"
    BINDINGS = bindings("learn")

    def __init__(self) -> None:
        super().__init__()
        self._session = self.workspace.session()
        self._earlier: list[Message] = []
        self._sent: str | None = None
        """What was sent and is not in the transcript yet."""
        self._next: Opened | None = None
        """Where the running turn leads."""
        self._disputable = False
        """Whether the last verdict is one that the learner may object to."""
        self._hinted = -HINT_PAUSE
        """When the last hint was asked for by key."""
        self._draft = ""
        self._saving: Timer | None = None
        """Runs while the draft has changes that are not stored."""

    # --- the first frame -------------------------------------------------------------------

    def compose_body(self) -> ComposeResult:
        """Lay out map, transcript and prompt, with the opening already said."""
        self._earlier = self._session.history()
        opening = self._session.opening()
        with Horizontal(id="learn"):
            with Vertical(id="questions"):
                yield QuestionMap(self.workspace.course.units, self.workspace.course.entries)
                yield Static(LEGEND, id="legend", markup=False)
            with Vertical(id="chat"):
                yield QuestionBar()
                with Transcript():
                    for message in self._earlier[-_AT_ONCE:]:
                        yield line(message.role, message.text, message.label, earlier=True)
                    for event in opening:
                        if isinstance(event, Said):
                            yield line(event.role, event.text, event.label)
                yield Prompt(self._session.draft, id="prompt")

    def on_mount(self) -> None:
        """Show where the learner is; older messages follow once there is a frame."""
        self._show_question()
        self._show_states(self._states())
        prompt = self.query_one(Prompt)
        prompt.sent = [message.text for message in self._earlier if message.role == "you"]
        self.call_after_refresh(self._show_earlier)

    def _show_earlier(self) -> None:
        older = self._earlier[:-_AT_ONCE]
        if older:
            lines = [line(one.role, one.text, one.label, earlier=True) for one in older]
            self.query_one(Transcript).put_before(lines)

    def on_resize(self) -> None:
        """Say in the bar whether the map is folded away."""
        self.query_one(QuestionBar).folded = not self._map_in_sight

    @property
    def _map_in_sight(self) -> bool:
        return self.size.width >= self.WIDE

    # --- one turn ---------------------------------------------------------------------------

    @on(Prompt.Submitted)
    def _ask(self, message: Prompt.Submitted) -> None:
        self._sent = message.text
        self._turn(lambda: self._session.ask(message.text, message.sure))

    def action_turn(self, intent: Intent, argument: str | None = None) -> None:
        """Do by key what could also be typed: a hint, the answer, the next question."""
        if intent == "hint":
            if monotonic() - self._hinted < HINT_PAUSE:
                self.query_one(Prompt).say("Two seconds with this one; F2 then goes a step further.")
                return
            self._hinted = monotonic()
        self._turn(lambda: self._session.act(intent, argument))

    def _turn(self, events: Callable[[], Iterator[Any]]) -> None:
        """Run one turn beside the screen; the prompt is locked until its one ending."""

        def stoppable(cancelled: Callable[[], bool]) -> Iterator[Any]:
            for event in events():
                yield event
                if cancelled():
                    yield Cancelled()

        if self.bridge.start(self, "chat", stoppable):
            self.query_one(Prompt).locked = True
            self.refresh_bindings()

    @on(Bridge.Happened)
    def _take(self, message: Bridge.Happened) -> None:
        match message.event:
            case Said() as said:
                self._hear(said)
            case Graded() as graded:
                self._disputable = graded.grade.verdict != "correct"
            case Asked():
                self._disputable = False
                self._show_question()
                self.tutor.read_beforehand()
            case Opened() as opened:
                self._next = opened
            case Failed() as failed:
                self.query_one(Transcript).note(failed.message)
        if message.ended and message.channel == "chat":
            self._end(message.event)

    def _hear(self, said: Said) -> None:
        if said.role == "you" and self._sent is not None:
            self._sent = None
            self.query_one(Prompt).put("")
            self._draft = ""
            self._save_draft()
        self.query_one(Transcript).add(said.role, said.text, said.label)

    def _end(self, ending: TurnFinished | Failed | Cancelled) -> None:
        """Unlock the prompt; what was not heard is still in it, what failed is back in it."""
        prompt = self.query_one(Prompt)
        if isinstance(ending, Failed) and prompt.sent and not prompt.text:
            prompt.put(prompt.sent[-1])
        self._sent = None
        prompt.locked = False
        self.refresh_bindings()
        self.bridge.ask(self, "states", self._states)
        self.tutor.count()
        opened, self._next = self._next, None
        if opened and opened.place == "notes" and isinstance(ending, TurnFinished):
            from tutor.ui.screens.notes import NotesSheet

            self.app.push_screen(NotesSheet(str(opened.argument)))
        elif opened and isinstance(ending, TurnFinished):
            self.run_worker(self.tutor.go(opened.place, opened.argument, **opened.settings))

    # --- question and map -------------------------------------------------------------------

    def _states(self) -> dict[str, str]:
        return {id: one.state for id, one in self.workspace.store.learning.standings().items()}

    @on(Bridge.Answered)
    def _take_states(self, message: Bridge.Answered) -> None:
        if message.channel == "states":
            self._show_states(message.value)

    def _show_states(self, states: dict[str, str]) -> None:
        current = self._session.current
        self.query_one(QuestionMap).show(current.id if current else None, states)

    def _show_question(self) -> None:
        current = self._session.current
        if current:
            bar = self.query_one(QuestionBar)
            bar.number, bar.title, bar.wording = short(current.id).upper(), current.title, current.prompt
        self.refresh_bindings()

    @on(QuestionMap.Opened)
    def _open(self, message: QuestionMap.Opened) -> None:
        self._go_to(message.entry)

    def _go_to(self, entry: Entry | None) -> None:
        self.action_back()
        if entry is None:
            return
        if entry.planned:
            self.notify(f"{short(entry.id).upper()} · {entry.title} is not written yet.")
        else:
            self.action_turn("goto", entry.id)

    @on(QuestionBar.Pressed)
    def action_questions(self) -> None:
        """Go to the map, or unfold it over the transcript where there is no room beside it."""
        if self._map_in_sight:
            self.query_one(QuestionMap).focus()
            return
        from tutor.ui.screens.questions import Questions

        course, current = self.workspace.course, self._session.current
        self.app.push_screen(Questions(course, current.id if current else None, self._states()), self._go_to)

    def arrive(self, argument: str | None = None) -> None:
        """Open the question that led here."""
        if argument:
            self.action_turn("goto", argument)

    # --- keys -------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        busy = self.bridge.busy("chat")
        if action == "stop":
            return busy
        if action == "back":
            return not busy and not isinstance(self.focused, Prompt)
        if action == "page":
            return not isinstance(self.focused, QuestionMap)
        if action == "turn":
            if parameters == ("exercise",):
                return not busy and self._asks_for_code
            if parameters == ("appeal",):
                return not busy and self._disputable
            return not busy and (parameters != ("run_experiment",) or self._can_run)
        return True

    @property
    def _can_run(self) -> bool:
        current = self._session.current
        return bool(current and self.workspace.course.question(current.id).file.experiments)

    @property
    def _asks_for_code(self) -> bool:
        """Whether the question on the screen has a code exercise."""
        current, course = self._session.current, self.workspace.course
        return (
            current is not None and not current.planned and (course.folder(current.id) / "exercise").is_dir()
        )

    def action_stop(self) -> None:
        """Stop the running turn."""
        self.bridge.cancel("chat")

    def action_back(self) -> None:
        """Return to the prompt."""
        self.query_one(Prompt).focus()

    def action_page(self, direction: int) -> None:
        """Scroll the transcript by a page."""
        transcript = self.query_one(Transcript)
        if direction < 0:
            transcript.scroll_page_up()
        else:
            transcript.scroll_page_down()

    @on(Transcript.Copied)
    def _copy(self, message: Transcript.Copied) -> None:
        self.tutor.copy(message.text)

    # --- the half-typed answer --------------------------------------------------------------

    @on(TextArea.Changed)
    def _draft_changed(self, message: TextArea.Changed) -> None:
        self._draft = message.text_area.text
        if self._saving:
            self._saving.stop()
        self._saving = self.set_timer(_PAUSE, self._save_draft)

    def _save_draft(self) -> None:
        self._saving = None
        text = self._draft
        self.bridge.ask(self, "draft", lambda: self._keep(text))

    def _keep(self, text: str) -> None:
        self._session.draft = text

    def on_unmount(self) -> None:
        """Store what was typed since the last pause."""
        if self._saving:
            self._saving.stop()
            self._keep(self._draft)

"""The length of a sitting in the chat: planned for when the learner says it, kept to, and closed once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from tutor.core.agenda import iso
from tutor.core.chat_navigation import PLAN, named, show_plan, upcoming
from tutor.core.curriculum import ContentError
from tutor.core.dialogue import MAX_LINES
from tutor.core.events import ChatEvent, Intent
from tutor.core.sittings import pace
from tutor.core.time_plan import LONGEST, SHORTEST, TimePlan, current_plan, keep_plan, what_fits
from tutor.core.time_words import Wish, time_wish

if TYPE_CHECKING:
    from tutor.core.curriculum import Entry
    from tutor.core.intents import Understood
    from tutor.core.session import Session
    from tutor.core.sittings import Pace
    from tutor.core.time_plan import Fits

_LEADS_AWAY: frozenset[Intent] = frozenset(
    ["quiz", "run_experiment", "exercise", "show_recommendations", "progress"]
)
"""Turns of the app that open another place: what is said behind them would not be seen."""
_OF_LATE = timedelta(days=60)


def plan(session: Session, _: Understood, text: str) -> Iterator[ChatEvent]:
    """Plan for the time that the line gives; without one say where the learner is and what is left."""
    wish = time_wish(text)
    if wish is None:
        yield from show_plan(session, time_left(session))
    elif wish.minutes is None:
        with session.workspace.store.transaction():
            keep_plan(session.workspace.store.settings, None)
            said = session.say("No clock, then: take the time you need.", PLAN)
        yield said
    else:
        yield from _begin(session, wish, wish.minutes)


def _begin(session: Session, wish: Wish, minutes: float) -> Iterator[ChatEvent]:
    now, store = session.clock(), session.workspace.store
    before = current_plan(store.settings, now)
    if not SHORTEST <= minutes <= LONGEST:
        limits = f"{_count(SHORTEST, 'minute')} to {LONGEST // 60} hours"
        yield session.say(f"I can plan for {limits}, for example `10 minutes`. Nothing was changed.", PLAN)
        return
    left = before.left(now) if before and wish.more else 0
    made = TimePlan(now, min(LONGEST, round(minutes) + left))
    with store.transaction():
        keep_plan(store.settings, made)
        said = session.say(_first_words(session, made), PLAN)
    yield said


def _first_words(session: Session, made: TimePlan) -> str:
    """What fits, in two lines; the figures go with the finished turn."""
    own = _pace(session)
    entry = _at(session)
    fits = _fitting(session, made.minutes, own, entry)
    session.note(
        plan={
            "start": made.start.isoformat(), "minutes": made.minutes, "cards": fits.cards,
            "questions": fits.questions, "experiment": fits.run,
        }
    )  # fmt: skip
    parts = [f"{_count(fits.cards, 'due card')} (about {fits.card_minutes} min)"] if fits.cards else []
    if fits.questions and entry:
        others = f" and {_count(fits.questions - 1, 'question')} more" if fits.questions > 1 else ""
        parts.append(f"{named(entry)}{', with its experiment,' if fits.run and others else ''}{others}")
        parts[-1] += " with its experiment" if fits.run and not others else ""
    until = f"{_count(made.minutes, 'minute')}, until {made.end.astimezone():%H:%M}."
    if not parts:
        return f"{until} {_too_short(entry)}"
    start = "Start: `quiz me`." if fits.cards else "Start: your answer to the question here."
    if not fits.cards and entry != session.current:
        start = "Start: `next`."
    return f"{until} What fits: {', then '.join(parts)}.\n{start} I say when the time is up."


def _too_short(entry: Entry | None) -> str:
    if entry is None:
        return "Nothing is due and every question is done: a good time for a run in the Lab, or a film."
    return f"That is a start on {named(entry)}: a sentence or two; it is kept, and we go on from there."


def _fitting(session: Session, minutes: int, own: Pace, entry: Entry | None) -> Fits:
    workspace = session.workspace
    standings = workspace.store.learning.standings()
    still_open = sum(
        one.id not in standings or standings[one.id].state != "done" for one in workspace.course.written
    )
    can_run = bool(entry and workspace.course.question(entry.id).file.experiments)
    due = workspace.practice.counts().due
    return what_fits(
        minutes, own, due=due, questions=max(still_open, int(entry is not None)), can_run=can_run
    )


def _at(session: Session) -> Entry | None:
    """The question on the screen while it is open, else the next one."""
    current = session.current
    if current and session.workspace.store.learning.standing(current.id).state != "done":
        return current
    return upcoming(session, current)


def _pace(session: Session) -> Pace:
    """How fast the learner was of late."""
    since = session.clock() - _OF_LATE
    return pace(session.workspace.store.history.moments(iso(since)))


# --- keeping to it -------------------------------------------------------------------------------


def time_left(session: Session) -> str:
    """`7 of 10 minutes left. `; empty without a plan, or when its time is up (that is said elsewhere)."""
    now = session.clock()
    made = current_plan(session.workspace.store.settings, now)
    if made is None:
        return ""
    left = made.left(now)
    session.note(plan={"start": made.start.isoformat(), "minutes": made.minutes, "left": left})
    return f"{left} of {_count(made.minutes, 'minute')} left. " if left else ""


def onward(session: Session, following: Entry | None) -> str | None:
    """What comes after a question that is done, where a plan says so; None: as always."""
    now, store = session.clock(), session.workspace.store
    made = current_plan(store.settings, now)
    if made is None:
        return None
    left, own = made.left(now), _pace(session)
    if not left:
        return ""  # the closing follows, and says what comes next
    if following is None or left >= own.question:
        return None
    due = session.workspace.practice.counts().due
    rest = f"`quiz me` has {_count(due, 'due card')}." if due else "`recap` looks back."
    return f"{_count(left, 'minute')} left, short for {named(following)}: {rest}"


def close_when_over(session: Session, intent: Intent) -> Iterator[ChatEvent]:
    """At the end of the first turn after the time is up: a short recap and what is due, once."""
    now, store = session.clock(), session.workspace.store
    made = current_plan(store.settings, now)
    away = intent in _LEADS_AWAY and not session.inline
    if made is None or made.left(now) or away or not session.keeps or store.settings.get("pending_run"):
        return
    with store.transaction():
        keep_plan(store.settings, None)
        said = session.say(_closing_words(session, made), "time")
    session.note(time_is_up=True)
    yield said


def _closing_words(session: Session, made: TimePlan) -> str:
    """What was done since the plan was made; a course that cannot be read takes no turn away."""
    from tutor.core.recap import recap
    from tutor.core.recap_text import closing

    try:
        found = recap(session.workspace, session.clock(), made.start)
    except ContentError:
        return f"Your {_count(made.minutes, 'minute')} are up. `recap` looks back."
    return closing(found, made.minutes, room=MAX_LINES - session.lines_said)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"

"""A recap in words: as Markdown to keep, and as six lines for the chat. Times of day are local."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from tutor.core.dialogue import MAX_LINES
from tutor.store.history import parsed

if TYPE_CHECKING:
    from tutor.core.recap import CardSeen, Ran, Recap, Worked
    from tutor.core.recap_ahead import Ahead
    from tutor.store.history import Starred

NOTHING = "Nothing to look back on yet. Answer a question, rate a film or run something, and it will be here."
_FILMS = 12
"""More films than this are counted, not listed: an import may bring hundreds."""
_QUOTE = 100
"""Characters of a quote in the short form."""
_STATES = {"done": "done", "started": "begun", "new": "not begun"}


# --- Markdown ------------------------------------------------------------------------------------


def markdown(recap: Recap) -> str:
    """The whole recap."""
    if recap.is_empty:
        return f"{NOTHING}\n"
    sections = (
        ("Questions", _questions(recap.questions)),
        ("Experiments", _experiments(recap.experiments)),
        ("Code", _code(recap)),
        ("Looked up", [f"- {_words_of(text)}" for text in recap.looked_up]),
        ("Films", _films(recap.films)),
        ("Cards", _cards(recap.cards)),
        ("Due", [f"- {line}" for line in due_lines(recap.ahead)]),
    )
    parts = [f"# {_title(recap)}", f"{when(recap)}: {counted(recap)}."]
    for heading, lines in sections:
        if lines:
            parts += [f"## {heading}", "\n".join(lines)]
    parts += ["## Next", f"{recap.ahead.step} (`{recap.ahead.command}`)"]
    return "\n\n".join(parts).encode("utf-8", "replace").decode("utf-8") + "\n"


def _title(recap: Recap) -> str:
    first, last = local(recap.start).date(), local(recap.end).date()
    return f"Recap of {_day(first)}" + (f" to {_day(last)}" if last != first else "")


def _questions(questions: Sequence[Worked]) -> list[str]:
    lines: list[str] = []
    for one in questions:
        lines += ["", f"### {_named(one)}: {_STATES[one.state]}", "", *_quoted(one.answer), ""]
        lines += [f'- ✓ {point.title}: "{_words_of(point.quote or "")}"' for point in one.made]
        lines += [f"- ○ still open: {point.title}" for point in one.open]
        for met in one.misconceptions:
            mended = "put right since" if met.mended else "still to put right"
            lines += [
                f'- ✗ you said "{_words_of(met.said)}" ({mended}). {_one_line(met.correction)}',
            ]
    return lines[1:]


def _quoted(text: str) -> Iterator[str]:
    """One line as a quote; several, which may be code, as they stand."""
    lines = text.strip().splitlines()
    if len(lines) < 2:
        yield f"> {_words_of(text)}"
        return
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    yield from (fence, *lines, fence)


def _experiments(runs: Sequence[Ran]) -> list[str]:
    lines = []
    for run in runs:
        predicted = f" You predicted: {run.predicted.rstrip('.')}." if run.predicted else ""
        came = {True: " It came out.", False: " It came out otherwise.", None: ""}[run.hit]
        measured = f" Measured: {run.measured.rstrip('.')}." if run.measured else ""
        lines.append(f"- **{run.title}**.{predicted}{measured}{came} {run.sentence}".rstrip())
        if run.token:
            lines.append(f"  `tutor replay {run.token}`")
    return lines


def _code(recap: Recap) -> list[str]:
    came = {True: "passed", False: "not there yet"}
    return [
        f"- {one.question.upper()}: {count(one.checks, 'check')}, {came[one.passed]}" for one in recap.code
    ]


def _films(films: Sequence[Starred]) -> list[str]:
    lines = [f"- {_film(film)}" for film in films[:_FILMS]]
    more = len(films) - len(lines)
    return [*lines, f"- and {more} more"] if more else lines


def _film(film: Starred) -> str:
    title = f"{film.title} ({film.year})" if film.year else film.title
    before = f" (before: {film.before:g})" if film.before is not None else ""
    return f"{title}: {_stars(film.after)}{before}"


def _stars(stars: float | None) -> str:
    return "rating taken away" if stars is None else count(stars, "star")


def _cards(cards: Sequence[CardSeen]) -> list[str]:
    if not cards:
        return []
    forgotten = [card for card in cards if card.forgotten]
    known = len(cards) - len(forgotten)
    lines = [f"- {count(sum(card.reviews for card in cards), 'review')} of {count(len(cards), 'card')}: "
             f"{known} known, {len(forgotten)} forgotten"]  # fmt: skip
    return lines + [f"- forgotten, comes back soon: {card.title}" for card in forgotten]


# --- six lines -----------------------------------------------------------------------------------


def short(recap: Recap, where: str, lines: int = MAX_LINES) -> str:
    """At most six lines; `where` says where the whole is."""
    if recap.is_empty:
        return NOTHING
    ahead = recap.ahead
    told = [_told(recap), _words(recap.questions), _put_right(recap.questions), _last_run(recap.experiments)]
    first = f"{when(recap)}: {counted(recap)}."
    last = f"→ {_sentence(due_lines(ahead)[:1])}Next: {ahead.step} {where}"
    return "\n".join([first, *[f"· {line}" for line in told if line][: lines - 2], last])


def closing(recap: Recap, minutes: int, room: int) -> str:
    """What is said when the time is up: what was done, what is due, what comes next; two lines at least."""
    done = f"{counted(recap)}. {_told(recap)}".strip() if not recap.is_empty else "nothing is lost."
    due = f"→ {_sentence(due_lines(recap.ahead)[:2])}Next: {recap.ahead.step}"
    lines = [f"Your {count(minutes, 'minute')} are up: {done}", due]
    last = "→ `recap` looks back. Go on if you like; everything is kept."
    return "\n".join([*lines, last] if room > len(lines) else [lines[0], f"{due} `recap` looks back."])


def _told(recap: Recap) -> str:
    """Which questions are done, which are begun and what is open there."""
    done = [_name(one) for one in recap.questions if one.state == "done"]
    begun = [
        f"{_name(one)} (still open: {one.open[0].title})" if one.open else _name(one)
        for one in recap.questions
        if one.state != "done"
    ]
    parts = [f"Done: {', '.join(done)}." if done else "", f"Begun: {', '.join(begun)}." if begun else ""]
    return " ".join(part for part in parts if part)


def _words(questions: Sequence[Worked]) -> str:
    made = [one for one in questions if one.made]
    if not made:
        return ""
    best = max(made, key=lambda one: (one.verdict == "correct", len(one.made)))
    quote = max((point.quote or "" for point in best.made), key=len)
    return f'Your words on {_name(best)}: "{_cut(quote)}"'


def _put_right(questions: Sequence[Worked]) -> str:
    met = [(one, hit) for one in questions for hit in one.misconceptions]
    if not met:
        return ""
    one, hit = min(met, key=lambda pair: pair[1].mended)
    before = f"Put right on {_name(one)}: first" if hit.mended else f"Mind {_name(one)}: you said"
    return f'{before} "{_cut(hit.said, 50)}". {_beginning(hit.correction)}'


def _last_run(runs: Sequence[Ran]) -> str:
    if not runs:
        return ""
    run = runs[-1]
    said = f"you predicted: {run.predicted.rstrip('.')}; " if run.predicted else ""
    return f"{run.title}: {said}measured: {run.measured or run.sentence}"


# --- figures -------------------------------------------------------------------------------------


def when(recap: Recap) -> str:
    """`Tue 24 Nov 18:05 to 18:39, 34 minutes`."""
    start, end = local(recap.start), local(recap.end)
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{_day(end.date())} {end:%H:%M}"
    many = f" in {len(recap.sittings)} sittings" if len(recap.sittings) > 1 else ""
    return f"{_day(start.date())} {start:%H:%M} to {until}, {count(recap.minutes, 'minute')}{many}"


def counted(recap: Recap) -> str:
    """`2 questions, 1 experiment, 5 cards, 3 films`."""
    counts = (
        (len(recap.questions), "question"),
        (len(recap.experiments), "experiment"),
        (len(recap.code), "code exercise"),
        (len(recap.cards), "card"),
        (len(recap.films), "film"),
    )
    looked_up = [f"{len(recap.looked_up)} looked up"] if recap.looked_up else []
    found = [count(number, what) for number, what in counts if number]
    return ", ".join(found + looked_up) or "reading and asking"


def due_lines(ahead: Ahead) -> list[str]:
    """What is due now, and the next days on which cards come due."""
    now = [f"{count(ahead.due, 'card')} due now"] if ahead.due else []
    days = [f"{count(one.cards, 'card')} due {_due_on(ahead, one.day)}" for one in ahead.days]
    return [*now, *days] or ["no card is due"]


def _due_on(ahead: Ahead, day: str) -> str:
    """`later today, from 18:47 on`, `tomorrow`, `on Fri 27 Nov`."""
    due, today = date.fromisoformat(day), local(ahead.now).date()
    if due == today and ahead.next_due_at:
        return f"later today, from {local(ahead.next_due_at):%H:%M} on"
    return {0: "later today", 1: "tomorrow"}.get((due - today).days, f"on {_day(due)}")


def _sentence(words: Sequence[str]) -> str:
    return "".join(f"{word[:1].upper()}{word[1:]}. " for word in words)


def local(at: str | None) -> datetime:
    """A stored time on the learner's own clock."""
    assert at is not None  # a recap that is not empty has both ends
    return parsed(at).astimezone()


def count(number: float, what: str) -> str:
    """`1 card`, `2 cards`."""
    return f"{number:g} {what}{'' if number == 1 else 's'}"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _named(one: Worked) -> str:
    return f"{_name(one)} · {one.title}"


def _name(one: Worked) -> str:
    return f"Q{one.q}" if one.q else one.id.upper()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _words_of(text: str) -> str:
    """The learner's words in one line, none of their signs taken for Markdown."""
    return re.sub(r"([\\`*_<\[])", r"\\\1", _one_line(text))


def _beginning(text: str) -> str:
    """The first sentence."""
    return _cut(re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0])


def _cut(text: str, limit: int = _QUOTE) -> str:
    """The text in one line, ending at a word where it is too long."""
    line = _one_line(text)
    return line if len(line) <= limit else f"{line[:limit].rsplit(' ', 1)[0]} …"

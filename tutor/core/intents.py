"""What a typed line wants: an answer, a question, or one of the tutor's commands in plain words.

Whole commands come first (misspelt ones are understood), then what names films with stars or an experiment.
All else is weighed by `intent_guess`; where there is no encoder, the cues decide one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tutor.core.curriculum import Course, Question
from tutor.core.events import Intent
from tutor.core.intent_cues import core, strong
from tutor.core.intent_rules import (
    COMMANDS,
    FEELINGS,
    HEDGES,
    HOPELESS,
    PLACES,
    QUESTION_STARTS,
    VOCABULARY,
    WHAT_IF,
)
from tutor.core.rating_talk import Opinion, opinions_in
from tutor.core.recap_words import asks_for_recap
from tutor.core.time_words import time_wish
from tutor.core.what_if import what_if
from tutor.text.lexicon import words_of
from tutor.text.phrases import is_dont_know
from tutor.text.tokens import tokens

_MAX_COMMAND = 90
"""A longer line is never a command."""
_MAX_QUESTION = 14
"""Words of a question without its sign, while a question waits."""
_MAX_TERM = 3
"""Words of a term with a question sign behind it; a longer one is a doubtful attempt."""
_GIVING_UP = ("reveal", "next", "encourage")
"""What somebody who does not know may ask for, beside a hint."""
_GOTO = re.compile(
    r"(?:(?:go(?: back)? ?to|goto|open|jump to|switch to|take me to|show(?: me)?|do|start|let's do|try) )?"
    r"(?:(?:the )?(?:question|(?P<topic>topic)|no\.?|number|#) ?#?)?(?P<id>[qt]? ?0*\d{1,2})"
)
_GOTO_TITLE = re.compile(
    r"(?:go(?: back)? ?to|goto|open|jump to|switch to|take me to) (?:the )?(?:question |topic )?"
    r"(?:about |on |with )?(?P<title>[\w' -]{3,50})"
)
_NUMBER = re.compile(r"\b(?:(?P<topic>topic )|question |number |no\.? ?|#)?(?P<id>[qt]?0*\d{1,2})\b")
_TO_GO = words_of(
    "go goto to back open jump switch take me bring show do let's lets let us i want wanna would like can "
    "could we you please pls plz the a an that this bit part unit one chapter question topic about on "
    "with of for skip ahead over straight now again very return move forward into in see have try thing "
    "stuff id i'd my"
)
"""Words of a wish to go somewhere that do not say where."""


@dataclass(frozen=True)
class Understood:
    """An intent and what it is about: a question's id, an experiment's name, a text to look up."""

    intent: Intent
    argument: str | None = None
    opinions: tuple[Opinion, ...] = ()
    """Films with stars, for `rate_movie`."""
    settings: dict[str, Any] = field(default_factory=dict)
    """Knobs of the experiment that were named."""
    prediction: str | None = None
    """The choice that was made for an experiment that waited for one."""


def classify(text: str, waiting: Question | None, course: Course) -> Understood:
    """Read a line. `waiting` is the question that is to be answered, None if none is.

    An attempt is an `answer` only while a question waits.
    """
    line = core(text)
    if not line:
        return Understood("clarify")
    if time_wish(text):
        return Understood("plan")
    if asks_for_recap(text):
        return Understood("progress")
    found = _command(line, course) if len(line) <= _MAX_COMMAND else None
    if found:
        return found
    if waiting and line.isdigit():
        return Understood("answer")
    told = _told(line, text, waiting, course) if len(line) <= 4 * _MAX_COMMAND else None
    if told and (told.argument or told.opinions) and told.intent != "answer_from_lecture":
        return told
    if told and told.intent == "answer_from_lecture" and WHAT_IF.match(line):
        return told  # about nothing that runs
    meant = _meant(line, text, waiting, course) if len(line) <= 4 * _MAX_COMMAND else None
    if told and meant and is_dont_know(line) and meant.intent not in _GIVING_UP:
        return told
    return meant or told or (Understood("answer") if waiting else _unasked(text))


def _meant(line: str, text: str, waiting: Question | None, course: Course) -> Understood | None:
    """What the line wants by its meaning; None where there is no encoder."""
    from tutor.core.intent_guess import guess  # NumPy: not needed before the first line is typed

    guessed = guess(text, waiting)
    if guessed is None:
        return None
    if guessed == "goto":
        place = _place_meant(line, course)
        return Understood("clarify") if place == line else Understood("goto", place)  # noise leads nowhere
    if guessed == "answer_from_lecture":
        return Understood("answer_from_lecture", text.strip())
    return Understood(guessed)


def _command(line: str, course: Course) -> Understood | None:
    bare = line.rstrip(" ?")
    for attempt in dict.fromkeys((bare, _spelled(bare))):
        for intent, pattern in COMMANDS:
            if pattern.fullmatch(attempt):
                return Understood(intent)
        going = _goto(attempt, course)
        if going:
            return going
    return None


def _goto(line: str, course: Course) -> Understood | None:
    named = _GOTO.fullmatch(line)
    if named and not line.isdigit():
        return Understood("goto", ("t" if named["topic"] else "") + named["id"].replace(" ", ""))
    titled = _GOTO_TITLE.fullmatch(line)
    if titled and titled["title"] in PLACES:
        return Understood(PLACES[titled["title"]])
    if titled:
        return Understood("goto", _entry_called(titled["title"], course) or titled["title"])
    return None


def _place_meant(line: str, course: Course) -> str:
    """Where a wish to go somewhere leads: an id, or what it names in its own words."""
    number = _NUMBER.search(line)
    if number:
        return ("t" if number["topic"] else "") + number["id"]
    words = [word for word in line.rstrip(" ?").split() if word not in _TO_GO]
    if words in (["first"], ["start"], ["beginning"]):
        return course.written[0].id
    named = " ".join(words)
    return _entry_called(named, course) or named or line


def _entry_called(title: str, course: Course) -> str | None:
    from rapidfuzz import fuzz, process

    called = {entry.id: entry.title.casefold() for entry in course.entries}
    first = {entry.unit: entry.id for entry in reversed(course.entries)}
    first |= {entry.unit: entry.id for entry in reversed(course.written)}
    units = {first[unit.id]: unit.title.casefold() for unit in course.units if unit.id in first}
    for scorer, needed in ((fuzz.token_sort_ratio, 75), (fuzz.token_set_ratio, 85)):
        for names in (called, units):
            best = process.extractOne(title, names, scorer=scorer, score_cutoff=needed)
            if best:
                return str(best[2])
    return None


def _told(line: str, text: str, waiting: Question | None, course: Course) -> Understood | None:
    """Feelings, films, "what if", questions; None if it reads like a statement."""
    wanted = strong(line)
    if wanted:
        return Understood(wanted)
    if FEELINGS.search(line) and len(line) <= _MAX_COMMAND:
        return Understood("encourage")
    opinions = opinions_in(text, strict=waiting is not None)
    if opinions:
        return Understood("rate_movie", opinions=opinions)
    if is_dont_know(line) or HOPELESS.fullmatch(line):
        return Understood("hint" if waiting else "clarify")
    run = what_if(line, course, waiting)
    if run:
        return Understood("run_experiment", run.experiment.name, settings=run.settings)
    if _is_question(line, waiting is not None):
        return Understood("answer_from_lecture", text.strip())
    return None


def _is_question(line: str, is_waiting: bool) -> bool:
    """Whether a line asks for something. "Is it the sum?" is an attempt while a question waits."""
    if is_waiting and HEDGES.match(line):
        return False
    if QUESTION_STARTS.match(line):
        return line.endswith("?") or not is_waiting or len(line.split()) <= _MAX_QUESTION
    return line.endswith("?") and (not is_waiting or len(line.split()) <= _MAX_TERM)


def _unasked(text: str) -> Understood:
    """A statement while nothing waits: a term to look up, else unclear."""
    words = [token for token in tokens(text) if token.is_word]
    if len(words) <= 4:
        return Understood("answer_from_lecture", text.strip())
    return Understood("clarify")


def _spelled(line: str) -> str:
    """The line with misspelt command words mended; only short lines."""
    words = line.split()
    if len(words) > 6:
        return line
    return " ".join(word if word in VOCABULARY or len(word) < 3 else _nearest(word) for word in words)


def _nearest(word: str) -> str:
    from rapidfuzz.distance import OSA

    limit = 2 if len(word) >= 7 else 1
    near = min(VOCABULARY, key=lambda known: (OSA.distance(word, known, score_cutoff=limit), known))
    return near if OSA.distance(word, near) <= limit and near[0] == word[0] else word

"""Answers a question from the course: a short text and where it stands, or nothing.

Sources, in this order: misconceptions that the question carries, terms whose meaning is asked for, what comes
nearest by meaning and words (learners' questions, the course's own, points, terms), and the passage of a
lesson that shares the most telling words with the question. `tests/benchmarks/asking_table.py` says how well
that does; the thresholds were chosen on its questions.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from rapidfuzz import fuzz

from tutor.core.course_schema import Misconception
from tutor.core.curriculum import Course, Entry, Question
from tutor.core.lookup_meaning import likeness_of, nearest
from tutor.core.lookup_passages import deeper, passage_for, passages, telling
from tutor.text.lexicon import words_of
from tutor.text.reading import Reading, read_marks
from tutor.text.stems import stem
from tutor.text.tokens import squeezed, tokens

_ASKED, _ENOUGH = 0.67, 0.78
"""Score from which what is nearest is the answer: what learners ask, and anything else of the course."""
_STRANGE = 0.4
"""What it takes from the score if the course knows no telling word of the question."""
_MOST_STRANGE = 0.34
"""Share of unknown words, by weight, above which no passage is an answer."""
_CLAIMED, _MEANT, _STATED, _OWN = 0.65, 0.6, 0.95, 0.03
"""Share of words and likeness in meaning that a claim needs, likeness and half that share together, and what
a claim of the question on the screen is ahead."""
_MOST_CLAIMS = 16
_YES_OR_NO = re.compile(r"(?:so |but )*(?:is|are|isn't|does|doesn't|do|can|will|would|should)\b")
ASKED_BACK = re.compile(
    r"[, ]+(?:right|correct|yes|no|true|or not|is that right|isn'?t (?:it|that so)|doesn'?t it|don'?t they)"
    r"\W*\?\W*$"
)
"""What makes a statement a question: "..., right?"."""
_DEFINES = re.compile(
    r"(?!.*\b(?:called|other name|another name|name for)\b)"
    r"(?:so |and |ok |hey |please )*(?:what(?:'?s| is| are| was|s| does .* (?:mean|stand for))\b|"
    r"how (?:does|do) .* work\b|define\b|"
    r"(?:the )?(?:definition|meaning) of|(?:can|could) you (?:define|explain)|explain\b|describe\b|"
    r"tell me about|(?:the |whats the |what is the )?differences?\b)|^(?:[\w.-]+ ?){1,3}\??$"
)
"""What asks for the meaning of a term: a line that begins so, or is hardly more than the term."""


_MANNER = re.compile(
    r"\b(?:like i'?m (?:five|5|a child)|in (?:simple|plain|easy|other) (?:words|terms|english)"
    r"|simply|briefly|in short|once more)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    """An answer with its source; `entry` is the question that goes deeper."""

    text: str
    source: str
    entry: Entry | None


def look_up(course: Course, text: str, question: Question | None = None) -> Found | None:
    """The course's answer to a question, None if it holds none. `question` is the one on the screen."""
    line = _MANNER.sub("", re.sub(r"\bdunder (\w+)", r"__\1__", text, flags=re.IGNORECASE))
    wanted = telling(line)
    if not wanted:
        return None
    told = corrected(course, line, question) or _term(course, line)
    if told:
        return told
    strange = passages(course)[1].strange(wanted)
    near = nearest(course, line, question)
    if near and near.score - _STRANGE * strange >= (_ASKED if near.is_asked else _ENOUGH):
        return Found(near.text, near.source, near.entry)
    passage = passage_for(course, wanted, question) if strange <= _MOST_STRANGE and len(wanted) > 1 else None
    return Found(passage.text, passage.source, passage.entry) if passage else None


# --- misconceptions ----------------------------------------------------------------------------


def corrected(course: Course, text: str, question: Question | None = None) -> Found | None:
    """The explanation of a misconception that a yes-or-no question, or "..., right?", states.

    Shared words propose, meaning decides: a question is taken to state a claim only where both are near.
    Claims of the question on the screen need a little less.
    """
    line = squeezed(text)
    asked = _content(ASKED_BACK.sub("", line))
    if len(asked) < 2 or not (_YES_OR_NO.match(line) or ASKED_BACK.search(line)):
        return None
    near: list[tuple[float, str, Misconception, Entry]] = []
    for entry in course.written:
        for wrong in course.question(entry.id).rubric.misconceptions:
            for claim in (wrong.claim, *wrong.paraphrases):
                likeness = _shared(asked, _content(claim))
                if likeness >= _CLAIMED:
                    near.append((likeness, claim, wrong, entry))
    near = sorted(near, key=lambda one: -one[0])[:_MOST_CLAIMS]
    alike = likeness_of(text, [claim for _, claim, _, _ in near])
    best, score = None, _STATED
    for number, (likeness, _, wrong, entry) in enumerate(near):
        meant = (
            alike[number] if alike else 2 * (likeness - _CLAIMED)
        )  # by words alone they must nearly all be there
        own = _OWN if question and question.entry == entry else 0.0
        if meant >= _MEANT and meant + likeness / 2 + own > score:
            best = Found(f"Not quite. {wrong.explanation}", f"{entry.id}, misconception", entry)
            score = meant + likeness / 2 + own
    return best


def _shared(one: Counter[str], other: Counter[str]) -> float:
    return sum((one & other).values()) / max(min(sum(one.values()), sum(other.values())), 2)


def _content(text: str) -> Counter[str]:
    return Counter(mark.concept for mark in Reading(tuple(read_marks(tokens(text)))).marks if mark.is_content)


# --- glossary ------------------------------------------------------------------------------------


def _term(course: Course, text: str) -> Found | None:
    """The term whose meaning is asked for; where it names two, both definitions."""
    if not _DEFINES.match(squeezed(text)):
        return None
    line = " ".join(token.word for token in tokens(text) if token.is_word)
    hits = sorted(_terms_in(course, line), key=lambda hit: (hit[0], -hit[1]))
    kept: list[tuple[int, int, int]] = []
    for hit in sorted(hits, key=lambda hit: -(hit[1] - hit[0])):
        if not any(hit[0] < other[1] and other[0] < hit[1] for other in kept):
            kept.append(hit)
    terms = course.glossary()
    chosen = list(dict.fromkeys(terms[index] for _, _, index in sorted(kept)))[:2]
    rest = telling(text) - {
        stem(token.word) for one in chosen for name in (one.term, *one.also) for token in tokens(name)
    }
    is_compared = len(chosen) == 2 and bool(re.search(r"\b(?:differ\w*|versus|vs|same)\b", line))
    if not chosen or (rest - _COMPARING - _SETTING and not is_compared) or len(chosen) == 2 > 1 + is_compared:
        return None
    shown = chosen if is_compared else chosen[:1]
    entry = deeper(course, tuple(ref for one in shown for ref in one.questions))
    body = "\n".join(f"{one.term[:1].upper()}{one.term[1:]}: {one.definition}" for one in shown)
    return Found(body, ", ".join(f"glossary: {one.term}" for one in shown), entry)


_SETTING = telling(
    "recommender recommendation lecture model pandas pytorch fastai python machine learning here"
)
"""Stems that say where a term is met, not which one is meant."""
_COMPARING = frozenset(map(stem, words_of("differ difference differs versus vs same compare")))


def _terms_in(course: Course, line: str) -> list[tuple[int, int, int]]:
    """Word places (start, end) of each term in the line and its number, spelling forgiven a little."""
    words = line.split()
    found = []
    for number, term in enumerate(course.glossary()):
        for name in (term.term, *term.also):
            parts = [token.word for token in tokens(name) if token.is_word]
            for start in range(len(words) - len(parts) + 1):
                piece = words[start : start + len(parts)]
                if [*map(stem, piece)] == [*map(stem, parts)] or _is_misspelt(piece, parts):
                    found.append((start, start + len(parts), number))
    return found


def _is_misspelt(piece: list[str], parts: list[str]) -> bool:
    one, other = " ".join(piece), " ".join(parts)
    return len(other) >= 6 and one[0] == other[0] and fuzz.ratio(one, other) >= 86

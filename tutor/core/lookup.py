"""Answers a question from the course: a short passage and where it stands, or nothing.

Sources, in this order: misconceptions that the question carries, terms of the glossary, what is nearest in
meaning, then the passage of a lesson that shares the most telling words with the question.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from tutor.core.course_schema import Misconception
from tutor.core.curriculum import Course, Entry, Question
from tutor.core.lookup_meaning import ENOUGH, SURE, likeness_of, nearest
from tutor.text.lexicon import EMPTY_WORDS, words_of
from tutor.text.reading import Reading, read_marks
from tutor.text.segments import sentences
from tutor.text.stems import stem
from tutor.text.tokens import squeezed, tokens

_ENOUGH = 0.62
"""Share of the question's telling words that a passage must hold."""
_CLAIMED, _MEANT, _STATED, _OWN = 0.65, 0.6, 1.0, 0.03
"""Share of words and likeness in meaning that a claim needs, likeness and half that share together, and what
a claim of the question on the screen is ahead."""
_MOST_CLAIMS = 16
_YES_OR_NO = re.compile(r"(?:so |but )*(?:is|are|isn't|does|doesn't|do|can|will|would|should)\b")
ASKED_BACK = re.compile(
    r"[, ]+(?:right|correct|yes|no|true|or not|is that right|isn'?t (?:it|that so)|doesn'?t it|don'?t they)"
    r"\W*\?\W*$"
)
"""What makes a statement a question: "..., right?"."""
_MAX_SENTENCES = 3
_FRAMES = words_of(
    "what what's whats is are was does do did how why when where who which explain define describe "
    "tell about me meaning mean means difference between can could you please the a an of in to it "
    "for we i need use used work works happen happens if there this that course lecture call called "
    "stand word term exactly again"
)


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


@dataclass(frozen=True)
class _Passage:
    text: str
    source: str
    entry: Entry | None
    stems: frozenset[str]


def look_up(course: Course, text: str, question: Question | None = None) -> Found | None:
    """The course's answer to a question, None if it holds none. `question` is the one on the screen."""
    text = _MANNER.sub("", text)
    wanted = _telling(text)
    if not wanted:
        return None
    told = corrected(course, text, question) or _term(course, text)
    if told:
        return told
    near = nearest(course, text)
    if near and near.likeness >= SURE:
        return Found(near.text, near.source, near.entry)
    passage = _passage(course, wanted, question)
    if passage is None and near and near.likeness >= ENOUGH:
        return Found(near.text, near.source, near.entry)
    return passage


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
                likeness = _likeness(asked, _content(claim))
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


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    shared = sum((one & other).values())
    return shared / max(min(sum(one.values()), sum(other.values())), 2)


def _content(text: str) -> Counter[str]:
    return Counter(mark.concept for mark in Reading(tuple(read_marks(tokens(text)))).marks if mark.is_content)


# --- glossary ------------------------------------------------------------------------------------


def _term(course: Course, text: str) -> Found | None:
    """The term that the question names; where it names two, both definitions."""
    line = " ".join(token.word for token in tokens(text) if token.is_word)
    hits = sorted(_terms_in(course, line), key=lambda hit: (hit[0], -hit[1]))
    kept: list[tuple[int, int, int]] = []
    for hit in sorted(hits, key=lambda hit: -(hit[1] - hit[0])):
        if not any(hit[0] < other[1] and other[0] < hit[1] for other in kept):
            kept.append(hit)
    terms = course.glossary()
    chosen = list(dict.fromkeys(terms[index] for _, _, index in sorted(kept)))[:2]
    rest = _telling(text) - {
        stem(token.word) for one in chosen for name in (one.term, *one.also) for token in tokens(name)
    }
    is_compared = len(chosen) == 2 and bool(re.search(r"\b(?:differ\w*|versus|vs|same)\b", line))
    if not chosen or (rest - _COMPARING and not is_compared):
        return None
    shown = chosen if is_compared else chosen[:1]
    entry = next(
        (course.entry(ref) for one in shown for ref in one.questions if not course.entry(ref).planned), None
    )
    body = "\n".join(f"{one.term[:1].upper()}{one.term[1:]}: {one.definition}" for one in shown)
    return Found(body, ", ".join(f"glossary: {one.term}" for one in shown), entry)


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


# --- lessons -------------------------------------------------------------------------------------


def _passage(course: Course, wanted: frozenset[str], question: Question | None) -> Found | None:
    passages, weights = _passages(course)
    total = sum(weights.get(one, weights[""]) for one in wanted)
    best, best_score = None, _ENOUGH
    for passage in passages:
        score = sum(weights[one] for one in wanted & passage.stems) / total
        if question and passage.entry == question.entry:
            score *= 1.05
        if score > best_score:
            best, best_score = passage, score
    return Found(_nearest_sentences(best.text, wanted), best.source, best.entry) if best else None


@lru_cache(maxsize=4)
def _passages(course: Course) -> tuple[tuple[_Passage, ...], dict[str, float]]:
    """Passages of all lessons and definitions, and the weight of each stem; "" is that of an unknown one."""
    found = []
    for entry in course.written:
        for chunk in course.question(entry.id).lesson:
            text = re.sub(
                r"```.*?```|^\|.*$|\*\*Your turn\.\*\*.*$|^ {4}.*$",
                "",
                chunk.markdown,
                flags=re.DOTALL | re.MULTILINE,
            )
            words = _telling(f"{entry.title} {chunk.heading} {text}")
            found.append(_Passage(text, f"lesson {entry.id}: {chunk.heading}", entry, words))
    for term in course.glossary():
        entry_of = next((course.entry(ref) for ref in term.questions if not course.entry(ref).planned), None)
        words = _telling(f"{term.term} {' '.join(term.also)} {term.definition}")
        found.append(_Passage(term.definition, f"glossary: {term.term}", entry_of, words))
    counts = Counter(one for passage in found for one in passage.stems)
    weights = {one: math.log(1 + len(found) / count) for one, count in counts.items()}
    return tuple(found), {**weights, "": math.log(1 + 2 * len(found))}


def _nearest_sentences(text: str, wanted: frozenset[str]) -> str:
    """The sentence that holds most of what was asked, with its neighbours, on one line."""
    spans = sentences(text)
    counts = [len(wanted & _telling(span.of(text))) for span in spans]
    best = counts.index(max(counts))
    start = max(0, min(best - 1, len(spans) - _MAX_SENTENCES))
    last = spans[min(start + _MAX_SENTENCES, len(spans)) - 1]
    return re.sub(
        r"[*>`]|\s+", lambda sign: " " if sign[0].isspace() else "", text[spans[start].start : last.end + 1]
    ).strip()


def _telling(text: str) -> frozenset[str]:
    words = {token.word for token in tokens(text) if token.is_word}
    return frozenset(stem(word) for word in words - _FRAMES - EMPTY_WORDS)

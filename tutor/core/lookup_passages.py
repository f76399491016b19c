"""What the course says, cut into passages with their telling words, and the weight of each word.

A word weighs the more the fewer passages hold it (inverse document frequency: Sparck Jones 1972).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from tutor.core.curriculum import Course, Entry, Question
from tutor.text.lexicon import EMPTY_WORDS, words_of
from tutor.text.segments import sentences
from tutor.text.stems import stem
from tutor.text.tokens import tokens

ENOUGH = 0.62
"""Share of the question's telling words, by weight, that a passage must hold."""
_MAX_SENTENCES = 3
_FRAMES = words_of(
    "what what's whats is are was does do did how why when where who which explain define describe "
    "tell about me meaning mean means difference between can could you please the a an of in to it "
    "for we i need use used work works happen happens if there this that course lecture call called "
    "stand word term exactly again"
)


@dataclass(frozen=True)
class Passage:
    """A text of the course, its source, where it goes deeper, and its telling stems."""

    text: str
    source: str
    entry: Entry | None
    stems: frozenset[str]


@dataclass(frozen=True)
class Words:
    """How much each stem of the course tells; an unknown one tells most."""

    weights: dict[str, float]
    unknown: float

    def share(self, wanted: frozenset[str], held: frozenset[str]) -> float:
        """Share of the wanted stems that is held, by weight, 0 to 1."""
        total = sum(self.weights.get(one, self.unknown) for one in wanted)
        return sum(self.weights.get(one, self.unknown) for one in wanted & held) / total if total else 0.0

    def strange(self, wanted: frozenset[str]) -> float:
        """Share of the wanted stems that the course holds nowhere, by weight, 0 to 1."""
        return 1.0 - self.share(wanted, frozenset(self.weights)) if wanted else 0.0


def passage_for(course: Course, wanted: frozenset[str], question: Question | None) -> Passage | None:
    """The passage that holds most of what is wanted, cut to a few sentences; None if none holds enough."""
    found, words = passages(course)
    best, best_score = None, ENOUGH
    for passage in found:
        score = words.share(wanted, passage.stems)
        if question and passage.entry == question.entry:
            score *= 1.05
        if score > best_score:
            best, best_score = passage, score
    if best is None:
        return None
    return Passage(_nearest_sentences(best.text, wanted), best.source, best.entry, best.stems)


@lru_cache(maxsize=4)
def passages(course: Course) -> tuple[tuple[Passage, ...], Words]:
    """Passages of all lessons and definitions, and what their words tell, those of `asked.toml` included."""
    found = []
    asked: list[frozenset[str]] = []
    for entry in course.written:
        for chunk in course.question(entry.id).lesson:
            text = re.sub(
                r"```.*?```|^\|.*$|\*\*Your turn\.\*\*.*$|^ {4}.*$",
                "",
                chunk.markdown,
                flags=re.DOTALL | re.MULTILINE,
            )
            words = telling(f"{entry.title} {chunk.heading} {text}")
            found.append(Passage(text, f"lesson {entry.id}: {chunk.heading}", entry, words))
        asked += [telling(" ".join((*one.ways, one.answer))) for one in course.question(entry.id).asked]
    for term in course.glossary():
        words = telling(f"{term.term} {' '.join(term.also)} {term.definition}")
        source = f"glossary: {term.term}"
        found.append(Passage(term.definition, source, deeper(course, term.questions), words))
    counts = Counter(one for stems in (*asked, *(passage.stems for passage in found)) for one in stems)
    texts = len(found) + len(asked)
    weights = {one: math.log(1 + texts / count) for one, count in counts.items()}
    return tuple(found), Words(weights, math.log(1 + 2 * texts))


def deeper(course: Course, refs: tuple[str, ...]) -> Entry | None:
    """The first of some questions that is written."""
    return next((course.entry(ref) for ref in refs if not course.entry(ref).planned), None)


def telling(text: str) -> frozenset[str]:
    """Stems of the words that say what a text is about."""
    words = {token.word for token in tokens(text) if token.is_word}
    return frozenset(_SAME.get(stem(word), stem(word)) for word in words - _FRAMES - EMPTY_WORDS)


_SAME = {"user": "viewer", "person": "viewer", "people": "viewer", "customer": "viewer"} | {
    "movie": "film", "item": "film", "movi": "film"
}  # fmt: skip
"""Stems that mean the same in this field."""


def _nearest_sentences(text: str, wanted: frozenset[str]) -> str:
    """The sentence that holds most of what was asked, with its neighbours, on one line."""
    spans = sentences(text)
    counts = [len(wanted & telling(span.of(text))) for span in spans]
    best = counts.index(max(counts))
    start = max(0, min(best - 1, len(spans) - _MAX_SENTENCES))
    last = spans[min(start + _MAX_SENTENCES, len(spans)) - 1]
    return re.sub(
        r"[*>`]|\s+", lambda sign: " " if sign[0].isspace() else "", text[spans[start].start : last.end + 1]
    ).strip()

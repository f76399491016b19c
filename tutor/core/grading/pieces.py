"""Cuts an answer into the pieces that are compared: sentences, clauses, joins of neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from tutor.core.grading.references import References
from tutor.text.lexicon import BOUNDARIES, EMPTY_WORDS, JOINING, SIGNS, words_of
from tutor.text.reading import Mark, Reading, read_marks, regime_after
from tutor.text.segments import Span, clauses, sentences
from tutor.text.tokens import Token, plain, squeezed, tokens
from tutor.text.typos import respelled

_MAX_PIECES = 80
_SALAD = 7
"""So many key words in a row, with nothing between that joins them, say nothing."""
_LONG_LIST = 8
"""So many words without one of grammar say nothing either, whatever they are."""
_GRAMMAR = words_of(
    "a an the this that these those it its they them their he she you your we our i my is are was were "
    "be been has have had do does did can could will would should may might must of to in on at by for "
    "from with as into than then so if when where which who what how and or but because not no all each "
    "every more less only just gets makes takes gives there"
)
_JOINING = EMPTY_WORDS | BOUNDARIES | SIGNS | JOINING


@dataclass(frozen=True)
class Piece:
    """A sentence, a clause or a join of neighbours."""

    span: Span
    text: str
    reading: Reading
    size: float
    is_sentence: bool = False
    is_join: bool = False
    is_list_of_words: bool = False


def pieces(answer: str, skipped: list[Span], references: References) -> list[Piece]:
    """All pieces in the order of the text, a sentence before its parts; a bounded number of them."""
    return list(islice(_pieces(answer, skipped, references), _MAX_PIECES))


def without(answer: str, spans: list[Span]) -> str:
    """The answer with some places blanked out, so that all others stay the same."""
    text = plain(answer)
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def _pieces(answer: str, skipped: list[Span], references: References) -> Iterator[Piece]:
    found = tokens(answer)
    respell = respelled({token.word for token in found if token.is_word}, references.vocabulary)
    before: Piece | None = None
    regime = 0
    for sentence in sentences(answer):
        if sentence in skipped:
            before = None
            continue
        marks = read_marks(_within(found, sentence), respell, regime)
        regime = regime_after(marks, regime)
        whole = replace(_piece(answer, sentence, marks, references), is_sentence=True)
        yield whole
        for part in _parts(clauses(answer, sentence)):
            yield _piece(answer, part, marks, references)
        if before and not before.is_list_of_words and not whole.is_list_of_words:
            span = Span(before.span.start, sentence.end)
            reading = Reading(before.reading.marks + whole.reading.marks)
            yield Piece(span, squeezed(span.of(answer)), reading, references.size(reading), is_join=True)
        before = whole


def _within(found: list[Token], span: Span) -> list[Token]:
    return [token for token in found if span.start <= token.start < span.end]


def _parts(found: list[Span]) -> Iterator[Span]:
    """Clauses of a sentence that has several, then its pairs of neighbours."""
    if len(found) > 1:
        yield from found
    if len(found) > 2:
        yield from (Span(first.start, second.end) for first, second in pairwise(found))


def _piece(answer: str, span: Span, marks: list[Mark], references: References) -> Piece:
    inside = tuple(mark for mark in marks if span.start <= mark.token.start < span.end)
    reading = Reading(inside)
    size = references.size(reading)
    return Piece(span, squeezed(span.of(answer)), reading, size, is_list_of_words=_is_list_of_words(inside))


def _is_list_of_words(marks: tuple[Mark, ...]) -> bool:
    """Key words in a row without a word that joins them: nothing is said about anything."""
    if len(marks) >= _LONG_LIST and not any(mark.token.word in _GRAMMAR for mark in marks):
        return all(mark.token.is_word for mark in marks)
    run: list[str] = []
    for mark in marks:
        word = mark.token.word
        run = [] if word in _JOINING or not mark.token.is_word else [*run, word]
        if len(run) >= _SALAD or len(run) - len({*run}) > 1:
            return True
    return False

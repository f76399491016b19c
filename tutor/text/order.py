"""The order in which a text lets operations happen: "the sum of the products" multiplies first."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.text.lexicon import OPERATION_NOUNS, ORDERED, SEQUENCE

_REACH = 7
"""Words between an operation and its object."""


def order_of(words: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Operations in the order of their doing, without repeats in a row. `words` are (word, concept)."""
    places = [index for index, (_, concept) in enumerate(words) if concept in ORDERED]
    done: list[str] = []
    held: list[str] = []  # operations whose object is still to come
    for number, place in enumerate(places):
        held.append(words[place][1])
        following = places[number + 1] if number + 1 < len(places) else None
        if following is None or not _is_applied_to(words, place, following):
            done.extend(reversed(held))
            held = []
    if len(places) > 1 and _says_after(words, places[-1]):
        done.insert(0, done.pop())
    if len(places) > 1 and _says(words, places[0], "before"):
        done.append(done.pop(0))
    return tuple(one for index, one in enumerate(done) if not index or one != done[index - 1])


def _is_applied_to(words: Sequence[tuple[str, str]], place: int, following: int) -> bool:
    """Whether the second operation is the object of the first: "add up all those products"."""
    if words[place][1] == words[following][1]:
        return False
    between = [word for word, _ in words[place + 1 : following]]
    object_word = words[following][0]
    if words[place][0] in ("*", "+"):
        return False
    if ":" in between:  # what follows explains what stands before
        return SEQUENCE.isdisjoint(between[: between.index(":")])
    if {"what", "that", "which"} & {*between}:
        return "," not in between and "then" not in between
    if len(between) > _REACH or not SEQUENCE.isdisjoint(between):
        return False
    if object_word == "times":
        return "of" in between
    return object_word in OPERATION_NOUNS or (
        bool(between) and between[-1] in ("of", "the", "all", "these", "those")
    )


def _says_after(words: Sequence[tuple[str, str]], place: int) -> bool:
    """Whether the last operation came first: "add after multiplying"."""
    return _says(words, place, "after") and not any(word in ",;" for word, _ in words[place - 2 : place])


def _says(words: Sequence[tuple[str, str]], place: int, cue: str) -> bool:
    return any(word == cue for word, _ in words[max(0, place - 2) : place])

"""Whole utterances with a fixed meaning: "I don't know", instructions to a grader, another language."""

from __future__ import annotations

import re

from tutor.text.lexicon import words_of
from tutor.text.tokens import squeezed, tokens

_DONT_KNOW = re.compile(
    r"(?:(?:sorry|hmm+|uh+m*|um+|well|ok|okay|honestly|i|im|i'm|really|just|absolutely|have|got|that|this|about|it|"
    r"at all|yet|the answer|what to say|to be honest|tbh|man|so|but)\W*)*"
    r"(?:idk|dunno|don'?t know|do not know|don'?t remember|can'?t remember|forgot|no idea|no clue|"
    r"not sure|unsure|haven'?t a clue|don'?t have a clue|not a clue|clueless|pass|give up|beats me|"
    r"who knows|how (?:should|would|could) i know|search me|\?+)"
    r"(?:\W*(?:sorry|really|honestly|at all|yet|the answer|what to say|to be honest|tbh|man|help|this|that|"
    r"it|about|how|why|what|here|one|any more|anymore|on|i|guess|so|please|pls|is|means?|works?))*\W*"
)
_INSTRUCTION = re.compile(
    r"\b(?:mark|grade|score|accept|count|rate|treat|give|consider|return|output|set|award|verdict)\b.{0,60}"
    r"\b(?:correct|right answer|full (?:marks|credit|points|score)|passed?|maximum|100 ?%|top marks)\b"
    r"|\b(?:ignore|disregard|forget|override)\b.{0,40}"
    r"\b(?:instructions?|rubric|rules|prompt|question|above|previous)\b"
    r"|\bsystem prompt\b|\byou are now\b|\bas (?:an|the) (?:ai|grader)\b"
)
_FOREIGN = words_of(
    "und der die das ist nicht mit von ein eine man wird sind auch für werden el los las que una por "
    "con para es del se le les des est une dans pour pas qui avec sur il gli che di della sono per "
    "non een het niet och att det som är inte jest nie się para não uma os"
)
_ENGLISH = words_of(
    "the a of to in is it and you that for are with as on they at be this have from or one by but not "
    "what all then them each so because if their we i when do does there which how more less up"
)


def is_dont_know(text: str) -> bool:
    """Whether a text says nothing but that its writer does not know."""
    text = squeezed(text)
    return len(text) <= 80 and bool(_DONT_KNOW.fullmatch(text))


def is_instruction(sentence: str) -> bool:
    """Whether a sentence tells the grader what to do instead of answering."""
    return bool(_INSTRUCTION.search(squeezed(sentence)))


def is_foreign(text: str) -> bool:
    """Whether a text is in a language other than English, as far as its small words tell."""
    words = [token.word for token in tokens(text[:2000]) if token.is_word]
    foreign = sum(word in _FOREIGN for word in words)
    letters = [character for character in text[:2000] if character.isalpha() and ord(character) > 0x24F]
    if (
        len(letters) > len(text[:2000]) / 3
        and len(letters) > 4
        and not any("α" <= c <= "ω" for c in letters[:3])
    ):
        return True
    return len(words) >= 4 and foreign >= 2 and foreign > 2 * sum(word in _ENGLISH for word in words)

"""Ratings given in conversation: "i loved Fargo and hated Twister", "rate Alien 4", "give Heat 3.5 stars"."""

from __future__ import annotations

import re
from typing import NamedTuple

from tutor.text.tokens import plain

_VERBS = {
    5.0: r"(?:absolutely |really |totally |just )*(?:loved?|adored?|worship(?:ped)?)",
    4.0: r"(?:really |quite |very much )*(?:liked?|enjoy(?:ed)?)",
    3.0: r"(?:found|thought) (?:that )?(?=.+ (?:was |is )?(?:ok|okay|so-so|average|meh|alright|fine))",
    2.0: r"(?:really )?(?:disliked?|did(?: not|n'?t) (?:really )?(?:like|enjoy)|don'?t (?:really )?like)",
    1.0: r"(?:absolutely |really |totally )*(?:hated?|loathed?|detested?|can'?t stand|couldn'?t stand)",
}
_PRAISE = re.compile(r"\s+(?:was|is)\b.*$", re.IGNORECASE)
_MILD = re.compile(
    r"\s+(?:was|is)?\s*(?:just |only |quite )?(?:ok|okay|so-so|average|meh|alright|fine)$", re.IGNORECASE
)
_VERB = re.compile(
    "|".join(f"(?P<v{int(stars)}>{pattern})" for stars, pattern in _VERBS.items()) + r"(?=\s)", re.IGNORECASE
)
_START = re.compile(
    r"(?:(?:yes|yeah|well|oh|btw|by the way|also|and|but)[, ]+)*(?:i|we)(?: also| just| both)? ",
    re.IGNORECASE,
)
_RATED = re.compile(
    r"(?:please )?(?:rate|give|i(?:'d| would)? (?:rate|give)(?:d)?|put) (?P<title>.+?)(?: (?:with|as|at|a))? "
    r"(?P<stars>[0-5](?:[.,]\d)?)(?: ?/ ?5| out of 5)?(?: ?(?:stars?|\*))?[.!]?",
    re.IGNORECASE,
)
_STARRED = re.compile(
    r"(?P<title>.+?)[ :,-]+(?P<stars>[0-5](?:[.,]\d)?) ?(?:/ ?5|out of 5|stars?|\*)[.!]?", re.IGNORECASE
)
_STARS_FOR = re.compile(
    r"(?:(?:i(?:'d| would)? )?give )?(?P<stars>[0-5](?:[.,]\d)?)(?: ?/ ?5| out of 5)? ?(?:stars?|\*)"
    r" (?:for|to) (?P<title>.+?)[.!]?",
    re.IGNORECASE,
)
_SAID = {
    5.0: r"(?:amazing|fantastic|brilliant|awesome|perfect|a masterpiece|wonderful|superb|great|incredible)",
    4.0: r"(?:good|really good|very good|nice|fun|solid|enjoyable)",
    3.0: r"(?:ok|okay|so-so|average|meh|alright|fine|watchable)",
    2.0: r"(?:bad|weak|boring|dull|not good|disappointing|overrated)",
    1.0: r"(?:terrible|awful|horrible|garbage|rubbish|trash|dreadful|unwatchable|the worst)",
}
_WAS = re.compile(
    r"(?P<title>[\w'’:.&()-]+(?: [\w'’:.&()-]+){0,5}?) "
    r"(?:(?:was|is) (?:just |only |quite |really |so |pretty )?(?:"
    + "|".join(f"(?P<s{int(stars)}>{words})" for stars, words in _SAID.items())
    + r")|(?P<sucked>sucked|sucks|stinks|stank)|(?P<rocked>rocked|rocks|rules|ruled))",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:,\s*(?:and|but)?|;|\band\b|\bbut\b)\s*", re.IGNORECASE)
_JOIN = re.compile(r"\s*(?:,\s*(?:and|but)?|\band\b|\bbut\b)\s*(?:i |we )?$", re.IGNORECASE)
_NOT_FILMS = re.compile(
    r"(?:it|this|that|them|you|(?:to|how|when|that|your|this) .*|learning.*|maths?.*|films?|movies?|"
    r"the (?:idea|question|lesson|answer|experiment|course|quiz|way|fact|explanation)\b.*)$",
    re.IGNORECASE,
)


class Opinion(NamedTuple):
    """A film as it was named, and stars."""

    title: str
    stars: float


def opinions_in(text: str, *, strict: bool = False) -> tuple[Opinion, ...]:
    """Films with stars that a line names; empty if it is about something else.

    `strict` (a question waits): "x: 3 stars" alone is not enough, it must say who rates.
    """
    line = " ".join(plain(text[:400]).split())
    rated = _RATED.fullmatch(line) or _STARS_FOR.fullmatch(line) or _STARRED.fullmatch(line)
    if rated and not _NOT_FILMS.match(rated["title"]):
        title = _title(rated["title"])
        if rated.re is not _STARRED or not strict or _is_name(title):
            return (Opinion(title, float(rated["stars"].replace(",", "."))),)
    started = _START.match(line)
    if started:
        return tuple(_felt(line[started.end() :]))
    felt = tuple(_felt(line))
    if felt:
        return felt if all(_is_name(one.title) for one in felt) else ()
    said = _described(line.strip(" .!"))
    was_seen = not re.search(r"\bis\b", line, re.IGNORECASE) and (len(said) > 1 or not strict)
    return said if was_seen or all(_is_name(one.title) for one in said) else ()


def _described(line: str) -> tuple[Opinion, ...]:
    """Films that are called something, every part of the line one: "Fargo was amazing, Twister sucked"."""
    found = []
    for part in _BETWEEN.split(line):
        said = _WAS.fullmatch(part.strip())
        if not said or _NOT_FILMS.match(said["title"]):
            return ()
        stars = 1.0 if said["sucked"] else 5.0 if said["rocked"] else 0.0
        stars = stars or next(one for one in _SAID if said[f"s{int(one)}"])
        found.append(Opinion(_title(said["title"]), stars))
    return tuple(found)


def _felt(rest: str) -> list[Opinion]:
    verbs = list(_VERB.finditer(rest))
    if not verbs or verbs[0].start() > 0:
        return []
    found = []
    for index, verb in enumerate(verbs):
        end = verbs[index + 1].start() if index + 1 < len(verbs) else len(rest)
        piece = _JOIN.sub("", rest[verb.end() : end].strip(" .!"))
        first, *others = _BETWEEN.split(piece)
        described = _described(" and ".join(others)) if others else ()
        title = _title(first if described else piece)
        if not title or _NOT_FILMS.match(title):
            return []
        stars = next(stars for stars in _VERBS if verb[f"v{int(stars)}"])
        found += [Opinion(title, stars), *described]
    return found


def _is_name(title: str) -> bool:
    """Whether a title is written like one: "Toy Story", not "all the products"."""
    words = [word for word in title.split() if len(word) > 3] or title.split()
    return len(title.split()) <= 8 and all(word[0].isupper() or not word[0].isalpha() for word in words)


def _title(text: str) -> str:
    title = re.sub(r"^(?:the (?:movie|film) )", "", text.strip(" .!,\"'"), flags=re.IGNORECASE)
    return _PRAISE.sub("", _MILD.sub("", title)).strip(" .!,\"'")

"""What a film is called and what it is: titles as people write them, and our own film id.

The id is made of the normalised title and the year, so one film has one id in every data set.
"""

import re
import unicodedata

from recommender.film_aliases import ALIASES

ARTICLES = frozenset(
    [
        "the",
        "a",
        "an",
        "le",
        "la",
        "les",
        "l'",
        "un",
        "une",
        "el",
        "los",
        "las",
        "lo",
        "una",
        "il",
        "gli",
        "i",
        "uno",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "ein",
        "eine",
        "de",
        "het",
        "een",
        "det",
        "en",
        "ett",
        "o",
        "os",
        "as",
    ]
)
"""Leading words that catalogues move behind a comma: "Matrix, The", "Avventura, L'"."""

_YEAR = re.compile(r"\s*\((\d{4})(?:\s*[-–—]\s*(?:\d{4})?)?\)$")
_MEDIUM = re.compile(r"\s*\((?:V|TV|VG)\)$")
_TRAILING_BRACKET = re.compile(r"\s*\([^()]*\)$")
_BRACKET = re.compile(r"\(([^()]+)\)")
_AKA = re.compile(r"^(a\.?k\.?a\.?:?\s+)", re.IGNORECASE)
_RAISED = {ord(raised): f" {digit}" for raised, digit in zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True)}
_LETTERS = {ord("ø"): "o", ord("æ"): "ae", ord("œ"): "oe", ord("ł"): "l", ord("đ"): "d"}
_INITIAL_DOT = re.compile(r"(?<=\b\w)\.")


def parse_title(raw: str) -> tuple[str, int]:
    """Split a catalogue title into the title as people write it and its year (0: none given).

    >>> parse_title("Matrix, The (1999)")
    ('The Matrix', 1999)
    >>> parse_title("City of Lost Children, The (Cité des enfants perdus, La) (1995)")
    ('The City of Lost Children (La Cité des enfants perdus)', 1995)
    """
    text = _MEDIUM.sub("", " ".join(raw.split()))
    found = _YEAR.search(text)
    if found and found.start() > 0:
        return natural_title(text[: found.start()]), int(found.group(1))
    return natural_title(text), 0


def natural_title(title: str) -> str:
    """The title with its articles in front, also inside brackets: "Matrix, The" -> "The Matrix"."""
    text = " ".join(title.split())
    main = _without_brackets(text)
    rest = text[len(main) :]
    return _article_first(main) + _BRACKET.sub(lambda found: f"({_inside(found.group(1))})", rest)


def film_id(title: str, year: int = 0) -> str:
    """Our id of a film: the slug of its title, without alternative titles in brackets, and its year.

    >>> film_id("Fargo", 1996), film_id("Matrix, The", 1999), film_id("Seven (a.k.a. Se7en)", 1995)
    ('fargo-1996', 'the-matrix-1999', 'seven-1995')
    """
    natural = natural_title(title)
    slug = _slug(_without_brackets(natural)) or _slug(natural)
    slug = slug or "-".join(f"u{ord(sign):04x}" for sign in natural) or "untitled"
    made = f"{slug}-{year}" if year else slug
    return ALIASES.get(made, made)


def _without_brackets(text: str) -> str:
    while (shorter := _TRAILING_BRACKET.sub("", text)) != text and shorter:
        text = shorter
    return text


def _article_first(title: str) -> str:
    head, comma, tail = title.rpartition(", ")
    if not comma or tail.casefold().replace("’", "'") not in ARTICLES:
        return title
    return f"{tail}{head}" if tail[-1] in "'’" else f"{tail} {head}"


def _inside(title: str) -> str:
    found = _AKA.match(title)
    start = found.group(1) if found else ""
    return start + _article_first(title[len(start) :])


def _slug(text: str) -> str:
    text = text.replace("½", " 1/2").replace("&", " and ").replace(" + ", " and ").translate(_RAISED)
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in folded if not unicodedata.combining(sign)).translate(_LETTERS)
    plain = _INITIAL_DOT.sub("", re.sub(r"['’‘`´*]", "", plain))
    return "-".join(re.findall(r"[^\W_]+", plain))

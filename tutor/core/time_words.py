"""How long the learner has, as people say it: "I have 10 minutes", "only quarter of an hour today".

A line counts only if it says that and nothing else; a length inside an attempt ("it takes 10 minutes,
since ...") is none. Lengths are minutes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from tutor.text.tokens import squeezed

_MAX_LINE = 120
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
_WORDS = {word: number for number, word in enumerate(_NUMBERS.split())} | {
    "no": 0, "twenty-five": 25, "thirty": 30, "forty": 40, "forty-five": 45, "fifty": 50, "sixty": 60,
    "ninety": 90,
}  # fmt: skip
_N = rf"(?:[-+]?\d[\d,]*(?:\.\d+)?|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_MIN = r"(?:min(?:s|ut\w{0,3}|uet\w?|tu\w{0,3})?\.?)"
_HOUR = r"(?:hours?|hrs?|h)"
_TO = r" ?(?:-|to|or|,) ?"


def _any(words: str) -> str:
    """One of these words; `_` stands for a blank inside one."""
    return (
        f"(?:{'|'.join(re.escape(word.replace('_', ' ')) for word in sorted(words.split(), reverse=True))})"
    )


def _number(text: str) -> float:
    return float(_WORDS[text]) if text in _WORDS else float(text.replace(",", ""))


_LENGTHS: tuple[tuple[str, Callable[..., float]], ...] = (
    (rf"({_N})(?:[ -]?| more ){_MIN}", _number),
    (r"(\d+)m", _number),
    (rf"({_N}){_TO}{_N}[ -]?{_MIN}", _number),
    (rf"({_N})[ -]?{_HOUR}", lambda hours: 60 * _number(hours)),
    (
        rf"({_N}|an?) ?{_HOUR}(?: and)? ?({_N}) ?(?:{_MIN})?",
        lambda hours, minutes: 60 * (1 if hours in ("a", "an") else _number(hours)) + _number(minutes),
    ),
    (rf"({_N})[ -]?(?:seconds?|secs?|s)", lambda seconds: _number(seconds) / 60),
    (rf"(?:an?|one)? ?half[ -](?:an?|of an)? ?{_HOUR}|an? half{_HOUR}", lambda: 30),
    (rf"(?:an?|one)? ?quarter[ -](?:of )?(?:an? )?{_HOUR}", lambda: 15),
    (rf"three[ -]quarters? (?:of )?(?:an? )?{_HOUR}", lambda: 45),
    (rf"(?:an?|one) {_HOUR} and a half|one and a half {_HOUR}", lambda: 90),
    (rf"(?:an?|the) (?:whole |full |good )?{_HOUR}", lambda: 60),
    (rf"(?:a couple of|a few|some|few) {_MIN}", lambda: 5),
)
_LEAD = _any(
    "i i've ive i'm im i'd i'll we we've only just really have has got gotta can could must need want "
    "would like to spare spend give me you do manage study learn practise practice work stop leave go "
    "finish quit be done here for in with this today tonight now right_now again let's lets let_us "
    "make_it say plan quick short my time_is time left about around roughly maybe perhaps approximately "
    "almost exactly at_most up_to max another not_more_than don't_have_more_than there's there_are "
    "there_is free session of a an ok okay hi hey hello so well sorry but please tutor actually ~ "
    "before unfortunately know that next stay less_than under no_more_than keep_it_under "
    "keep_this_under keep_it_to on_time hurry time_box timebox set timer extend add by we're limited "
    "on_the_train what_can_we what_can_i what_fits what_should_we what_should_i all_i_have_is "
    "all_i've_got_is < let_me my_break_is my_lunch_break_is my_train_comes my_train_leaves my_bus_comes "
    "my_bus_leaves my_meeting_is my_meeting_starts"
)
"""What may stand before a length."""
_ME = re.compile(
    r"\b"
    + _any("i i've ive i'm i'd i'll we we've only just me my let's lets plan today tonight time")
    + r"\b"
)
"""Of which one must be there where a reason follows the length."""
_VAGUE = re.compile(r"\b(?:few|some|couple)\b|^one min|\dm$")
_HAS = re.compile(r"\b(?:i've|have|got|spare)\b")
"""A vague length is meant only by somebody who has it: "give me a few minutes" is something else."""
_TAIL = _any(
    "today tonight now left only free available max maximum tops at_most at_least or_so ish here please "
    "pls thanks right_now with_you with_this long quick session sitting plan break more longer for_this "
    "for_you for_today for_now for_it for_me for_us for_studying for_learning of_time of_my_time "
    "of_study of_studying of_learning to_spare to_go to_learn to_study to_spend to_work to_kill "
    "to_practise to_practice to_use to_leave this_time this_morning this_afternoon this_evening on_this "
    "on_it is_all_i_have is_all_i've_got is_all_we_have"
)
_WHY = (
    r"(?:before|until|till|then|so (?:let|keep|be|make|what|please|quick|we|i)|and then|but then|because)"
    r" ?.{0,50}"
)
_THEN = r"[,;:.-]+ ?(?:what|let|can|could|where|how|please|ok|go|i|my|is|start|keep|make|be).{0,60}"
_NO_LIMIT = re.compile(
    r"(?:please )?(?:forget|drop|cancel|ignore|stop|remove|no) (?:about )?(?:the |a |my |any )?"
    r"(?:time(?: ?limit)?|clock|timer|time plan|hurry|rush|plan)|"
    r"(?:i|we)(?:'ve)? (?:now )?(?:have|got|have got) (?:all day|all the time(?: in the world)?|"
    r"(?:plenty of|enough|more|lots of) time)(?: (?:now|today))?|"
    r"take your time|no (?:time ?)?limit(?: today| now)?"
)
_UNIT = re.compile(r"min|hour|h\b|hr|sec|\ds\b|\dm\b|\dh")
"""Without one of these a line names no length."""


@dataclass(frozen=True)
class Wish:
    """What a line says of the time. `minutes` None: no limit any more; `more`: beyond what is left."""

    minutes: float | None
    more: bool = False


def time_wish(text: str) -> Wish | None:
    """The time that a line gives the tutor; None where it says something else, or more than that."""
    if len(text) > _MAX_LINE:
        return None
    line = squeezed(text).lstrip("/:!").strip(" .!")
    if _NO_LIMIT.fullmatch(line):
        return Wish(None)
    found = _line().fullmatch(line) if _UNIT.search(line) else None
    if found is None:
        return None
    lead = line[: found.start("length")]
    if (found["why"] and not _ME.search(lead)) or (_VAGUE.search(found["length"]) and not _HAS.search(lead)):
        return None
    more = re.search(r"\b(?:more(?! than)|longer|another|extend|add)\b", line[: found.end("tail")])
    return Wish(_minutes(found["length"]), more=bool(more))


@cache
def _line() -> re.Pattern[str]:
    """A line that says a length; compiled only once some line names one, since that takes a while."""
    return re.compile(
        rf"(?:{_LEAD}[ ,:!.]*(?:\b|(?=[-~+\d])))*?(?P<length>{'|'.join(f'(?:{one})' for one, _ in _LENGTHS)})"
        rf"(?P<tail>(?:[ ,-]+{_TAIL})*)(?P<why>(?:[ ,]+{_WHY}|{_THEN})?)[ ?.!]*"
    )


def _minutes(length: str) -> float:
    for pattern, read in _LENGTHS:
        found = re.fullmatch(pattern, length)
        if found:
            return read(*found.groups())
    raise AssertionError(length)  # the line was matched by one of them

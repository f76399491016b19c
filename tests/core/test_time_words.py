"""How long the learner has, as people say it; and what is no such line."""

import pytest
from session_world import COURSE

from tutor.core.curriculum import Course
from tutor.core.intents import classify
from tutor.core.recap_words import asks_for_recap, looks_back
from tutor.core.time_words import Wish, time_wish

SAID = [
    ("I have 10 minutes", 10),
    ("10 min", 10),
    ("10min", 10),
    ("i have 10 minuets", 10),
    ("only quarter of an hour today", 15),
    ("three quarters of an hour", 45),
    ("half an hour", 30),
    ("i have about half an hour", 30),
    ("an hour", 60),
    ("an hour and a half", 90),
    ("1h30", 90),
    ("1.5 hours", 90),
    ("i have two hours", 120),
    ("twenty minutes", 20),
    ("I've got ten minutes before my bus", 10),
    ("I have 10 minutes, what should we do?", 10),
    ("i've only got 5 mins, let's be quick", 5),
    ("I need to leave in 20 minutes", 20),
    ("a 10-minute session", 10),
    ("10-15 minutes", 10),
    ("i don't have more than 10 minutes", 10),
    ("my train leaves in 12 minutes", 12),
    ("what can we do in 10 minutes?", 10),
    ("10 mins is all I have", 10),
    ("i have 45m", 45),
    ("0 minutes", 0),
    ("-5 min", -5),
    ("1000000 minutes", 1_000_000),
    ("30 seconds", 0.5),
]
ATTEMPTS = [
    "it takes 10 minutes, since every user is compared",
    "10 minutes because the loss falls",
    "someone who watched 10 minutes of it",
    "a user who joined 10 minutes ago has no ratings",
    "I have 10 minutes of ratings for each user",
    "10 minutes of watching is an implicit rating",
    "the model trains 10 minutes because the epochs are long",
    "you multiply and then you have 10 minutes",
    "for example a film of 90 minutes",
    "10",
    "we have 10 users and 5 items",
    "it is 10 minutes",
    "one minute please",
    "give me a few minutes",
]


@pytest.fixture(scope="module")
def course() -> Course:
    return Course.load(COURSE)


@pytest.mark.parametrize(("line", "minutes"), SAID)
def test_a_length_is_read_and_is_a_plan(course: Course, line: str, minutes: float) -> None:
    wish = time_wish(line)
    assert wish is not None and wish.minutes == minutes and not wish.more
    for waiting in (None, course.question(7)):
        assert classify(line, waiting, course).intent == "plan"


@pytest.mark.parametrize("line", ATTEMPTS)
def test_a_length_inside_something_else_is_none(course: Course, line: str) -> None:
    assert time_wish(line) is None


@pytest.mark.parametrize("line", ATTEMPTS[:-3])
def test_an_attempt_with_minutes_in_it_is_no_plan(course: Course, line: str) -> None:
    assert classify(line, course.question(7), course).intent != "plan"


@pytest.mark.parametrize(
    "line", ["10 more minutes", "another 10 minutes", "10 minutes longer", "add 10 minutes"]
)
def test_more_time_is_beyond_what_is_left(line: str) -> None:
    assert time_wish(line) == Wish(10, more=True)


@pytest.mark.parametrize("line", ["forget the time", "take your time", "i have all day", "no time limit"])
def test_the_limit_can_be_taken_away(line: str) -> None:
    assert time_wish(line) == Wish(None)


@pytest.mark.parametrize("line", ["9" * 400 + " min", "i have " * 500, "a an " * 300 + "hour", "\x00", ""])
def test_any_line_can_be_read(line: str) -> None:
    assert time_wish(line) is None


RECAPS = ["recap", "Recap, please", "what did we do today?", "what have we learned so far", "sum it up",
          "a short summary of this session", "summarise today", "what did I learn yesterday?"]  # fmt: skip


@pytest.mark.parametrize("line", RECAPS)
def test_lines_that_look_back(course: Course, line: str) -> None:
    assert asks_for_recap(line) and looks_back(line)
    assert classify(line, course.question(7), course).intent == "progress"


@pytest.mark.parametrize(
    "line", ["what have i done so far", "how am i doing", "sum up the products of each pair"]
)
def test_lines_that_do_not(line: str) -> None:
    assert not asks_for_recap(line)

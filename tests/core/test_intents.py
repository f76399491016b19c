"""What typed lines want, with typos and in plain words."""

import json
import tomllib
from pathlib import Path

import pytest
from session_world import COURSE

from tutor.core.curriculum import Course
from tutor.core.intents import classify
from tutor.core.rating_talk import opinions_in

LINES: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "utterances.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def course() -> Course:
    return Course.load(COURSE)


@pytest.mark.parametrize(
    ("intent", "line"), [(intent, line) for intent, lines in LINES.items() for line in lines]
)
def test_lines_while_a_question_waits(course: Course, intent: str, line: str) -> None:
    assert classify(line, course.question(7), course).intent == intent


@pytest.mark.parametrize(
    "line",
    [line for intent in LINES if intent not in ("answer", "clarify", "hint") for line in LINES[intent]],
)
def test_commands_and_questions_need_no_question(course: Course, line: str) -> None:
    assert classify(line, None, course).intent == classify(line, course.question(7), course).intent


@pytest.mark.parametrize("line", LINES["answer"])
def test_nothing_is_an_answer_while_nothing_waits(course: Course, line: str) -> None:
    assert classify(line, None, course).intent != "answer"


@pytest.mark.parametrize(
    ("line", "argument"),
    [
        ("go to 22", "22"),
        ("q07", "q07"),
        ("open question 18", "18"),
        ("go to weight decay", "q22"),
        ("go to T01", "t01"),
        ("take me to weigth decay", "q22"),
        ("i want to do q07 now please", "q07"),
        ("bring me to the very first question", "q07"),
    ],
)
def test_the_question_to_go_to_is_named(course: Course, line: str, argument: str) -> None:
    assert classify(line, None, course).argument == argument


def test_a_what_if_names_experiment_and_knob(course: Course) -> None:
    found = classify("what happens if i crank weight decay to 10?", None, course)
    assert (found.argument, found.settings) == ("weight-decay", {"wd": [0.0, 0.01, 0.1, 1.0, 10.0]})


def test_a_what_if_about_nothing_known_is_a_question(course: Course) -> None:
    assert classify("what happens if it rains?", None, course).intent == "answer_from_lecture"


@pytest.mark.parametrize("line", ["word " * 4000, "why " * 3000 + "?", "go to " + "9" * 500, "(" * 5000])
def test_long_lines_are_read_too(course: Course, line: str) -> None:
    assert classify(line, course.question(7), course).intent in ("answer", "answer_from_lecture")


BENCHMARKS = Path(__file__).parents[1] / "benchmarks" / "answers"


def rows(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (BENCHMARKS / f"{name}.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("waits", [True, False])
def test_lines_of_many_people_are_understood(course: Course, waits: bool) -> None:
    some = [row for row in rows("utterances") if waits or row["intent"] != "answer"]
    waiting = course.question(7) if waits else None
    wrong = [row["text"] for row in some if classify(row["text"], waiting, course).intent != row["intent"]]
    assert len(wrong) <= 0.07 * len(some), wrong


def test_an_attempt_is_not_taken_for_a_command() -> None:
    course = Course.load()
    some = [row for row in rows("answers") if row["voice"] in ("terse", "second-language")][::2]
    read = {row["answer"]: classify(row["answer"], course.question(row["question"]), course) for row in some}
    lost = [text for text, understood in read.items() if understood.intent != "answer"]
    assert len(some) >= 55
    assert len(lost) <= 4, lost


@pytest.mark.parametrize(
    ("line", "intent"),
    [("ok i give up, what is it", "reveal"), ("pass, next pls", "next"), ("no clue, sorry", "hint")],
)
def test_who_does_not_know_may_say_what_helps(course: Course, line: str, intent: str) -> None:
    assert classify(line, course.question(7), course).intent == intent


def test_without_an_encoder_the_cues_decide(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.core.intent_guess.encoder", lambda: None)
    read = [classify(line, course.question(7), course).intent
            for line in ("gimme a hint", "why do we multiply?", "they are multiplied and added")]  # fmt: skip
    assert read == ["hint", "answer_from_lecture", "answer"]


# --- ratings in conversation -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "films"),
    [
        ("i loved Fargo", [("Fargo", 5)]),
        ("I really liked The Matrix!", [("The Matrix", 4)]),
        ("i thought Speed was ok", [("Speed", 3)]),
        ("we didn't like Titanic", [("Titanic", 2)]),
        ("i hated the movie Twister.", [("Twister", 1)]),
        ("I loved Fargo, hated Twister and liked Heat", [("Fargo", 5), ("Twister", 1), ("Heat", 4)]),
        ("rate Alien 4.5", [("Alien", 4.5)]),
        ("give Heat (1995) 3 stars", [("Heat (1995)", 3)]),
        ("Fargo: 5 stars", [("Fargo", 5)]),
        ("rate Alien 4/5", [("Alien", 4)]),
    ],
)
def test_films_and_stars_are_read(line: str, films: list[tuple[str, float]]) -> None:
    assert [tuple(one) for one in opinions_in(line)] == films


@pytest.mark.parametrize(
    "line",
    [
        "i loved this", "i liked the lesson", "i love learning", "I enjoy maths", "people who loved Fargo",
        "the model rates it", "loved by all", "i loved how you put that", "rate it 5",
    ],
)  # fmt: skip
def test_other_sentences_rate_nothing(line: str) -> None:
    assert opinions_in(line) == ()


def test_while_a_question_waits_only_who_rates_counts() -> None:
    assert opinions_in("the shared entry: 3 stars", strict=True) == ()
    assert opinions_in("rate Heat 3", strict=True) != ()


@pytest.mark.parametrize(
    ("text", "rated"),
    [
        ("I loved Fargo, hated Twister and Heat was ok", [("Fargo", 5.0), ("Twister", 1.0), ("Heat", 3.0)]),
        ("fargo was amazing, twister sucked", [("fargo", 5.0), ("twister", 1.0)]),
        ("The Matrix rocks", [("The Matrix", 5.0)]),
        ("5 stars for The Matrix", [("The Matrix", 5.0)]),
        ("i liked Tango and Cash", [("Tango and Cash", 4.0)]),
    ],
)
def test_films_are_rated_in_everyday_words(course: Course, text: str, rated: list[tuple[str, float]]) -> None:
    found = classify(text, course.question(7), course)
    assert found.intent == "rate_movie"
    assert [tuple(one) for one in found.opinions] == rated


@pytest.mark.parametrize(
    "text", ["noise is bad", "the loss is bad", "the average is fine", "big weights are bad"]
)
def test_what_is_said_of_the_subject_is_no_rating(course: Course, text: str) -> None:
    assert classify(text, course.question(22), course).intent != "rate_movie"


@pytest.mark.parametrize("noise", ["asdf ;;; qwx %%%", "qqq zzz", "???", "blorp"])
def test_noise_leads_nowhere(noise: str) -> None:
    course = Course.load()
    for waiting in (course.question("q01"), None):
        assert classify(noise, waiting, course).intent != "goto"

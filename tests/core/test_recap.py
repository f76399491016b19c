"""A sitting looked back on: which rows belong to it, what is quoted, what comes next, and its words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from session_world import FARGO, HALF_7, RIGHT_7, WRONG_7, World, turn

from tutor.core.grading import grade
from tutor.core.recap import Recap, recap
from tutor.core.recap_text import NOTHING, closing, markdown, short
from tutor.core.session import CURRENT
from tutor.store.learning import Standing
from tutor.store.practice import CardRow

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NOW = START + timedelta(hours=3)
RAN: dict[str, Any] = {
    "prediction": "falls", "outcome": "valley", "hit": False, "token": "cf1:weight-decay:wd=0.1",
    "sentence": "The lowest error was 0.8 stars².",
}  # fmt: skip


class Diary:
    """Writes rows through the store and gives each the time it is to have."""

    def __init__(self, world: World) -> None:
        self.store, self.course = world.store, world.course

    def at(self, minutes: float) -> str:
        return (START + timedelta(minutes=minutes)).isoformat(timespec="microseconds")

    def stamp(self, table: str, minutes: float, column: str = "at") -> None:
        sql = f"UPDATE {table} SET {column} = ? WHERE id = (SELECT max(id) FROM {table})"
        self.store.database.run(sql, self.at(minutes))

    def say(self, minutes: float, role: Any, text: str, label: str | None = None) -> None:
        self.store.learning.say(role, text, label=label, question="q07")
        self.stamp("messages", minutes)

    def answer(self, minutes: float, text: str, question: str = "q07") -> None:
        marked = grade(self.course.question(question), text)
        self.store.learning.add_attempt(question, text, marked.model_dump(mode="json"))
        self.stamp("attempts", minutes)
        covered = frozenset(point.id for point in marked.points if point.covered)
        state = "done" if marked.verdict == "correct" else "started"
        before = self.store.learning.standing(question)
        self.store.learning.save_standing(Standing(question, state, before.covered | covered))

    def run(self, minutes: float, result: dict[str, Any] | None = RAN) -> None:
        row = self.store.runs.start("weight-decay", {}, "falls")
        self.store.runs.end(row, "finished" if result else "cancelled", result)
        self.stamp("runs", minutes - 0.5)
        self.stamp("runs", minutes, "ended_at")

    def rate(self, minutes: float, stars: float) -> None:
        self.store.ratings.set(FARGO, stars)
        self.stamp("rating_log", minutes)

    def review(self, minutes: float, rating: int, due: float, card: str = "q07.p1") -> None:
        known = self.store.practice.card(card)
        number = known.fsrs_id if known else self.store.practice.next_fsrs_id()
        row = CardRow(card, number, "{}", self.at(due), self.at(minutes))
        self.store.practice.save_review(row, rating, at=self.at(minutes))


@pytest.fixture
def diary(world: World) -> Diary:
    return Diary(world)


def look(world: World, since: float | None = None) -> Recap:
    when = None if since is None else START + timedelta(minutes=since)
    return recap(world, NOW, when)  # type: ignore[arg-type]


# --- what belongs to it --------------------------------------------------------------------------


def test_only_the_last_sitting_is_looked_back_on(world: World, diary: Diary) -> None:
    diary.answer(0, HALF_7)
    diary.rate(5, 4)
    diary.say(60, "tutor", "What is a dot product?")
    diary.answer(64, RIGHT_7)
    diary.say(90, "you", "recap")
    found = look(world)
    assert (found.start, found.end, found.minutes) == (diary.at(60), diary.at(64), 4)
    assert [one.attempts for one in found.questions] == [1] and found.films == ()
    both = look(world, since=-10)
    assert [stretch.minutes for stretch in both.sittings] == [5, 4] and both.minutes == 9
    assert both.questions[0].attempts == 2 and len(both.films) == 1
    assert look(world, since=70).is_empty


@pytest.mark.parametrize("days", [0.1, 1, 5, 59.999, 400])
def test_the_last_sitting_is_found_however_long_ago_and_whole(
    world: World, diary: Diary, days: float
) -> None:
    for minutes in (0, 20, 40):
        diary.answer(minutes, HALF_7)
    now = START + timedelta(days=days, minutes=30)
    assert recap(world, now).minutes == 40  # type: ignore[arg-type]


def test_the_best_words_are_quoted_point_by_point(world: World, diary: Diary) -> None:
    diary.answer(0, HALF_7)
    (worked,) = look(world).questions
    assert (worked.title, worked.state, worked.verdict) == ("Dot product", "started", "partial")
    assert [point.quote for point in worked.made] == ["You multiply the matching numbers"]
    assert worked.open and all(point.required and point.quote is None for point in worked.open)
    diary.answer(3, RIGHT_7)
    diary.answer(5, "no idea what this has to do with films")
    (worked,) = look(world).questions
    assert worked.answer == RIGHT_7 and worked.open == () and worked.attempts == 3


def test_a_misconception_is_told_with_its_correction(world: World, diary: Diary) -> None:
    diary.answer(0, WRONG_7)
    (met,) = look(world).questions[0].misconceptions
    assert met.said in WRONG_7 and met.correction and not met.mended
    diary.answer(2, RIGHT_7)
    assert look(world).questions[0].misconceptions[0].mended


def test_runs_films_cards_and_questions_looked_up(world: World, diary: Diary) -> None:
    diary.run(0)
    diary.run(1, None)
    diary.rate(2, 3)
    diary.rate(3, 4.5)
    diary.review(4, 1, due=14)
    diary.review(6, 3, due=60 * 24 * 2)
    diary.say(7, "you", "what is an embedding?")
    diary.say(7.1, "tutor", "A table of numbers.", "from the course")
    found = look(world)
    (ran,) = found.experiments
    assert (ran.predicted, ran.measured, ran.hit) == (
        "It falls all the way.",
        "It falls first, then rises: a valley.",
        False,
    )
    assert ran.token == RAN["token"]
    (film,) = found.films
    assert (film.id, film.before, film.after) == ("fargo-1996", None, 4.5)
    (card,) = found.cards
    assert (card.id, card.reviews, card.forgotten) == ("q07.p1", 2, False)
    assert found.looked_up == ("what is an embedding?",)


def test_what_was_undone_is_not_there(world: World, diary: Diary) -> None:
    diary.answer(0, HALF_7)
    diary.rate(1, 4)
    world.store.ratings.undo()
    diary.review(2, 3, due=60)
    world.store.practice.undo_review()
    found = look(world)
    assert (found.films, found.cards) == ((), ())


def test_what_the_course_no_longer_holds_breaks_nothing(world: World, diary: Diary) -> None:
    gone = {"verdict": "partial", "score": 0.5}
    world.store.learning.add_attempt("q99", "once", gone)
    diary.stamp("attempts", 0)
    diary.review(1, 1, due=5, card="q99.p1")
    world.store.runs.end(world.store.runs.start("long-gone", {}, "up"), "finished", {"outcome": "down"})
    diary.stamp("runs", 2, "ended_at")
    found = look(world)
    assert found.questions == () and found.cards[0].title == "q99.p1"
    assert (found.experiments[0].title, found.experiments[0].hit) == ("long-gone", False)
    assert "long-gone" in markdown(found)


# --- what comes next -----------------------------------------------------------------------------


def test_due_cards_come_before_questions(world: World, diary: Diary) -> None:
    diary.answer(0, HALF_7)
    world.store.settings.set(CURRENT, "q07")
    ahead = look(world).ahead
    assert (ahead.due, ahead.step) == (0, "Go on with Q7 · Dot product.")
    diary.answer(1, RIGHT_7)
    assert look(world).ahead.step.startswith("Open Q22 · ")
    diary.review(2, 3, due=20)
    assert look(world).ahead.step == "Practise what is due: `quiz me`."


def test_the_days_on_which_cards_come_due(world: World, diary: Diary) -> None:
    diary.review(0, 3, due=60 * 48)
    ahead = look(world).ahead
    assert [day.cards for day in ahead.days] == [1] and ahead.due == 0
    text = markdown(look(world))
    assert "1 card due on Thu 26 Nov" in text


# --- words ---------------------------------------------------------------------------------------


@pytest.fixture
def full(world: World, diary: Diary) -> Recap:
    diary.answer(0, WRONG_7)
    diary.answer(3, HALF_7)
    diary.run(8)
    diary.rate(10, 4.5)
    diary.review(12, 1, due=22)
    diary.answer(20, "Large weights follow single ratings, a*b style.", "q22")
    return look(world)


def test_the_markdown_tells_all_of_it(full: Recap) -> None:
    text = markdown(full)
    for heading in ("# Recap of Tue 24 Nov", "## Questions", "### Q7 · Dot product: begun", "## Experiments",
                    "## Films", "## Cards", "## Due", "## Next"):  # fmt: skip
        assert f"\n{heading}" in f"\n{text}"
    assert "> You multiply the matching numbers." in text
    assert "- ○ still open: " in text and "- ✗ you said " in text
    assert (
        "You predicted: It falls all the way. Measured: It falls first" in text
        and "`tutor replay cf1:" in text
    )
    assert "- Fargo (1996): 4.5 stars" in text and "1 review of 1 card: 0 known, 1 forgotten" in text
    assert r"a\*b" in text, "the learner's own signs are no Markdown"
    assert "## Code" not in text and "\n\n\n" not in text


def test_several_lines_of_an_answer_stay_code(world: World, diary: Diary) -> None:
    code = "```\nfor a, b in zip(x, y):\n    total += a * b\n```"
    diary.answer(0, code)
    assert f"````\n{code}\n````" in markdown(look(world))


def test_the_short_form_has_six_lines_however_much_there_was(full: Recap) -> None:
    lines = short(full, "The whole: F12.").splitlines()
    assert len(lines) == 6
    assert lines[0].endswith("20 minutes: 2 questions, 1 experiment, 1 card, 1 film.")
    assert lines[-1].endswith("The whole: F12.")


@pytest.mark.parametrize(("room", "lines"), [(6, 3), (3, 3), (2, 2), (-4, 2)])
def test_the_closing_fits_the_turn(full: Recap, room: int, lines: int) -> None:
    told = closing(full, 10, room)
    assert len(told.splitlines()) == lines and told.startswith("Your 10 minutes are up: 2 questions")
    assert "Next: " in told and "`recap`" in told


def test_nothing_is_a_friendly_line(world: World) -> None:
    found = look(world)
    assert found.is_empty and markdown(found) == f"{NOTHING}\n" and short(found, "") == NOTHING
    turn(world.session(inline=True).ask("hi"))
    assert look(world).is_empty, "a greeting is no sitting"


def test_many_films_are_counted(world: World, diary: Diary) -> None:
    films = [(FARGO.__class__(f"f{n}", f"Film {n}", 1990, (), {}), 4.0) for n in range(40)]
    for film, stars in films:
        world.store.ratings.set(film, stars)
    text = markdown(recap(world, datetime.now(UTC)))  # type: ignore[arg-type]
    assert "- and 28 more" in text and "Film 30" not in text

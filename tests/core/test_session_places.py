"""What the chat hands to other places, or does itself in a pipe; single lines without a screen."""

import pytest
from session_world import FARGO, HALF_7, RIGHT_7, World, kinds, said, turn

from tutor.core.curriculum import UnknownQuestion
from tutor.core.errors import CannotDo
from tutor.core.events import Cancelled, Failed, Opened
from tutor.core.session import Session, answer_line


@pytest.fixture
def app(world: World) -> Session:
    session = world.session()
    session.opening()
    return session


def opened(session: Session, text: str) -> Opened:
    events, _ = turn(session.ask(text))
    return next(event for event in events if isinstance(event, Opened))


# --- the app opens places --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "argument"),
    [
        ("run it", "lab", "dot-product"),
        ("what happens if i crank weight decay to 10?", "lab", "weight-decay"),
        ("recommend me something", "movies", None),
        ("quiz me", "quiz", None),
        ("how am i doing?", "progress", None),
    ],
)
def test_the_app_is_led_to_the_place(app: Session, text: str, place: str, argument: str | None) -> None:
    found = opened(app, text)
    assert (found.place, found.argument) == (place, argument)


def test_a_named_experiment_goes_first(app: Session) -> None:
    events, _ = turn(app.act("run_experiment", "weight-decay"))
    assert any(isinstance(event, Opened) and event.argument == "weight-decay" for event in events)


def test_an_unknown_experiment_is_one_clear_line(app: Session) -> None:
    last = list(app.act("run_experiment", "weight-decoy"))[-1]
    assert isinstance(last, Failed)
    assert "did you mean weight-decay" in last.message


# --- a pipe runs here ------------------------------------------------------------------------


def test_a_pipe_asks_for_the_prediction_first(world: World, pipe: Session) -> None:
    events, finished = turn(pipe.ask("run it"))
    asked = said(events)[0]
    assert asked.label == "prediction"
    assert asked.text.splitlines()[1] == "1  It rises with the length."
    assert finished.data["choices"] == ["rises", "stays", "falls"]
    assert world.lab.runs == []


@pytest.mark.parametrize("choice", ["3", "valley", "it falls first, then rises: a valley.", "I say valley"])
def test_the_next_line_that_names_a_choice_runs_it(world: World, pipe: Session, choice: str) -> None:
    turn(pipe.ask("what if i set weight decay to 3?"))
    events, finished = turn(pipe.ask(choice))
    assert world.lab.runs == [
        {"name": "weight-decay", "settings": {"wd": [0.0, 0.01, 0.1, 1.0, 3.0]}, "prediction": "valley"}
    ]
    assert kinds(events) == ["said", "progress", "said", "finished"]
    assert said(events)[0].label == "run"
    assert said(events)[0].text.splitlines()[0] == "You said: It falls first, then rises: a valley."
    assert finished.data["holds"] is True


def test_another_line_lets_go_of_the_run(world: World, pipe: Session) -> None:
    turn(pipe.ask("run it"))
    assert turn(pipe.ask(HALF_7))[1].intent == "answer"
    assert turn(pipe.ask("1"))[1].intent == "answer"
    assert world.lab.runs == []


@pytest.mark.parametrize("ending", [Failed(message="no data"), Cancelled()])
def test_a_run_that_breaks_off_ends_the_turn(world: World, pipe: Session, ending: Failed | Cancelled) -> None:
    world.lab.ending = ending
    turn(pipe.ask("run it"))
    assert list(pipe.ask("1"))[-1] == ending


def test_a_pipe_lists_films_after_training_once(world: World, pipe: Session) -> None:
    events, finished = turn(pipe.ask("what should i watch?"))
    assert kinds(events) == ["said", "progress", "said", "finished"]
    assert finished.reply.splitlines() == ["From your 1 rating.", "1  Heat (1995)  4.2 stars"]
    assert kinds(turn(pipe.ask("what should i watch?"))[0]) == ["said", "said", "finished"]


def test_a_pipe_counts_cards(pipe: Session) -> None:
    assert turn(pipe.ask("quiz me"))[1].data == {"due": 2, "new": 3, "next_due_at": None}


# --- ratings by chat -------------------------------------------------------------------------


def test_films_are_rated_in_passing_and_undone(world: World, app: Session) -> None:
    _, finished = turn(app.ask("I loved Fargo and hated Plan 9"))
    assert finished.intent == "rate_movie"
    assert finished.data["rated"] == [{"id": FARGO.id, "title": "Fargo", "year": 1996, "stars": 5.0}]
    assert "There is no film 'Plan 9'" in finished.reply
    assert world.store.ratings.stars() == {FARGO.id: 5.0}
    assert turn(app.ask("undo"))[1].intent == "undo"
    assert world.store.ratings.stars() == {}
    assert turn(app.ask("undo"))[1].reply == "There is no rating to take back."


def test_a_rating_by_key_without_a_film_asks_which(app: Session) -> None:
    assert "Which film" in turn(app.act("rate_movie"))[1].reply


# --- single lines ----------------------------------------------------------------------------


def stored(world: World) -> tuple[int, int, dict[str, float]]:
    learning = world.store.learning
    return len(learning.messages()), len(learning.attempts()), world.store.ratings.stars()


def test_a_line_with_a_question_is_graded_and_forgotten(world: World) -> None:
    turned = answer_line(world, RIGHT_7, question=7)  # type: ignore[arg-type]
    assert (turned.intent, turned.question) == ("answer", "q07")
    assert turned.data["grade"]["verdict"] == "correct"
    assert stored(world) == (0, 0, {})


def test_a_line_with_a_context_is_neither_graded_nor_stored(world: World) -> None:
    for text, intent in [
        ("hint", "hint"), ("idk", "hint"), ("tell me", "reveal"), ("lesson", "lesson"), ("next", "next"),
        ("what is an embedding?", "answer_from_lecture"), ("run it", "run_experiment"),
        ("i loved Fargo", "rate_movie"),
    ]:  # fmt: skip
        assert answer_line(world, text, context_q="q07").intent == intent  # type: ignore[arg-type]
    sentence = "You multiply the numbers and then add them all up."
    attempt = answer_line(world, sentence, context_q=7)  # type: ignore[arg-type]
    assert attempt.intent != "answer"
    assert stored(world) == (0, 0, {})


def test_a_line_without_a_context_is_forgotten_too_when_it_is_said_so(world: World) -> None:
    assert answer_line(world, "hint", context_q=None).question is None  # type: ignore[arg-type]
    assert stored(world) == (0, 0, {})


def test_a_bare_line_is_a_turn_of_the_chat(world: World) -> None:
    answer_line(world, "next")  # type: ignore[arg-type]
    turned = answer_line(world, HALF_7)  # type: ignore[arg-type]
    assert turned.intent == "answer"
    assert len(world.store.learning.attempts("q07")) == 1


def test_an_unknown_question_is_refused(world: World) -> None:
    with pytest.raises(UnknownQuestion):
        answer_line(world, "hint", question=77)  # type: ignore[arg-type]
    with pytest.raises(UnknownQuestion):
        answer_line(world, "hint", context_q=77)  # type: ignore[arg-type]


def test_a_planned_question_may_be_the_context(world: World) -> None:
    turned = answer_line(world, "what is an embedding?", context_q=18)  # type: ignore[arg-type]
    assert turned.intent == "answer_from_lecture"


def test_a_failed_turn_is_an_error(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tutor.core.grading.grade", broken)
    with pytest.raises(CannotDo, match="ZeroDivisionError"):
        answer_line(world, RIGHT_7, question=7)  # type: ignore[arg-type]
    assert stored(world) == (0, 0, {})


def test_training_is_not_begun_for_a_line_that_is_forgotten(world: World) -> None:
    turned = answer_line(world, "recommend something", context_q=None)  # type: ignore[arg-type]
    assert "tutor recommend" in turned.reply
    assert not world.movies.model_ready

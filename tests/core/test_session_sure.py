"""How sure one is, said before the verdict; runs that refute; one sentence of one's own."""

import pytest
from session_world import COURSE, HALF_7, RIGHT_7, WRONG_7, World, said, turn

from tutor.core import chat_sentence, dialogue
from tutor.core.chat_beside import beside
from tutor.core.confidence import read_confidence
from tutor.core.curriculum import Course
from tutor.core.events import Grade, Opened
from tutor.core.session import Session

CORRELATION = "It is the Pearson correlation of the two vectors"
RIGHT_22 = " ".join(Course.load(COURSE).question(22).rubric.model_answer.split())


# --- how sure --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "answer", "level"),
    [
        ("add the products, sure", "add the products", 3),
        ("Add the products. I'm sure.", "Add the products", 3),
        ("add the products (pretty sure)", "add the products", 2),
        ("add the products - just a guess", "add the products", 1),
        ("add the products, not sure", "add the products", 1),
        ("add the products (2)", "add the products", 2),
        ("add the products\nsure", "add the products", 3),
        ("it makes the model sure", "it makes the model sure", None),
        ("not sure", "not sure", None),
        ("well, not sure", "well, not sure", None),
        ("sure", "sure", None),
        ("multiply a guess", "multiply a guess", None),
    ],
)
def test_how_sure_is_read_behind_an_answer(text: str, answer: str, level: int | None) -> None:
    assert read_confidence(text) == (answer, level)


def test_it_is_kept_with_the_attempt_and_the_words_are_graded_alone(world: World, session: Session) -> None:
    turn(session.ask(f"{HALF_7[:-1]}, fairly sure"))
    attempt = world.store.learning.attempts("q07")[0]
    assert attempt.answer == HALF_7[:-1]
    assert Grade.model_validate(attempt.grade).confidence == 2
    turn(session.ask("and add the products up", confidence=3))
    assert world.store.learning.attempts("q07")[1].grade["confidence"] == 3
    turn(session.ask("they are multiplied"))
    assert world.store.learning.attempts("q07")[2].grade["confidence"] is None


def test_it_is_never_asked_for_in_a_turn_of_its_own(session: Session) -> None:
    events, finished = turn(session.ask(RIGHT_7))
    assert finished.intent == "answer"
    assert world_state(session) == "done"
    assert "sure" not in said(events)[-1].text


def test_a_pipe_is_told_once_how_to_say_it(world: World, pipe: Session) -> None:
    labels = []
    for answer in (HALF_7, "Add them up.", HALF_7, "It is about numbers.", RIGHT_7):
        labels += [one.label for one in said(turn(pipe.ask(answer))[0])]
    assert labels.count("tip") == 1
    app = world.session()
    world.store.settings.set("tip_sure", False)
    assert "tip" not in [one.label for one in said(turn(app.ask(HALF_7))[0])]


def world_state(session: Session) -> str:
    return session.workspace.store.learning.standing("q07").state


# --- a run that refutes ------------------------------------------------------------------------------


def test_a_misconception_is_put_to_a_prediction(world: World, pipe: Session) -> None:
    events, finished = turn(pipe.ask(CORRELATION))
    assert [one.label for one in said(events)] == ["your words", "prediction"]
    assert said(events)[0].text.startswith("△")
    assert finished.data["experiment"] == "dot-product"
    _, finished = turn(pipe.ask("1"))
    assert finished.intent == "run_experiment"
    assert world.lab.runs[0]["name"] == "dot-product"
    assert finished.reply.endswith("Back to the question: how would you put it now?")


def test_any_other_line_is_an_answer_as_ever_and_the_run_is_offered_once(pipe: Session) -> None:
    turn(pipe.ask(CORRELATION))
    _, finished = turn(pipe.ask(HALF_7))
    assert finished.intent == "answer" and finished.data["grade"]["verdict"] == "partial"
    events, _ = turn(pipe.ask(CORRELATION))
    assert "How would you put it now?" in said(events)[-1].text


def test_sure_and_wrong_says_so(pipe: Session) -> None:
    events, _ = turn(pipe.ask(f"{CORRELATION}, sure"))
    assert said(events)[-1].text.startswith("You were sure, so let a run decide.")


def test_sure_and_wrong_without_a_known_slip_offers_the_run(session: Session) -> None:
    wrong = "It has to do with two vectors and numbers."
    plain, _ = turn(session.ask(wrong))
    sure, _ = turn(session.ask(wrong, confidence=3))
    assert "You were sure" not in said(plain)[-1].text
    assert "You were sure: `run it`" in said(sure)[-1].text


def test_in_the_app_the_offered_run_is_what_run_it_opens(world: World, session: Session) -> None:
    events, _ = turn(session.ask(CORRELATION))
    assert [one.label for one in said(events)] == ["your words", "prediction"]
    events, _ = turn(session.ask("run it"))
    opened = next(event for event in events if isinstance(event, Opened))
    assert opened.argument == world.store.settings.get("offered_run")["name"]


# --- forms -------------------------------------------------------------------------------------------


def test_two_failures_offer_the_run_and_two_more_the_code(world: World) -> None:
    from test_session_again import REAL

    question = next(
        one for e in REAL.written if (one := REAL.question(e.id)).exercise and one.file.experiments
    )
    failed = [Grade(q=1, id="q", verdict="incorrect", score=0, points=(), reply="-")] * 6
    standing = world.store.learning.standing(question.entry.id)
    offers = [dialogue.another_form(question, failed[:count], standing) for count in range(1, 7)]
    assert [("`run it`" in one, "`exercise`" in one) for one in offers] == [
        (False, False), (True, False), (False, False), (False, True), (False, False), (False, False),
    ]  # fmt: skip


def test_a_move_that_asks_leaves_no_second_question_in_the_reply() -> None:
    reply = 'That is the question itself, word for word. What would you say to it?\n✓ "why not?" · a point'
    assert dialogue.without_questions(reply) == (
        'That is the question itself, word for word.\n✓ "why not?" · a point'
    )


# --- one sentence ------------------------------------------------------------------------------------


def ask_for_sentences(world: World, session: Session, answers: int) -> list[int]:
    """Which of so many right answers to Q22 led to the question for a sentence; each time as if anew."""
    found = []
    for number in range(1, answers + 1):
        turn(session.act("goto", "q22"))
        events, _ = turn(session.ask(RIGHT_22))
        if said(events)[-1].label == chat_sentence.LABEL:
            found.append(number)
            turn(session.ask("skip"))
            world.store.settings.set("sentences_asked", [])
    return found


def test_about_one_right_why_answer_in_four(world: World, session: Session) -> None:
    assert ask_for_sentences(world, session, 9) == [2, 6]


def test_never_twice_for_a_question_and_never_where_nobody_asks_why(world: World, session: Session) -> None:
    labels = []
    for _ in range(10):
        turn(session.act("goto", "q22"))
        labels += [one.label for one in said(turn(session.ask(RIGHT_22))[0])]
        turn(session.act("goto", "q07"))
        assert chat_sentence.LABEL not in [one.label for one in said(turn(session.ask(RIGHT_7))[0])]
    assert labels.count(chat_sentence.LABEL) == 1


def test_the_sentence_is_quoted_and_scores_nothing(world: World, session: Session) -> None:
    turn(session.act("goto", "q22"))
    turn(session.ask(RIGHT_22))
    turn(session.act("goto", "q22"))
    turn(session.ask(RIGHT_22))
    attempts = len(world.store.learning.attempts())
    own = world.course.question(22).point("p1").paraphrases[0]
    events, finished = turn(session.ask(own))
    assert said(events)[0].text.startswith(f"✓ “{own[:20]}")
    assert finished.data["own_sentence"] == "q22"
    assert len(world.store.learning.attempts()) == attempts
    assert beside(session) == {}


def test_the_sentence_can_be_skipped_or_not_known(world: World, session: Session) -> None:
    for line in ("skip", "no idea"):
        world.store.settings.set("why_answers", 1)
        world.store.settings.set("sentences_asked", [])
        turn(session.act("goto", "q22"))
        turn(session.ask(RIGHT_22))
        assert beside(session, chat_sentence.KIND)
        _, finished = turn(session.ask(line))
        assert beside(session) == {}
        assert finished.intent in ("next", "answer")


def test_a_wrong_answer_is_no_reason_to_ask_why(session: Session) -> None:
    events, _ = turn(session.ask(WRONG_7))
    assert chat_sentence.LABEL not in [one.label for one in said(events)]


def test_a_question_that_is_reset_may_do_all_of_it_again(world: World, session: Session) -> None:
    from tutor.core.resetting import reset_question

    turn(session.ask(CORRELATION))
    turn(session.act("reveal"))
    world.store.settings.set("sentences_asked", ["q07", "q22"])
    reset_question(world.store, "q07")
    kept = world.store.settings
    assert (kept.get("points_told"), kept.get("refuted"), kept.get("offered_run")) == ([], [], None)
    assert kept.get("sentences_asked") == ["q22"]

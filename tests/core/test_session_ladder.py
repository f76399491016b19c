"""Help in the chat: the ladder, the gap, the fast lane, encouragement, the appeal."""

from session_world import HALF_7, RIGHT_7, World, said, turn

from tutor.core.session import Session


def test_the_ladder_is_climbed_rung_by_rung(world: World, session: Session) -> None:
    point = world.course.question(7).point("p1")
    labels = []
    for _ in range(3):
        events, finished = turn(session.ask("hint"))
        assert finished.intent == "hint"
        labels.append(said(events)[-1].label)
    assert labels == ["hint", "fill in", "the point"]
    assert point.assertion in said(events)[-1].text
    assert session.to_repeat == ["q07"]


def test_not_knowing_leads_to_a_hint_and_is_no_attempt(world: World, session: Session) -> None:
    events, finished = turn(session.ask("idk"))
    assert finished.intent == "hint"
    assert said(events)[0].text.splitlines()[-1] == world.course.question(7).point("p1").hint
    assert world.store.learning.attempts() == []


def test_how_should_i_know_is_not_knowing_and_no_question(session: Session) -> None:
    _, finished = turn(session.ask("How should I know?"))
    assert finished.intent == "hint"


def test_a_gap_can_be_filled_with_a_word(world: World, session: Session) -> None:
    turn(session.ask("hint"))
    turn(session.ask("hint"))
    events, _ = turn(session.ask("they are multiplied"))
    assert world.store.learning.standing("q07").covered == {"p1"}
    assert "fills the gap" in said(events)[0].text


def test_a_word_that_does_not_fit_the_gap_is_said_so(world: World, session: Session) -> None:
    turn(session.ask("hint"))
    turn(session.ask("hint"))
    events, _ = turn(session.ask("compared"))
    assert said(events)[0].text == '"compared" does not fit the gap.'
    assert world.store.learning.standing("q07").covered == frozenset()


def test_two_failures_on_a_point_offer_the_run(session: Session) -> None:
    first, _ = turn(session.ask("It has to do with two vectors and numbers."))
    second, _ = turn(session.ask("It has to do with vectors and a number."))
    assert "`run it`" not in said(first)[-1].text
    assert "`run it`" in said(second)[-1].text


def test_the_answer_is_told_on_request_with_one_check(world: World, session: Session) -> None:
    events, finished = turn(session.ask("just tell me"))
    assert finished.intent == "reveal"
    assert said(events)[0].text == world.course.question(7).file.tell_me.strip()
    assert said(events)[1].text.endswith(world.course.question(7).point("p1").prompt)
    standing = world.store.learning.standing("q07")
    assert standing.told
    assert standing.state == "started"
    assert session.to_repeat == ["q07"]


def test_a_told_question_comes_back_after_the_others(world: World, session: Session) -> None:
    turn(session.act("reveal"))
    turn(session.ask(RIGHT_7))
    turn(session.act("next"))
    _, finished = turn(session.act("appeal"))
    turn(session.ask("Noise is not fitted, and where evidence is scarce the weights shrink to zero."))
    _, finished = turn(session.act("next"))
    assert finished.question == "q07"
    assert session.to_repeat == []
    assert world.store.learning.standing("q07").covered == frozenset()


def test_encouragement_is_a_smaller_step(session: Session) -> None:
    events, finished = turn(session.ask("this makes no sense"))
    assert finished.intent == "encourage"
    assert said(events)[0].label == "hint"
    assert said(events)[0].text.startswith("This one is hard")


def test_an_appeal_counts_and_is_kept(world: World, session: Session) -> None:
    turn(session.ask(HALF_7))
    _, finished = turn(session.ask("I was right"))
    assert finished.intent == "appeal"
    assert world.store.learning.standing("q07").state == "done"
    assert world.store.settings.get("appeals")[0]["answer"] == HALF_7


def test_there_is_no_appeal_without_a_verdict(world: World, session: Session) -> None:
    turn(session.ask("I was right"))
    assert world.store.learning.standing("q07").state == "new"

"""The directions that were learnt for each question: where they hold, and where stored texts vote instead."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from grading_world import course, question, without

from tutor.core.curriculum import Entry, Question
from tutor.core.grading import grade, probes
from tutor.core.grading.meaning import encoder
from tutor.core.grading.probes import Probes, fingerprint, probes_of, write
from tutor.core.grading.stance import keys_of, stance_of, votes_on


def reworded(asked: Question) -> Question:
    """The question with another first point."""
    first, *rest = asked.rubric.points
    other = first.model_copy(update={"assertion": first.assertion + " It is Tuesday."})
    changed = replace(asked, rubric=asked.rubric.model_copy(update={"points": (other, *rest)}))
    changed.__dict__.update({name: getattr(asked, name) for name in ("memory", "statements")})
    return changed


@pytest.mark.parametrize("entry", course().written, ids=lambda entry: entry.id)
def test_every_written_question_has_directions_for_its_present_points(entry: Entry) -> None:
    asked = question(entry.id)
    learnt = probes_of(asked)
    assert learnt, f"{asked.entry.id} asks for something new: run tests/benchmarks/fit_stance.py --write"
    assert learnt.directions.shape[1] == len(keys_of(asked)) == len(learnt.offsets)


def test_a_point_in_new_words_is_another_question() -> None:
    asked = question("q07")
    assert fingerprint(reworded(asked)) != fingerprint(asked)
    assert fingerprint(replace(asked)) == fingerprint(asked)
    assert probes_of(reworded(asked)) is None


def test_without_directions_stored_texts_vote() -> None:
    asked, model = reworded(question("q07")), encoder()
    assert model
    said = "You add the products up."
    found = stance_of(asked, said, [said], model, probes_of(asked))
    voted = votes_on(model.stances(["You add the products up"]), asked, model)
    assert not found.is_learnt
    assert found.shares[0] == pytest.approx(voted[0], rel=1e-4)


def test_what_is_said_of_another_question_is_no_misconception() -> None:
    found = grade(question("q01"), "you multiply the entries at the same place and add the products up")
    assert found.verdict in ("incorrect", "off_topic") and not found.misconceptions


def test_right_answers_count_without_directions_too() -> None:
    """Graded answers of the course, each question as if it had just been written by a teacher."""
    rejected = total = 0
    for ref in ("q07", "q09", "q18", "q22", "q28"):
        asked = reworded(question(ref))
        for example in (one for one in asked.rubric.examples if one.verdict == "correct"):
            total += 1
            rejected += grade(without(asked, example), example.answer).verdict in ("incorrect", "off_topic")
    assert total >= 30 and rejected <= 0.1 * total


def test_a_question_without_directions_is_graded_all_the_same() -> None:
    answer = "Multiply the numbers that stand at the same place, then add all the products up."
    assert grade(reworded(question("q07")), answer).verdict in ("correct", "partial")


def test_directions_survive_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = question("q07")
    names = keys_of(asked)
    one = Probes(np.eye(8, len(names), dtype=np.float32), np.zeros(len(names), dtype=np.float32))
    write({fingerprint(asked): one}, tmp_path / "probes.npz")
    monkeypatch.setattr(probes, "PROBES", tmp_path / "probes.npz")
    probes._all.cache_clear()
    try:
        again = probes_of(asked)
        assert again and (again.directions == one.directions).all()
        assert probes_of(question("q22")) is None
        shares = again.shares(np.eye(1, 8, dtype=np.float32) * 100)
        assert shares[0, 0] == pytest.approx(1) and shares[0, 1] == pytest.approx(0.5)
    finally:
        probes._all.cache_clear()

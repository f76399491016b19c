"""What an answer says, by what was learnt and by what stored texts vote."""

import numpy as np
import pytest
from grading_world import course, question

from tutor.core.curriculum import Question
from tutor.core.grading.meaning import encoder
from tutor.core.grading.probes import probes_of
from tutor.core.grading.stance import (
    SHARPNESS,
    TRUE,
    VERDICTS,
    bare,
    keys_of,
    log_odds,
    stance_of,
    stored,
    votes_on,
)
from tutor.text.encoder import Encoder, Vectors


class Apart:
    """Takes each text for its own direction, and the same text for itself."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}

    def encode(self, texts: list[str]) -> Vectors:
        raise NotImplementedError

    def stances(self, texts: list[str]) -> Vectors:
        rows = [self.rows.setdefault(text, len(self.rows)) for text in texts]
        return np.eye(4_096, dtype=np.float32)[rows] * 4


def test_a_stored_text_votes_for_what_is_known_of_it() -> None:
    q07, model = question("q07"), Apart()
    said, keys = next(one for one in q07.statements if one.denies and not one.makes), keys_of(q07)
    (shares,) = votes_on(model.stances([bare(said.text)]), q07, model)
    assert shares[keys["denies", said.denies[0]]] > 0.99
    assert shares[keys[TRUE]] < 0.01
    assert shares[keys["is", "correct"]] == pytest.approx(share(q07, "correct"), abs=0.02), "not told of it"


def share(asked: Question, verdict: str) -> float:
    return sum(one.verdict == verdict for one in asked.memory) / len(asked.memory)


def test_votes_on_verdicts_add_up() -> None:
    q22 = question("q22")
    (shares,) = votes_on(real().stances(["Small weights cannot follow every wiggle"]), q22, real())
    keys = keys_of(q22)
    assert sum(shares[keys["is", each]] for each in VERDICTS) == pytest.approx(1)


def test_the_words_are_those_of_the_part_that_says_it_most() -> None:
    parts = ["You multiply the numbers at the same place.", "Then you add the products up."]
    found = stance_of(question("q07"), " ".join(parts), parts, real(), probes_of(question("q07")))
    assert found.words("makes", "p1") == parts[0]
    assert found.words("makes", "p2") == parts[1]


def real() -> Encoder:
    model = encoder()
    assert model, "the encoder is installed with the tutor"
    return model


def test_votes_tell_a_sentence_from_its_contradiction() -> None:
    """On the pairs of `statements.toml`, each left out of the votes with its twin."""
    right = total = 0
    for entry in course().written[::4]:
        known = stored(course().question(entry.id))
        first, last = known.sentences
        stances = real().stances(known.texts)
        unit = stances / np.linalg.norm(stances, axis=1, keepdims=True)
        votes = np.exp(SHARPNESS * (unit @ unit.T - 1))
        truth, told = known.said[:, known.keys[TRUE]], known.known[:, known.keys[TRUE]]
        for row in range(first, last - 1):
            if not (truth[row] and not truth[row + 1]):
                continue
            others = votes[row : row + 2].copy()
            others[:, row : row + 2] = 0
            shares = others @ (truth * told) / (others @ told)
            right += bool(shares[0] > shares[1])
            total += 1
    assert total > 200 and right / total > 0.7


def test_log_odds_stay_finite() -> None:
    assert log_odds(0) == pytest.approx(-log_odds(1))
    assert log_odds(0) < log_odds(0.2) < 0 == log_odds(0.5)

"""The encoder: what a vector is, that a text gets the same numbers in any company, and what goes wrong."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from tutor.text.encoder import STANCE, VOCABULARY, WIDTH, MiniLm, NoEncoder

TEXTS = [
    "Multiply the numbers at the same place and add the products.",
    "weight decay",
    "A film that nobody has rated yet has random numbers, since nothing has pulled at them.",
]


@pytest.fixture(scope="module")
def encoder() -> MiniLm:
    return MiniLm()


def test_a_vector_has_length_1_and_is_the_second_half_of_a_stance(encoder: MiniLm) -> None:
    vectors, stances = encoder.encode(TEXTS), encoder.stances(TEXTS)
    assert vectors.shape == (3, WIDTH) and stances.shape == (3, STANCE)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    means = stances[:, WIDTH:]
    assert means / np.linalg.norm(means, axis=1, keepdims=True) == pytest.approx(vectors, abs=1e-5)


def test_a_text_gets_the_same_numbers_in_any_company(encoder: MiniLm) -> None:
    alone, together = MiniLm(), encoder.encode(TEXTS)
    for number, text in reversed([*enumerate(TEXTS)]):
        assert (alone.encode([text])[0] == together[number]).all()
        assert (alone.stances([text])[0] == encoder.stances([text])[0]).all()


def test_case_makes_no_difference(encoder: MiniLm) -> None:
    assert (encoder.encode([TEXTS[0].upper()])[0] == encoder.encode([TEXTS[0]])[0]).all()


def test_what_is_alike_lies_together(encoder: MiniLm) -> None:
    asked, told, other = encoder.encode(
        ["how do I work out a dot product?", "Multiply pairwise, then add: a dot product.", "I like cheese"]
    )
    assert asked @ told > asked @ other + 0.2


def test_nothing_and_too_much(encoder: MiniLm) -> None:
    assert encoder.encode([]).shape == (0, WIDTH) and encoder.stances([]).shape == (0, STANCE)
    assert np.isfinite(encoder.encode(["", "word " * 5_000])).all()


def test_a_model_that_does_not_load_is_told_in_a_line(tmp_path: Path) -> None:
    broken = tmp_path / "model.onnx"
    broken.write_bytes(b"no model")
    for file in (broken, tmp_path / "missing.onnx"):
        with pytest.raises(NoEncoder) as caught:
            MiniLm(file)
        assert "does not load" in str(caught.value) and "\n" not in str(caught.value)


def test_the_vocabulary_is_the_one_that_the_model_was_trained_with() -> None:
    digest = hashlib.sha256(VOCABULARY.read_bytes()).hexdigest()
    assert digest.startswith("07eced375cec144d27c90024")

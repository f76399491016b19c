"""What all tests share."""

import os
from collections.abc import Iterator

import pytest

from tutor.text.encoder import prepare


@pytest.fixture(scope="session", autouse=True)
def shared_encoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One optimised copy of the sentence encoder for all learners of all tests."""
    folder = tmp_path_factory.mktemp("encoder")
    before = os.environ.get("TUTOR_ENCODER")
    os.environ["TUTOR_ENCODER"] = str(folder)
    prepare(folder)
    yield
    if before is None:
        del os.environ["TUTOR_ENCODER"]
    else:
        os.environ["TUTOR_ENCODER"] = before

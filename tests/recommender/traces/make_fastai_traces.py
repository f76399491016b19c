"""Make the traces that the trainer is compared with, by running fastai itself.

Run once, in an environment of its own (fastai==2.8.12, torch 2.13, CPU):

    python make_fastai_traces.py planted.csv dot.npz net.npz

`planted.csv` is the planted world as user,item,rating. `dl_type=TabDataLoader` is needed: fastai's present
default draws training rows with replacement. Each file holds codes and stars of the first 100 batches, the
weights before the first, the 100 losses, and the number of steps that the schedule was laid out for.
"""

import sys

import numpy as np
import pandas as pd
import torch
from fastai.callback.core import Callback, CancelFitException
from fastai.collab import CollabDataLoaders, collab_learner
from fastai.tabular.core import TabDataLoader

STEPS, EPOCHS, LR, WD = 100, 2, 5e-3, 0.1


class Record(Callback):
    """Keep what goes in and what comes out of each training batch; stop after enough of them."""

    def before_fit(self) -> None:
        self.x, self.y, self.losses = [], [], []

    def after_batch(self) -> None:
        if not self.training:
            return
        codes = self.xb[0]
        self.x.append(codes.numpy().copy())
        self.y.append(self.yb[0].reshape(-1).numpy().copy())
        self.losses.append(float(self.loss))
        if len(self.losses) == STEPS:
            raise CancelFitException


def trace(ratings: pd.DataFrame, out: str, **options: object) -> None:
    """Train for 100 steps from seed 42 and write the record to `out`."""
    torch.manual_seed(42)
    dls = CollabDataLoaders.from_df(ratings, bs=64, seed=42, dl_type=TabDataLoader, reduce_memory=False)
    learner = collab_learner(dls, y_range=(0, 5.5), **options)
    weights = {f"w.{name}": p.detach().numpy().copy() for name, p in learner.model.state_dict().items()}
    record = Record()
    learner.fit_one_cycle(EPOCHS, LR, wd=WD, cbs=record)
    np.savez_compressed(
        out,
        x=np.stack(record.x).astype(np.int16),
        y=np.stack(record.y).astype(np.float32),
        losses=np.array(record.losses),
        n_steps=EPOCHS * len(dls.train),
        **weights,
    )


if __name__ == "__main__":
    torch.set_num_threads(1)
    table = pd.read_csv(sys.argv[1])
    trace(table, sys.argv[2], n_factors=8)
    trace(table, sys.argv[3], use_nn=True, layers=[20, 10], emb_szs={"user": 8, "item": 6})

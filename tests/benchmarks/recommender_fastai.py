"""The lecture's recipe in fastai itself, in fastai's own environment: prints one line of JSON.

    python recommender_fastai.py ratings.csv valid.txt

`ratings.csv` is user,item,rating; `valid.txt` holds the numbers of the validation rows. Needs fastai==2.8.12.
`dl_type=TabDataLoader` gives the lecture's batches; today's default draws rows with replacement.
"""

import json
import sys
import time
from pathlib import Path

import pandas as pd
import torch
from fastai.collab import TabularCollab, collab_learner
from fastai.data.block import TransformBlock
from fastai.data.transforms import IndexSplitter
from fastai.tabular.core import Categorify, TabDataLoader


def main() -> None:
    """Train once on one thread, with validation after each epoch."""
    torch.set_num_threads(1)
    ratings = pd.read_csv(sys.argv[1])
    valid = [int(line) for line in Path(sys.argv[2]).read_text().split()]
    table = TabularCollab(
        ratings,
        [Categorify],
        ["user", "item"],
        y_names=["rating"],
        y_block=TransformBlock(),
        splits=IndexSplitter(valid)(range(len(ratings))),
        reduce_memory=False,
    )
    learner = collab_learner(table.dataloaders(bs=64, dl_type=TabDataLoader), n_factors=50, y_range=(0, 5.5))
    began = time.perf_counter()
    with learner.no_bar(), learner.no_logging():
        learner.fit_one_cycle(5, 5e-3, wd=0.1)
    seconds = time.perf_counter() - began
    valid_mse = float(learner.recorder.values[-1][1])
    sys.stdout.write(json.dumps({"seconds": seconds, "valid_mse": valid_mse}) + "\n")


if __name__ == "__main__":
    main()

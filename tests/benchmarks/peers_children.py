"""Programs that each peer's own Python runs: folds in from a file, predictions out into another.

    python -c PROGRAM DATA.npz OUT.npz

DATA holds users, items and stars [N], and fold [N], in which a rating is held out. A program writes, for
each of its models, the predicted stars [N] of all ratings while they were held out, and the mean processor
seconds of a fit. Kept as text, since these libraries live in environments of their own.
"""

BEFORE = """
import sys, time
import numpy as np
data = np.load(sys.argv[1])
users, items, stars, fold = (data[name] for name in ("users", "items", "stars", "fold"))
out, n_users, n_items = {}, users.max() + 1, items.max() + 1

def each_fold(name, fit_and_predict):
    predicted, seconds = np.zeros(len(stars)), []
    for held in range(fold.max() + 1):
        learn, test = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
        began = time.process_time()
        predict = fit_and_predict(learn)
        seconds.append(time.process_time() - began)
        predicted[test] = predict(test)
    out[name] = predicted
    out["seconds " + name] = np.mean(seconds)
"""

AFTER = """
np.savez(sys.argv[2], **out)
"""

SURPRISE = """
import surprise
from surprise import SVD, KNNBaseline, BaselineOnly

class Folds(surprise.Dataset):
    def __init__(self):
        self.reader = surprise.Reader(rating_scale=(float(stars.min()), float(stars.max())))

def surprised(make):
    def fit(learn):
        rows = [(int(u), int(i), float(r), None) for u, i, r in zip(users[learn], items[learn], stars[learn])]
        model = make().fit(Folds().construct_trainset(rows))
        return lambda test: [model.predict(int(u), int(i)).est for u, i in zip(users[test], items[test])]
    return fit

quiet = {"verbose": False}
near = {"name": "pearson_baseline", "user_based": False}
each_fold("Surprise BaselineOnly", surprised(lambda: BaselineOnly(**quiet)))
each_fold("Surprise SVD", surprised(lambda: SVD(random_state=0)))
each_fold("Surprise KNNBaseline, items", surprised(lambda: KNNBaseline(sim_options=near, **quiet)))
"""

LENSKIT = """
import pandas as pd
from lenskit.als import BiasedMFScorer
from lenskit.basic import BiasScorer
from lenskit.batch import predict
from lenskit.data import from_interactions_df
from lenskit.knn import ItemKNNScorer
from lenskit.pipeline import predict_pipeline

frame = pd.DataFrame({"user_id": users, "item_id": items, "rating": stars.astype(float)})

def kit(make):
    def fit(learn):
        model = predict_pipeline(make())
        model.train(from_interactions_df(frame.iloc[learn]))
        def guess(test):
            told = predict(model, frame.iloc[test], n_jobs=1).to_df()
            found = dict(zip(zip(told.user_id, told.item_id), told.score))
            mean = float(stars[learn].mean())
            made = [found.get(pair, mean) for pair in zip(users[test], items[test])]
            return np.where(np.isnan(made), mean, made)
        return guess
    return fit

each_fold("LensKit Bias", kit(lambda: BiasScorer(damping=5)))
each_fold("LensKit ItemKNN", kit(lambda: ItemKNNScorer(feedback="explicit")))
each_fold("LensKit BiasedMF", kit(lambda: BiasedMFScorer()))
"""

MYFM = """
import scipy.sparse as sps
from myfm import MyFMRegressor, RelationBlock

def pairs(rows):
    ones, at = np.ones(len(rows)), np.arange(len(rows))
    columns = (users[rows], items[rows])
    sides = [sps.csr_matrix((ones, (at, c)), (len(rows), n)) for c, n in zip(columns, (n_users, n_items))]
    return sps.hstack(sides, format="csr")

def plain(learn):
    model = MyFMRegressor(rank=10, random_seed=42).fit(pairs(learn), stars[learn], n_iter=200)
    return lambda test: model.predict(pairs(test))

def history(learn, rows, others, n, n_others):
    table = sps.csr_matrix((np.ones(len(learn)), (rows[learn], others[learn])), (n, n_others))
    counts = np.maximum(np.asarray(table.sum(axis=1)).ravel(), 1)
    return sps.hstack([sps.identity(n), sps.diags(counts ** -0.5) @ table], format="csr")

def implicit(learn):
    sides = (history(learn, users, items, n_users, n_items), history(learn, items, users, n_items, n_users))
    blocks = lambda rows: [RelationBlock(users[rows], sides[0]), RelationBlock(items[rows], sides[1])]
    shapes = [n_users, n_items, n_items, n_users]
    model = MyFMRegressor(rank=10, random_seed=42)
    model.fit(None, stars[learn], X_rel=blocks(learn), n_iter=200, group_shapes=shapes)
    return lambda test: model.predict(None, X_rel=blocks(test))

each_fold("myFM rank 10", plain)
each_fold("myFM rank 10, who rated what", implicit)
"""

PROGRAMS = {"surprise": SURPRISE, "lenskit": LENSKIT, "myfm": MYFM}

"""Weight decay and steps down the gradient."""

from __future__ import annotations

import random
from decimal import Decimal

from tutor.core.generators.writing import Draw, Values, bracketed, hundredths, texts


def _weight(draw: random.Random) -> dict[str, Decimal]:
    """A weight `w`, a learning rate `lr` and a decay `wd` whose product has few digits."""
    w = Decimal(draw.choice([-8, -6, -5, -4, -2, 2, 4, 5, 6, 8])) / 10
    lr = Decimal(draw.choice(["0.1", "0.2", "0.5"]))
    wd = Decimal(draw.choice(["0.1", "0.2", "0.5"]))
    return {"w": w, "lr": lr, "wd": wd}


def _weight_decay_rest(draw: random.Random) -> Values:
    """One step of decoupled decay without a gradient: w · (1 − lr·wd)."""
    drawn = _weight(draw)
    answer = drawn["w"] * (1 - drawn["lr"] * drawn["wd"])
    return texts(drawn | {"answer": answer})


def _weight_decay_update(draw: random.Random) -> Values:
    """One SGD step with gradient `g`.

    `answer` decays decoupled, w·(1 − lr·wd) − lr·g; `coupled` is the step on loss + wd·w², whose
    gradient is g + 2·wd·w.
    """
    drawn = _weight(draw)
    w, lr, wd = drawn["w"], drawn["lr"], drawn["wd"]
    g = Decimal(draw.choice([-3, -2, -1, 1, 2, 3])) / 10
    kept, pushed = w * (1 - lr * wd), lr * g
    results = {"kept": kept, "pushed": pushed, "answer": kept - pushed, "coupled": w - lr * (g + 2 * wd * w)}
    return texts(drawn | {"g": g} | results)


def _shrunken_mean(draw: random.Random) -> Values:
    """Best bias b of Σ(r − b)² + λb² for `n` ratings that lie `surplus` stars above the mean.

    Setting the derivative to zero gives b = surplus · n / (n + λ); rounded to two decimals.
    """
    n = draw.choice([2, 3, 4, 6, 8, 20, 50])
    surplus = Decimal(draw.choice(["0.5", "0.8", "1.2", "1.5", "2"]))
    strength = draw.choice([2, 4, 5, 10])
    exact = surplus * n / (n + strength)
    return {"n": str(n), "surplus": str(surplus), "strength": str(strength), "answer": hundredths(exact)}


def _weight_decay_gradient(draw: random.Random) -> Values:
    """Gradient of loss + wd·w² where the loss alone has gradient `g`: g + 2·wd·w, with `pull` = 2·wd·w."""
    drawn = _weight(draw)
    g = Decimal(draw.choice([-9, -7, -5, -3, -2, 2, 3, 5, 7, 9])) / 10
    pull = 2 * drawn["wd"] * drawn["w"]
    values = texts({"w": drawn["w"], "wd": drawn["wd"], "g": g, "pull": pull, "answer": g + pull})
    return values | {"w_bracketed": bracketed(drawn["w"]), "pull_bracketed": bracketed(pull)}


def _gradient_step(draw: random.Random) -> Values:
    """One plain step: w − lr·g, with `push` = lr·g."""
    drawn = _weight(draw)
    w, lr = drawn["w"], drawn["lr"]
    g = Decimal(draw.choice([-8, -6, -4, -3, -2, 2, 3, 4, 6, 8])) / 2
    values = texts({"w": w, "lr": lr, "g": g, "push": lr * g, "answer": w - lr * g})
    return values | {"g_bracketed": bracketed(g), "push_bracketed": bracketed(lr * g)}


GENERATORS: dict[str, Draw] = {
    "gradient-step": _gradient_step,
    "shrunken-mean": _shrunken_mean,
    "weight-decay-gradient": _weight_decay_gradient,
    "weight-decay-rest": _weight_decay_rest,
    "weight-decay-update": _weight_decay_update,
}

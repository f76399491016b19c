"""The trainer: its two paths are equal, its schedule is the reference's, and it can be stopped anywhere."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from recommender_toys import halves, planted

from recommender.config import ConfigError, TrainConfig, one_cycle, recipe
from recommender.events import ENDINGS, Cancelled, Epoch, Failed, Finished, Progress
from recommender.models import create
from recommender.training import Smooth, Trainer, train

DOTS = ["dot", "dot-range", "dot-bias", "dot-bias-params", "dot-bias-fastai"]
SMALL = TrainConfig(epochs=3, batch_size=32, factors=6, lr=0.02)


def test_the_schedule_is_the_references() -> None:
    """Figures of fastai's fit_one_cycle(5, 5e-3) over 6,250 steps."""
    config = TrainConfig()
    rates = [one_cycle(config, step / 6250)[0] for step in range(6250)]
    assert sum(rates) == pytest.approx(15.781, abs=1e-3)
    assert one_cycle(config, 0) == pytest.approx((2e-4, 0.95))
    assert one_cycle(config, 0.25) == pytest.approx((5e-3, 0.85))
    assert one_cycle(config, 1) == pytest.approx((5e-8, 0.95))


@pytest.mark.parametrize("decoupled", [True, False])
@pytest.mark.parametrize("model", DOTS)
def test_closed_form_equals_autograd(model: str, decoupled: bool) -> None:
    learn, _ = halves(planted())
    config = replace(SMALL, model=model, decoupled=decoupled, wd=0.1 if decoupled else 1e-3)
    fast, slow = Trainer(config, learn), Trainer(replace(config, fast=False), learn)
    for _ in range(100):
        assert fast.step() == pytest.approx(slow.step(), abs=1e-5)
    for name, weights in slow.model.state_dict().items():
        assert torch.allclose(fast.model.state_dict()[name], weights, atol=2e-5), name


def test_a_step_in_pieces_is_the_same_step(monkeypatch: pytest.MonkeyPatch) -> None:
    learn, _ = halves(planted())
    whole = Trainer(SMALL, learn)
    once = [whole.step() for _ in range(50)]
    monkeypatch.setattr("recommender.steps.PIECE", 7)  # 32 ratings are 5 pieces, not of one size
    parts = Trainer(SMALL, learn)
    assert [parts.step() for _ in range(50)] == pytest.approx(once, abs=1e-5)


def test_large_tables_take_large_steps() -> None:
    """A step moves all rows, so a step of so many ratings per row makes an epoch cost the same per rating."""
    learn, _ = halves(planted())
    rows = learn.n_users + learn.n_items
    large = Trainer(replace(SMALL, batch_share=0.5), learn)
    assert large.batch_size == max(SMALL.batch_size, round(rows / 2))
    assert Trainer(replace(SMALL, batch_share=1e-9), learn).batch_size == SMALL.batch_size
    assert recipe("fast").batch_share > 0
    with pytest.raises(ConfigError, match="batch_share must be 0 or more"):
        replace(SMALL, batch_share=-1.0)


def test_the_written_out_gradient_is_autograds() -> None:
    """d loss / d every weight, without an optimiser between."""
    learn, _ = halves(planted())
    config = replace(SMALL, init_std=0.5)
    trainer = Trainer(config, learn)
    torch.manual_seed(config.seed)
    model = create(config, learn)
    trainer.step()
    ((index, targets),) = trainer._stepper.batches[0]
    users, films = index[:32], index[32:] - learn.n_users
    stars = targets * 5.5
    loss = torch.nn.functional.mse_loss(model(torch.stack([users, films], dim=1)), stars)
    loss.backward()
    gradient = trainer._stepper.gradient
    assert torch.allclose(gradient[: learn.n_users, :6], model.user_factors.weight.grad, atol=1e-6)
    assert torch.allclose(gradient[learn.n_users :, :6], model.film_factors.weight.grad, atol=1e-6)
    assert torch.allclose(gradient[: learn.n_users, 6:], model.user_bias.weight.grad, atol=1e-6)
    assert torch.allclose(gradient[learn.n_users :, 6:], model.film_bias.weight.grad, atol=1e-6)


@pytest.mark.parametrize("fast", [True, False])
def test_planted_factors_are_recovered(fast: bool) -> None:
    """Noise is 0.1 stars; the model comes near to it on ratings that it has not seen."""
    learn, held = halves(planted(k=2))
    config = TrainConfig(epochs=60, batch_size=64, factors=2, lr=0.03, wd=0.01, fast=fast)
    *_, end = train(config, learn, held)
    assert isinstance(end, Finished)
    assert end.result["valid_mse"] < 0.06
    assert np.var(held.stars) > 0.7


@pytest.mark.parametrize("fast", [True, False])
def test_usable_after_every_step(fast: bool) -> None:
    learn, held = halves(planted())
    trainer = Trainer(replace(SMALL, fast=fast), learn, held)
    seen = [trainer.mse(held)]
    while not trainer.done:
        trainer.step()
        predicted = trainer.predict(held.users, held.items)
        assert predicted.shape == (len(held),)
        assert np.isfinite(predicted).all()
        seen.append(trainer.mse(held))
    assert trainer.steps_done == trainer.n_steps == len(seen) - 1
    assert seen[-1] < seen[0] / 2
    assert trainer.predict(held.users[0], held.items[0])[0] == pytest.approx(float(predicted[0]), abs=1e-6)


def test_events_in_order_and_one_ending() -> None:
    learn, held = halves(planted())
    events = list(train(SMALL, learn, held))
    assert [e.epoch for e in events if isinstance(e, Epoch)] == [1, 2, 3]
    assert [isinstance(e, ENDINGS) for e in events].index(True) == len(events) - 1
    fractions = [e.fraction for e in events if isinstance(e, Progress)]
    assert fractions == sorted(fractions) and fractions
    result = events[-1].to_dict()
    assert result["event"] == "finished"
    assert result["valid_rmse"] == pytest.approx(math.sqrt(result["valid_mse"]))
    assert len(result["epochs"]) == 3
    assert "model" not in result


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("after", [0, 1, 33])
def test_cancel_is_seen_in_every_batch(fast: bool, after: int) -> None:
    learn, _ = halves(planted())
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > after

    trainer = Trainer(replace(SMALL, fast=fast), learn)
    *_, end = trainer.run(cancelled)
    assert isinstance(end, Cancelled)
    assert trainer.steps_done == after


@pytest.mark.parametrize("fast", [True, False])
def test_a_number_that_is_none_is_a_failed_event(fast: bool) -> None:
    learn, _ = halves(planted())
    *_, end = train(replace(SMALL, model="dot", lr=1e30, fast=fast), learn)
    assert isinstance(end, Failed)
    assert "learning rate" in end.message and "\n" not in end.message


def test_no_ratings_is_a_failed_event() -> None:
    learn, _ = halves(planted())
    (end,) = train(SMALL, learn.take([]))
    assert isinstance(end, Failed)


def test_same_seed_same_run_another_seed_another() -> None:
    learn, held = halves(planted())
    ends = [list(train(replace(SMALL, seed=seed), learn, held))[-1].result["valid_mse"] for seed in (3, 3, 4)]
    assert ends[0] == ends[1] != ends[2]


def test_training_leaves_the_global_seed_alone() -> None:
    learn, _ = halves(planted())
    torch.manual_seed(9)
    before = torch.get_rng_state()
    list(train(SMALL, learn))
    assert torch.equal(before, torch.get_rng_state())


def test_frozen_parameters_stay_and_the_others_move() -> None:
    learn, _ = halves(planted())
    trainer = Trainer(replace(SMALL, freeze=("film_factors", "film_bias")), learn)
    before = {name: p.detach().clone() for name, p in trainer.model.named_parameters()}
    for _ in range(20):
        trainer.step()
    same = {name for name, p in trainer.model.named_parameters() if torch.equal(p, before[name])}
    assert same == {"film_factors.weight", "film_bias.weight"}


def test_a_row_without_ratings_decays_as_computed() -> None:
    """Nobody rated the last film: only weight decay moves it, by the product of (1 - lr * wd)."""
    ratings = planted()
    learn = ratings.take(ratings.items < ratings.n_items - 1)
    trainer = Trainer(replace(SMALL, wd=0.5), learn)
    before = trainer.model.film_factors.weight[-1].detach().clone()
    while not trainer.done:
        trainer.step()
    shrink = math.prod(1 - one_cycle(SMALL, i / trainer.n_steps)[0] * 0.5 for i in range(trainer.n_steps))
    assert torch.allclose(trainer.model.film_factors.weight[-1], before * shrink, atol=1e-7)


def test_first_weights_are_folded_into_two_deviations() -> None:
    model = create(TrainConfig(factors=200), planted(300, 200, share=0.1))
    weights = model.user_factors.weight.detach()
    assert float(weights.abs().max()) <= 0.02
    assert float(weights.std()) == pytest.approx(0.00866, abs=2e-4)


def test_fewer_ratings_than_a_batch() -> None:
    ratings = planted().take(range(10))
    *_, end = train(SMALL, ratings, ratings)
    assert isinstance(end, Finished)


def test_smooth_is_debiased() -> None:
    smooth = Smooth()
    for _ in range(3):
        smooth.add(2.0)
    assert smooth.value == pytest.approx(2.0)
    smooth.add(1.0)
    assert smooth.value == pytest.approx(2.0 - 0.02 / (1 - 0.98**4))


@pytest.mark.parametrize(
    "changes", [{"epochs": 0}, {"lr": -1.0}, {"wd": -0.1}, {"low": 5.5}, {"factors": 0}, {"lr": math.nan}]
)
def test_settings_that_cannot_be_are_refused(changes: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=next(iter(changes)) if "low" not in changes else "range"):
        recipe("lesson", "dot-bias", changes)


def test_recipes_by_name() -> None:
    assert recipe("lesson").wd == 0.1 and recipe("lesson", "dot").wd == 0.01
    assert recipe("fast").batch_size > recipe("lesson").batch_size
    for bad in (("slow", {}), ("lesson", {"colour": 1})):
        with pytest.raises(ConfigError):
            recipe(bad[0], "dot-bias", bad[1])

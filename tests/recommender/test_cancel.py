"""How soon work stops after the word: counted in steps and events, not in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from experiment_runs import file_of

from recommender import datasets, experiments
from recommender.als import Als
from recommender.experiments import FAMILIES
from recommender.lists_audience import fit_audience
from recommender.simulation_world import worlds
from recommender.training import Trainer


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """As in the training child."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


class Word:
    """Says stop from its `last`-th question on, or from when `given` is set; counts what is asked after."""

    def __init__(self, last: int | None = None) -> None:
        self.last, self.given, self.asked = last, False, 0
        self.steps_after = 0

    def __call__(self) -> bool:
        self.asked += 1
        self.given = self.given or self.asked == self.last
        return self.given


@pytest.fixture
def word(monkeypatch: pytest.MonkeyPatch) -> Word:
    """Counts the training steps that are begun after the word was given."""
    word, step = Word(), Trainer.step

    def counted(trainer: Trainer) -> float:
        word.steps_after += word.given
        return step(trainer)

    monkeypatch.setattr(Trainer, "step", counted)
    return word


@pytest.mark.parametrize("name", FAMILIES)
def test_after_the_word_no_step_and_no_event_but_the_ending(name: str, word: Word) -> None:
    events = experiments.run({"family": name, "settings": dict(file_of(name).smoke)}, None, word)
    next(event for event in events if event.name in ("point", "chart"))
    word.given = True
    assert [event.name for event in events] == ["cancelled"]
    assert word.steps_after == 0


@pytest.mark.parametrize("name", FAMILIES)
def test_the_word_is_heard_in_the_middle_of_a_stretch(name: str, word: Word) -> None:
    word.last = 25
    events = list(experiments.run({"family": name, "settings": dict(file_of(name).smoke)}, None, word))
    if not word.given:  # a run so short that it asks less often
        assert events[-1].name == "finished" and word.asked < 25
        return
    assert events[-1].name == "cancelled"
    assert word.steps_after == 0
    assert word.asked <= 25 + 12, "whoever hears it stops; only a few ask again"


def test_a_sweep_stops_between_two_groups() -> None:
    als = Als(datasets.load("planted").ratings, factors=3)
    assert len(als.by_user) > 2
    als.sweep(Word(last=3))
    solved = [bool(als.users[group.rows].any()) for group in als.by_user]
    assert solved == [True, True] + [False] * (len(solved) - 2)


def test_a_world_and_an_audience_stop_while_they_are_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    data = datasets.load("planted")
    monkeypatch.setattr(datasets, "load", lambda name, cache=None: data)
    word = Word(last=5)
    worlds("ml-100k", 10, None, word)
    assert word.asked <= 5 + 3
    word = Word(last=2)
    fit_audience(data.ratings, cancelled=word)
    assert word.asked == 2


def test_later_seeds_that_are_cancelled_leave_the_first_ones_result() -> None:
    word = Word()
    events: Any = experiments.run({"family": "two-instances", "seeds": 3}, None, word)
    for event in events:
        if event.name == "seed":
            word.given = True
    assert event.name == "finished"
    assert [one["seed"] for one in event.result["by_seed"]] == [0]

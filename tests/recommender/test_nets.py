"""The networks: widths, start values and what is exempt from decay, as in the reference."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from recommender_toys import checkerboard, dataset, planted

from recommender.config import recipe
from recommender.models import create
from recommender.models.classifier import StarClassifier
from recommender.models.hybrid import DAY, Hybrid, facts_of, standardised
from recommender.models.nets import CollabNN, EmbeddingNN, embedding_width
from recommender.ratings import Dataset, Users
from recommender.steps import decay_groups


@pytest.mark.parametrize(("rows", "width"), [(943, 74), (1634, 101), (1664, 102), (1682, 103), (10**6, 600)])
def test_widths_of_the_tables(rows: int, width: int) -> None:
    assert embedding_width(rows) == width


def test_the_lectures_net_has_the_lectures_sizes() -> None:
    net = CollabNN(943, 1634)
    assert [tuple(p.shape) for p in net.layers.parameters()] == [(100, 175), (100,), (1, 100), (1,)]


def test_numbers_spared_from_decay() -> None:
    """301 in EmbeddingNN [100, 50]: two batch norms and the last bias. None in the dot product."""
    net = EmbeddingNN(20, 30, (100, 50))
    spared = decay_groups(net, 0.1)[1:]
    assert sum(p.numel() for group in spared for p in group["params"]) == 2 * 100 + 2 * 50 + 1
    assert spared[0]["weight_decay"] == 0
    assert len(decay_groups(create(recipe("lesson"), planted()), 0.1)) == 1


def test_batch_norm_starts_as_in_the_reference() -> None:
    norms = [m for m in EmbeddingNN(5, 5, (10,)).modules() if isinstance(m, torch.nn.BatchNorm1d)]
    assert len(norms) == 1
    assert torch.allclose(norms[0].bias, torch.full((10,), 1e-3))


def test_the_classifier_expects_a_star_between_its_marks() -> None:
    net = StarClassifier(4, 4, [1, 2, 3, 4, 5])
    x = torch.tensor([[0, 1], [2, 3]])
    assert net.logits(x).shape == (2, 5)
    assert ((net(x) > 1) & (net(x) < 5)).all()
    loss, error = net.loss(x, torch.tensor([1.0, 5.0]))
    chosen = net.logits(x).log_softmax(1)[[0, 1], [0, 4]]
    assert loss.item() == pytest.approx(-chosen.mean().item())
    assert error.item() == pytest.approx(((net(x) - torch.tensor([1.0, 5.0])) ** 2).mean().item())


def test_marks_are_those_of_the_data() -> None:
    net = create(recipe("lesson", "classifier"), checkerboard())
    assert isinstance(net, StarClassifier) and net.marks.tolist() == [1, 5]


def test_hybrid_reads_the_calendar() -> None:
    ratings = planted()
    net = Hybrid(facts_of(ratings, dataset(ratings)), width=8)
    seen: list[torch.Tensor] = []
    net.weekday_factors.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    monday = 1_704_067_200  # 2024-01-01
    net.eval()(torch.tensor([[0, 0, monday + day * DAY] for day in range(8)]))
    assert seen[0].tolist() == [0, 1, 2, 3, 4, 5, 6, 0]


def test_facts_stand_where_their_rows_are() -> None:
    ratings = planted(n_users=3, n_items=4, share=1.0)
    data = dataset(ratings)
    people = Users((20, 40, 0), ("F", "M", ""), ("writer", "", "artist"))
    data = Dataset("toy", "toy", ratings, data.items, people, True, "", 1.0, 5.0)
    facts = facts_of(ratings, data)
    assert facts.users.tolist() == [[-1, 1, 1], [1, 1, -1], [0, 0, 0]]
    assert facts.n_jobs == 3 and facts.jobs.tolist() == [2, 0, 1]
    assert facts.films.shape == (4, 2 + 3)
    assert facts.films[0, 2:].tolist() == [1, 0, 1]  # Comedy, Drama, War
    bare = facts_of(ratings, None)
    assert bare.users.abs().sum() == 0 and bare.films.shape == (4, 2)


def test_standardised_leaves_the_unknown_at_zero() -> None:
    assert standardised(np.array([0.0, 10, 20])).tolist() == [0, -1, 1]
    assert standardised(np.array([0.0, 7])).tolist() == [0, 0]
    assert standardised(np.array([0.0, 0])).tolist() == [0, 0]

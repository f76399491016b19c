"""A personal list from the command line, over a model that the training process has made."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Tutor, complains


def test_a_list_is_personal_explained_and_free_of_what_was_rated(tutor: Tutor, tmp_path: Path) -> None:
    typical = tutor("recommend", "--json")
    assert typical.code == 0 and not typical.err  # the model is trained on first use, quietly

    loved, hated = (film["id"] for film in typical.json[:2])
    tutor("rate", loved, "5")
    tutor("rate", hated, "1")
    mine = tutor("recommend", "--top", "5", "--why", "--json").json
    keys = {
        "rank",
        "id",
        "title",
        "year",
        "genres",
        "keys",
        "predicted",
        "low",
        "high",
        "why",
        "diversity_cost",
        "ratings",
    }
    assert set(mine[0]) == keys and [film["rank"] for film in mine] == [1, 2, 3, 4, 5]
    assert len({film["id"] for film in mine} - {loved, hated}) == 5
    for film in mine:
        assert film["low"] < film["predicted"] < film["high"]
        why = film["why"]
        terms = (why[name] for name in ("mean", "user_bias", "item_bias", "taste", "clamp"))
        assert sum(terms) == pytest.approx(film["predicted"], abs=0.01)
        pushes = sum(one["push"] for one in why["because"]) + why["rest"]
        assert pushes == pytest.approx(why["user_bias"] + why["taste"], abs=0.01)

    own = tmp_path / "ratings.csv"
    own.write_text(f"id,stars\n{loved},5\n{hated},1\n", "utf-8")
    tutor("rate", "--delete", loved)
    assert tutor("recommend", "--top", "5", "--why", "--ratings", str(own), "--json").json == mine
    text = tutor("recommend", "--top", "2", "--why", "--ratings", str(own)).out
    assert "2 ratings" in text and "invented viewers" in text and "why 2: mean " in text

    knobs = ("--popularity", "-2", "--novelty", "1", "--diversity", "1", "--json")
    assert tutor("recommend", "--ratings", str(own), *knobs).json != mine
    by_count = tutor("recommend", "--ratings", str(own), "--model", "popularity", "--json").json
    assert by_count[0]["low"] is by_count[0]["why"] is None
    assert complains(tutor("recommend", "--diversity=-1"), "diversity must not be negative")
    refused = tutor("recommend", "--model", "popularity", "--novelty", "1")
    assert refused.code == 1 and "no knobs" in refused.err and refused.err.count("\n") == 1

    near = tutor("movies", "similar", loved, "--limit", "4", "--json").json
    assert len({film["id"] for film in near} - {loved}) == 4
    assert set(near[0]) == {"id", "title", "year", "genres", "keys", "rated"}
    assert complains(tutor("movies", "similar", "no-such-film-1901"), "no-such-film-1901")

    own.write_text(f"id,stars\n{loved},5\nno-such-film-1901,4\n", "utf-8")
    assert complains(tutor("recommend", "--ratings", str(own)), "ratings.csv, line 3", "no-such-film-1901")

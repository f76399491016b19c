"""`python -m recommender`, as other programs call it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from recommender.checkpoint import load
from recommender.cli import main

QUICK = ["--data", "planted", "--epochs", "1", "--factors", "4", "--split", "p1"]


def lines(capsys: pytest.CaptureFixture[str], *argv: str) -> list[dict[str, Any]]:
    assert main([*argv, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("model") / "dot-bias.safetensors"
    assert main(["train", "--data", "planted", "--recipe", "fast", "--out", str(out)]) == 0
    return out


def test_train_streams_events_and_ends_with_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    events = lines(capsys, "train", *QUICK)
    assert [event["event"] for event in events if event["event"] in ("started", "epoch", "finished")] == [
        "started",
        "epoch",
        "finished",
    ]
    end = events[-1]
    assert set(end) >= {"train_mse", "valid_mse", "valid_rmse", "seconds", "epochs"}
    assert end["valid_rmse"] == pytest.approx(end["valid_mse"] ** 0.5)


@pytest.mark.parametrize("model", ["mean", "als", "nn"])
def test_any_model_trains(capsys: pytest.CaptureFixture[str], model: str) -> None:
    assert lines(capsys, "train", *QUICK, "--model", model)[-1]["valid_mse"] < 1.6


def test_the_words_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", *QUICK]) == 0
    text = capsys.readouterr().out
    assert text.startswith("epoch 1: train ") and "valid MSE" in text.splitlines()[-1]


@pytest.mark.parametrize("split", ["book", "p1", "random", "user", "time"])
def test_splits(capsys: pytest.CaptureFixture[str], split: str) -> None:
    argv = ["train", "--data", "planted", "--model", "biases", "--split", split]
    assert 0.5 < lines(capsys, *argv)[-1]["valid_mse"] < 2


def test_evaluate_by_folds(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["evaluate", "--data", "planted", "--model", "biases", "--folds", "3"]
    (found,) = lines(capsys, *argv)
    assert set(found) >= {"rmse", "mae", "seconds", "fit_seconds", "folds", "rmse_sd"}
    assert len(found["folds"]) == 3 and "event" not in found


def test_evaluate_lists(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["evaluate", "--data", "planted", "--model", "popularity", "--folds", "2", "--top", "10"]
    (found,) = lines(capsys, *argv)
    assert 0 < found["precision"] < 1 and 0 < found["ndcg"] < 1 and found["folds"][1]["users"] > 0
    assert main(argv) == 0
    assert f"ndcg {found['ndcg']:.3f}" in capsys.readouterr().out
    assert main([*argv[:-1], "0"]) == 2


def test_evaluate_two_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = [(u, f, 1 + (u + f) % 5) for u in range(30) for f in range(20)]
    for name, part in (("train", rows[::2]), ("test", rows[1::2])):
        text = "userId,movieId,rating\n" + "".join(f"{u},{f},{s}\n" for u, f, s in part)
        (tmp_path / f"{name}.csv").write_text(text)
    files = ["--train", str(tmp_path / "train.csv"), "--test", str(tmp_path / "test.csv")]
    (found,) = lines(capsys, "evaluate", *files, "--model", "biases")
    assert found["folds"][0]["n"] == 300 and found["rmse"] > 0


def test_what_a_file_lost_is_counted_with_its_place(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "messy.csv"
    path.write_text("userId,movieId,rating\n1,10,4\n1,11,abc\n2,10,\n2,11,5\n2,12,x\n3,11,2\n")
    assert main(["train", "--data", str(path), "--model", "biases", "--split", "random", "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out.splitlines()[-1])["event"] == "finished"
    numbers, missing = sorted(captured.err.splitlines(), reverse=True)
    assert "2 skipped: the rating is no number" in numbers and "line 3, column 3" in numbers
    assert "1 skipped: the rating is missing" in missing and "line 4, column 3" in missing


def test_too_few_ratings_to_hold_any_out(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("userId,movieId,rating\n1,10,4\n1,11,5\n2,10,3\n")
    assert main(["train", "--data", str(path), "--model", "biases", "--split", "random"]) == 0
    assert "nothing held out" in capsys.readouterr().out


def test_recommend_from_a_file(capsys: pytest.CaptureFixture[str], checkpoint: Path, tmp_path: Path) -> None:
    film_ids = load(checkpoint).film_ids
    (tmp_path / "mine.csv").write_text(f"film_id,stars\n{film_ids[0]},5\n{film_ids[1]},1\nno-such-film,3\n")
    argv = [
        "recommend",
        "--checkpoint",
        str(checkpoint),
        "--ratings",
        str(tmp_path / "mine.csv"),
        "--top",
        "7",
    ]
    assert main([*argv, "--json"]) == 0
    captured = capsys.readouterr()
    films = json.loads(captured.out)
    assert "1 films are not in the model" in captured.err and "no-such-film" in captured.err
    assert [film["rank"] for film in films] == list(range(1, 8))
    assert [film["diversity_cost"] for film in films] == [0] * 7
    for film in films:
        assert set(film) >= {"id", "title", "year", "genres", "keys", "low", "high", "why", "diversity_cost"}
        reason = film["why"]
        total = sum(reason[name] for name in ("mean", "user_bias", "item_bias", "taste", "clamp"))
        assert total == pytest.approx(film["predicted"], abs=1e-4)
        pushed = sum(entry["push"] for entry in reason["because"]) + reason["rest"]
        assert pushed == pytest.approx(reason["user_bias"] + reason["taste"], abs=1e-4)
        assert {entry["id"] for entry in reason["because"]} == set(film_ids[:2])
    assert not {film["id"] for film in films} & set(film_ids[:2])


@pytest.mark.parametrize(
    "text",
    ['{"%s": 5}', "%s,5\n", "title,rating\n%s,5\n", "rating,film_id\n5,%s\n", "\ufeffid,stars\r\n%s,5\r\n"],
)
def test_forms_of_a_persons_file(
    capsys: pytest.CaptureFixture[str], checkpoint: Path, tmp_path: Path, text: str
) -> None:
    (tmp_path / "mine").write_text(text % load(checkpoint).film_ids[3], encoding="utf-8")
    argv = ["recommend", "--checkpoint", str(checkpoint), "--ratings", str(tmp_path / "mine"), "--top", "2"]
    (films,) = lines(capsys, *argv)
    assert len(films) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("film_id,stars\nx,many\n", ":2: column 2: 'many' is not a number"),
        ("film_id,stars\nx,3\nx,9\n", ":3: column 2: 9 stars lie outside 0 to 5.5"),
        ('{"x": -1}', "'x': -1 stars lie outside"),
        ("film_id,stars\nx\n", ":2: 1 columns"),
        ("colour,stars\nred,3\n", "no column of films"),
        ("", "no rating in it"),
        ("{", "not JSON"),
        (b"\xff\xfe\x00", "cannot be read"),
    ],
)
def test_a_broken_file_is_one_line_with_its_place(
    capsys: pytest.CaptureFixture[str], checkpoint: Path, tmp_path: Path, content: str | bytes, words: str
) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert main(["recommend", "--checkpoint", str(checkpoint), "--ratings", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    assert str(path) in captured.err and words in captured.err


@pytest.mark.parametrize(
    "argv",
    [
        ["train", "--data", "no-such-set"],
        ["train", "--data", "planted", "--epochs", "0"],
        ["train", "--data", "planted", "--model", "nn", "--out", "x"],
        ["evaluate", "--model", "mean"],
        ["evaluate", "--data", "planted", "--folds", "1"],
        ["evaluate", "--train", "only-one.csv"],
        ["recommend", "--checkpoint", "nothing", "--ratings", "nothing"],
    ],
)
def test_bad_input_is_one_line_and_two(capsys: pytest.CaptureFixture[str], argv: list[str]) -> None:
    assert main(argv) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1 and "Traceback" not in captured.err


@pytest.mark.parametrize(
    "argv", [[], ["dance"], ["train"], ["train", "--data", "planted", "--model", "magic"]]
)
def test_usage_is_one_line_and_two(capsys: pytest.CaptureFixture[str], argv: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(argv)
    assert left.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_run_that_fails_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["train", *QUICK, "--model", "dot", "--lr", "1e30"]
    assert main(argv) == 1
    assert "the run failed" in capsys.readouterr().err


def test_ctrl_c_is_one_hundred_and_thirty() -> None:
    argv = [sys.executable, "-m", "recommender", "train", "--data", "planted", "--epochs", "500", "--json"]
    process = subprocess.Popen(
        argv,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["event"] == "started"
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130 and err == "interrupted\n"
    assert time.monotonic() - began < 10


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom recommender.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('torch', 'pandas', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"

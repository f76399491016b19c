"""The command line of the library. stdout is data, stderr is words.

Exit codes: 0 done, 1 the run failed, 2 usage or bad input, 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from recommender import elicit_command, fit_command, recommend_command, simulate_command
from recommender.models import NAMES

SPLITS = ("book", "p1", "random", "user", "time")
DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


class UsageError(ValueError):
    """A command line that cannot be run."""


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        """Leave with exit code 2."""
        sys.stderr.write(f"{self.prog}: {message}\n")
        raise SystemExit(USAGE)


def main(argv: Sequence[str]) -> int:
    """Run one command. Returns its exit code."""
    arguments = parser().parse_args(argv)
    if arguments.command == "worker":
        from recommender.worker import main as serve

        return serve()
    from recommender.worker import one_line

    commands = {
        "train": train,
        "fit": fit,
        "evaluate": evaluate,
        "recommend": recommend,
        "simulate": simulate,
        "elicit": elicit,
    }
    pressed: list[int] = []  # ctrl+c is a question that loops ask, so that what runs can end well
    before = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    try:
        return commands[arguments.command](arguments, lambda: bool(pressed))
    except Exception as error:
        if not _is_input(error):
            raise
        sys.stderr.write(f"python -m recommender {arguments.command}: {one_line(error)}\n")
        return USAGE
    finally:
        signal.signal(signal.SIGINT, before)


def _is_input(error: Exception) -> bool:
    """Our own errors, and files that are not there or not writable, come from what was typed."""
    return type(error).__module__.startswith("recommender") or isinstance(error, OSError)


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = Parser(prog="python -m recommender", description="Collaborative filtering.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    shared = Parser(add_help=False)
    shared.add_argument("--json", action="store_true", help="JSON on stdout, nothing else")
    shared.add_argument("--cache", type=Path, help="folder of the data sets")

    command = commands.add_parser("train", parents=[shared], help="train a model")
    _model_options(command)
    command.add_argument("--data", required=True, metavar="D", help="name of a data set, or a path")
    command.add_argument("--split", choices=SPLITS, help="book with --recipe lesson, p1 with fast")
    command.add_argument("--split-seed", type=int, default=42, metavar="N")
    command.add_argument("--out", type=Path, metavar="FILE", help="checkpoint (dot-bias, als and best only)")

    command = commands.add_parser("evaluate", parents=[shared], help="measure a model on held-out ratings")
    _model_options(command)
    command.add_argument("--data", metavar="D", help="name of a data set, or a path")
    command.add_argument("--folds", type=int, default=5, metavar="K")
    command.add_argument("--split-seed", type=int, default=42, metavar="N")
    command.add_argument("--train", type=Path, metavar="FILE", help="ratings to learn from")
    command.add_argument("--test", type=Path, metavar="FILE", help="ratings to predict")
    command.add_argument("--top", type=int, metavar="K", help="judge lists of K films, too")

    command = commands.add_parser("fit", parents=[shared], help="fit what is served, on all ratings")
    fit_command.add_options(command)

    command = commands.add_parser("recommend", parents=[shared], help="a personal list from a few ratings")
    recommend_command.add_options(command)

    command = commands.add_parser("simulate", parents=[shared], help="feedback loops, and what helps")
    simulate_command.add_options(command)

    command = commands.add_parser("elicit", parents=[shared], help="what to ask a new person")
    elicit_command.add_options(command)

    commands.add_parser("worker", help="the JSON-lines child of another program")
    return top


def _model_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--model", choices=NAMES, default="dot-bias", metavar="M", help=", ".join(NAMES))
    command.add_argument("--recipe", choices=("lesson", "fast"), default="lesson")
    for name, kind in (("epochs", int), ("lr", float), ("wd", float), ("batch-size", int), ("factors", int)):
        command.add_argument(f"--{name}", type=kind, metavar="N")
    command.add_argument("--seed", type=int, default=0, metavar="N")


def _config(arguments: argparse.Namespace, scale: Mapping[str, float]) -> Any:
    from recommender.config import recipe

    given = {
        name: getattr(arguments, name) for name in ("epochs", "lr", "wd", "batch_size", "factors", "seed")
    }
    changes = {name: value for name, value in given.items() if value is not None}
    return recipe(arguments.recipe, arguments.model, {**scale, **changes})


def train(arguments: argparse.Namespace, stop: Callable[[], bool]) -> int:
    """Train on a split and report every epoch."""
    from recommender import datasets, serving
    from recommender.config import range_of
    from recommender.fitting import fit
    from recommender.ratings import split_named

    if arguments.out and arguments.model not in serving.SERVED:
        raise UsageError(f"--out: only {', '.join(serving.SERVED)} are kept as a checkpoint")
    data = datasets.load(arguments.data, arguments.cache)
    _warn_of_skipped(data)
    config = _config(arguments, range_of(data.low, data.high))
    name = arguments.split or ("book" if arguments.recipe == "lesson" else "p1")
    try:
        split = split_named(data.ratings, name, arguments.split_seed)
    except ValueError as error:
        raise UsageError(f"--split {name}: {error}") from None
    learn, held = data.ratings.take(split.train), data.ratings.take(split.valid)
    events = fit(config, learn, held, data, stop)
    if arguments.out:
        kept = _served(events, data, config, learn)
        events = serving.save_when_finished(
            kept, arguments.out, lambda: serving.audience_of(data, learn, data.items.film_ids)
        )
    return _report(events, arguments.json, _train_line)


def _served(events: Iterator[Any], data: Any, config: Any, learn: Any) -> Iterator[Any]:
    """The same events; the model of the last one is the one to keep."""
    from recommender.events import Finished
    from recommender.serving import served_model

    for event in events:
        if isinstance(event, Finished):
            event = Finished(event.result, served_model(event, data, config, learn, data.items.film_ids))
        yield event


def evaluate(arguments: argparse.Namespace, stop: Callable[[], bool]) -> int:
    """Cross-validate on a data set, or learn from one file and predict another."""
    from recommender import datasets
    from recommender.config import range_of
    from recommender.evaluation import cross_validate, joined, train_and_test

    files = (arguments.train, arguments.test)
    if bool(arguments.data) == any(files) or (any(files) and not all(files)):
        raise UsageError("give either --data, or both --train and --test")
    if arguments.top is not None and arguments.top < 1:
        raise UsageError(f"--top must be at least 1, not {arguments.top}")
    if arguments.data:
        data = datasets.load(arguments.data, arguments.cache)
        _warn_of_skipped(data)
        if not 2 <= arguments.folds <= len(data.ratings):
            raise UsageError(f"--folds must be from 2 to {len(data.ratings)}, not {arguments.folds}")
        config = _config(arguments, range_of(data.low, data.high))
        events = cross_validate(config, data, arguments.folds, arguments.split_seed, stop, arguments.top)
    else:
        learn, held = (datasets.load(str(file), arguments.cache) for file in files)
        _warn_of_skipped(learn, held)
        config = _config(arguments, range_of(learn.low, learn.high))
        events = train_and_test(config, *joined(learn.ratings, held.ratings), stop, arguments.top)
    return _report(events, arguments.json, _evaluate_line, only_result=True)


def fit(arguments: argparse.Namespace, stop: Callable[[], bool]) -> int:
    """Fit on everything and keep the checkpoint."""
    return _report(fit_command.events(arguments, stop), arguments.json, fit_command.words)


def recommend(arguments: argparse.Namespace, stop: Callable[[], bool]) -> int:
    """Fold the person in and print the list."""
    films, unknown = recommend_command.run(arguments)
    if unknown:
        names = ", ".join(unknown[:5])
        sys.stderr.write(f"{len(unknown)} films are not in the model and were left out: {names}\n")
    if arguments.json:
        _say(json.dumps(films, ensure_ascii=False))
    else:
        for film in films:
            _say(recommend_command.words(film))
    return DONE


def simulate(arguments: argparse.Namespace, stop: Callable[[], bool]) -> int:
    """Run the loops and print the tables."""
    events = simulate_command.events(arguments, stop)
    return _report(events, arguments.json, simulate_command.words, only_result=True)


def elicit(arguments: argparse.Namespace, stop: Callable[[], bool]) -> int:
    """Replay strategies on people held out and print their tables."""
    events = elicit_command.events(arguments, stop)
    return _report(events, arguments.json, elicit_command.text, only_result=True)


def _report(
    events: Iterator[Any], as_json: bool, line: Callable[[Mapping[str, Any]], str], only_result: bool = False
) -> int:
    """Print events as they come. Returns the exit code that the ending asks for."""
    for event in events:
        told = event.to_dict()
        if event.name == "cancelled":
            sys.stderr.write("interrupted\n")
            return INTERRUPTED
        if event.name == "failed":
            sys.stderr.write(f"the run failed: {told['message']}\n")
            if as_json and not only_result:
                _say(json.dumps(told))
            return FAILED
        if as_json and not only_result:
            _say(json.dumps(told))
        elif as_json and event.name == "finished":
            _say(json.dumps({key: value for key, value in told.items() if key != "event"}))
        elif not as_json and (text := line(told)):
            _say(text)
    return DONE


def _train_line(event: Mapping[str, Any]) -> str:
    if event["event"] == "epoch":
        valid = "-" if event["valid_mse"] is None else f"{event['valid_mse']:.4f}"
        return (
            f"epoch {event['epoch']}: train {event['train_mse']:.4f}, valid {valid}, {event['seconds']:.2f} s"
        )
    if event["event"] == "finished":
        valid = "nothing held out"
        if event["valid_mse"] is not None:
            valid = f"valid MSE {event['valid_mse']:.4f} (RMSE {event['valid_rmse']:.4f} stars)"
        return f"train MSE {event['train_mse']:.4f}, {valid}, {event['seconds']:.2f} s"
    return ""


def _evaluate_line(event: Mapping[str, Any]) -> str:
    if event["event"] == "progress":
        return str(event["note"])
    if event["event"] == "finished":
        spread = f" ± {event['rmse_sd']:.4f}" if "rmse_sd" in event else ""
        ranks = [name for name in ("precision", "recall", "ndcg", "coverage", "novelty") if name in event]
        listed = "".join(f", {name} {event[name]:.3f}" for name in ranks)
        errors = f"RMSE {event['rmse']:.4f}{spread}, MAE {event['mae']:.4f} stars"
        return f"{errors}{listed}, {event['seconds']:.1f} s"
    return ""


def _warn_of_skipped(*sets: Any) -> None:
    """Count on stderr what reading the ratings left out, and say where the first of each kind is."""
    for data in sets:
        for skip in data.report.skipped:
            sys.stderr.write(f"{data.name}: {skip.count} skipped: {skip.reason} ({skip.example})\n")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()

"""Fit the weights of the grader on graded answers, and say how it does on questions it was not fitted on:

    python tests/benchmarks/fit_grading.py [--write]

Learnt from: the graded answers of the course, each with itself left out of the stored ones, the answers of
the tests, and the open half of `answers/` (each of these counts twice: nobody wrote them for a grader). The
sealed half is not touched.
Figures are those of five folds of questions: no question is in the part that its figures were fitted on.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))
from grading_table import figures, folded, labelled

from tutor.core.course_schema import Example
from tutor.core.curriculum import Course, Question
from tutor.core.grading.deciding import by_words
from tutor.core.grading.judge import judge
from tutor.core.grading.meaning import encoder
from tutor.core.grading.references import references_of
from tutor.core.grading.sense import POINT_FEATURES, Sense, measure
from tutor.core.grading.special import screen
from tutor.core.grading.weighing import CLASSES, WEIGHTS, Logistic, answer_features
from tutor.text.encoder import Encoder

Doubles = NDArray[np.float64]
TRIED = Path(__file__).parents[1] / "core" / "answers.toml"
FOLDS, SEED = 5, 0
POINT_RIDGE, ANSWER_RIDGE = 3.0, 5.0
BLIND_COUNTS = 2


@dataclass
class Learnt:
    """A graded answer, measured."""

    question: str
    is_blind: bool
    sense: Sense
    by_words: str
    verdict: str
    points: frozenset[str]
    required: list[str]
    told: frozenset[str] | None = None
    """Points that somebody said something of; None: of all."""
    chances: dict[str, float] | None = None


def without(question: Question, example: Example) -> Question:
    """The question as if it had never stored an example."""
    kept = tuple(one for one in question.rubric.examples if one is not example)
    other = replace(question, rubric=question.rubric.model_copy(update={"examples": kept}))
    other.__dict__["memory"] = tuple(one for one in question.memory if one is not example)
    return other


def learn(question: Question, answer: str, encoder: Encoder) -> tuple[Sense, str] | None:
    """An answer as the grader sees it; None if it is none (handled by name, before any weighing)."""
    screened = screen(question, answer)
    if screened.kind:
        return None
    judgement = judge(answer, screened.skipped, question, references_of(question))
    return measure(question, answer, judgement, encoder), by_words(question, judgement).verdict


def graded(course: Course) -> Iterator[tuple[Question, bool, str, str, frozenset[str]]]:
    """Everything that is learnt from: question, whether blind, answer, verdict, points."""
    for entry in course.written:
        question = course.question(entry.id)
        for example in question.memory:
            yield (
                without(question, example),
                False,
                example.answer,
                example.verdict,
                frozenset(example.points),
            )
    for row in labelled("open"):
        label = row["label"]
        yield (
            course.question(row["question"]),
            True,
            row["answer"],
            label["verdict"],
            frozenset(label["points"]),
        )


def collect(encoder: Encoder) -> list[Learnt]:
    """All of it, measured; a line on stderr for each question."""
    found, last = [], ""
    for question, is_blind, answer, verdict, points in graded(Course.load()):
        if question.entry.id != last:
            last = question.entry.id
            print(last, end=" ", file=sys.stderr, flush=True)
        seen = learn(question, answer, encoder)
        if seen:
            required = [point.id for point in question.rubric.points if point.required]
            found.append(Learnt(last, is_blind, *seen, folded(verdict), points, required))
    return found


def regress(features: Doubles, classes: Doubles, ridge: float) -> Logistic:
    """Fit by L-BFGS: features [n, F] on classes [n, C] of zeros and ones (C = 1: yes or no)."""
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-6
    x, y = torch.from_numpy((features - mean) / scale), torch.from_numpy(classes)
    weights = torch.zeros(x.shape[1], y.shape[1], dtype=torch.double, requires_grad=True)
    bias = torch.zeros(y.shape[1], dtype=torch.double, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, bias], max_iter=500, line_search_fn="strong_wolfe")
    is_binary = y.shape[1] == 1

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        scores = x @ weights + bias
        if is_binary:
            loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, y, reduction="sum")
        else:
            loss = torch.nn.functional.cross_entropy(scores, y, reduction="sum")
        total = loss + ridge / 2 * weights.square().sum()
        total.backward()
        return total

    optimiser.step(closure)
    return Logistic(mean, scale, weights.detach().numpy(), bias.detach().numpy())


def fit_points(answers: Sequence[Learnt]) -> Logistic:
    """The first regression."""
    rows = [
        (row, float(name in one.points))
        for one in _counted(answers)
        for name, row in one.sense.rows.items()
        if one.told is None or name in one.told
    ]
    return regress(np.array([row for row, _ in rows]), np.array([[made] for _, made in rows]), POINT_RIDGE)


def fit_answers(answers: Sequence[Learnt]) -> Logistic:
    """The second regression, on the chances that the first gave."""
    rows = [
        (_whole(one), [float(one.verdict == each) for each in CLASSES])
        for one in _counted(answers)
        if one.verdict
    ]
    return regress(
        np.array([row for row, _ in rows]), np.array([classes for _, classes in rows]), ANSWER_RIDGE
    )


def tried(encoder: Encoder) -> Iterator[Learnt]:
    """The answers and contrasts of the grader's own tests: verdicts without points, and single points."""
    course, cases = Course.load(), tomllib.loads(TRIED.read_text("utf-8"))
    for group in cases["answers"]:
        for text in group["texts"]:
            yield from _tried(
                course.question(group["q"]), text, group["any"][0], frozenset(), frozenset(), encoder
            )
    for group in cases["contrasts"]:
        point = frozenset([group["point"]])
        for right, wrong in group["pairs"]:
            yield from _tried(course.question(group["q"]), right, "", point, point, encoder)
            yield from _tried(course.question(group["q"]), wrong, "", frozenset(), point, encoder)


def _tried(
    question: Question,
    answer: str,
    verdict: str,
    points: frozenset[str],
    told: frozenset[str],
    encoder: Encoder,
) -> Iterator[Learnt]:
    seen = learn(question, answer, encoder)
    if seen:
        required = [point.id for point in question.rubric.points if point.required]
        yield Learnt(question.entry.id, False, *seen, folded(verdict), points, required, told)


def _counted(answers: Sequence[Learnt]) -> Iterator[Learnt]:
    for one in answers:
        yield from [one] * (BLIND_COUNTS if one.is_blind else 1)


def _whole(one: Learnt) -> list[float]:
    assert one.chances is not None
    return answer_features(one.sense, one.chances, one.required, one.by_words)


def folds(answers: Sequence[Learnt]) -> list[set[str]]:
    """The questions, dealt out."""
    names = sorted({one.question for one in answers})
    np.random.default_rng(SEED).shuffle(names)
    return [set(names[at::FOLDS]) for at in range(FOLDS)]


def give_chances(answers: Sequence[Learnt]) -> None:
    """To each answer the chances of its points by a regression that has not seen its question."""
    for fold in folds(answers):
        points = fit_points([one for one in answers if one.question not in fold])
        for one in answers:
            if one.question in fold:
                chances = points.probabilities(list(one.sense.rows.values()))[:, 0]
                one.chances = dict(zip(one.sense.rows, map(float, chances), strict=True))


def report(answers: Sequence[Learnt], name: str, keep: Callable[[Learnt], bool]) -> None:
    """Print the figures of some answers, graded by fits that have not seen their questions."""
    rows, given = [], []
    for fold in folds(answers):
        second = fit_answers([one for one in answers if one.question not in fold])
        for one in answers:
            if one.question in fold and one.verdict and keep(one):
                rows.append({"label": {"verdict": one.verdict}})
                given.append(CLASSES[int(second.probabilities([_whole(one)])[0].argmax())])
    print(f"\n{name}: {len(rows)} answers")
    for figure, value in figures(rows, given).items():
        print(f"  {figure}: {value}")
    table = Counter((row["label"]["verdict"], verdict) for row, verdict in zip(rows, given, strict=True))
    for label in CLASSES:
        print(f"  {label:<10}", *(f"{verdict} {table[label, verdict]:<5}" for verdict in CLASSES))


def main() -> None:
    """Fit, report, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    found = encoder()
    assert found, "there is no encoder here"
    answers = [*collect(found), *tried(found)]
    give_chances(answers)
    report(answers, "written blind, open half", lambda one: one.is_blind)
    report(answers, "of the course", lambda one: not one.is_blind)
    if arguments.write:
        fitted = {"point": fit_points(answers).to_dict(), "answer": fit_answers(answers).to_dict()}
        note = {"features": list(POINT_FEATURES), "classes": list(CLASSES), "answers": len(answers)}
        WEIGHTS.write_text(json.dumps({**note, **fitted}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

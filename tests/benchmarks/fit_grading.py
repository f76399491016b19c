"""Fit the weights of the grader on graded answers, and say how it does on questions it was not fitted on:

    python tests/benchmarks/fit_grading.py [--write]

Learnt from: the open answers of `answers/` (each counts twice; the encoder has not learnt from them), and the
answers of the tests. The sealed ones are not touched.
Figures are those of five folds of questions: no question is in the part that its figures were fitted on.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))
from grading_table import figures, folded, labelled, lines, share

from tutor.core.curriculum import Course, Question
from tutor.core.grading.deciding import by_words, verdict_of
from tutor.core.grading.judge import judge
from tutor.core.grading.meaning import encoder
from tutor.core.grading.references import references_of
from tutor.core.grading.sense import CLAIM_FEATURES, POINT_FEATURES, Sense, measure
from tutor.core.grading.special import screen
from tutor.core.grading.weighing import CLASSES, WEIGHTS, Logistic, Weighed, answer_features, truth_features
from tutor.text.encoder import Encoder

Doubles = NDArray[np.float64]
TRIED = Path(__file__).parents[1] / "core" / "answers.toml"
PARTS = ("open", "opened")
FOLDS, SEED, BLIND_COUNTS = 5, 0, 2
POINT_RIDGE, ANSWER_RIDGE, TRUTH_RIDGE = 10.0, 30.0, 3.0


@dataclass
class Learnt:
    """A graded answer, measured."""

    question: str
    sense: Sense
    by_words: str
    verdict: str
    points: frozenset[str]
    misconceptions: frozenset[str]
    required: list[str]
    told: frozenset[str] | None = None
    """Points that somebody said something of; None: of all, and of misconceptions and verdict, too."""
    chances: dict[str, float] | None = None


def learn(question: Question, answer: str, encoder: Encoder) -> tuple[Sense, str] | None:
    """An answer as the grader sees it; None if it is none (handled by name, before any weighing)."""
    screened = screen(question, answer)
    if screened.kind:
        return None
    judgement = judge(answer, screened.skipped, question, references_of(question))
    return measure(question, answer, judgement, encoder), by_words(question, judgement).verdict


def collect(encoder: Encoder) -> list[Learnt]:
    """The open answers, measured; the question on stderr."""
    course, found, last = Course.load(), [], ""
    for row in labelled(*PARTS):
        question, label = course.question(row["question"]), row["label"]
        if question.entry.id != last:
            last = question.entry.id
            print(last, end=" ", file=sys.stderr, flush=True)
        seen = learn(question, row["answer"], encoder)
        if seen:
            required = [point.id for point in question.rubric.points if point.required]
            made, claimed = frozenset(label["points"]), frozenset(label["misconceptions"])
            found.append(Learnt(last, *seen, folded(label["verdict"]), made, claimed, required))
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
        for one in answers
        for name, row in one.sense.rows.items()
        if one.told is None or name in one.told
    ]
    return regress(np.array([row for row, _ in rows]), np.array([[made] for _, made in rows]), POINT_RIDGE)


def fit_claims(answers: Sequence[Learnt]) -> Logistic:
    """The second regression."""
    rows = [
        (row, float(name in one.misconceptions))
        for one in answers
        if one.told is None
        for name, row in one.sense.claims.items()
    ]
    return regress(np.array([row for row, _ in rows]), np.array([[said] for _, said in rows]), POINT_RIDGE)


def fit_answers(answers: Sequence[Learnt]) -> Logistic:
    """The third regression, on the chances that the first gave."""
    rows = [(_whole(one), [float(one.verdict == each) for each in CLASSES]) for one in answers if one.verdict]
    return regress(
        np.array([row for row, _ in rows]), np.array([classes for _, classes in rows]), ANSWER_RIDGE
    )


@dataclass
class Twins:
    """A sentence and its contradiction, measured."""

    question: str
    right: Learnt
    wrong: Learnt


def twins(encoder: Encoder) -> list[Twins]:
    """The open contrast pairs and those of the tests, those left out of which one half is no attempt."""
    course, found = Course.load(), []
    pairs = [(row["question"], row["true"], row["false"]) for row in lines("pairs") if row["half"] in PARTS]
    for group in tomllib.loads(TRIED.read_text("utf-8"))["contrasts"]:
        pairs += [(course.question(group["q"]).entry.id, *pair) for pair in group["pairs"]]
    for ref, right, wrong in pairs:
        question = course.question(ref)
        required = [point.id for point in question.rubric.points if point.required]
        seen = [learn(question, text, encoder) for text in (right, wrong)]
        if seen[0] and seen[1]:
            one, other = (Learnt(ref, *each, "", frozenset(), frozenset(), required) for each in seen if each)
            found.append(Twins(ref, one, other))
    return found


def fit_truth(some: Sequence[Twins], points: Logistic, whole: Logistic) -> Logistic:
    """The fourth regression, on differences: the order of a pair must not matter."""
    rows = [_truth(one.right, points, whole) - _truth(one.wrong, points, whole) for one in some]
    return regress(
        np.array([*rows, *(-row for row in rows)]),
        np.array([[1.0]] * len(rows) + [[0.0]] * len(rows)),
        TRUTH_RIDGE,
    )


def _truth(one: Learnt, points: Logistic, whole: Logistic) -> Doubles:
    chances = points.probabilities(list(one.sense.rows.values()))[:, 0]
    made = dict(zip(one.sense.rows, map(float, chances), strict=True))
    verdict = whole.probabilities([answer_features(one.sense, made, one.required, one.by_words)])[0]
    found = Weighed(made, dict(zip(CLASSES, map(float, verdict), strict=True)), one.by_words, {})
    return np.array(truth_features(one.sense, found))


def report_truth(some: Sequence[Twins], points: Logistic, whole: Logistic) -> None:
    """How often a sentence is believed more than its contradiction, by fits without its question."""
    hits, names = 0, sorted({one.question for one in some})
    for fold in (set(names[at::FOLDS]) for at in range(FOLDS)):
        fitted = fit_truth([one for one in some if one.question not in fold], points, whole)
        for one in some:
            if one.question in fold:
                row = _truth(one.right, points, whole) - _truth(one.wrong, points, whole)
                hits += float(fitted.probabilities([list(row)])[0, 0]) > 0.5
    print(f"  true above its contradiction: {share(hits, len(some))}")


def tried(encoder: Encoder) -> Iterator[Learnt]:
    """The answers and contrasts of the grader's own tests: verdicts without points, and single points."""
    course, cases = Course.load(), tomllib.loads(TRIED.read_text("utf-8"))
    nothing = frozenset[str]()
    told = [
        (group["q"], text, group["any"][0], nothing, nothing)
        for group in cases["answers"]
        for text in group["texts"]
    ]
    for group in cases["contrasts"]:
        point = frozenset([group["point"]])
        for right, wrong in group["pairs"]:
            told += [(group["q"], right, "", point, point), (group["q"], wrong, "", nothing, point)]
    for ref, text, verdict, points, known in told:
        question = course.question(ref)
        required = [one.id for one in question.rubric.points if one.required]
        seen = learn(question, text, encoder)
        if seen:
            yield Learnt(question.entry.id, *seen, folded(verdict), points, nothing, required, known)


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


def report(answers: Sequence[Learnt]) -> None:
    """Print the figures of answers, graded by fits that have not seen their questions."""
    rows, given, claimed = [], [], []
    for fold in folds(answers):
        others = [one for one in answers if one.question not in fold]
        whole, claims = fit_answers(others), fit_claims(others)
        for one in answers:
            if one.question in fold and one.told is None:
                rows.append({"label": {"verdict": one.verdict}})
                chances = whole.probabilities([_whole(one)])[0]
                given.append(verdict_of(dict(zip(CLASSES, chances, strict=True))))
                if one.sense.claims:
                    chances = claims.probabilities(list(one.sense.claims.values()))[:, 0]
                    claimed += [
                        (float(chance), name in one.misconceptions)
                        for name, chance in zip(one.sense.claims, chances, strict=True)
                    ]
    print(f"\n{len(rows)} answers")
    for figure, value in figures(rows, given).items():
        print(f"  {figure}: {value}")
    table = Counter((row["label"]["verdict"], verdict) for row, verdict in zip(rows, given, strict=True))
    for label in CLASSES:
        print(f"  {label:<10}", *(f"{each} {table[label, each]:<5}" for each in (*CLASSES, "unsure")))
    for cut in (0.1, 0.15, 0.2, 0.3, 0.4, 0.5):
        named = [is_said for chance, is_said in claimed if chance >= cut]
        stated = sum(is_said for _, is_said in claimed)
        print(
            f"  misconceptions from {cut}: {share(sum(named), stated)}, right {share(sum(named), len(named))}"
        )


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
    report(answers)
    points, whole = fit_points(answers), fit_answers(answers)
    some = twins(found)
    report_truth(some, points, whole)
    if arguments.write:
        fits = {"point": points, "claim": fit_claims(answers), "answer": whole}
        fits["truth"] = fit_truth(some, points, whole)
        fitted = {name: one.to_dict() for name, one in fits.items()}
        note = {
            "features": list(POINT_FEATURES),
            "claim features": list(CLAIM_FEATURES),
            "classes": list(CLASSES),
            "answers": len(answers),
        }
        WEIGHTS.write_text(json.dumps({**note, **fitted}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

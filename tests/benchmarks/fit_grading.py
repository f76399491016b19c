"""Fit the weights of the grader on graded answers, and say how it does on questions it was not fitted on:

    python tests/benchmarks/fit_grading.py [--write]

Learnt from: the open answers of `answers/`, the graded examples of the course, each as if it were not stored,
and the answers of the tests. The encoder has learnt from none of them. The sealed answers are not touched.
Figures are those of five folds of questions: no question is in the part that its figures were fitted on.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))
from grading_regressions import (
    Learnt,
    Twins,
    fit_answers,
    fit_claims,
    fit_points,
    fit_truth,
    truth_row,
    whole_row,
)
from grading_table import Row, figures, folded, labelled, lines, share

from tutor.core.curriculum import Course, Question
from tutor.core.grading.deciding import by_words, verdict_of
from tutor.core.grading.judge import judge
from tutor.core.grading.meaning import encoder
from tutor.core.grading.probes import probes_of
from tutor.core.grading.references import references_of
from tutor.core.grading.sense import CLAIM_FEATURES, POINT_FEATURES, Sense, measure
from tutor.core.grading.special import screen
from tutor.core.grading.weighing import CLASSES, LEARNT, VOTED, WEIGHTS, Logistic
from tutor.text.encoder import Encoder

Doubles = NDArray[np.float64]
TRIED = Path(__file__).parents[1] / "core" / "answers.toml"
PARTS = ("open", "opened")
FOLDS, SEED = 5, 0


def learn(question: Question, answer: str, encoder: Encoder, way: str) -> tuple[Sense, str] | None:
    """An answer as the grader sees it; None if it is none (handled by name, before any weighing)."""
    screened = screen(question, answer)
    if screened.kind:
        return None
    judgement = judge(answer, screened.skipped, question, references_of(question))
    learnt = probes_of(question) if way == LEARNT else None
    return measure(question, answer, judgement, encoder, learnt), by_words(question, judgement).verdict


def collect(encoder: Encoder, way: str) -> list[Learnt]:
    """The open answers, measured; the question on stderr."""
    course, found, last = Course.load(), [], ""
    for row in labelled(*PARTS):
        question, label = course.question(row["question"]), row["label"]
        if question.entry.id != last:
            last = question.entry.id
            print(last, end=" ", file=sys.stderr, flush=True)
        seen = learn(question, row["answer"], encoder, way)
        if seen:
            required = [point.id for point in question.rubric.points if point.required]
            made, claimed = frozenset(label["points"]), frozenset(label["misconceptions"])
            found.append(Learnt(last, *seen, folded(label["verdict"]), made, claimed, required))
    return found


def examples(encoder: Encoder, way: str) -> Iterator[Learnt]:
    """The graded examples of the course, each left out of the memory of its question."""
    course = Course.load()
    for entry in course.written:
        question = course.question(entry.id)
        required = [point.id for point in question.rubric.points if point.required]
        for one in question.rubric.examples:
            seen = learn(question.without(one), one.answer, encoder, way)
            if seen:
                made, claimed = frozenset(one.points), frozenset(one.misconceptions)
                yield Learnt(entry.id, *seen, folded(one.verdict), made, claimed, required)


def twins(encoder: Encoder, way: str) -> list[Twins]:
    """The open contrast pairs and those of the tests, those left out of which one half is no attempt."""
    course, found = Course.load(), []
    pairs = [(row["question"], row["true"], row["false"]) for row in lines("pairs") if row["half"] in PARTS]
    for group in tomllib.loads(TRIED.read_text("utf-8"))["contrasts"]:
        pairs += [(course.question(group["q"]).entry.id, *pair) for pair in group["pairs"]]
    for ref, right, wrong in pairs:
        question = course.question(ref)
        required = [point.id for point in question.rubric.points if point.required]
        seen = [learn(question, text, encoder, way) for text in (right, wrong)]
        if seen[0] and seen[1]:
            one, other = (Learnt(ref, *each, "", frozenset(), frozenset(), required) for each in seen if each)
            found.append(Twins(ref, one, other))
    return found


def report_truth(some: Sequence[Twins], points: Logistic, whole: Logistic) -> None:
    """How often a sentence is believed more than its contradiction, by fits without its question."""
    hits, names = 0, sorted({one.question for one in some})
    for fold in (set(names[at::FOLDS]) for at in range(FOLDS)):
        fitted = fit_truth([one for one in some if one.question not in fold], points, whole)
        for one in some:
            if one.question in fold:
                row = truth_row(one.right, points, whole) - truth_row(one.wrong, points, whole)
                hits += float(fitted.probabilities([list(row)])[0, 0]) > 0.5
    print(f"  true above its contradiction: {share(hits, len(some))}")


def tried(encoder: Encoder, way: str) -> Iterator[Learnt]:
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
        seen = learn(question, text, encoder, way)
        if seen:
            yield Learnt(question.entry.id, *seen, folded(verdict), points, nothing, required, known)


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


def report(title: str, asked: Sequence[Learnt], learnt: Sequence[Learnt]) -> None:
    """Print the figures of some answers, graded by fits that have not seen their questions."""
    rows, given, claimed = list[Row](), list[str](), list[tuple[float, bool]]()
    for fold in folds(learnt):
        others = [one for one in learnt if one.question not in fold]
        whole, claims = fit_answers(others), fit_claims(others)
        for one in asked:
            if one.question in fold:
                rows.append({"label": {"verdict": one.verdict}})
                chances = whole.probabilities([whole_row(one)])[0]
                given.append(verdict_of(dict(zip(CLASSES, chances, strict=True))))
                if one.sense.claims:
                    chances = claims.probabilities(list(one.sense.claims.values()))[:, 0]
                    claimed += [
                        (float(chance), name in one.misconceptions)
                        for name, chance in zip(one.sense.claims, chances, strict=True)
                    ]
    print(f"\n{title}: {len(rows)}")
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


def fit(
    blind: Sequence[Learnt], own: Sequence[Learnt], rest: Sequence[Learnt], some: Sequence[Twins]
) -> dict[str, Any]:
    """The four regressions as plain types, after a report."""
    answers = [*blind, *blind, *own, *rest]  # blind ones count twice
    give_chances(answers)
    report("blind answers", blind, answers)
    report("graded examples of the course", own, answers)
    points, whole = fit_points(answers), fit_answers(answers)
    report_truth(some, points, whole)
    fits = {"point": points, "claim": fit_claims(answers), "answer": whole}
    fits["truth"] = fit_truth(some, points, whole)
    return {name: one.to_dict() for name, one in fits.items()}


def main() -> None:
    """Fit, report, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    found = encoder()
    assert found, "there is no encoder here"
    written: dict[str, Any] = {
        "features": list(POINT_FEATURES),
        "claim features": list(CLAIM_FEATURES),
        "classes": list(CLASSES),
    }
    for way in (LEARNT, VOTED):
        print(f"\n# {way}")
        blind, own = collect(found, way), list(examples(found, way))
        some = twins(found, way)
        written[way] = fit(blind, own, list(tried(found, way)), some)
    if arguments.write:
        WEIGHTS.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

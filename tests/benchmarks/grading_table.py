"""How well answers are graded that nobody used for tuning, one Markdown table:

    python tests/benchmarks/grading_table.py [--half open|opened|sealed] [--quick]

The answers in `answers/answers.jsonl` were written from the questions alone; `answers/labels.jsonl` holds two
labels of each, given from question and points alone. Where the two differ, the first counts. The open ones
were learnt from. The opened ones were sealed, were run once, and were learnt from afterwards; sealed ones are
for one run at the end, not for tuning. `unsure` counts as wrong in F1.
Beside the grader stand four simple ones, whose two thresholds are those with the best F1 on the course's own
graded examples (not with --quick).

Also: how many of the labelled misconceptions are named; how often a true sentence is believed more than its
contradiction (`answers/pairs.jsonl`); and how many answers share six words in a row with the course.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable
from math import log, sqrt
from pathlib import Path
from typing import Any

from tutor.core.curriculum import Course, Question
from tutor.core.grading import belief, grade
from tutor.core.grading.meaning import encoder
from tutor.core.grading.sense import references_in
from tutor.core.grading.stance import stored
from tutor.text.tokens import squeezed, tokens

HERE = Path(__file__).parent / "answers"
CLASSES = ("correct", "partial", "incorrect")

Row = dict[str, Any]


def lines(name: str) -> list[Row]:
    """The records of a file."""
    return [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def folded(verdict: str) -> str:
    """Off topic counts with incorrect; unsure stays apart and is always wrong."""
    return "incorrect" if verdict == "off_topic" else verdict


def labelled(*parts: str) -> list[Row]:
    """The answers of some parts that have labels, with the label that counts."""
    labels = {row["id"]: row for row in lines("labels")}
    return [
        {**row, "label": labels[row["id"]]["first"]}
        for row in lines("answers")
        if row["half"] in parts and row["id"] in labels
    ]


def kappa() -> str:
    """Agreement of the two labels beyond chance (Cohen 1960), over all verdicts."""
    twice = [row for row in lines("labels") if "second" in row]
    pairs = [(row["first"]["verdict"], row["second"]["verdict"]) for row in twice]
    mine, theirs = (Counter(column) for column in zip(*pairs, strict=True))
    seen = sum(one == two for one, two in pairs) / len(pairs)
    chance = sum(mine[each] * theirs[each] for each in mine) / len(pairs) ** 2
    beyond = (seen - chance) / (1 - chance)
    return f"{len(pairs)} answers labelled twice: the same verdict in {seen:.1%}, kappa {beyond:.3f}"


def macro_f1(labels: list[str], given: list[str]) -> float:
    """The mean of the classes' F1."""
    scores = []
    for each in CLASSES:
        hits = sum(one == two == each for one, two in zip(labels, given, strict=True))
        scores.append(2 * hits / max(labels.count(each) + given.count(each), 1))
    return sum(scores) / len(scores)


def share(hits: int, of: int) -> str:
    """A share with its Wilson interval of 95 %."""
    if not of:
        return "none"
    z, p = 1.96, hits / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return f"{p:.1%} ({hits} of {of}; {middle - reach:.1%} to {middle + reach:.1%})"


def figures(rows: list[Row], verdicts: list[str]) -> dict[str, str]:
    """The three figures that any grader has."""
    labels = [folded(row["label"]["verdict"]) for row in rows]
    given = [folded(verdict) for verdict in verdicts]
    right = [verdict for label, verdict in zip(labels, given, strict=True) if label == "correct"]
    wrong = [verdict for label, verdict in zip(labels, given, strict=True) if label == "incorrect"]
    return {
        "right, called incorrect or off topic": share(right.count("incorrect"), len(right)),
        "wrong, called correct": share(wrong.count("correct"), len(wrong)),
        "macro-F1": f"{macro_f1(labels, given):.3f}",
    }


def best_cuts(scores: list[float], labels: list[str]) -> tuple[float, float]:
    """The two thresholds (partial, correct) with the best F1 on these."""
    steps = sorted({round(score, 2) for score in scores})
    pairs = ((low, high) for low in steps for high in steps if low <= high)
    return max(pairs, key=lambda cuts: macro_f1(labels, [cut(score, cuts) for score in scores]))


def cut(score: float, cuts: tuple[float, float]) -> str:
    """A verdict from a score."""
    return "correct" if score >= cuts[1] else "partial" if score >= cuts[0] else "incorrect"


def simple(score: Callable[[Question, str], float], rows: list[Row], course: Course) -> dict[str, str]:
    """The figures of a grader that has nothing but a score."""
    own = [
        (course.question(entry.id), example)
        for entry in course.written
        for example in course.question(entry.id).rubric.examples
    ]
    learnt = [score(question, example.answer) for question, example in own]
    cuts = best_cuts(learnt, [folded(example.verdict) for _, example in own])
    return figures(rows, [cut(score(course.question(row["question"]), row["answer"]), cuts) for row in rows])


def exact(question: Question, answer: str) -> float:
    """1 for an answer that is in the course word for word."""
    texts = {squeezed(text) for text in right_ways(question)}
    return float(squeezed(answer) in texts)


def keywords(question: Question, answer: str) -> float:
    """Share of all groups of key terms of required points that the answer touches, by plain words."""
    text = f" {squeezed(answer)} "
    groups = [group for point in question.rubric.points if point.required for group in point.key_terms]
    return sum(any(term.casefold() in text for term in group) for group in groups) / max(len(groups), 1)


def tf_idf(question: Question, answer: str) -> float:
    """Highest cosine with a right way to answer; weights from this question's texts."""
    ways = [Counter(squeezed(text).split()) for text in right_ways(question)]
    seen = Counter(word for way in ways for word in way)
    weigh = {word: log(1 + len(ways) / count) for word, count in seen.items()}
    mine = Counter(squeezed(answer).split())

    def length(bag: Counter[str]) -> float:
        return sqrt(sum((count * weigh.get(word, 1.0)) ** 2 for word, count in bag.items())) or 1.0

    def product(way: Counter[str]) -> float:
        return sum(mine[word] * way[word] * weigh.get(word, 1.0) ** 2 for word in mine.keys() & way.keys())

    return max(product(way) / (length(mine) * length(way)) for way in ways)


def cosine(question: Question, answer: str) -> float:
    """Highest cosine of the encoder's vectors with a right way to answer."""
    found = encoder()
    assert found, "there is no encoder here"
    return float((found.encode(right_ways(question)) @ found.encode([answer or "-"])[0]).max())


def right_ways(question: Question) -> list[str]:
    """The model answer and the examples that are right."""
    rubric = question.rubric
    return [rubric.model_answer, *(one.answer for one in rubric.examples if one.verdict == "correct")]


def shares_words(rows: list[Row], course: Course) -> str:
    """How many answers share six words in a row with what the course says of their question."""
    hits = 0
    for row in rows:
        question = course.question(row["question"])
        texts = [*references_in(question), *stored(question).texts]
        texts += [chunk.markdown for chunk in question.lesson]
        known = {run for text in texts for run in runs_of(text)}
        hits += bool(runs_of(row["answer"]) & known)
    return share(hits, len(rows))


def runs_of(text: str, length: int = 6) -> set[tuple[str, ...]]:
    """All runs of so many words."""
    words = [token.word for token in tokens(text) if token.is_word]
    return set(zip(*(words[at:] for at in range(length)), strict=False))


def ranked(half: str, course: Course) -> str:
    """How often a true sentence is believed more than its contradiction."""
    rows = [row for row in lines("pairs") if row["half"] == half]
    hits = sum(
        belief(course.question(row["question"]), row["true"])
        > belief(course.question(row["question"]), row["false"])
        for row in rows
    )
    return share(hits, len(rows))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--half", choices=("open", "opened", "sealed"), default="open")
    parser.add_argument("--quick", action="store_true", help="without the simple graders")
    arguments = parser.parse_args()
    course, rows = Course.load(), labelled(arguments.half)
    grades = [grade(course.question(row["question"]), row["answer"]) for row in rows]
    print(f"{kappa()}\n{arguments.half} half: {len(rows)} answers\n")
    columns = {"the tutor": figures(rows, [given.verdict for given in grades])}
    if not arguments.quick:
        for name, score in {
            "exact match": exact,
            "key words": keywords,
            "TF-IDF": tf_idf,
            "encoder": cosine,
        }.items():
            columns[name] = simple(score, rows, course)
    names = list(columns["the tutor"])
    print(f"| grader | {' | '.join(names)} |\n{'|---' * (len(names) + 1)}|")
    for name, found in columns.items():
        print(f"| {name} | {' | '.join(found.values())} |")
    unsure = sum(given.verdict == "unsure" for given in grades)
    stated = [(set(row["label"]["misconceptions"]), given) for row, given in zip(rows, grades, strict=True)]
    named = sum(len(wanted & {hit.id for hit in given.misconceptions}) for wanted, given in stated)
    print(f"\nunsure: {share(unsure, len(rows))}")
    print(f"misconceptions named: {share(named, sum(len(wanted) for wanted, _ in stated))}")
    print(f"true above its contradiction: {ranked(arguments.half, course)}")
    print(f"six words shared with the course: {shares_words(rows, course)}")
    table = Counter((row["label"]["verdict"], given.verdict) for row, given in zip(rows, grades, strict=True))
    print("\nlabel -> verdict: " + ", ".join(f"{a} {b} {n}" for (a, b), n in sorted(table.items())))


if __name__ == "__main__":
    main()

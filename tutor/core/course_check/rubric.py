"""Checks of a question and its rubric: links, ladder, misconceptions and the form of the examples."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations

from tutor.core.course_check.findings import Finding, Notebook, repeated
from tutor.core.course_check.practice import GAP
from tutor.core.course_schema import Example, Point
from tutor.core.curriculum import Course, Question

POINTS = (2, 5)
MISCONCEPTIONS = (2, 4)
SHARED_WORDS = 5
"""No two examples share so many consecutive words outside glossary terms."""

_EXAMPLES_NEEDED = (
    (20, "in all", lambda one: True),
    (6, "right", lambda one: one.verdict == "correct"),
    (2, "right in textbook words", lambda one: one.verdict == "correct" and one.voice == "textbook"),
    (2, "right in everyday words", lambda one: one.verdict == "correct" and one.voice == "everyday"),
    (2, "right and terse", lambda one: one.verdict == "correct" and one.voice == "terse"),
    (4, "partial", lambda one: one.verdict == "partial"),
    (6, "wrong", lambda one: one.verdict == "incorrect" and one.voice != "salad"),
    (2, "wrong in fluent jargon", lambda one: one.verdict == "incorrect" and one.voice == "jargon"),
    (2, "wrong by one negation", lambda one: one.verdict == "incorrect" and one.voice == "negation"),
    (2, "wrong by swapped roles", lambda one: one.verdict == "incorrect" and one.voice == "swapped"),
    (2, "keyword salad", lambda one: one.verdict != "correct" and one.voice == "salad"),
    (2, "off topic", lambda one: one.verdict == "off_topic"),
)
_POINT_CREDITS = 3
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def check_question(course: Course, question: Question) -> list[Finding]:
    """Check question.toml: its id and all that it names."""
    notes = Notebook(question.folder / "question.toml")
    file, entry = question.file, question.entry
    if file.id != entry.id:
        notes.add(("id",), "wrong-id", f"the id is {file.id}, the folder says {entry.id}", "make them equal")
    known = {one.id for one in course.entries}
    for other in file.builds_on:
        if other not in known or other == entry.id:
            message = f"builds on {other}, which course.toml does not list"
            notes.add(("builds_on",), "unknown-link", message, "name another question of the course")
    for name in file.experiments:
        if name not in course.experiment_names:
            message = f"there is no experiment {name}"
            notes.add(("experiments",), "unknown-link", message, f"write experiments/{name}.toml")
        elif entry.id not in course.experiment(name).questions:
            message = f"the experiment {name} does not list {entry.id} among its questions"
            notes.add(("experiments",), "one-way-link", message, "add the id there, or remove the name here")
    for point in question.rubric.points:
        if _gives_away(file.ask, point):
            message = f"`ask` says what {point.id} asks for"
            notes.add(("ask",), "gives-away", message, "ask without naming it")
    return notes.findings


def check_rubric(course: Course, question: Question) -> list[Finding]:
    """Check rubric.toml of one question."""
    notes = Notebook(question.folder / "rubric.toml")
    _check_points(notes, question)
    _check_misconceptions(notes, course, question)
    _check_examples(notes, course, question)
    return notes.findings


def _check_points(notes: Notebook, question: Question) -> None:
    points = question.rubric.points
    if not POINTS[0] <= len(points) <= POINTS[1]:
        message = f"{len(points)} points, not {POINTS[0]} to {POINTS[1]}"
        notes.add(("points", 0), "points", message, "split or merge them")
    if not any(point.required for point in points):
        notes.add(("points", 0), "points", "no point is required", "require at least one")
    for index, point_id in repeated([point.id for point in points]):
        notes.add(("points", index), "repeated-id", f"point {point_id} exists already", "give it a new id")
    for index, point in enumerate(points):
        if len(GAP.findall(point.prompt)) != 1:
            message = f"the prompt of {point.id} needs exactly one gap"
            notes.add(("points", index, "prompt"), "gap", message, "write the gap as ___")
        for key in ("title", "pump"):
            if _gives_away(getattr(point, key), point):
                message = f"`{key}` of {point.id} gives the answer away"
                notes.add(("points", index, key), "gives-away", message, "say it without the missing word")
        for _, text in repeated([text.casefold() for text in point.paraphrases]):
            message = f"{point.id} holds the paraphrase {text!r} twice"
            notes.add(("points", index, "paraphrases"), "repeated-text", message, "say it in another way")


def _gives_away(text: str, point: Point) -> bool:
    """Whether a text holds a word that fills the point's gap; short ones such as `one` do not count."""
    words = {word.casefold() for word in _WORD.findall(text)}
    return any(answer.casefold() in words for answer in point.prompt_answers if len(answer) > 3)


def _check_misconceptions(notes: Notebook, course: Course, question: Question) -> None:
    rubric = question.rubric
    low, high = MISCONCEPTIONS
    if not low <= len(rubric.misconceptions) <= high:
        message = f"{len(rubric.misconceptions)} misconceptions, not {low} to {high}"
        notes.add_line(1, "misconceptions", message, "what do learners really believe?")
    points = [point.id for point in rubric.points]
    for index, one_id in repeated([one.id for one in rubric.misconceptions]):
        notes.add(("misconceptions", index), "repeated-id", f"{one_id} exists already", "give it a new id")
    for index, one in enumerate(rubric.misconceptions):
        place = ("misconceptions", index)
        if one.contradicts not in points:
            message = f"{one.id} contradicts {one.contradicts}, which is no point here"
            notes.add(
                (*place, "contradicts"), "unknown-link", message, f"use one of {', '.join(sorted(points))}"
            )
        if one.experiment and one.experiment not in course.experiment_names:
            message = f"{one.id} is refuted by {one.experiment}, which does not exist"
            notes.add(
                (*place, "experiment"), "unknown-link", message, "write the experiment, or name another"
            )


def _check_examples(notes: Notebook, course: Course, question: Question) -> None:
    rubric = question.rubric
    for index, example in enumerate(rubric.examples):
        fault = _example_fault(example, question)
        if fault:
            notes.add(("examples", index), "example", f"example {index + 1} {fault}", "mend its marks")
    for needed, what, counts in _EXAMPLES_NEEDED:
        found = sum(map(counts, rubric.examples))
        if found < needed:
            message = f"{found} graded examples {what}, fewer than {needed}"
            notes.add_line(1, "few-examples", message, "write more in this voice")
    credited = Counter(point for one in rubric.examples for point in one.points)
    for index, point in enumerate(rubric.points):
        if credited[point.id] < _POINT_CREDITS:
            message = f"{credited[point.id]} examples credit {point.id}, fewer than {_POINT_CREDITS}"
            notes.add(("points", index), "few-examples", message, "write answers that say it")
    shown = {one_id for one in rubric.examples for one_id in one.misconceptions}
    for index, one in enumerate(rubric.misconceptions):
        if one.id not in shown:
            message = f"no example shows {one.id}"
            notes.add(("misconceptions", index), "few-examples", message, "write an answer that holds it")
    _check_shared_words(notes, course, rubric.examples)


def _example_fault(example: Example, question: Question) -> str | None:
    """What is wrong with the marks of an example, if anything."""
    rubric = question.rubric
    strangers = {*example.points} - {point.id for point in rubric.points}
    strangers |= {*example.misconceptions} - {one.id for one in rubric.misconceptions}
    if strangers:
        return f"names {', '.join(sorted(strangers))}, which the rubric does not have"
    required = {point.id for point in rubric.points if point.required}
    complete = required <= {*example.points} and not example.misconceptions
    if complete != (example.verdict == "correct"):
        return "is `correct` only with every required point and no misconception, and then always"
    if example.verdict in ("incorrect", "off_topic") and example.points:
        return f"is {example.verdict} and yet credits {', '.join(example.points)}"
    if example.verdict == "partial" and not example.points:
        return "is partial and credits nothing"
    return None


def _check_shared_words(notes: Notebook, course: Course, examples: tuple[Example, ...]) -> None:
    names = (name for term in course.glossary() for name in (term.term, *term.also))
    terms = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + r")\b")
    runs = [_runs(example.answer.casefold(), terms if course.glossary() else None) for example in examples]
    for (first, one), (second, other) in combinations(enumerate(runs), 2):
        shared = one & other
        if shared:
            message = f"examples {first + 1} and {second + 1} share the words {' '.join(min(shared))!r}"
            notes.add(("examples", second), "shared-words", message, "say one of them in other words")


def _runs(text: str, terms: re.Pattern[str] | None) -> set[tuple[str, ...]]:
    """All runs of `SHARED_WORDS` words; a glossary term breaks a run."""
    found: set[tuple[str, ...]] = set()
    for part in terms.split(text) if terms else [text]:
        words = _WORD.findall(part)
        found |= {tuple(words[at : at + SHARED_WORDS]) for at in range(len(words) - SHARED_WORDS + 1)}
    return found

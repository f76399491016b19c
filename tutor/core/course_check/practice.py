"""Checks of practice items: one right option, gaps, generators and explanations."""

from __future__ import annotations

import re
import string

from tutor.core import generators
from tutor.core.course_check.findings import Finding, Notebook, repeated
from tutor.core.course_files import Place
from tutor.core.course_schema import Item
from tutor.core.curriculum import Course, Question

FORMS = 3
GAP = re.compile(r"(?<!_)_{3,}(?!_)")
_WITH_OPTIONS = frozenset({"choice", "predict"})


def check_practice(course: Course, question: Question) -> list[Finding]:
    """Check practice.toml of one question. Raises `ContentError` where it cannot be read."""
    notes = Notebook(question.folder / "practice.toml")
    items = question.practice.items
    points = [point.id for point in question.rubric.points]
    for index, item_id in repeated([item.id for item in items]):
        notes.add(("items", index), "repeated-id", f"item {item_id} exists already", "give it a new id")
    for index, item in enumerate(items):
        place: Place = ("items", index)
        if item.point not in points:
            message = f"item {item.id} asks for point {item.point}, which the rubric does not have"
            notes.add((*place, "point"), "unknown-link", message, f"use one of {', '.join(points)}")
        if item.form not in question.file.forms:
            message = f"item {item.id} has the form {item.form}, which question.toml does not list"
            notes.add((*place, "form"), "unlisted-form", message, f'add "{item.form}" to `forms`')
        if item.experiment and item.experiment not in course.experiment_names:
            message = f"item {item.id} names the experiment {item.experiment}, which does not exist"
            notes.add((*place, "experiment"), "unknown-link", message, "write it, or name another")
        check_item(notes, place, item)
    for point_id in points:
        if not any(item.point == point_id for item in items):
            notes.add_line(1, "unasked-point", f"no item asks for point {point_id}", "write one")
    forms = {item.form for item in items}
    if len(forms) < FORMS:
        message = f"the items have {len(forms)} forms, fewer than {FORMS}"
        notes.add_line(1, "few-forms", message, "explain, choice, cloze, compute, predict")
    return notes.findings


def check_item(notes: Notebook, place: Place, item: Item) -> None:
    """What every item needs by its form."""
    if item.form in _WITH_OPTIONS:
        _check_options(notes, place, item)
    else:
        if item.options:
            message = f"item {item.id} is of form {item.form} and has options"
            notes.add(place, "stray-options", message, 'remove them, or use form = "choice"')
        if not item.why:
            notes.add(place, "no-why", f"item {item.id} has no explanation", "add `why`")
    if item.form == "predict" and not item.experiment:
        notes.add(place, "no-experiment", f"item {item.id} predicts no run", "name its `experiment`")
    elif item.form == "predict" and not item.measured:
        message = f"item {item.id} does not take its answer from the run of {item.experiment}"
        remedy = "name what is `measured`, and give each option a `value`, or `low` and `high`"
        notes.add(place, "unmeasured", message, remedy)
    if item.form == "cloze":
        _check_gap(notes, place, item)
    if (item.form == "compute") != bool(item.generator):
        message = f"item {item.id}: a compute item needs a generator, other forms have none"
        notes.add(place, "generator", message, f"`generator` is one of {', '.join(generators.names())}")
    elif item.generator:
        _check_generator(notes, place, item)


def _check_options(notes: Notebook, place: Place, item: Item) -> None:
    right = sum(option.correct for option in item.options)
    if item.measured and right != 1:
        message = f"item {item.id}: the recorded run of {item.experiment} makes {right} options right, not 1"
        remedy = f"run `tutor content runs`; give options a `value`, or `low` and `high`, of {item.measured}"
        notes.add((*place, "measured"), "options", message, remedy)
    elif len(item.options) < 2 or right != 1:
        message = f"item {item.id} has {len(item.options)} options, {right} of them correct"
        notes.add(place, "options", message, "give two or more, exactly one `correct = true`")
    for _, text in repeated([option.text for option in item.options]):
        notes.add(place, "options", f"item {item.id} offers {text!r} twice", "remove one")


def _check_gap(notes: Notebook, place: Place, item: Item) -> None:
    if len(GAP.findall(item.prompt)) != 1:
        message = f"the prompt of item {item.id} needs exactly one gap"
        notes.add((*place, "prompt"), "gap", message, "write the gap as ___")
    if not item.answers:
        notes.add(place, "gap", f"item {item.id} accepts no answer", "list what fits the gap in `answers`")


def _check_generator(notes: Notebook, place: Place, item: Item) -> None:
    name = item.generator or ""
    if name not in generators.names():
        remedy = f"use one of {', '.join(generators.names())}"
        notes.add((*place, "generator"), "unknown-link", f"there is no generator {name}", remedy)
        return
    drawn = set(generators.generate(name, 0))
    shown = drawn - {"answer"}
    for key, text, known in (("prompt", item.prompt, shown), ("why", item.why or "", drawn)):
        unknown, fault = unknown_fields(text, known)
        if fault or unknown:
            what = fault or f"{name} has no {', '.join(sorted(unknown))} for it"
            remedy = f"it has {', '.join(sorted(known))}"
            notes.add((*place, key), "template", f"`{key}` of item {item.id}: {what}", remedy)


def unknown_fields(text: str, known: set[str]) -> tuple[set[str], str | None]:
    """Names of a format string that are not known, and what is wrong with its braces, if anything."""
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError as fault:
        return set(), f"not a valid template: {fault}"
    return {re.split(r"[.\[]", name)[0] for name in names} - known, None

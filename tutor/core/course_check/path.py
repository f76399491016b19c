"""Checks of placement.toml, contrasts.toml and primer.md: what leads through the course."""

from __future__ import annotations

from pathlib import Path

from tutor.core import placement
from tutor.core.course_check.findings import Finding, Notebook, repeated
from tutor.core.course_check.lesson import SENTENCE_WORDS
from tutor.core.course_check.practice import check_item
from tutor.core.course_check.prose import measure
from tutor.core.course_files import read
from tutor.core.curriculum import Course
from tutor.core.path_schema import PlacementFile


def check_placement(course: Course) -> list[Finding]:
    """Check the placement check, if there is one. Raises `ContentError`."""
    path = course.root / placement.NAME
    if not path.exists():
        return []
    file, notes = read(path, PlacementFile), Notebook(path)
    place = {entry.id: number for number, entry in enumerate(course.entries)}
    for index, one_id in repeated([item.id for item in file.items]):
        notes.add(("items", index), "repeated-id", f"item {one_id} exists already", "give it a new id")
    before = -1
    for index, item in enumerate(file.items):
        check_item(notes, ("items", index), item.item)
        at = place.get(item.start_at)
        if at is None:
            message = f"item {item.id} starts at {item.start_at}, which course.toml does not list"
            notes.add(("items", index, "start_at"), "unknown-link", message, "use an id of the course")
        elif at < before:
            message = f"item {item.id} starts at {item.start_at}, before the item above it"
            notes.add(("items", index), "placement", message, "order the items as the course is taught")
        before = max(before, at if at is not None else -1)
    if file.otherwise not in place:
        message = f"`otherwise` is {file.otherwise}, which course.toml does not list"
        notes.add(("otherwise",), "unknown-link", message, "use an id of the course")
    return notes.findings


def check_contrasts(course: Course) -> list[Finding]:
    """Check the contrasts, if there are any. Raises `ContentError`."""
    contrasts = course.contrasts()
    notes = Notebook(course.root / "contrasts.toml")
    known = {entry.id for entry in course.entries}
    for index, one_id in repeated([one.id for one in contrasts]):
        notes.add(("contrasts", index), "repeated-id", f"{one_id} exists already", "give it a new id")
    for index, one in enumerate(contrasts):
        check_item(notes, ("contrasts", index), one.item("p0"))
        strangers = [ref for ref in one.questions if ref not in known]
        if strangers or len(set(one.questions)) < 2:
            message = f"{one.id} needs two questions of the course; unknown: {strangers}"
            notes.add(("contrasts", index, "questions"), "unknown-link", message, "use ids of course.toml")
    return notes.findings


def check_primer(course: Course) -> list[Finding]:
    """Check that the primer, if there is one, has headings and reads easily."""
    path: Path = course.root / "primer.md"
    notes = Notebook(path)
    for chunk in course.primer():
        reading = measure(chunk.markdown)
        if not chunk.heading:
            notes.add_line(1, "primer", "text before the first heading", "put `## Heading` above it")
        if reading.sentence_words > SENTENCE_WORDS:
            message = f"{chunk.heading!r} has {reading.sentence_words:.1f} words in a sentence on average"
            notes.add_line(1, "primer", message, "split the long ones")
    return notes.findings

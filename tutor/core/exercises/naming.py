"""Names the bug in a program from what its cases gave: a probe of the course, or a slip known everywhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tutor.core.code_schema import Exercise, Probe
from tutor.core.exercises.accepting import accepted
from tutor.core.exercises.references import Reference
from tutor.core.exercises.running import Result
from tutor.core.exercises.slips import CHANGED, by_value, gap, gap_left, nothing_returned
from tutor.core.exercises.slips_raised import by_error
from tutor.core.exercises.verdicts import Bug

ALIKE = 0.6
"""Share of the failing cases that a probe must explain to be named."""


def name_bug(exercise: Exercise, code: str, found: Sequence[Result], reference: Reference) -> Bug | None:
    """The bug, surest sign first; None where nothing fits. `found` may be shorter than the cases."""
    failing = [at for at, one in enumerate(found) if not accepted(one, reference.solution[at])]
    if not failing:
        return None
    if line := gap(code):
        return gap_left(line)
    probe = _same_probe(exercise, found, reference)
    if probe is not None:
        return probe
    first = found[failing[0]]
    if "raised" in first:
        slip = by_error(first["raised"], code, asked_name(exercise))
        if slip is not None:
            return slip
    wrong, wanted = [found[at] for at in failing], [reference.solution[at] for at in failing]
    if slip := nothing_returned(wrong, wanted):
        return slip
    if all(exercise.file.cases[at].call.isidentifier() for at in failing):
        return CHANGED
    return _nearest_probe(exercise, found, failing, reference) or by_value(wrong, wanted)


def asked_name(exercise: Exercise) -> str:
    """The function or class that the task asks for: the first one of the starter."""
    match = re.search(r"^(?:def|class) (\w+)", exercise.starter, re.MULTILINE)
    return match[1] if match else ""


def _same_probe(exercise: Exercise, found: Sequence[Result], reference: Reference) -> Bug | None:
    for probe, results in zip(exercise.file.probes, reference.probes, strict=True):
        if results and len(found) == len(results) and all(map(accepted, found, results)):
            return _bug(probe)
    return None


def _nearest_probe(
    exercise: Exercise, found: Sequence[Result], failing: Sequence[int], reference: Reference
) -> Bug | None:
    """The probe that fails like this program in most of the cases that fail, and in few others."""
    best: tuple[float, Any] = (0.0, None)
    for probe, results in zip(exercise.file.probes, reference.probes, strict=True):
        if not results:
            continue
        alike = sum(accepted(found[at], results[at]) for at in failing)
        also = sum(
            not accepted(results[at], reference.solution[at]) for at in range(len(found)) if at not in failing
        )
        share = alike / len(failing)
        score = share - 0.1 * also
        if share >= ALIKE and score > best[0]:
            best = (score, probe)
    return _bug(best[1]) if best[1] is not None else None


def _bug(probe: Probe) -> Bug:
    return Bug(id=probe.id, bug=probe.bug, kind=probe.kind, message=probe.message)

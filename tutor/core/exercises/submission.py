"""What the sandbox does with a learner's program: one case after the other, each result told at once.

A plain script beside `case_runner.py`: it imports nothing of the tutor. What is expected is not here: the
parent compares. Job: {"code", "cases": [{"setup", "call"}, ...]}; told: {"case": number, "result": result}.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# The sandbox loads these first, under these names.
import case_runner  # type: ignore[import-not-found]
import fastai_names  # type: ignore[import-not-found]


def work(job: dict[str, Any], tell: Callable[[Any], None]) -> None:
    """Run the cases in order."""
    fastai_names.install()
    for number, case in enumerate(job["cases"]):
        tell({"case": number, "result": case_runner.run_case(job["code"], case)})

"""Gathers the Python of a course while its files are checked and runs all of it in one child process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from tutor.core.course_check.findings import Finding
from tutor.core.exercises.running import Job, Result, run_jobs

Judge = Callable[[list[Result]], list[Finding]]


class Programs:
    """Jobs that wait for the one child process, each group with what judges its results."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []
        self._groups: list[tuple[int, Judge]] = []

    def add(self, jobs: Sequence[Job], judge: Judge) -> None:
        """Note jobs; `judge` gets their results, in order, once they have run."""
        self._jobs += jobs
        self._groups.append((len(jobs), judge))

    def start(self) -> None:
        """Run everything that was noted, beside what the caller does until it asks for the findings."""
        thread = ThreadPoolExecutor(max_workers=1)
        self._running: Future[list[Result]] = thread.submit(run_jobs, self._jobs)
        thread.shutdown(wait=False)

    def findings(self) -> list[Finding]:
        """Wait for the results and gather what the judges find in them."""
        results = self._running.result()
        found: list[Finding] = []
        for count, judge in self._groups:
            found += judge(results[:count])
            results = results[count:]
        return found


def fault(result: Result) -> tuple[int, str] | None:
    """The failed block of a `blocks_job` and what went wrong, in one line; None where all ran."""
    if "ended" in result:
        return 0, str(result["ended"])
    failed = result["failed"]
    return (int(failed["block"]), said(failed)) if failed else None


def said(raised: dict[str, Any]) -> str:
    """What was raised: `NameError: name 'x' is not defined, line 3`."""
    text = f"{raised['type']}: {raised['message']}" if raised["message"] else str(raised["type"])
    return f"{text.splitlines()[0]}, line {raised['line']}" if raised["line"] else text.splitlines()[0]

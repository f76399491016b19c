"""What a run says, as the doors know it; and the families that need no training process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.core.events import ChartShown, CurvePoint, RunEvent, RunFinished
from tutor.core.lab_tokens import Token, read_token
from tutor.core.work import progress

if TYPE_CHECKING:
    from recommender.ratings import Dataset

Json = dict[str, Any]


def here(spec: Json, cache: Path, cancelled: Callable[[], bool]) -> Iterator[Json]:
    """Run a family that needs NumPy only in this process; its faults are one clear line each."""
    from recommender.checkpoint import CheckpointError
    from recommender.datasets import DataError
    from recommender.experiments import SpecError, run

    try:
        for event in run(spec, cache, cancelled):
            yield event.to_dict()
    except (CheckpointError, DataError, SpecError) as fault:
        yield {"event": "failed", "message": str(fault)}


def shown(event: Json) -> RunEvent | None:
    """The event as the doors know it; None for one that they need not see."""
    kind = event["event"]
    if kind == "point" and event["y"] is not None:
        return CurvePoint(**{key: event[key] for key in ("series", "x", "y", "seed") if key in event})
    if kind == "chart":
        return ChartShown(chart=event["chart"])
    return progress(event) if kind == "progress" else None


def about(dataset: Dataset) -> Json:
    """What a result says of its data set."""
    return {
        "name": dataset.name,
        "label": dataset.label,
        "fingerprint": dataset.ratings.fingerprint,
        "invented": dataset.invented,
    }


def compared(run: RunFinished, token: Token) -> RunFinished:
    """The repeated run with what is not as it was then."""
    now = read_token(run.token or "")
    parts = {
        "fingerprint": "the data set is another version",
        "made": "it ran with other versions of Python, NumPy, PyTorch or this program, or on another machine",
        "result": "the numbers are not the same",
    }
    differs = [words for name, words in parts.items() if getattr(now, name) != getattr(token, name)]
    replay = {"same": now.result == token.result, "differs": differs}
    return run.model_copy(update={"replay": replay})

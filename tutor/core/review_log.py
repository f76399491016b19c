"""The review log in and out, as py-fsrs writes it: CSV or JSON, one row a review.

CSV has `card_id, review_rating, review_time, review_duration` (py-fsrs' own test log), JSON the objects of
`fsrs.ReviewLog.to_dict()`. Both carry our card's name in a further column `card`, which other readers skip
and which we need: numbers of cards differ from machine to machine.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tutor.core.agenda import iso
from tutor.core.errors import BadInput
from tutor.core.events import Record
from tutor.core.scheduling import GRADES, new_card, reviewed
from tutor.store.practice import CardRow, PracticeTable, ReviewRow
from tutor.store.store import Store

COLUMNS = ("card_id", "review_rating", "review_time", "review_duration", "card", "item")
_JSON = {"review_rating": "rating", "review_time": "review_datetime"}
_CARD = re.compile(r"[qt]\d{2}\.[a-z]+\d+")
_LARGEST = 2**63 - 1


class NotALog(BadInput):
    """The file holds no review that can be read."""


class SkippedRow(Record):
    """A row that was left out."""

    line: int
    """Line of a CSV file, or place in a JSON list, from 1."""
    why: str


class Imported(Record):
    """What an import did."""

    added: int
    known: int
    """Reviews that were there already."""
    cards: int
    """Cards that got a review."""
    skipped: tuple[SkippedRow, ...]


@dataclass(frozen=True)
class _Logged:
    """A row that could be read."""

    card: str
    number: int | None
    review: ReviewRow


def log_rows(table: PracticeTable) -> Iterator[dict[str, Any]]:
    """The reviews that stand, as rows of `COLUMNS`, oldest first."""
    numbers = {card.id: card.fsrs_id for card in table.cards()}
    for review in table.reviews():
        values = (
            numbers[review.card],
            review.rating,
            review.at,
            review.duration_ms,
            review.card,
            review.item,
        )
        yield dict(zip(COLUMNS, values, strict=True))


def write_log(table: PracticeTable, file: Path) -> int:
    """Write the log as the ending says (`.csv`, `.json`); returns how many reviews. Raises OSError."""
    rows = list(log_rows(table))
    if file.suffix.lower() == ".json":
        objects = [{_JSON.get(name, name): value for name, value in row.items()} for row in rows]
        file.write_text(json.dumps(objects, indent=1) + "\n", encoding="utf-8")
    else:
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        file.write_text(text.getvalue(), encoding="utf-8")
    return len(rows)


def read_log(store: Store, file: Path) -> Imported:
    """Merge a log (`.csv`, `.json`) into the learner's history. Raises as `merge_rows`, and OSError."""
    return merge_rows(store, _rows(file), file)


def merge_rows(store: Store, rows: Iterable[tuple[int, Mapping[str, Any]]], file: Path) -> Imported:
    """Merge numbered rows into the learner's history: nothing is doubled, states are worked out anew.

    A broken row costs that row alone. Raises `NotALog` where none can be read.
    """
    names = {card.fsrs_id: card.id for card in store.practice.cards()}
    found: list[_Logged] = []
    skipped: list[SkippedRow] = []
    for line, row in rows:
        try:
            found.append(_logged(row, names))
        except ValueError as fault:
            skipped.append(SkippedRow(line=line, why=str(fault)))
    if not found:
        why = f": line {skipped[0].line}: {skipped[0].why}" if skipped else ""
        raise NotALog(f"{file} holds no review of a card of this course{why}")
    with store.transaction():
        return _merge(store.practice, found, tuple(skipped))


def _merge(table: PracticeTable, found: list[_Logged], skipped: tuple[SkippedRow, ...]) -> Imported:
    history = table.reviews()
    known = {(review.card, review.at) for review in history}
    added = {(one.card, one.review.at): one for one in found}
    fresh = [one for key, one in added.items() if key not in known]
    touched = {one.card for one in fresh}
    cards = {card.id: card for card in table.cards()}
    wanted = {one.card: one.number for one in fresh if one.number is not None}
    together = sorted([*history, *(one.review for one in fresh)], key=lambda review: (review.at, review.id))
    states, reviews = _replayed(together, touched, cards, _numbers(cards, touched, wanted))
    if fresh:
        table.replace_history(states, reviews)
    return Imported(added=len(fresh), known=len(found) - len(fresh), cards=len(touched), skipped=skipped)


def _replayed(
    history: Iterable[ReviewRow], touched: set[str], known: Mapping[str, CardRow], numbers: Mapping[str, int]
) -> tuple[list[CardRow], list[ReviewRow]]:
    """The states of the touched cards, and all reviews with the state before each of them."""
    states: dict[str, CardRow] = {}
    rows: list[ReviewRow] = []
    for review in history:
        if review.card not in touched:
            rows.append(review)
            continue
        at = datetime.fromisoformat(review.at)
        before = states.get(review.card)
        number = known[review.card].fsrs_id if review.card in known else numbers[review.card]
        states[review.card] = reviewed(before or new_card(review.card, number, at), review.rating, at)
        rows.append(replace(review, before=before))
    return list(states.values()), rows


def _numbers(known: Mapping[str, CardRow], touched: set[str], wanted: Mapping[str, int]) -> dict[str, int]:
    """A number for each card that has none yet: the one of the file where it is free."""
    taken = {card.fsrs_id for card in known.values()}
    numbers: dict[str, int] = {}
    for card in sorted(touched - set(known)):
        number = wanted.get(card, 0)
        while number < 1 or number in taken:
            number = max(taken, default=0) + 1
        numbers[card] = number
        taken.add(number)
    return numbers


# --- reading ---------------------------------------------------------------------------------


def _rows(file: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise NotALog(f"{file} is not UTF-8 text; export it as CSV or JSON") from None
    if file.suffix.lower() == ".json":
        yield from enumerate(_objects(file, text), start=1)
        return
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in ("review_rating", "review_time") if name not in (reader.fieldnames or ())]
    if missing:
        raise NotALog(f"{file}, line 1: there is no column {missing[0]}; wanted are {', '.join(COLUMNS[:5])}")
    for row in reader:
        yield reader.line_num, row


def _objects(file: Path, text: str) -> list[Mapping[str, Any]]:
    try:
        values = json.loads(text)
    except json.JSONDecodeError as fault:
        raise NotALog(f"{file}, line {fault.lineno}: not valid JSON: {fault.msg}") from None
    if not isinstance(values, list):
        raise NotALog(f"{file} is no list of review logs")
    return [
        {old: value[new] for old, new in _JSON.items() if new in value} | value
        if isinstance(value, dict)
        else {}
        for value in values
    ]


def _logged(row: Mapping[str, Any], names: Mapping[int, str]) -> _Logged:
    """Read a row. Raises ValueError with what is wrong."""
    number = _whole(row.get("card_id"), "card_id")
    card = str(row.get("card") or names.get(number or 0, ""))
    if not _CARD.fullmatch(card):
        raise ValueError(f"card {card or number!r} is none of this course; a column `card` names it (q07.p2)")
    rating = _whole(row.get("review_rating"), "rating")
    if rating not in GRADES:
        raise ValueError(f"rating {row.get('review_rating')!r} is not 1, 2, 3 or 4")
    item = str(row.get("item") or "") or None
    duration = _whole(row.get("review_duration"), "review_duration")
    return _Logged(
        card, number, ReviewRow(0, card, _time(row.get("review_time")), rating, duration, item, None)
    )


def _whole(value: Any, name: str) -> int | None:
    if value in (None, ""):
        return None
    try:
        number = int(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} {value!r} is not a whole number") from None
    if not 0 <= number <= _LARGEST:
        raise ValueError(f"{name} {value!r} is out of range")
    return number


def _time(value: Any) -> str:
    try:
        at = datetime.fromisoformat(str(value))
        return iso(at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC))
    except (ValueError, OverflowError):
        raise ValueError(f"time {value!r} is not ISO 8601") from None

"""Reading who rated what: a careful way that knows every line, and a fast one for large sound files."""

import math
from array import array
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from recommender.datasets.tables import Problems, Table, place, size_in_bytes

LARGE = 16 << 20  # bytes; from here on the fast way pays for importing pandas
_MISSING = frozenset({"", "nan", "na", "n/a", "null", "none", "-", "?"})
_DENSEST = 50_000_000  # largest numeric id for which a table from id to row is worth its memory


@dataclass(frozen=True)
class Columns:
    """Which fields of a table (from 0) hold the user, the item, the stars and, if any, the time."""

    user: int
    item: int
    rating: int
    time: int | None = None


@dataclass(frozen=True, eq=False)
class RawRatings:
    """N ratings as the file has them: codes into the ids in order of first appearance or by number."""

    users: NDArray[np.int32]  # [N], codes into user_ids
    items: NDArray[np.int32]  # [N], codes into item_ids
    stars: NDArray[np.float32]  # [N]
    times: NDArray[np.int64] | None  # [N], seconds
    lines: NDArray[np.int64]  # [N], line numbers in the file
    user_ids: tuple[str, ...]
    item_ids: tuple[str, ...]
    read: int  # rows met, the skipped ones included

    def take(self, keep: NDArray[np.bool_]) -> "RawRatings":
        """The ratings where `keep` is true; the ids stay."""
        times = None if self.times is None else self.times[keep]
        columns = (self.users[keep], self.items[keep], self.stars[keep], times, self.lines[keep])
        return RawRatings(*columns, self.user_ids, self.item_ids, self.read)


def read_ratings(table: Table, columns: Columns, problems: Problems) -> RawRatings:
    """All ratings of a table that are whole; the others are counted in `problems`."""
    if size_in_bytes(table.file) >= LARGE:
        fast = read_fast(table, columns)
        if fast is not None:
            return fast
    return read_carefully(table, columns, problems)


def read_carefully(table: Table, columns: Columns, problems: Problems) -> RawRatings:
    """Row by row: each row that cannot be used is counted with its line and column."""
    users: dict[str, int] = {}
    items: dict[str, int] = {}
    user_codes, item_codes, stars, times, lines = array("i"), array("i"), array("f"), array("q"), array("q")
    read, timeless = 0, columns.time is None
    widest = max(columns.user, columns.item, columns.rating)
    for line, fields in table.rows():
        read += 1
        if len(fields) <= widest:
            problems.skip("too few columns", place(table.file, line, len(fields)))
            continue
        user, item = fields[columns.user].strip(), fields[columns.item].strip()
        star = _number(fields[columns.rating])
        if star is None or not user or not item:
            problems.skip(*_fault(table, columns, line, fields))
            continue
        user_codes.append(users.setdefault(user, len(users)))
        item_codes.append(items.setdefault(item, len(items)))
        stars.append(star)
        lines.append(line)
        if not timeless:
            seconds = _seconds(fields, columns.time)
            timeless = seconds is None
            times.append(seconds or 0)
            if timeless:
                problems.note("no time here: the times are left out", place(table.file, line, columns.time))
    return RawRatings(
        users=np.array(user_codes, dtype=np.int32),
        items=np.array(item_codes, dtype=np.int32),
        stars=np.array(stars, dtype=np.float32),
        times=None if timeless else np.array(times, dtype=np.int64),
        lines=np.array(lines, dtype=np.int64),
        user_ids=tuple(users),
        item_ids=tuple(items),
        read=read,
    )


def _number(text: str) -> float | None:
    text = text.strip()
    try:
        value = float(text)
    except ValueError:
        try:
            value = float(text.replace(",", ".", 1))  # a decimal comma
        except ValueError:
            return None
    return value if math.isfinite(value) and "_" not in text else None


def _seconds(fields: list[str], column: int | None) -> int | None:
    """Seconds since 1970 from a number or an ISO date (UTC where it names no zone)."""
    text = fields[column].strip() if column is not None and column < len(fields) else ""
    try:
        return int(text)
    except ValueError:
        pass
    if (value := _number(text)) is not None:
        return int(value)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _fault(table: Table, columns: Columns, line: int, fields: list[str]) -> tuple[str, str]:
    """Why a row of enough columns cannot be used, and where."""
    for column, what in ((columns.user, "user"), (columns.item, "film")):
        if not fields[column].strip():
            return f"the {what} is missing", place(table.file, line, column)
    text = fields[columns.rating].strip()
    where = place(table.file, line, columns.rating)
    if text.casefold() in _MISSING:
        return "the rating is missing", where
    return "the rating is no number", f"{where}: {text[:40]!r}"


def read_fast(table: Table, columns: Columns) -> RawRatings | None:
    """All at once with pandas: only files whose every row is whole and whose ids are numbers; else None."""
    import pandas as pd  # a quarter of a second, paid for large files only

    step = len(table.separator)  # "::" is read as ":" with an empty field in between
    wanted = [columns.user, columns.item, columns.rating, *([] if columns.time is None else [columns.time])]
    kinds = dict(zip((step * number for number in wanted), ("i8", "i8", "f4", "i8"), strict=False))
    try:
        with table.file.open("rb") as raw:
            frame = pd.read_csv(
                table.open(raw),
                sep=table.separator[0],
                header=0 if table.header else None,
                usecols=list(kinds),
                dtype=kinds,
                index_col=False,
                skip_blank_lines=False,
            )
    except (ValueError, OverflowError):
        return None  # something is not a number or missing: the careful way says what and where
    values = [frame.iloc[:, sorted(kinds).index(number)].to_numpy() for number in kinds]
    users, user_ids = _codes(values[0])
    items, item_ids = _codes(values[1])
    lines = np.arange(len(frame), dtype=np.int64) + (2 if table.header else 1)
    times = None if columns.time is None else values[3]
    if not np.isfinite(values[2]).all():
        return None
    return RawRatings(users, items, values[2], times, lines, user_ids, item_ids, len(frame))


def _codes(ids: NDArray[np.int64]) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Codes of numeric ids, and the ids as text, in the order of the numbers."""
    if len(ids) and ids.min() >= 0 and ids.max() <= _DENSEST:
        met = np.zeros(int(ids.max()) + 1, dtype=bool)
        met[ids] = True
        unique = np.flatnonzero(met)
        codes = (np.cumsum(met) - 1)[ids]
    else:
        unique, codes = np.unique(ids, return_inverse=True)
    return codes.astype(np.int32), tuple(map(str, unique.tolist()))

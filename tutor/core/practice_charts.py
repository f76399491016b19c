"""What practice has brought, as charts that the screen and the command line draw alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from tutor.core.plotting import Chart, Curve, Plot
from tutor.core.practice_stats import ENOUGH_ANSWERS, DayReviews, PracticeStats, Strength

WEEKS = 26
"""Weeks that the heat map shows."""
_SMALLEST = 4
"""Rows below which a chart becomes words."""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Figure(NamedTuple):
    """A chart with its title, the rows it wants, and the same in words."""

    title: str
    drawing: Plot | Chart
    height: int
    words: str


def figures(stats: PracticeStats, today: date) -> list[Figure]:
    """The charts for which there is something to show, the most telling first."""
    if not stats.reviews:
        return [calibration(stats)] if stats.calibrated else []
    drawn = [heat_map(stats.days, today), forecast(stats)]
    if stats.weeks:
        drawn.append(retention(stats))
    if stats.strength:
        drawn.append(strength(stats.strength))
    if stats.calibrated:
        drawn.append(calibration(stats))
    return drawn


def heat_map(days: Sequence[DayReviews], today: date) -> Figure:
    """Reviews by day: a row for each day of the week, a column for each week."""
    count = {day.day: day.reviews for day in days}
    monday = today - timedelta(days=today.weekday())
    first = date.fromisoformat(days[0].day) if days else today
    shown = min(WEEKS, max(8, (monday - first).days // 7 + 2))
    weeks = [monday - timedelta(weeks=number) for number in range(shown - 1, -1, -1)]
    values: list[list[float | None]] = [
        [_reviews(count, week + timedelta(days=row), today) for week in weeks] for row in range(7)
    ]
    most = max((day.reviews for day in days), default=0)
    says = f"{_plural(sum(count.values()), 'review')} on {_plural(len(days), 'day')}, at most {most} a day"
    columns = [f"{week.day} {week:%b}" for week in weeks]
    chart = {
        "kind": "heat", "title": "Reviews by day", "says": says, "rows": list(_DAYS), "columns": columns,
        "values": values, "unit": "reviews a day",
    }  # fmt: skip
    return _figure(chart, 9)


def forecast(stats: PracticeStats) -> Figure:
    """Cards that come due on each of the next days, if all are practised."""
    due = [day.due for day in stats.forecast]
    curve = Curve("cards due", list(range(len(due))), due, "bars")
    words = f"{due[0]} cards today, {sum(due[:7])} within 7 days, {sum(due)} within {len(due)} days"
    return Figure("Coming due", Plot((curve,), "days from today", "cards", legend=False), 9, words)


def retention(stats: PracticeStats) -> Figure:
    """How much of what came due was remembered, week by week, beside what is wanted."""
    weeks = list(range(1, len(stats.weeks) + 1))
    shares = [100 * week.remembered for week in stats.weeks]
    wanted = 100 * stats.wanted
    ends = [weeks[0] - 0.5, weeks[-1] + 0.5]
    curves = (
        Curve("remembered", weeks, shares, "points"),
        Curve("wanted", ends, [wanted, wanted]),
    )
    low = max(0.0, min([*shares, wanted]) - 10)
    words = f"{stats.remembered:.0%} remembered of what came due, {stats.wanted:.0%} wanted"
    return Figure("Retention", Plot(curves, "week", "% remembered", y_limits=(low, 100.0)), 10, words)


def strength(rows: Sequence[Strength]) -> Figure:
    """The chance that each question is remembered today."""
    bars = [
        {
            "name": f"{f'Q{row.q}' if row.q else row.id.upper()} {row.title}",
            "value": round(100 * row.recall), "low": None, "high": None,
        }
        for row in rows
    ]  # fmt: skip
    weakest = min(rows, key=lambda row: row.recall)
    says = f"weakest is {weakest.title} with {weakest.recall:.0%}"
    label = "% chance that its cards are remembered now"
    chart = {"kind": "bars", "title": "Strength by question", "says": says, "bars": bars, "y_label": label}
    return _figure(chart, max(_SMALLEST, len(bars) + 1))


def calibration(stats: PracticeStats) -> Figure:
    """How often one was right, for each degree of being sure."""
    used = [level for level in stats.calibration if level.answers]
    bars = [
        {
            "name": f"{level.name} ({level.answers})", "value": round(100 * level.right / level.answers),
            "low": None, "high": None,
        }
        for level in used
    ]  # fmt: skip
    says = ", ".join(f"{level.name}: {level.right} of {level.answers} right" for level in used)
    label = "% right when you said so (answers)"
    chart = {"kind": "bars", "title": "How sure, how right", "says": says, "bars": bars, "y_label": label}
    return _figure(chart, max(_SMALLEST, len(bars) + 1))


def lines(stats: PracticeStats) -> list[tuple[str, str]]:
    """The figures that need no chart: name and what there is to say."""
    streak = f"{stats.reviews}, {_plural(stats.streak, 'day')} in a row"
    said = [("reviews", streak)] if stats.reviews else []
    if stats.remembered is not None:
        said.append(("remembered", f"{stats.remembered:.0%} of what came due, {stats.wanted:.0%} wanted"))
    loss = stats.log_loss
    if loss.scheduler is not None and loss.constant is not None:
        chances = f"{loss.scheduler:.3f} by the scheduler, {loss.constant:.3f} by one constant chance"
        said.append(("log loss", f"{chances}; less is better ({_plural(loss.reviews, 'review')})"))
    for name, hits in (("lab", stats.experiments), ("quiz", stats.items)):
        if hits.made:
            said.append((f"{name} predictions", f"{hits.hits} of {hits.made} came out"))
    if not stats.calibrated:
        answers = sum(level.answers for level in stats.calibration)
        left = f"{ENOUGH_ANSWERS - answers} more answers with “how sure” and it is drawn"
        said.append(("how sure", left))
    if stats.leeches or stats.taught_again:
        said.append(("leeches", f"{stats.leeches}, taught {_plural(stats.taught_again, 'time')} another way"))
    return said


def _reviews(count: dict[str, int], day: date, today: date) -> float | None:
    return None if day > today or not count.get(day.isoformat()) else float(count[day.isoformat()])


def _figure(chart: dict[str, Any], height: int) -> Figure:
    return Figure(str(chart["title"]), chart, height, str(chart["says"]))


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"

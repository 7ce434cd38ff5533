"""A rule's dates, and the instants at which they start: wall-clock time becomes time here and nowhere else."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count as numbers
from zoneinfo import ZoneInfo

from booking.model import Rule, Start, Weekday

_MINUTE = timedelta(minutes=1)


def starts(rule: Rule, zone: ZoneInfo) -> Iterator[Start]:
    """Expand a rule lazily, in time order, up to its count, its last day (inclusive), or the end of the calendar."""
    for number, day in enumerate(_dates(rule)):
        if rule.count is not None and number >= rule.count:
            return
        if rule.until is not None and day > rule.until:
            return
        at, shifted = instant(day, rule.start_time, zone)
        yield Start(day, rule.start_time, at, shifted)


def _dates(rule: Rule) -> Iterator[date]:
    days = sorted(list(Weekday).index(weekday) for weekday in rule.weekdays)
    monday = rule.starts_on.toordinal() - rule.starts_on.weekday()
    for week in numbers(0, rule.interval_weeks):
        for day in days:
            ordinal = monday + 7 * week + day
            if ordinal > date.max.toordinal() - 1:
                return
            if ordinal >= rule.starts_on.toordinal():
                yield date.fromordinal(ordinal)


def instant(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, bool]:
    """Return the instant of a local time, in UTC, and whether the clocks skip that time on that day.

    Skipped: the first instant after the gap. Repeated: the first of the two.
    """
    local = datetime.combine(day, at, zone)
    utc = local.astimezone(UTC)
    if utc.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return utc, False
    return _after_gap(local, zone), True


def _after_gap(local: datetime, zone: ZoneInfo) -> datetime:
    # Read with the offset before the gap (fold 0) the time lies after the transition, with the one after it (fold 1) before it.
    late, early = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    before = early.astimezone(zone).utcoffset()
    # The transition is the first second of (early, late] whose offset differs.
    low, high = int(early.timestamp()), int(late.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


@lru_cache(maxsize=20_000)  # the same days of a few zones, asked for again and again
def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a local date."""
    return instant(day, time(), zone)[0]

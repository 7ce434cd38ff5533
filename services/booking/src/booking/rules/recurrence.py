"""A rule's dates, and the instants at which they start: wall-clock time becomes time here and nowhere else."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count as numbers
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from booking.rules.model import Rule, Start, Weekday

_DAY = timedelta(days=1)


class LocalDay(NamedTuple):
    """The first instants of a local date and of the one after it. even: its clocks do not change, so that their minutes are minutes."""

    begins: datetime
    ends: datetime
    even: bool


@lru_cache(maxsize=20_000)  # the same days of a few zones, asked for again and again
def local_day(day: date, zone: ZoneInfo) -> LocalDay:
    """Return a local date as instants."""
    begins, ends = instant(day, time(), zone)[0], instant(day + _DAY, time(), zone)[0]
    return LocalDay(begins, ends, ends - begins == _DAY)


def starts(rule: Rule, zone: ZoneInfo) -> Iterator[Start]:
    """Expand a rule lazily, in time order, up to its count, its last day (inclusive), or the end of the calendar."""
    at = rule.start_time
    since_midnight = timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
    until = rule.until or date.max
    for day in islice(_dates(rule), rule.count):
        if day > until:
            return
        known = local_day(day, zone)
        if known.even:
            yield Start(day, at, known.begins + since_midnight, shifted=False)
        else:
            yield Start(day, at, *instant(day, at, zone))


def _dates(rule: Rule) -> Iterator[date]:
    days = sorted(list(Weekday).index(weekday) for weekday in rule.weekdays)
    first, last = rule.starts_on.toordinal(), date.max.toordinal() - 2  # there is a day after each
    monday = first - rule.starts_on.weekday()
    for week in numbers(0, rule.interval_weeks):
        for day in days:
            ordinal = monday + 7 * week + day
            if ordinal > last:
                return
            if ordinal >= first:
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


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a local date."""
    return local_day(day, zone).begins

"""When a walker works: wall-clock stretches of weekdays, as instants of the days that matter."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.rules.model import Hours, Weekday
from booking.rules.recurrence import instant, local_day, midnight

_DAY = timedelta(days=1)


class WorkingHours:
    """A walker's hours in a zone."""

    def __init__(self, hours: Sequence[Hours], zone: ZoneInfo) -> None:
        self._zone = zone
        self._week: tuple[list[tuple[int, int]], ...] = tuple([] for _ in Weekday)
        for stretch in sorted(hours, key=lambda h: h.opens):
            self._week[_NUMBER[stretch.weekday]].append((stretch.opens, stretch.closes))
        self._since_midnight = [[(_MINUTES[opens], _MINUTES[closes]) for opens, closes in day] for day in self._week]

    def works_on(self, at: datetime) -> bool:
        """Whether the walker works at all on the local weekday of an instant."""
        return bool(self._week[at.astimezone(self._zone).weekday()])

    def covers(self, starts_at: datetime, ends_at: datetime, day: date | None = None) -> bool:
        """Whether the walker works all of [starts_at, ends_at). Stretches that touch are one, across midnight too.

        day: the local date of starts_at, where it is known.
        """
        day = day or starts_at.astimezone(self._zone).date()
        begins, _, even = local_day(day, self._zone)
        if not even:
            return self._joined(starts_at, ends_at, day)
        since_midnight = starts_at - begins
        for opens, closes in self._since_midnight[day.weekday()]:
            if opens <= since_midnight < closes:
                return ends_at - begins <= closes or self._joined(starts_at, ends_at, day)
        return False

    def _joined(self, starts_at: datetime, ends_at: datetime, day: date) -> bool:
        reached = starts_at
        while True:
            for opens, closes in self._spans(day):
                if opens <= reached < closes:
                    reached = closes
            if reached >= ends_at:
                return True
            # A day's last stretch ends no later than the next day's first instant; only there it can go on.
            if reached == starts_at or reached != midnight(day + _DAY, self._zone):
                return False
            day += _DAY

    def _spans(self, day: date) -> list[tuple[datetime, datetime]]:
        return [(self._at(day, opens), self._at(day, closes)) for opens, closes in self._week[day.weekday()]]

    def _at(self, day: date, minute: int) -> datetime:
        if minute == 1440:
            return midnight(day + _DAY, self._zone)
        return instant(day, time(minute // 60, minute % 60), self._zone)[0]


_NUMBER = {weekday: number for number, weekday in enumerate(Weekday)}
_MINUTES = tuple(timedelta(minutes=minute) for minute in range(1441))

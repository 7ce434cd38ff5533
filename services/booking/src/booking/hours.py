"""When a walker works: wall-clock stretches of weekdays, as instants of the days that matter."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.model import Hours, Weekday
from booking.recurrence import instant, midnight

Span = tuple[datetime, datetime]
_DAY = timedelta(days=1)


class Roster:
    """A walker's hours in a zone; each date is worked out once."""

    def __init__(self, hours: Sequence[Hours], zone: ZoneInfo) -> None:
        self._zone = zone
        self._of_weekday: dict[Weekday, list[Hours]] = {day: [] for day in Weekday}
        for stretch in sorted(hours, key=lambda h: h.opens):
            self._of_weekday[stretch.weekday].append(stretch)
        self._of_date: dict[date, list[Span]] = {}

    def covers(self, starts_at: datetime, ends_at: datetime, day: date | None = None) -> bool:
        """Whether the walker works all of [starts_at, ends_at). Stretches that touch are one, across midnight too.

        day: the local date of starts_at, where it is known.
        """
        reached = starts_at
        day = day or starts_at.astimezone(self._zone).date()
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

    def _spans(self, day: date) -> list[Span]:
        if day not in self._of_date:
            stretches = self._of_weekday[Weekday.of(day)]
            self._of_date[day] = self._worked_out(day, stretches) if stretches else []
        return self._of_date[day]

    def _worked_out(self, day: date, stretches: Sequence[Hours]) -> list[Span]:
        begins, ends = midnight(day, self._zone), midnight(day + _DAY, self._zone)
        if ends - begins == _DAY:
            # The clocks do not change on this day: minutes of the wall clock are minutes.
            return [(begins + timedelta(minutes=s.opens), begins + timedelta(minutes=s.closes)) for s in stretches]
        return [(self._at(day, s.opens), self._at(day, s.closes)) for s in stretches]

    def _at(self, day: date, minute: int) -> datetime:
        if minute == 1440:
            return midnight(day + _DAY, self._zone)
        return instant(day, time(minute // 60, minute % 60), self._zone)[0]

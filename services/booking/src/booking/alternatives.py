"""What would work instead: the nearest free starts of the same walker, and other walkers who are free at the wanted start."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from booking.conflicts import Calendars, Walker
from booking.model import Alternative, Assessed, Block, Occurrence, Outcome, TravelTimes
from booking.travel_gaps import leaves_time

AT_MOST = 3
_STEP = timedelta(minutes=15)
_WITHIN = timedelta(hours=2)


def with_alternatives(
    assessed: Sequence[Assessed],
    calendars: Calendars,
    travel: TravelTimes,
    *,
    not_before: datetime,
) -> list[Assessed]:
    """Add up to three alternatives to every occurrence in conflict; all are free without any warning.

    First the same walker's starts, nearest first, on the same local date; one place of the three is kept for another walker who is
    free at the wanted start, where there is one. Only calendars that are known on a date are looked at. not_before: nothing
    is offered that starts earlier.
    """
    search = _Search(assessed, calendars, travel, not_before)
    return [
        one._replace(alternatives=search.around_of(index)) if one.outcome is Outcome.CONFLICT else one
        for index, one in enumerate(assessed)
    ]


class _Search:
    def __init__(
        self,
        assessed: Sequence[Assessed],
        calendars: Calendars,
        travel: TravelTimes,
        not_before: datetime,
    ) -> None:
        self._assessed = assessed
        self._calendars = calendars
        self._enough = partial(leaves_time, travel=travel)
        self._not_before = not_before

    def around_of(self, index: int) -> tuple[Alternative, ...]:
        wanted = self._assessed[index].occurrence
        # The request's own neighbours: the dogs cannot be on two walks at once.
        beside = [
            other
            for other in (self._assessed[i].occurrence for i in (index - 1, index + 1) if 0 <= i < len(self._assessed))
            if other.starts_at < wanted.ends_at + _WITHIN and wanted.starts_at - _WITHIN < other.ends_at
        ]
        others = self._other_walkers(wanted, beside)
        another = next(others, None)
        found = []
        for start in self._other_starts(wanted, beside):
            found.append(start)
            if len(found) == AT_MOST - (another is not None):
                break
        while another is not None and len(found) < AT_MOST:
            found.append(another)
            another = next(others, None)
        return tuple(found)

    def _other_starts(self, wanted: Occurrence, beside: Sequence[Occurrence]) -> Iterator[Alternative]:
        walker = self._calendars.walker(wanted.walker_id)
        first, after = walker.day_span(wanted.date)
        taken = _taken(wanted, walker.blocks.within(wanted.starts_at - _WITHIN, wanted.ends_at + _WITHIN))
        for bit, shift in _SHIFTS:
            starts_at = wanted.starts_at + shift
            if taken & bit or not first <= starts_at < after or starts_at < self._not_before:
                continue
            if self._free(walker, starts_at, wanted.ends_at + shift, wanted.date, beside):
                yield Alternative(starts_at, wanted.walker_id, walker.calendar.name)

    def _other_walkers(self, wanted: Occurrence, beside: Sequence[Occurrence]) -> Iterator[Alternative]:
        if wanted.shifted or wanted.starts_at < self._not_before:
            return
        for calendar in self._calendars.around.calendars.values():
            known = calendar.known_on is None or wanted.date in calendar.known_on
            if calendar.id == wanted.walker_id or not calendar.active or not known:
                continue
            walker = self._calendars.walker(calendar.id)
            if self._free(walker, wanted.starts_at, wanted.ends_at, wanted.date, beside):
                yield Alternative(wanted.starts_at, calendar.id, calendar.name)

    def _free(
        self, walker: Walker, starts_at: datetime, ends_at: datetime, day: date, beside: Sequence[Occurrence]
    ) -> bool:
        if not walker.free(starts_at, ends_at, day, self._calendars.visit, self._enough):
            return False
        if any(other.starts_at < ends_at and starts_at < other.ends_at for other in beside):
            return False
        return not any(self._calendars.dogs.in_the_way(starts_at, ends_at))


def _taken(wanted: Occurrence, blocks: Iterable[Block]) -> int:
    # A bit for each shift that some block overlaps: a few divisions a block, instead of a search a shift.
    taken = 0
    for block in blocks:
        first = max((block.starts_at - wanted.ends_at) // _STEP + 1, -_STEPS)
        last = min(-((wanted.starts_at - block.ends_at) // _STEP) - 1, _STEPS)
        if first <= last:
            taken |= ((1 << last - first + 1) - 1) << first + _STEPS
    return taken


_STEPS = _WITHIN // _STEP
# Nearest first; at a tie the earlier. With each the bit that stands for it.
_SHIFTS = tuple((1 << step + _STEPS, step * _STEP) for away in range(1, _STEPS + 1) for step in (-away, away))

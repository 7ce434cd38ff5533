"""What would work instead: the nearest free starts of the same walker, and other walkers who are free at the wanted start."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from booking.rules.conflicts import Calendars, WalkerAvailability
from booking.rules.model import SHIFT, Alternative, Assessed, Block, Outcome, Slot, TravelTimes, WalkerCalendar
from booking.rules.travel_gaps import leaves_time

AT_MOST = 3
_STEP = timedelta(minutes=15)
_COMPARED_AT_MOST = (
    600  # walkers times dates: who fits best is found within a few milliseconds, however large the business
)
_COMPARED_AT_LEAST = 3


def with_alternatives(
    assessed: Sequence[Assessed],
    calendars: Calendars,
    travel: TravelTimes,
    *,
    not_before: datetime,
) -> list[Assessed]:
    """Add up to three alternatives to every occurrence in conflict; all are free without any warning.

    The nearest start before with the same walker, the nearest after (both on the same local date), and another walker at the wanted
    start; where one of these is missing, the same walker's next nearest starts, then further walkers. Of the other walkers whoever is
    free on most of the request's dates in conflict comes first, so that the same name comes again. Only calendars that are known on a
    date are looked at. not_before: nothing is offered that starts earlier.
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
        self._by_fit = self._stand_ins_by_fit()

    def around_of(self, index: int) -> tuple[Alternative, ...]:
        wanted, beside = self._assessed[index].occurrence, self._beside(index)
        starts = self._other_starts(wanted, beside)
        before, after, spare = _nearest_each_way(starts, wanted.starts_at)
        others = self._other_walkers(wanted, beside, self._by_fit)
        found = [one for one in (before, after, next(others, None)) if one]
        for one in (*spare, *starts):
            if len(found) == AT_MOST:
                break
            found.append(one)
        while len(found) < AT_MOST and (another := next(others, None)):
            found.append(another)
        return tuple(found)

    def _stand_ins_by_fit(self) -> list[WalkerCalendar]:
        # Whoever is free on most of the dates in conflict; the calendars come by name, and equals stay in that order.
        walkers = list(self._calendars.around.calendars.values())
        troubled = [index for index, one in enumerate(self._assessed) if one.outcome is Outcome.CONFLICT]
        if not troubled or len(walkers) < 3:
            return walkers
        at_most = max(_COMPARED_AT_MOST // len(walkers), _COMPARED_AT_LEAST)
        fits: Counter[int] = Counter()
        for index in _evenly(troubled, at_most):
            free = self._other_walkers(self._assessed[index].occurrence, self._beside(index), walkers)
            fits.update(one.walker_id.int for one in free)
        return sorted(walkers, key=lambda walker: -fits[walker.id.int])

    def _beside(self, index: int) -> list[Slot]:
        # The request's own neighbours: the dogs cannot be on two walks at once.
        wanted = self._assessed[index].occurrence
        return [
            other
            for other in (self._assessed[i].occurrence for i in (index - 1, index + 1) if 0 <= i < len(self._assessed))
            if other.starts_at < wanted.ends_at + SHIFT and wanted.starts_at - SHIFT < other.ends_at
        ]

    def _other_starts(self, wanted: Slot, beside: Sequence[Slot]) -> Iterator[Alternative]:
        walker = self._calendars.walker(wanted.walker_id)
        first, after = walker.day_span(wanted.date)
        taken = _taken(wanted, walker.blocks.within(wanted.starts_at - SHIFT, wanted.ends_at + SHIFT))
        for bit, shift in _SHIFTS:
            starts_at = wanted.starts_at + shift
            if taken & bit or not first <= starts_at < after or starts_at < self._not_before:
                continue
            if self._free(walker, starts_at, wanted.ends_at + shift, wanted.date, beside):
                yield Alternative(starts_at, wanted.walker_id, walker.calendar.name)

    def _other_walkers(
        self, wanted: Slot, beside: Sequence[Slot], walkers: Iterable[WalkerCalendar]
    ) -> Iterator[Alternative]:
        if wanted.shifted or wanted.starts_at < self._not_before:
            return
        for calendar in walkers:
            known = calendar.known_on is None or wanted.date in calendar.known_on
            if not known or not calendar.active or calendar.id == wanted.walker_id:
                continue
            walker = self._calendars.walker(calendar.id)
            if self._free(walker, wanted.starts_at, wanted.ends_at, wanted.date, beside):
                yield Alternative(wanted.starts_at, calendar.id, calendar.name)

    def _free(
        self, walker: WalkerAvailability, starts_at: datetime, ends_at: datetime, day: date, beside: Sequence[Slot]
    ) -> bool:
        if not walker.free(starts_at, ends_at, day, self._calendars.visit, self._enough):
            return False
        if any(other.starts_at < ends_at and starts_at < other.ends_at for other in beside):
            return False
        return not any(self._calendars.dogs.in_the_way(starts_at, ends_at))


def _nearest_each_way(
    starts: Iterator[Alternative], wanted: datetime
) -> tuple[Alternative | None, Alternative | None, list[Alternative]]:
    # Takes starts, nearest first, until there is one before and one after; what was met besides is spare.
    before: Alternative | None = None
    after: Alternative | None = None
    spare: list[Alternative] = []
    for start in starts:
        if before is None and start.starts_at < wanted:
            before = start
        elif after is None and start.starts_at > wanted:
            after = start
        else:
            spare.append(start)
        if before and after:
            break
    return before, after, spare


def _evenly(indexes: Sequence[int], at_most: int) -> Sequence[int]:
    # All of them, or so many that are spread over the whole.
    if len(indexes) <= at_most:
        return indexes
    return [indexes[n * len(indexes) // at_most] for n in range(at_most)]


def _taken(wanted: Slot, blocks: Iterable[Block]) -> int:
    # A bit for each shift that some block overlaps: a few divisions a block, instead of a search a shift.
    taken = 0
    for block in blocks:
        first = max((block.starts_at - wanted.ends_at) // _STEP + 1, -_STEPS)
        last = min(-((wanted.starts_at - block.ends_at) // _STEP) - 1, _STEPS)
        if first <= last:
            taken |= ((1 << last - first + 1) - 1) << first + _STEPS
    return taken


_STEPS = SHIFT // _STEP
# Nearest first; at a tie the earlier. With each the bit that stands for it.
_SHIFTS = tuple((1 << step + _STEPS, step * _STEP) for away in range(1, _STEPS + 1) for step in (-away, away))

"""The N-query way, kept as the reference: every occurrence asks every block, every hour and every booking anew.

Written on its own: it shares the nouns with booking's rules and nothing else. Slow, and obviously right.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from math import asin, ceil, cos, radians, sin, sqrt
from zoneinfo import ZoneInfo

from booking.rules.model import Block, OwnBooking, Place, Slot, Surroundings, Visit, WalkerCalendar

SPEEDS_KM_H = {"driving": 25, "transit": 16, "bicycling": 14, "walking": 4.8}
MINUTE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)  # on which every edge of the random hours and walks lies


def verdict(wanted: Slot, earlier: Sequence[Slot], visit: Visit, around: Surroundings, buffer_s: int) -> set:
    """Say everything that speaks against one occurrence: a set of (reason, severity, message).

    earlier: the request's bookable occurrences before it.
    """
    walker = around.calendars[wanted.walker_id]
    found = set()
    for block in walker.blocks:
        if overlap(block.starts_at, block.ends_at, wanted):
            found.add(_of_block(block, around.own))
    for own in around.own:
        same_start = own.service_id == visit.service_id and own.starts_at == wanted.starts_at
        shares_a_dog = any(dog in visit.dog_ids for dog in own.dog_ids)
        if same_start or (shares_a_dog and overlap(own.starts_at, own.ends_at, wanted)):
            found.add(("overlap", "hard", "Existing booking"))
    for other in earlier:
        if overlap(other.starts_at, other.ends_at, wanted):
            found.add(("overlap", "hard", "Existing booking"))
    found |= _of_hours(wanted, walker, around.zone)
    found |= _of_travel(wanted, walker, visit, buffer_s)
    if wanted.shifted:
        local = wanted.starts_at.astimezone(around.zone)
        found.add(("block", "warning", f"The clocks change that night: this walk starts at {local:%H:%M}"))
    return found


def overlap(starts_at: datetime, ends_at: datetime, wanted: Slot) -> bool:
    """Half-open: what ends when the other begins does not overlap."""
    return max(starts_at, wanted.starts_at) < min(ends_at, wanted.ends_at)


def _of_block(block: Block, own: Sequence[OwnBooking]) -> tuple[str, str, str]:
    if block.kind == "time_off":
        return "block", "hard", "Walker is off"
    if any(booking.block_id == block.id for booking in own):
        return "overlap", "hard", "Existing booking"
    return "overlap", "hard", "Walker unavailable"


def _of_hours(wanted: Slot, walker: WalkerCalendar, zone: ZoneInfo) -> set:
    if not walker.active or not walker.hours:
        return {("block", "hard", "Walker takes no bookings")}
    at = wanted.starts_at
    while at < wanted.ends_at:
        if not works(walker, at, zone):
            return {("block", "hard", "Outside the walker's hours")}
        at += QUARTER
    return set()


def works(walker: WalkerCalendar, at: datetime, zone: ZoneInfo) -> bool:
    """Whether the walker works in the minute that begins at an instant: by what a clock on the wall shows."""
    local = at.astimezone(zone)
    minute = local.hour * 60 + local.minute
    day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[local.weekday()]
    return any(h.weekday == day and h.opens <= minute < h.closes for h in walker.hours)


def _of_travel(wanted: Slot, walker: WalkerCalendar, visit: Visit, buffer_s: int) -> set:
    found = set()
    places = [block for block in walker.blocks if block.from_place is not None]
    before = [block for block in places if block.ends_at <= wanted.starts_at]
    after = [block for block in places if block.starts_at >= wanted.ends_at]
    if before:
        last = max(before, key=lambda block: block.ends_at)
        gap = (wanted.starts_at - last.ends_at).total_seconds()
        found |= _of_gap(gap, last.to_place, visit.from_place, walker, buffer_s, "to get here", "get here")
    if after:
        first = min(after, key=lambda block: block.starts_at)
        gap = (first.starts_at - wanted.ends_at).total_seconds()
        found |= _of_gap(
            gap, visit.to_place, first.from_place, walker, buffer_s, "to get to the next visit", "get to the next visit"
        )
    return found


def _of_gap(
    gap_s: float, a: Place | None, b: Place, walker: WalkerCalendar, buffer_s: int, tight: str, cannot: str
) -> set:
    assert a is not None
    if a == b or gap_s > 7200:
        return set()
    needs_s = minutes_between(a, b, walker.travel_mode) * 60
    if gap_s < needs_s:
        return {("travel_time", "hard", f"Walker cannot {cannot} in time")}
    if gap_s < needs_s + buffer_s:
        return {("travel_time", "warning", f"Little time for the walker {tight}")}
    return set()


def minutes_between(a: Place, b: Place, mode: str) -> int:
    """Haversine, a third longer, at the mode's speed, rounded up to whole minutes."""
    la, lb = radians(a.lat), radians(b.lat)
    h = sin((lb - la) / 2) ** 2 + cos(la) * cos(lb) * sin(radians(b.lng - a.lng) / 2) ** 2
    metres = 2 * 6_371_008.8 * asin(min(1, sqrt(h)))
    return ceil(metres * 1.3 / (SPEEDS_KM_H[mode] / 3.6) / 60)


def first_instant_showing(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, bool]:
    """Find the first instant, by walking the minutes, at which the wall clock shows this time, or has gone past it.

    Only for whole-minute offsets. Returns (instant, whether the time was never shown).
    """
    wanted = datetime.combine(day, at)
    instant = (wanted - timedelta(hours=15)).replace(tzinfo=UTC)
    while True:
        shown = instant.astimezone(zone).replace(tzinfo=None)
        if shown >= wanted:
            return instant, shown != wanted
        instant += MINUTE

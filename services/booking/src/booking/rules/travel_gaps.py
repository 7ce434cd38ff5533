"""The legs between visits: which ones matter, and for which there is no time."""

import itertools
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from booking.rules.model import (
    REACH,
    Cause,
    Conflict,
    Gap,
    Place,
    Reason,
    Severity,
    TravelMode,
    TravelTime,
    TravelTimes,
    Trip,
)


def between(blocks: Sequence[tuple[datetime, datetime, Place | None]], mode: TravelMode) -> dict[int, Gap]:
    """Find the gaps that a walker travels in, by the index of the block before each.

    blocks: start, end and place of each, in time order. Time off, which is nowhere, stands between no two places.
    """
    found: dict[int, Gap] = {}
    for index, ((_, left, here), (needed, _, there)) in enumerate(itertools.pairwise(blocks)):
        if here is not None and there is not None and here != there and needed - left <= REACH:
            found[index] = Gap((needed - left).total_seconds(), Trip(here, there, left, mode), to_here=True)
    return found


def leaves_time(gap: Gap, travel: TravelTimes) -> bool:
    """Whether a gap is long enough for its leg and the buffer, so that there is nothing to say about it."""
    return _fits(gap, travel(gap.trip))


def _fits(gap: Gap, time: TravelTime) -> bool:
    return gap.seconds >= time.duration_s + time.buffer_s


def matters(gap: Gap, at_worst: TravelTimes) -> bool:
    """Whether a gap is short enough to ask somebody who knows the roads: each question costs money."""
    return not leaves_time(gap, at_worst)


def too_short(gap: Gap, travel: TravelTimes, walker_id: UUID) -> Conflict | None:
    """Judge a gap: hard when the leg takes longer, or when a provider's figure and the buffer do not fit; a warning when an
    estimate and the buffer do not.
    """
    time = travel(gap.trip)
    if _fits(gap, time):
        return None
    if gap.seconds < time.duration_s or not time.estimated:
        severity, words = Severity.HARD, _CANNOT[gap.to_here]
    else:
        severity, words = Severity.WARNING, _TIGHT[gap.to_here]
    return Conflict(
        Reason.TRAVEL_TIME,
        Cause.TRAVEL_TIME,
        severity,
        words,
        walker_id,
        estimated=time.estimated,
        block_id=gap.block_id,
    )


_CANNOT = {True: "Walker cannot get here in time", False: "Walker cannot get to the next visit in time"}
_TIGHT = {True: "Little time for the walker to get here", False: "Little time for the walker to get to the next visit"}

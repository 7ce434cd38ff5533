"""How short is too short: an estimate warns where a provider's figure forbids."""

from datetime import UTC, datetime

import pytest

from booking.rules.model import Place, Severity, TravelMode, TravelTime, Trip
from booking.rules.travel_gaps import Gap, too_short
from calendars import WALKERS

TRIP = Trip(Place(51.5, -0.1), Place(51.6, -0.1), datetime(2027, 1, 4, 9, tzinfo=UTC), TravelMode.DRIVING)


@pytest.mark.parametrize(
    ("gap_s", "estimated", "severity"),
    [
        (1199, True, Severity.HARD),
        (1200, True, Severity.WARNING),
        (2099, True, Severity.WARNING),
        (2100, True, None),
        (1199, False, Severity.HARD),
        (1200, False, Severity.HARD),
        (2099, False, Severity.HARD),
        (2100, False, None),
    ],
)
def test_twenty_minutes_of_way_and_fifteen_of_buffer(gap_s: int, estimated: bool, severity: Severity | None) -> None:
    conflict = too_short(Gap(gap_s, TRIP, to_here=True), lambda _: TravelTime(1200, 900, estimated), WALKERS[0])
    assert (conflict.severity if conflict else None) is severity

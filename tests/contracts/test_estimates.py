"""Booking and travel guess alike: what booking says without travel is what travel says without Google."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from booking.rules.model import Place as BookingsPlace
from booking.rules.model import TravelMode, Trip
from booking.rules.travel_estimate import estimate as bookings_estimate
from travel.rules.estimate import estimate as travels_estimate
from travel.rules.model import Mode, Place

numbers = st.floats(-85, 85, allow_nan=False).map(lambda number: round(number, 5))
modes = st.sampled_from([mode.value for mode in TravelMode])


@given(numbers, numbers, numbers, numbers, modes)
def test_both_services_estimate_every_way_alike(
    lat: float, lng: float, to_lat: float, to_lng: float, mode: str
) -> None:
    trip = Trip(
        BookingsPlace(lat, lng), BookingsPlace(to_lat, to_lng), datetime(2027, 1, 4, 9, tzinfo=UTC), TravelMode(mode)
    )
    ours = bookings_estimate(trip, 900)
    assert ours.duration_s == travels_estimate(Place(lat, lng), Place(to_lat, to_lng), Mode(mode)).duration_s
    assert ours.estimated

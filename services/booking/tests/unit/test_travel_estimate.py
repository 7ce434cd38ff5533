"""An estimate is symmetric, grows with the way, and is never faster than the straight line at the mode's speed."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from booking.rules.model import Place, TravelMode, Trip
from booking.rules.travel_estimate import distance_m, estimate
from reference import SPEEDS_KM_H

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
PLACES = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))
MODES = st.sampled_from(list(TravelMode))


def seconds(a: Place, b: Place, mode: TravelMode) -> int:
    return estimate(Trip(a, b, NOW, mode), 0).duration_s


@given(PLACES, PLACES, MODES)
def test_there_and_back_take_the_same(a: Place, b: Place, mode: TravelMode) -> None:
    assert abs(seconds(a, b, mode) - seconds(b, a, mode)) <= 60  # a rounding error may cross a minute


@given(PLACES, PLACES, MODES)
def test_nobody_beats_the_straight_line(a: Place, b: Place, mode: TravelMode) -> None:
    assert seconds(a, b, mode) >= distance_m(a, b) / (SPEEDS_KM_H[mode] / 3.6)
    assert seconds(a, b, mode) % 60 == 0


@given(st.floats(0, 1), st.floats(0, 1), MODES)
def test_a_longer_way_takes_no_less(near: float, more: float, mode: TravelMode) -> None:
    here = Place(51.5, -0.1)
    assert seconds(here, Place(51.5 + near, -0.1), mode) <= seconds(here, Place(51.5 + near + more, -0.1), mode)


def test_no_way_takes_no_time() -> None:
    assert seconds(Place(51.5, -0.1), Place(51.5, -0.1), TravelMode.DRIVING) == 0


def test_the_distance_between_two_cities_is_known() -> None:
    london, paris = Place(51.5074, -0.1278), Place(48.8566, 2.3522)
    assert abs(distance_m(london, paris) - 343_556) < 500

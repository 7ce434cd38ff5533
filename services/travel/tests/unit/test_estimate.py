"""Estimates: the same both ways, never shorter for a longer way, never quicker than the straight line at that speed."""

from math import cos, radians

from hypothesis import given
from hypothesis import strategies as st

from travel.rules.estimate import DETOUR, SPEED_M_PER_S, distance_m, estimate
from travel.rules.model import Mode, Place, Source

places = st.builds(
    Place,
    st.floats(-90, 90, allow_nan=False).map(lambda v: round(v, 5)),
    st.floats(-180, 180, allow_nan=False).map(lambda v: round(v, 5)),
)
modes = st.sampled_from(Mode)


@given(places, places, modes)
def test_both_directions_take_the_same_time(a: Place, b: Place, mode: Mode) -> None:
    assert estimate(a, b, mode) == estimate(b, a, mode)


@given(places, places, modes)
def test_it_is_at_least_the_straight_line_at_the_speed_and_at_most_a_minute_above_the_detour(
    a: Place, b: Place, mode: Mode
) -> None:
    time, straight_s = estimate(a, b, mode), distance_m(a, b) / SPEED_M_PER_S[mode]
    assert straight_s <= time.duration_s <= straight_s * DETOUR + 60
    assert time.duration_s % 60 == 0
    assert time.source is Source.ESTIMATE


@given(places, st.floats(0, 2), st.floats(0, 2), modes)
def test_further_on_the_same_way_never_takes_less(a: Place, near: float, more: float, mode: Mode) -> None:
    def north(degrees: float) -> Place:
        return Place(max(-90.0, a.lat - degrees) if a.lat > 0 else a.lat + degrees, a.lng)

    assert estimate(a, north(near), mode).duration_s <= estimate(a, north(near + more), mode).duration_s


@given(places, places)
def test_faster_ways_of_travelling_never_take_longer(a: Place, b: Place) -> None:
    by_speed = sorted(Mode, key=SPEED_M_PER_S.__getitem__, reverse=True)
    durations = [estimate(a, b, mode).duration_s for mode in by_speed]
    assert durations == sorted(durations)


def test_a_degree_is_as_long_as_the_globe_says() -> None:
    assert abs(distance_m(Place(51, 0), Place(52, 0)) - 111_195) < 1
    assert abs(distance_m(Place(0, 10), Place(0, 11)) - 111_195) < 1
    assert abs(distance_m(Place(60, 10), Place(60, 11)) - 111_195 * cos(radians(60))) < 5
    assert distance_m(Place(0, 179.99999), Place(0, -179.99999)) < 3
    assert estimate(Place(51.5, -0.12), Place(51.5, -0.12), Mode.WALKING).duration_s == 0

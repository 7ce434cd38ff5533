"""Batches: every pair is answered once, nothing else is billed, and no limit is passed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travel.clients.google_distance_matrix import GoogleDistanceMatrix
from travel.clients.google_routes import GoogleRoutes
from travel.rules.batching import Matrix, MatrixLimits, batches
from travel.rules.model import Mode, Place

LIMITS = MatrixLimits(25, 25, 100)


def place(number: int) -> Place:
    return Place(51 + number / 1000, 0.0)


pairs = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda p: (place(p[0]), place(p[1]))), max_size=300
)
limits = st.builds(MatrixLimits, st.integers(1, 30), st.integers(1, 30), st.integers(1, 120))


def covered(found: list[Matrix]) -> list[tuple[Place, Place]]:
    return [(o, d) for matrix in found for o in matrix.origins for d in matrix.destinations]


@given(pairs, limits)
def test_every_pair_is_asked_for_exactly_once_and_nothing_else_is_billed(
    wanted: list[tuple[Place, Place]], limits: MatrixLimits
) -> None:
    found = batches(wanted, limits)
    assert sorted(covered(found)) == sorted(set(wanted))
    assert sum(matrix.elements for matrix in found) == len(set(wanted))
    for matrix in found:
        assert len(matrix.origins) <= limits.origins
        assert len(matrix.destinations) <= limits.destinations
        assert matrix.elements <= limits.elements


@given(pairs)
def test_google_never_gets_more_than_25_a_side_or_100_elements(wanted: list[tuple[Place, Place]]) -> None:
    for matrix in batches(wanted, LIMITS):
        assert max(len(matrix.origins), len(matrix.destinations)) <= 25
        assert matrix.elements <= 100


def test_a_hundred_ways_from_and_to_one_home_are_few_requests() -> None:
    home = place(0)
    wanted = [pair for n in range(1, 51) for pair in ((home, place(n)), (place(n), home))]
    found = batches(wanted, LIMITS)
    assert (len(found), sum(m.elements for m in found)) == (4, 100)


def test_places_that_all_visit_each_other_are_one_matrix() -> None:
    wanted = [(place(a), place(b)) for a in range(10) for b in range(20, 30)]
    assert [(len(m.origins), len(m.destinations)) for m in batches(wanted, LIMITS)] == [(10, 10)]


def test_unrelated_pairs_are_billed_one_by_one_not_as_a_square() -> None:
    wanted = [(place(n), place(100 + n)) for n in range(50)]
    assert sum(matrix.elements for matrix in batches(wanted, LIMITS)) == 50


@pytest.mark.parametrize(
    ("traffic", "mode", "elements"),
    [
        ("TRAFFIC_AWARE", Mode.DRIVING, 625),
        ("TRAFFIC_AWARE_OPTIMAL", Mode.DRIVING, 100),
        ("TRAFFIC_AWARE_OPTIMAL", Mode.WALKING, 625),
        ("TRAFFIC_AWARE", Mode.TRANSIT, 100),
    ],
)
async def test_the_routes_api_takes_as_many_elements_as_its_mode_and_preference_allow(traffic, mode, elements) -> None:
    routes = GoogleRoutes("http://127.0.0.1:1", "key", traffic, 600)
    assert routes.limits(mode).elements == elements
    matrix = GoogleDistanceMatrix("http://127.0.0.1:1", "key", 600)
    assert matrix.limits(mode) == LIMITS
    await routes.close()
    await matrix.close()

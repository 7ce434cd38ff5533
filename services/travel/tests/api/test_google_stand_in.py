"""The stand-in for Google is what Google's own client takes it for."""

from datetime import timedelta

import googlemaps
import googlemaps.exceptions
import pytest

from chassis.testing import HANG_S
from google_stand_in import KEY, Google
from travel_client import next_weekday

HOME, PARK = (51.5074, -0.1278), (51.5313, -0.1570)


def client(google: Google, key: str = KEY) -> googlemaps.Client:
    return googlemaps.Client(key=key, base_url=google.url, retry_timeout=HANG_S)


def test_googles_client_reads_a_matrix_with_traffic(google: Google) -> None:
    rush, night = next_weekday(0, 8), next_weekday(0, 3)
    found = client(google).distance_matrix([HOME, PARK], [PARK, HOME], mode="driving", departure_time=rush)
    assert found["status"] == "OK"
    assert [len(row["elements"]) for row in found["rows"]] == [2, 2]
    there = found["rows"][0]["elements"][0]
    assert there["status"] == "OK"
    assert there["duration_in_traffic"]["value"] > there["duration"]["value"] > 0
    quiet = client(google).distance_matrix([HOME], [PARK], departure_time=night)["rows"][0]["elements"][0]
    assert quiet["duration_in_traffic"]["value"] == quiet["duration"]["value"] == there["duration"]["value"]


def test_googles_client_reads_every_status_of_an_element(google: Google) -> None:
    for status in ("NOT_FOUND", "ZERO_RESULTS", "MAX_ROUTE_LENGTH_EXCEEDED"):
        google.cells = lambda _o, _d, status=status: status
        found = client(google).distance_matrix([HOME], [PARK])
        assert found["rows"][0]["elements"] == [{"status": status}]


@pytest.mark.parametrize(
    "status",
    [
        "INVALID_REQUEST",
        "MAX_ELEMENTS_EXCEEDED",
        "MAX_DIMENSIONS_EXCEEDED",
        "OVER_DAILY_LIMIT",
        "REQUEST_DENIED",
        "UNKNOWN_ERROR",
    ],
)
def test_googles_client_raises_every_status_of_a_request(google: Google, status: str) -> None:
    google.how = status
    with pytest.raises(googlemaps.exceptions.ApiError) as raised:
        client(google).distance_matrix([HOME], [PARK])
    assert (raised.value.status, raised.value.message) == (status, f"This is {status}.")


def test_googles_client_tries_again_when_it_asks_too_much_and_when_the_server_fails(google: Google) -> None:
    google.next.extend(["OVER_QUERY_LIMIT", "http 503"])
    assert client(google).distance_matrix([HOME], [PARK])["status"] == "OK"
    assert len(google.requests) == 3


def test_the_stand_in_keeps_googles_limits(google: Google) -> None:
    asks = client(google)
    asks.distance_matrix([HOME] * 4, [PARK] * 25)
    for origins, destinations, status in ((5, 21, "MAX_ELEMENTS_EXCEEDED"), (26, 1, "MAX_DIMENSIONS_EXCEEDED")):
        with pytest.raises(googlemaps.exceptions.ApiError, match=status):
            asks.distance_matrix([HOME] * origins, [PARK] * destinations)
    with pytest.raises(googlemaps.exceptions.ApiError, match="INVALID_REQUEST"):
        asks.distance_matrix([HOME], [PARK], departure_time=next_weekday(0, 8) - timedelta(weeks=4))
    with pytest.raises(googlemaps.exceptions.ApiError, match="REQUEST_DENIED"):
        client(google, "AIzaAnother").distance_matrix([HOME], [PARK])

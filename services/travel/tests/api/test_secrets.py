"""The key is nowhere but in the requests to Google: not in logs, traces, metrics, answers or errors, whatever goes wrong."""

from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chassis.testing import Identity, Process, ServiceDatabase, eventually, recorded_spans
from google_stand_in import KEY, Google
from travel_client import TravelClient, trip

EVERYTHING = ("ok", "http 500", "http 403", "garbage", "redirect", "hang up", "slow", "drip", "half")
OF = {
    "google_distance_matrix": ("REQUEST_DENIED", "OVER_DAILY_LIMIT", "UNKNOWN_ERROR", "INVALID_REQUEST"),
    "google_routes": ("API_KEY_INVALID", "PERMISSION_DENIED", "UNAVAILABLE", "INVALID_ARGUMENT"),
}


def test_nothing_that_a_service_says_holds_the_key(
    tmp_path: Path, identity: Identity, booking: Identity, database: ServiceDatabase, google: Google, source: str
) -> None:
    settings = {
        "DATABASE_URL": database.url,
        "JWKS_URL": identity.jwks_url,
        "BOOKING_JWKS_URL": booking.jwks_url,
        "TRAVEL_PROVIDER": source,
        "GOOGLE_MAPS_API_KEY": KEY,
        "GOOGLE_MAPS_BASE_URL": google.url,
        "GOOGLE_ROUTES_BASE_URL": google.url,
        "TRAVEL_BUDGET_S": "0.3",
        "TRAVEL_REFUSED_REST_S": "0.001",
        "TRAVEL_BREAKER_REST_S": "0.001",
        "LOG_LEVEL": "DEBUG",
    }
    process = Process("travel", settings, tmp_path / "travel.log")
    process.start()
    process.wait_until_ready()
    office = identity.person("admin", uuid4())
    said = ""
    with TravelClient(process.url, identity.headers("travel", office)) as asker:
        for how in (*EVERYTHING, *OF[source]):
            google.how = how
            said += eventually(partial(_heard, google, asker), "Google is asked")
        for page in ("/metrics", "/openapi.json", "/readyz"):
            said += asker.http.get(page).text
    process.stop()
    google.how = "ok"
    assert len(google.requests) >= len(EVERYTHING)
    said += process.text()
    assert "provider failed" in said
    assert KEY not in said
    assert "Canary" not in said


def _heard(google: Google, asker: TravelClient) -> str:
    """Ask. Returns the answer if that got as far as Google: while a slow request is a trial, others do not."""
    before = len(google.requests)
    answer = asker.http.post("/travel-times", json={"trips": [trip()]}).text
    return answer if len(google.requests) > before else ""


def test_a_span_stands_for_each_request_and_holds_neither_key_nor_place(
    serving, ask, google: Google, source: str, spans: InMemorySpanExporter
) -> None:
    google.next.append("http 500")
    ask(serving(travel_provider=source))(trip())
    found = [span for span in spans.get_finished_spans() if span.name == f"ask {source}"]
    assert [span.attributes["packwalk.outcome"] for span in found] == ["away", "ok"]
    assert [span.attributes["packwalk.elements"] for span in found] == [1, 1]
    told = "".join(span.to_json() for span in found)
    assert KEY not in told
    asked = google.requests[0]
    assert str(asked.origins[0][0]) not in told


@pytest.fixture
def spans() -> InMemorySpanExporter:
    """Whatever this process traces from now on."""
    return recorded_spans()

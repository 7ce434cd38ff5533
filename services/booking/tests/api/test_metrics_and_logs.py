"""What operators see: log lines, metrics, spans, and how much a plan costs the database."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import SecretStr

from booking.app import create_app
from booking.settings import Settings
from business import Business, book, next_monday, wall_clock
from chassis.testing import (
    HANG_S,
    Identity,
    Process,
    Served,
    ServiceDatabase,
    TcpProxy,
    eventually,
    recorded_spans,
    serve,
    tcp_proxy,
)


@dataclass(frozen=True)
class Watched:
    """Booking as a process of its own, whose log is read."""

    business: Business
    process: Process

    def lines(self, answer: httpx.Response) -> list[dict]:
        """Return the log's lines about a request, once its last one is there."""

        def told() -> list[dict]:
            whole = self.process.text().rpartition("\n")[0]
            found = [json.loads(line) for line in whole.splitlines()]
            of_request = [line for line in found if line["correlation_id"] == answer.headers["x-request-id"]]
            return of_request if any(line["event"] == "request" for line in of_request) else []

        return eventually(told, "the request is in the log")

    def text(self) -> str:
        """Return the whole log."""
        return self.process.text()


@pytest.fixture(scope="module")
def process(
    database: ServiceDatabase, identity: Identity, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Watched]:
    """Booking as operators run it."""
    settings = {"DATABASE_URL": database.url, "JWKS_URL": identity.jwks_url}
    running = Process("booking", settings, tmp_path_factory.mktemp("log") / "booking.log")
    running.start()
    running.wait_until_ready()
    business = Business(database, identity, running.url)
    yield Watched(business, running)
    business.close()
    running.stop()


def test_a_created_series_can_be_followed_through_the_log(process: Watched) -> None:
    business, monday = process.business, next_monday()
    block = business.block(business.sam, wall_clock(monday, 9))
    wish = business.wish(business.ann)
    dates = [o["date"] for o in book(business.ann, wish).json()["occurrences"]]
    made = book(business.ann, {**wish, "accepted_dates": dates[1:]})
    told = process.lines(made)
    [created] = [line for line in told if line["event"] == "bookings created"]
    assert created["level"] == "INFO"
    assert created["customer_id"] == created["actor_id"] == str(business.ann.who.account_id)
    assert created["series_id"] == made.json()["series"]["id"]
    assert (created["booking_count"], created["conflicts_count"]) == (9, 1)
    [conflict] = [line for line in told if line["event"] == "booking conflict"]
    assert conflict["level"] == "WARN"
    # Why this customer could not book that day: one line.
    assert (conflict["date"], conflict["reason"], conflict["walker_id"]) == (str(monday), "overlap", str(business.sam))
    assert (conflict["cause"], conflict["block_id"]) == ("another_walk", str(block))
    [transaction] = [line for line in told if line["event"] == "transaction"]
    assert transaction["outcome"] == "commit"
    assert transaction["duration_ms"] > 0
    assert len({line["trace_id"] for line in told}) == 1
    assert all(line["trace_id"] != "0" * 32 for line in told)


def test_a_refusal_and_a_failure_say_so_at_their_level(process: Watched) -> None:
    business = process.business
    book(business.bob, business.wish(business.bob, start_time="12:00"))
    refused = book(business.ann, business.wish(business.ann, start_time="12:00"))
    business.script(f"ALTER TABLE outbox ADD CONSTRAINT broken CHECK (organization_id <> '{business.id}') NOT VALID")
    failed = book(business.ann, business.wish(business.ann, start_time="14:00"))
    business.script("ALTER TABLE outbox DROP CONSTRAINT broken")
    [line] = [one for one in process.lines(refused) if one["event"] == "bookings refused"]
    assert (line["level"], line["conflicts_count"], line["booking_count"]) == ("WARN", 10, 0)
    told = process.lines(failed)
    assert failed.status_code == 500
    assert [one["level"] for one in told if one["event"] == "booking failed"] == ["ERROR"]
    assert [one["outcome"] for one in told if one["event"] == "transaction"] == ["rollback"]


def test_no_personal_data_and_no_forged_line_gets_into_the_log(process: Watched) -> None:
    ann, business = process.business.ann, process.business
    ann.http.post("/dogs", json={"name": "Canary-Dog", "notes": 'Biscuit"}\n{"event":"forged"}'})
    ann.http.post("/locations", json={"label": "Canary", "address": "Canary Row", "lat": 51.2345, "lng": 0})
    made = book(ann, business.wish(ann, start_time="16:00", count=1)).json()["bookings"][0]
    last = ann.http.post(f"/bookings/{made['id']}/cancel", json={"reason": "Canary reason"})
    assert process.lines(last)
    assert not re.search(r"Canary|forged|12 Elm Row|51\.2345", process.text())


def metrics(booking: Served) -> dict[str, float]:
    found = httpx.get(f"{booking.url}/metrics", timeout=HANG_S).text
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in found.splitlines() if line[0] != "#"}


def test_all_metrics_are_there_from_the_start_and_count(business: Business, booking: Served) -> None:
    before = metrics(booking)
    for kind in ("single", "recurring"):
        for status in ("success", "failure"):
            assert f'bookings_created_total{{status="{status}",type="{kind}"}}' in before
    for reason in ("overlap", "block", "travel_time"):
        assert f'booking_conflicts_total{{reason="{reason}"}}' in before
    book(business.ann, business.wish(business.ann))
    book(business.bob, business.wish(business.bob))
    after = metrics(booking)

    def more(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert more('bookings_created_total{status="success",type="recurring"}') == 10
    assert more('bookings_created_total{status="failure",type="recurring"}') == 10
    assert more('booking_conflicts_total{reason="overlap"}') == 10
    assert more("booking_creation_duration_seconds_count") == 2
    assert after["active_recurring_series_count"] >= 1
    assert more('http_requests_total{method="POST",route="/series",status="201"}') == 1


def _request_span(seen: InMemorySpanExporter, correlation_id: str) -> ReadableSpan:
    def of_request() -> list[ReadableSpan]:
        spans = seen.get_finished_spans()
        return [one for one in spans if (one.attributes or {}).get("packwalk.correlation_id") == correlation_id]

    return eventually(of_request, "the request has a span")[0]  # which ends after its answer


def test_spans_group_plan_check_travel_and_transaction(business: Business) -> None:
    seen = recorded_spans()
    business.block(business.sam, wall_clock(next_monday(), 10, 25), lat=51.51)  # a way that has to be looked at
    made = book(business.ann, business.wish(business.ann))
    assert made.status_code == 201
    request = _request_span(seen, made.headers["x-request-id"])
    spans = seen.get_finished_spans()
    of_request = {s.name: s for s in spans if s.context.trace_id == request.context.trace_id}
    parents = {name: s.parent.span_id if s.parent else None for name, s in of_request.items()}
    assert request.name == "POST /series"
    assert parents["plan"] == parents["transaction"] == request.context.span_id
    assert parents["check"] == parents["travel"] == of_request["plan"].context.span_id


@pytest.fixture
def counted(database: ServiceDatabase, identity: Identity) -> Iterator[tuple[Business, TcpProxy]]:
    """A business whose every byte to the database goes through a relay that counts."""
    with tcp_proxy(database.url) as between:
        own = {"database_url": SecretStr(between.url), "database_pool_size": 1, "database_pool_timeout_s": 5}
        settings = Settings(jwks_url=identity.jwks_url, **own)
        with serve(create_app(settings)) as served:
            business = Business(database, identity, served.url)
            yield business, between
            business.close()


@pytest.mark.parametrize("count", [1, 52, 366])
@pytest.mark.parametrize("anybody", [True, False])
def test_a_plan_is_one_statement_and_one_round_trip(
    counted: tuple[Business, TcpProxy], count: int, anybody: bool
) -> None:
    business, between = counted
    week = timedelta(days=7)
    for number in range(0, 40, 3):
        business.block(business.sam, wall_clock(next_monday() + number * week, 9))
    days = ["MO", "TU", "WE", "TH", "FR"] if count > 52 else ["MO"]
    wish = business.wish(business.ann, count=count, weekdays=days, walker_id=None if anybody else str(business.sam))
    business.ann.http.post("/series/preview", json=wish)  # the first one prepares the statements
    between.reset()
    assert business.ann.http.post("/series/preview", json=wish).json()["conflict_count"] >= (0 if anybody else 1)
    # The plan's one statement travels with the organization.
    assert (between.round_trips, between.statements) == (1, 2)


def test_a_series_is_made_in_three_round_trips(counted: tuple[Business, TcpProxy]) -> None:
    business, between = counted
    for start in ("09:00", "11:00"):
        assert book(business.ann, business.wish(business.ann, count=52, start_time=start)).status_code == 201
    between.reset()
    assert book(business.ann, business.wish(business.ann, count=52, start_time="14:00")).status_code == 201
    assert between.round_trips == 3  # plan; key and locks; all rows and COMMIT


def test_the_database_away_is_503_and_the_service_recovers_by_itself(counted: tuple[Business, TcpProxy]) -> None:
    business, between = counted
    assert business.ann.http.get("/services").status_code == 200
    between.cut()
    away = book(business.ann, business.wish(business.ann))
    assert (away.status_code, away.json()["type"]) == (503, "/problems/upstream-unavailable")
    assert away.json()["retryable"] is True
    assert int(away.headers["retry-after"]) > 0
    assert business.ann.http.get("/readyz").status_code == 503
    assert business.ann.http.get("/healthz").status_code == 200
    between.mend()
    eventually(lambda: book(business.ann, business.wish(business.ann)).status_code == 201, "bookings go on")

"""Google fails in every way it can: there is an answer within the budget all the same, and nobody waits for it twice in vain."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import count

import psycopg
import pytest
from pydantic import SecretStr

from chassis import deadline
from chassis.testing import HANG_S, Served, ServiceDatabase, eventually, tcp_proxy
from google_stand_in import Google, Point
from travel_client import TravelClient, somewhere, trip

# Each with the reason that operators see, and how often Google is asked.
FAILURES = [
    ("http 500", "away", 2),
    ("hang up", "away", 2),
    ("http 429", "limit", 2),
    ("garbage", "broken", 1),
    ("redirect", "broken", 1),
    ("http 404", "broken", 1),
    ("slow", "slow", 1),
    ("drip", "slow", 1),
]
OF_THE_MATRIX = [
    ("UNKNOWN_ERROR", "away", 2),
    ("OVER_QUERY_LIMIT", "limit", 2),
    ("OVER_DAILY_LIMIT", "refused", 1),
    ("REQUEST_DENIED", "refused", 1),
    ("INVALID_REQUEST", "invalid", 1),
    ("MAX_ELEMENTS_EXCEEDED", "invalid", 1),
    ("MAX_DIMENSIONS_EXCEEDED", "invalid", 1),
]
OF_ROUTES = [
    ("UNAVAILABLE", "away", 2),
    ("INTERNAL", "away", 2),
    ("RESOURCE_EXHAUSTED", "limit", 2),
    ("DAILY_LIMIT", "refused", 1),
    ("PERMISSION_DENIED", "refused", 1),
    ("UNAUTHENTICATED", "refused", 1),
    ("API_KEY_INVALID", "refused", 1),
    ("INVALID_ARGUMENT", "invalid", 1),
]
EVERY = [("google_routes", *one) for one in FAILURES + OF_ROUTES]
EVERY += [("google_distance_matrix", *one) for one in FAILURES + OF_THE_MATRIX]


@pytest.mark.parametrize(("source", "how", "reason", "asked"), EVERY)
def test_whatever_google_does_the_trip_is_estimated_and_operators_see_why(
    serving, ask, google: Google, source: str, how: str, reason: str, asked: int
) -> None:
    google.how = how
    budget = {"travel_budget_s": 0.5} if reason == "slow" else {}
    asker = ask(serving(travel_provider=source, **budget))
    fallbacks = f'travel_fallbacks_total{{reason="{reason}"}}'
    calls = f'travel_provider_calls_total{{outcome="{reason}",provider="{source}"}}'
    before = asker.metric(fallbacks), asker.metric(calls)
    assert asker.sources(trip()) == ["estimate"]
    assert asker.metric(fallbacks) == before[0] + 1
    # Whoever asked is answered when the time is over, and not when the request has been given up.
    eventually(lambda: asker.metric(calls) == before[1] + asked, "the requests are counted")
    assert len(google.requests) == asked
    assert google.strayed == []  # the key goes nowhere else
    needs = asker.metric(f'travel_provider_needs_operator{{provider="{source}"}}')
    assert needs == (1 if reason == "refused" else 0)


def test_what_fails_once_is_tried_again_at_once(serving, ask, google: Google, source: str) -> None:
    asker = ask(serving(travel_provider=source))
    for how in ("http 503", "hang up", "http 429"):
        google.next.append(how)
        assert asker.sources(trip()) == [source]


def test_bad_elements_of_a_good_answer_fall_back_alone(serving, ask, google: Google, source: str) -> None:
    google.how = "half"
    asker, home = ask(serving(travel_provider=source)), somewhere()
    found = asker.sources(*(trip(home, somewhere()) for _ in range(6)))
    assert sorted(found) == ["estimate"] * 3 + [source] * 3
    assert asker.metric(f'breaker_state{{upstream="{source}"}}') == 0


NONSENSE = [
    b"null", b"[]", b"{}", b"1", b'"OK"', b'{"status": "OK"}', b'{"status": "OK", "rows": [null]}',
    b'{"status": "OK", "rows": [{"elements": [{"status": "OK", "duration": {"value": -5}, "distance": {"value": 1}}]}]}',
    b'{"status": "OK", "rows": [{"elements": [{"status": "OK", "duration": {"value": true}, "distance": {"value": 1}}]}]}',
    b'{"status": "OK", "rows": [{"elements": [{"status": "OK", "duration": 5, "distance": {"value": 1}}]}]}',
    b'[{"originIndex": 0, "destinationIndex": 0, "condition": "ROUTE_EXISTS", "duration": "-3s"}]',
    b'[{"originIndex": 0, "destinationIndex": 0, "condition": "ROUTE_EXISTS", "duration": "NaNs"}]',
    b'[{"originIndex": 7, "destinationIndex": -1, "condition": "ROUTE_EXISTS", "duration": "60s"}]',
    b'[{"originIndex": true, "duration": "60s"}]', b'[{"duration": 60}]', b"[null, 3]", b'[{"status": "OK"}]',
]  # fmt: skip


def test_nonsense_is_estimated(serving, ask, google: Google, source: str) -> None:
    asker = ask(serving(travel_provider=source, travel_breaker_failures=1000))
    for raw in NONSENSE:
        google.raw = raw
        assert asker.sources(trip()) == ["estimate"], raw


def opened(asker: TravelClient, google: Google, source: str) -> None:
    google.how = "http 400"
    asker.sources(*(trip() for _ in range(5)))
    assert asker.metric(f'breaker_state{{upstream="{source}"}}') == 2


def hours_pass(served: Served, hours: int) -> None:
    """Let the breaker's clock go so many hours ahead."""
    served.app.state.cache._calls.breaker._clock = lambda: time.monotonic() + hours * 3600


def test_after_five_failures_nobody_waits_for_google_until_one_probe_succeeds(
    serving, ask, google: Google, source: str
) -> None:
    served = serving(travel_provider=source, travel_breaker_rest_s=3000)
    asker = ask(served)
    opened(asker, google, source)
    asked = len(google.requests)
    for _ in range(20):
        assert asker.sources(trip()) == ["estimate"]
    assert len(google.requests) == asked
    assert asker.metric('travel_fallbacks_total{reason="open"}') > 0
    # The probe fails: another rest. Then Google is back, and what was estimated meanwhile is asked for.
    hours_pass(served, 1)
    for _ in range(20):
        assert asker.sources(trip()) == ["estimate"]
    assert len(google.requests) == asked + 1
    assert asker.metric(f'breaker_state{{upstream="{source}"}}') == 2
    google.how = "ok"
    hours_pass(served, 2)
    assert asker.sources(trip()) == [source]
    assert asker.metric(f'breaker_state{{upstream="{source}"}}') == 0


def test_half_open_under_load_exactly_one_probes(serving, ask, google: Google, source: str) -> None:
    served = serving(travel_provider=source, travel_breaker_rest_s=3000)
    asker, askers = ask(served), [ask(served) for _ in range(20)]
    opened(asker, google, source)
    google.how, asked = "ok", len(google.requests)
    google.gate.clear()
    hours_pass(served, 1)
    with ThreadPoolExecutor(20) as crowd:
        trips = [trip() for _ in range(20)]
        found = [crowd.submit(one.sources, wanted) for one, wanted in zip(askers, trips, strict=True)]
        eventually(lambda: sum(one.done() for one in found) == 19, "all but one are answered")
        assert len(google.requests) == asked + 1
        google.gate.set()
        assert sorted(one.result()[0] for one in found) == ["estimate"] * 19 + [source]
    # What was estimated for want of a turn is not kept.
    assert set(asker.sources(*trips)) == {source}


def test_what_an_operator_must_settle_opens_the_breaker_at_once_and_for_long(
    serving, ask, google: Google, source: str
) -> None:
    google.how = "REQUEST_DENIED" if source == "google_distance_matrix" else "PERMISSION_DENIED"
    served = serving(travel_provider=source, travel_breaker_rest_s=3000, travel_refused_rest_s=6000)
    asker = ask(served)
    alarm = f'travel_provider_needs_operator{{provider="{source}"}}'
    assert asker.sources(trip()) == ["estimate"]
    assert asker.metric(alarm) == 1
    google.how = "ok"
    for hours in range(2):
        hours_pass(served, hours)
        assert asker.sources(trip()) == ["estimate"]
    assert len(google.requests) == 1
    hours_pass(served, 2)
    assert asker.sources(trip()) == [source]
    assert asker.metric(alarm) == 0


def test_two_hundred_equal_questions_are_one_request(serving, ask, google: Google, source: str) -> None:
    served, wanted = serving(travel_provider=source), trip()
    google.gate.clear()
    with ThreadPoolExecutor(200) as crowd:
        askers = [ask(served) for _ in range(20)]
        found = [crowd.submit(askers[n % 20].sources, wanted) for n in range(200)]
        eventually(lambda: askers[0].metric("http_requests_in_progress") >= 200, "all are asking")
        google.gate.set()
        assert {one.result()[0] for one in found} == {source}
    assert (len(google.requests), google.billed) == (1, 1)


def test_replicas_ask_once_together(serving, ask, google: Google, source: str) -> None:
    askers = [ask(serving(travel_provider=source)) for _ in range(3)]
    home = somewhere()
    trips = [trip(home, somewhere()) for _ in range(20)]
    google.delay_s = 0.2
    with ThreadPoolExecutor(30) as crowd:
        # Each in an order of its own: claims must not wait for each other.
        asked = [crowd.submit(askers[n % 3].sources, *(trips[n % 20 :] + trips[: n % 20])) for n in range(30)]
        assert {one for found in asked for one in found.result()} == {source}
    assert google.billed == 20


def test_a_claim_of_a_replica_that_died_ends_by_itself(
    serving, ask, google: Google, database: ServiceDatabase, source: str
) -> None:
    wanted = trip()
    origin, destination = (f"{wanted[end]['lat']:.5f},{wanted[end]['lng']:.5f}" for end in ("origin", "destination"))
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        admin.execute(
            "INSERT INTO travel_times (provider, mode, origin, destination, weekday_class, hour, time_zone, claimed_until)"
            " VALUES (%s, 'driving', %s, %s, 'weekday', 13, 'Europe/London', now() + interval '1 hour')",
            (source, origin, destination),
        )
    asker = ask(serving(travel_provider=source, travel_budget_s=0.3))
    assert asker.sources(wanted) == ["estimate"]
    assert google.requests == []
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        admin.execute("UPDATE travel_times SET claimed_until = now() WHERE origin = %s", (origin,))
    eventually(lambda: asker.sources(wanted) == [source], "Google is asked once the claim has ended")


def test_who_asked_first_may_go_away(serving, ask, google: Google, source: str) -> None:
    served, wanted = serving(travel_provider=source), trip()
    google.gate.clear()
    first = ask(served)
    leaving = HTTPConnection(served.url.removeprefix("http://"))
    headers = {"authorization": first.http.headers["authorization"], "content-type": "application/json"}
    leaving.request("POST", "/travel-times", json.dumps({"trips": [wanted]}), headers)
    eventually(lambda: google.requests, "Google is asked")
    leaving.close()
    with ThreadPoolExecutor(1) as later:
        found = later.submit(ask(served).sources, wanted)
        google.gate.set()
        assert found.result() == [source]
    assert len(google.requests) == 1


def test_a_caller_in_a_hurry_gets_an_estimate_and_the_next_one_the_figure(serving, ask, google: Google) -> None:
    asker, wanted = ask(serving()), trip()
    google.gate.clear()
    answer = asker.http.post("/travel-times", json={"trips": [wanted]}, headers={deadline.HEADER: "200"})
    assert answer.status_code in (200, 504)
    google.gate.set()
    eventually(lambda: asker.sources(wanted) == ["google_routes"], "the figure is there")
    assert len(google.requests) == 1


def test_without_its_database_travel_still_asks_and_remembers(
    serving, ask, google: Google, database: ServiceDatabase, source: str
) -> None:
    with tcp_proxy(database.url) as cut:
        served = serving(travel_provider=source, database_url=SecretStr(cut.url))
        asker, wanted = ask(served), trip()
        cut.cut()
        assert asker.sources(wanted) == [source]
        assert asker(wanted)[0]["cached"]
        assert len(google.requests) == 1


def test_forty_answers_take_one_budget_whatever_google_does(serving, ask, google: Google, source: str) -> None:
    for how in ("slow", "drip"):
        google.how = how
        served = serving(travel_provider=source, travel_budget_s=0.4)
        before = len(google.requests)
        assert set(ask(served).sources(*(trip() for _ in range(40)))) == {"estimate"}
        # Google never answers, sixteen are asked at once, and nobody is asked when the time is over.
        eventually(lambda: not served.app.state.cache._in_flight, "all are given up")  # noqa: B023 - used at once
        assert len(google.requests) - before <= 16


def test_a_slow_answer_does_not_keep_the_others(serving, ask, google: Google, source: str) -> None:
    slow = somewhere()

    def cells(_: Point, destination: Point) -> str:
        if destination == (slow["lat"], slow["lng"]):
            google.over.wait()
        return "OK"

    google.cells = cells
    asker = ask(serving(travel_provider=source, travel_budget_s=0.6))
    wanted = [source, "estimate", source]
    eventually(
        lambda: asker.sources(trip(), trip(destination=slow), trip()) == wanted, "only the slow one is estimated"
    )


def test_google_that_is_slow_again_and_again_is_left_alone(serving, ask, google: Google, source: str) -> None:
    google.how = "slow"
    asker = ask(serving(travel_provider=source, travel_budget_s=0.3, travel_breaker_rest_s=3000))
    gone_on_without = 'travel_fallbacks_total{reason="open"}'
    before = asker.metric(gone_on_without)

    def opened() -> bool:
        asker(*(trip() for _ in range(5)))
        return asker.metric(f'breaker_state{{upstream="{source}"}}') == 2

    eventually(opened, "the breaker opens")
    assert asker.sources(trip()) == ["estimate"]
    assert asker.metric(gone_on_without) > before


def test_an_answer_that_lay_there_while_the_process_got_no_processor_is_read_and_nobodys_failure(
    serving, ask, google: Google, source: str
) -> None:
    served = serving(travel_provider=source, travel_budget_s=0.5)
    asker, wanted = ask(served), trip()
    slow, good = (f'travel_provider_calls_total{{outcome="{how}",provider="{source}"}}' for how in ("slow", "ok"))
    before = asker.metric(slow), asker.metric(good)
    google.gate.clear()
    with ThreadPoolExecutor(1) as crowd:
        found = crowd.submit(asker.sources, wanted)
        eventually(lambda: google.requests, "Google is asked")
        served.loop.call_soon_threadsafe(_stand_still, google)
        assert found.result() == ["estimate"]
    eventually(lambda: (asker.metric(slow), asker.metric(good)) != before, "the request is over")
    assert (asker.metric(slow), asker.metric(good)) == (before[0], before[1] + 1)
    eventually(lambda: asker.sources(wanted) == [source], "the answer is used for the next who asks")
    assert len(google.requests) == 1


def _stand_still(google: Google) -> None:
    """Be a process that gets no processor until long after its budget, while Google answers."""
    google.gate.set()
    threading.Event().wait(1.5)


def test_a_question_that_ends_leaves_a_later_one_for_the_same_way_alone(
    serving, ask, google: Google, source: str
) -> None:
    quick, slow = trip(), trip()
    second, first_is_over = threading.Event(), threading.Event()
    times = count(1)

    def cells(origin: Point, _: Point) -> str:
        if origin == (slow["origin"]["lat"], slow["origin"]["lng"]):
            second.wait(HANG_S)
        elif next(times) == 2:
            second.set()
            first_is_over.wait(HANG_S)
        return "OK"

    google.cells = cells
    # Nothing is kept, so the way is asked for anew while the first question still waits for its other way.
    served = serving(travel_provider=source, travel_cache_hours=0)
    with ThreadPoolExecutor(2) as crowd:
        first = crowd.submit(ask(served).sources, quick, slow)
        flights = served.app.state.cache._in_flight
        eventually(lambda: len(google.requests) == 2 and len(flights) == 1, "the quick way is answered")
        later = crowd.submit(ask(served).sources, quick)
        assert first.result() == [source, source]
        first_is_over.set()
        assert later.result() == [source]

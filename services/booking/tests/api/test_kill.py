"""A process ended by SIGKILL in the middle of its work leaves each series whole or absent, and every retry has one answer."""

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from business import Business, Customer, book, next_monday
from chassis.testing import HANG_S, Identity, Process, ServiceDatabase, eventually

KILLS = 12
CLIENTS = 8

pytestmark = pytest.mark.kill


@pytest.fixture
def mortal(database: ServiceDatabase, identity: Identity) -> Iterator[Process]:
    """A booking process that may be killed."""
    settings = {"DATABASE_URL": database.url, "JWKS_URL": identity.jwks_url, "LOG_LEVEL": "ERROR"}
    made = Process("booking", settings)
    made.start()
    yield made
    made.stop()


def test_killed_again_and_again_under_load_every_series_is_whole_or_absent(
    database: ServiceDatabase, identity: Identity, mortal: Process
) -> None:
    business = Business(database, identity, mortal.url)
    customers = [business.customer(f"Customer {n}", 51.5) for n in range(CLIENTS)]
    stop = threading.Event()
    with ThreadPoolExecutor(CLIENTS) as crowd:
        runs = [crowd.submit(_submit_until, stop, business, one, n) for n, one in enumerate(customers)]
        chance = random.Random(20261124)
        for _ in range(KILLS):
            _wait_for_progress(business, mortal)
            stop.wait(chance.uniform(0, 0.03))  # anywhere in a submission
            mortal.kill()
            mortal.start()
        _wait_for_progress(business, mortal)
        stop.set()
        answered = {key: body for run in runs for key, body in run.result(HANG_S).items()}
    _every_series_is_whole(business)
    kept = dict(business.rows("SELECT idempotency_key, id FROM recurring_booking_series WHERE organization_id = %s"))
    assert {key: UUID(body["series"]["id"]) for key, body in answered.items()} == kept
    business.close()


def _submit_until(stop: threading.Event, business: Business, who: Customer, number: int) -> dict[UUID, Any]:
    answered = {}
    for turn in range(10_000):
        if stop.is_set():
            break
        walker = business.sam if number % 2 else business.priya
        hour = 8 + turn % 9
        wish = business.wish(
            who,
            starts_on=str(next_monday(2 + turn // 9 * 2)),
            start_time=f"{hour:02}:00",
            walker_id=str(walker),
            count=2,
        )
        key = uuid4()
        answer = _until_answered(stop, who, wish, key)
        if answer.status_code == 201:
            answered[key] = answer.json()
        assert answer.status_code in (201, 409), answer.text
    return answered


def _until_answered(stop: threading.Event, who: Customer, wish: dict[str, Any], key: UUID) -> httpx.Response:
    def answered() -> httpx.Response | None:
        with suppress(httpx.TransportError):
            answer = book(who, wish, key)
            return answer if answer.status_code < 500 else None
        return None

    while not stop.is_set():  # as long as it is killed again and again a customer may have no luck
        if answer := answered():
            return answer
        stop.wait(0.02)
    return eventually(answered, "booking comes back and answers")


def _wait_for_progress(business: Business, mortal: Process) -> None:
    before = business.count()["recurring_booking_series"]
    eventually(lambda: business.count()["recurring_booking_series"] > before or not mortal.alive, "something is booked")
    assert mortal.alive


def _every_series_is_whole(business: Business) -> None:
    broken = business.rows(
        """SELECT r.id FROM recurring_booking_series r
           WHERE r.organization_id = %s AND (
               (SELECT count(*) FROM bookings b WHERE b.organization_id = r.organization_id AND b.series_id = r.id) <> 2
               OR (SELECT count(*) FROM outbox o WHERE o.organization_id = r.organization_id AND o.key = r.id::text) <> 1
               OR NOT EXISTS (SELECT FROM idempotency_keys k WHERE k.organization_id = r.organization_id
                              AND k.key = r.idempotency_key AND k.status = 201))"""
    )
    assert broken == []
    counts = business.count()
    assert counts["bookings"] == counts["calendar_blocks"] == 2 * counts["recurring_booking_series"]
    assert counts["recurring_booking_series"] > KILLS

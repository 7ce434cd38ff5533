"""A response that is not what the OpenAPI document says fails whatever test gets it: here responses are changed on their way out."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from booking.app import create_app
from booking.settings import Settings
from business import Business, book
from chassis.testing import Identity, ServiceDatabase, response_checks, serve

Change = Callable[[Any], None]
Drifting = Callable[..., Any]


class Drift:
    """ASGI middleware: changes what a JSON response says, or its status."""

    def __init__(self, app: ASGIApp, change: Change, status: int | None) -> None:
        self.app, self._change, self._status = app, change, status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}

        async def changed(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body = json.loads(message["body"])
            self._change(body)
            raw = json.dumps(body).encode()
            headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
            await send({**start, "headers": headers, "status": self._status or start["status"]})
            await send({**message, "body": raw})

        await self.app(scope, receive, changed if scope["type"] == "http" else send)


@pytest.fixture
def drifting(database: ServiceDatabase, identity: Identity, business: Business) -> Drifting:
    """Ask, as the customer, a booking whose responses have drifted. Yields the client, and the faults when the block is over."""

    @contextmanager
    def of(change: Change, status: int | None = None) -> Iterator[tuple[httpx.Client, list[str]]]:
        settings = Settings(database_url=SecretStr(database.url), jwks_url=identity.jwks_url, travel_url="")
        app = create_app(settings)
        app.add_middleware(Drift, change=change, status=status)
        headers = identity.headers("booking", business.ann.who)
        with (
            serve(app) as served,
            httpx.Client(base_url=served.url, headers=headers) as client,
            response_checks.seen() as faults,
        ):
            yield client, faults

    return of


def test_a_field_that_is_gone_from_a_booking_is_seen(business: Business, drifting: Drifting) -> None:
    booking = book(business.ann, business.wish(business.ann, count=1)).json()["bookings"][0]
    with drifting(lambda body: body.pop("cancelled_at")) as (ann, faults):
        ann.get(f"/bookings/{booking['id']}")
    assert faults == ['GET /bookings/{booking_id}: 200: the body: "cancelled_at" is a required property']


def test_a_field_of_a_series_that_has_another_name_is_seen(business: Business, drifting: Drifting) -> None:
    made = book(business.ann, business.wish(business.ann, count=1)).json()["series"]

    def rename(body: Any) -> None:
        body["series"]["zone"] = body["series"].pop("time_zone")

    with drifting(rename) as (ann, faults):
        ann.get(f"/series/{made['id']}")
    assert sorted(fault.partition(": 200: ")[2].partition(" (")[0] for fault in faults) == [
        'series: "time_zone" is a required property',
        "series: Additional properties are not allowed",
    ]


def test_a_field_that_is_gone_from_a_created_booking_is_seen(business: Business, drifting: Drifting) -> None:
    ann = business.ann
    visit = {name: business.wish(ann)[name] for name in ("service_id", "walker_id", "location_id", "dog_ids")}
    day = {"date": business.wish(ann)["starts_on"], "start_time": "09:00"}
    with drifting(lambda body: body["booking"].pop("price_cents")) as (client, faults):
        made = client.post("/bookings", json={**visit, **day}, headers={"x-idempotency-key": str(uuid4())})
        assert made.status_code == 201
    assert faults == ['POST /bookings: 201: booking: "price_cents" is a required property']


def test_a_status_that_is_not_documented_is_seen(business: Business, drifting: Drifting) -> None:
    with drifting(lambda body: None, status=415) as (ann, faults):
        ann.post("/series/preview", json=business.wish(business.ann))
    assert faults == ["POST /series/preview: the status 415 is not documented"]

"""What a quiet business notices of a noisy one: its previews while the other asks for 366 dates with 32 clients, beside itself alone."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import orjson

from bench import data, measure
from bench.gateway import HOME, register, sign_in
from bench.measure import Figure, Limit
from chassis.testing import Process, create_database, drop_database, free_port

_PREVIEW = "/api/v1/series/preview"
_CLIENTS = 32
_TIMES = 80
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Customer:
    """A customer of a business of their own, who can ask for a series."""

    url: str
    headers: dict[str, str]
    wanted: dict[str, Any]

    def body(self, **rule: Any) -> bytes:
        """Write a series that is free."""
        return orjson.dumps({**self.wanted, **rule})


@contextmanager
def running() -> Iterator[str]:
    """Run a gateway, and booking behind it. Yields where the gateway answers."""
    databases = {"gateway": create_database("gateway", HOME), "booking": create_database("booking", data.HOME)}
    ports = {"gateway": free_port(), "booking": free_port()}
    own = {
        "gateway": {"BOOKING_URL": f"http://127.0.0.1:{ports['booking']}", "WRITES_PER_ACCOUNT": "1000000/minute"},
        "booking": {"JWKS_URL": f"http://127.0.0.1:{ports['gateway']}/.well-known/jwks.json", "TRAVEL_URL": ""},
    }
    always = {"KAFKA_BOOTSTRAP_SERVERS": "", "ENVIRONMENT": "development"}
    processes = [
        Process(name, {**always, **own[name], "DATABASE_URL": databases[name].url}, port=ports[name]) for name in own
    ]
    try:
        for process in processes:
            process.start()
            process.wait_until_ready()
        yield processes[0].url
    finally:
        for process in processes:
            process.stop()
        for database in databases.values():
            drop_database(database)


def _customer(url: str) -> Customer:
    office = register(url)
    with httpx.Client(base_url=f"{url}/api/v1", headers=sign_in(url, office), timeout=30) as client:

        def made(path: str, **body: Any) -> dict[str, Any]:
            answer = client.post(path, json=body).raise_for_status().json()
            return dict(next((of for of in answer.values() if isinstance(of, dict)), answer))

        service = made("/services", kind="walk", name="Walk", duration_minutes=60, price_cents=1)
        walker = made("/organization/accounts", role="walker", name="Sam", email=f"{uuid4().hex}@bench.example")
        hours = [{"weekday": day, "opens": "06:00", "closes": "22:00"} for day in _DAYS]
        wish = {"travel_mode": "driving", "working_hours": hours, "active": True}
        client.put(f"/walkers/{walker['id']}", json=wish).raise_for_status()
        who = {"email": f"{uuid4().hex}@bench.example", "password": office["password"]}
        made("/accounts", organization=office["organization"], name="Ann", **who)
        headers = sign_in(url, {**who, "organization": office["organization"]})
        client.headers.update(headers)
        dog = made("/dogs", name="Rex")
        home = made("/locations", label="Home", address="12 Elm Row", lat=51.5, lng=-0.1)
    tomorrow = datetime.now(UTC).date() + timedelta(days=2)
    wanted = {
        "service_id": service["id"],
        "walker_id": walker["id"],
        "location_id": home["id"],
        "dog_ids": [dog["id"]],
        "starts_on": tomorrow.isoformat(),
        "start_time": "09:00",
    }
    return Customer(url, headers, wanted)


@contextmanager
def _noise(customer: Customer) -> Iterator[None]:
    body = customer.body(weekdays=_DAYS, count=366).decode()
    what = {"url": customer.url, "path": _PREVIEW, "headers": customer.headers, "body": body, "clients": _CLIENTS}
    process = subprocess.Popen([sys.executable, "-m", "bench.noise"], stdin=subprocess.PIPE)
    try:
        assert process.stdin
        process.stdin.write(json.dumps(what).encode())
        process.stdin.close()
        time.sleep(2)
        if process.poll() is not None:
            raise RuntimeError("the noisy business has gone quiet")
        yield
    finally:
        process.kill()
        process.wait()


def beside_noise() -> list[Figure | Limit]:
    """Measure the quiet business's p95, alone and beside the noisy one, in turns."""
    alone, beside = [], []
    with running() as url:
        quiet, noisy = _customer(url), _customer(url)
        client, body = measure.Http(url), quiet.body(weekdays=["MO"], count=52)

        def p95() -> float:
            found = measure.each_ms(lambda: client.post(_PREVIEW, body, quiet.headers), _TIMES)
            return found[int(_TIMES * 0.95)]

        p95()
        for _ in range(measure.ROUNDS):
            alone.append(p95())
            with _noise(noisy):
                beside.append(p95())
        client.close()
    what = f"preview of 52 weeks, p95, while another business asks for 366 dates with {_CLIENTS} clients, beside alone"
    return [Figure(what, alone, beside, at_most=3)]

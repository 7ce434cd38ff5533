"""The gateway's figures: what it adds to a small request, and how many it passes on."""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import psutil
import uvloop

from bench import measure
from bench.measure import Figure, Limit
from chassis.testing import Process, create_database, drop_database, free_port

HOME = Path(__file__).parents[1] / "gateway"
CLIENTS = 32
_PASSWORD = "a-password-for-benchmarks"


@dataclass(frozen=True)
class Gateway:
    """A gateway in front of the smallest upstream there can be, somebody who is signed in, and the least that could stand there."""

    url: str
    bare: str
    upstream: str
    headers: dict[str, str]
    process: psutil.Process


@contextmanager
def running() -> Iterator[Gateway]:
    """Run the gateway as a process of its own."""
    database, port, bare_port = create_database("gateway", HOME), free_port(), free_port()
    behind, bare = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{bare_port}"
    upstream = _module("bench.upstream", str(port))
    pass_through = _module("bench.pass_through", str(bare_port), behind)
    settings = {
        "DATABASE_URL": database.url,
        "BOOKING_URL": behind,
        "ENVIRONMENT": "development",
        "KAFKA_BOOTSTRAP_SERVERS": "",
    }
    process = Process("gateway", settings)
    try:
        _wait_for(port)
        _wait_for(bare_port)
        process.start()
        process.wait_until_ready()
        headers = sign_in(process.url, register(process.url))
        yield Gateway(process.url, bare, behind, headers, psutil.Process(process.pid))
    finally:
        process.stop()
        for helper in (pass_through, upstream):
            helper.kill()
            helper.wait()
        drop_database(database)


def _module(name: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", name, *arguments])


def _wait_for(port: int) -> None:
    for _ in range(2000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise RuntimeError("the upstream does not start")


def register(url: str) -> dict[str, str]:
    """Register a business. Returns what its office signs in with."""
    slug = f"bench-{uuid4().hex[:12]}"
    admin = {"name": "Olive Office", "email": "olive@bench.example", "password": _PASSWORD}
    named = {"slug": slug, "name": "Bench", "time_zone": "Europe/London", "currency": "GBP", "admin": admin}
    httpx.post(f"{url}/api/v1/organizations", json=named, timeout=20).raise_for_status()
    return {"email": admin["email"], "password": _PASSWORD, "organization": slug}


def sign_in(url: str, who: dict[str, str]) -> dict[str, str]:
    """Sign in. Returns the headers of whoever is signed in."""
    answer = httpx.post(f"{url}/api/v1/session", json=who, timeout=20).raise_for_status()
    return {"authorization": f"Bearer {answer.json()['token']}"}


def passing_on(gateway: Gateway) -> list[Figure | Limit]:
    """Measure a small read that is passed on, sign-in check, tracing and metrics included."""
    idle = gateway.process.memory_info().rss / 2**20
    floor_ms, added_ms = _added_ms(gateway)
    floors, rates = _rates(gateway)
    return [
        Figure("gateway: added to a small request, beside a bare pass-through", floor_ms, added_ms),
        Limit("the same, p50", measure.p50(sorted(added_ms)), at_most=0.5),
        Figure(f"gateway: requests a second, {CLIENTS} clients, beside a bare pass-through", floors, rates, "/s"),
        Limit("the same", measure.p50(sorted(rates)), "/s", at_least=3000),
        Limit("gateway: memory, idle", idle, "MB", at_most=120),
    ]


def _added_ms(gateway: Gateway) -> tuple[list[float], list[float]]:
    # What the pass-through adds to a request to the upstream itself, and what the gateway does; a round each.
    signed_in = gateway.headers
    direct, bare, through = (measure.Http(url) for url in (gateway.upstream, gateway.bare, gateway.url))
    ways = (
        lambda: direct.get("/services", signed_in),
        lambda: bare.get("/services", signed_in),
        lambda: through.get("/api/v1/services", signed_in),
    )
    floors, ours = [], []
    for _ in range(measure.ROUNDS + 1):
        nothing, least, own = (measure.p50(measure.each_ms(way, 400)) for way in ways)
        floors.append(least - nothing)
        ours.append(own - nothing)
    for client in (direct, bare, through):
        client.close()
    return floors[1:], ours[1:]  # the first round warms up


def _rates(gateway: Gateway) -> tuple[list[float], list[float]]:
    bare, ours = [], []
    for _ in range(measure.ROUNDS):
        bare.append(uvloop.run(_requests_a_second(gateway.bare, "/services", gateway.headers)))
        ours.append(uvloop.run(_requests_a_second(gateway.url, "/api/v1/services", gateway.headers)))
    return bare, ours


async def _requests_a_second(url: str, path: str, headers: dict[str, str]) -> float:
    # Bytes written beforehand, and answers only counted: a client library would take more of the machine than the gateway does.
    host = url.removeprefix("http://")
    head = f"GET {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: {headers['authorization']}\r\n\r\n"
    ends_at = time.perf_counter() + 3
    started = time.perf_counter()
    counts = await asyncio.gather(*(_ask_until(host, head.encode(), ends_at) for _ in range(CLIENTS)))
    return sum(counts) / (time.perf_counter() - started)


async def _ask_until(host: str, request: bytes, ends_at: float) -> int:
    address, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(address, int(port))
    answered = 0
    while time.perf_counter() < ends_at:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        await reader.readexactly(measure.content_length(head))
        answered += 1
    writer.close()
    return answered

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

from bench import measure
from bench.measure import Figure, Limit
from chassis.testing import Process, create_database, drop_database, free_port

HOME = Path(__file__).parents[1] / "gateway"
CLIENTS = 32
_PASSWORD = "a-password-for-benchmarks"


@dataclass(frozen=True)
class Gateway:
    """A gateway in front of the smallest upstream there can be, and somebody who is signed in."""

    url: str
    upstream: str
    token: str
    process: psutil.Process


@contextmanager
def running() -> Iterator[Gateway]:
    """Run the gateway as a process of its own."""
    database, port = create_database("gateway", HOME), free_port()
    upstream = subprocess.Popen([sys.executable, "-m", "bench.upstream", str(port)])
    settings = {
        "DATABASE_URL": database.url,
        "BOOKING_URL": f"http://127.0.0.1:{port}",
        "ENVIRONMENT": "development",
        "KAFKA_BOOTSTRAP_SERVERS": "",
    }
    process = Process("gateway", settings)
    try:
        _wait_for(port)
        process.start()
        process.wait_until_ready()
        yield Gateway(process.url, f"http://127.0.0.1:{port}", _sign_in(process.url), psutil.Process(process.pid))
    finally:
        process.stop()
        upstream.kill()
        upstream.wait()
        drop_database(database)


def _wait_for(port: int) -> None:
    for _ in range(500):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise RuntimeError("the upstream does not start")


def _sign_in(url: str) -> str:
    slug = f"bench-{uuid4().hex[:12]}"
    admin = {"name": "Olive Office", "email": "olive@bench.example", "password": _PASSWORD}
    named = {"slug": slug, "name": "Bench", "time_zone": "Europe/London", "currency": "GBP", "admin": admin}
    httpx.post(f"{url}/api/v1/organizations", json=named, timeout=20).raise_for_status()
    who = {"email": admin["email"], "password": _PASSWORD, "organization": slug}
    return str(httpx.post(f"{url}/api/v1/session", json=who, timeout=20).raise_for_status().json()["token"])


def passing_on(gateway: Gateway) -> list[Figure | Limit]:
    """Measure a small read that is passed on, sign-in check, tracing and metrics included."""
    direct, through = measure.Http(gateway.upstream), measure.Http(gateway.url)
    signed_in = {"authorization": f"Bearer {gateway.token}"}
    idle = gateway.process.memory_info().rss / 2**20
    bare_ms, our_ms = measure.side_by_side(
        lambda: direct.get("/services", {}), lambda: through.get("/api/v1/services", signed_in), 400
    )
    added = sorted(ours - bare for bare, ours in zip(bare_ms, our_ms, strict=True))
    rates = [asyncio.run(_requests_a_second(gateway)) for _ in range(measure.ROUNDS)]
    direct.close()
    through.close()
    return [
        Limit("gateway: added to a small request, p50", measure.p50(added), at_most=0.5),
        Limit(f"gateway: requests a second, {CLIENTS} clients", measure.p50(sorted(rates)), "/s", at_least=3000),
        Limit("gateway: memory, idle", idle, "MB", at_most=120),
    ]


async def _requests_a_second(gateway: Gateway) -> float:
    # Bytes written beforehand, and answers only counted: a client library would take more of the machine than the gateway does.
    host = gateway.url.removeprefix("http://")
    head = f"GET /api/v1/services HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {gateway.token}\r\n\r\n"
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
        await reader.readexactly(_length(head))
        answered += 1
    writer.close()
    return answered


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0])

"""What somebody who is not signed in can make the gateway work: next to nothing, whatever they ask for."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from chassis.testing import HANG_S, Process, Served, ServiceDatabase, free_port

# Times what `/healthz` takes, which is about a quarter of a millisecond.
AT_MOST = 20
_TIMES = 20
_TRIES = 6


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages of the size that the real ones have."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>Packwalk</title>" + " " * 2000)
    (folder / "api-reference.html").write_text("<!doctype html><title>Packwalk API</title>" + " " * 1000)
    (folder / "assets" / "app.js").write_bytes(b"walk();" * 80_000)
    return folder


@pytest.fixture(scope="module")
def process(database: ServiceDatabase, gateway: Served, pages: Path) -> Iterator[Process]:
    """A gateway as a process of its own, whose processor time can be told from the test's."""
    settings = {
        "DATABASE_URL": database.url,
        "BOOKING_URL": gateway.url,  # ready, as the real ones are
        "TRAVEL_URL": gateway.url,
        "FRONTEND_DIR": str(pages),
        "KAFKA_BOOTSTRAP_SERVERS": "",
        "LOG_LEVEL": "WARNING",
        "METRICS_PORT": str(free_port()),
    }
    made = Process("gateway", settings)
    made.start()
    made.wait_until_ready()
    yield made
    made.stop()


def processor_s(process: Process) -> float:
    # Linux makes the clock's number of the process's: in nanoseconds, where /proc counts hundredths of a second.
    return time.clock_gettime((~process.pid << 3) | 2)


def cost_s(process: Process, client: httpx.Client, method: str, path: str) -> float:
    """Return the processor time of one request."""
    body = {"json": {}} if method in ("POST", "PUT", "PATCH") else {}
    before = processor_s(process)
    for _ in range(_TIMES):
        assert client.request(method, path, **body).status_code < 500
    return (processor_s(process) - before) / _TIMES


def operations(client: httpx.Client) -> list[tuple[str, str]]:
    """Return every operation of the API and every page, with something for each part of a path."""
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    found = [
        (method.upper(), path.replace("{date}", "2026-12-07").replace("{", "").replace("}", ""))
        for path, ways in paths.items()
        for method in ways
    ]
    own = ("/api/v1/openapi.json", "/api/v1/docs", "/readyz", "/.well-known/jwks.json", "/metrics", "/openapi.json")
    shown = (
        "/",
        "/book",
        "/api-reference.html",
        "/assets/app.js",
        "/assets/gone.js",
        "/api/v1/nothing",
        "/api/v1/services/%00",
        "/" + "x/" * 4000,
    )
    return [*found, *(("GET", path) for path in (*own, *shown))]


def test_nothing_that_is_asked_unsigned_takes_much_of_the_processor(process: Process) -> None:
    with httpx.Client(base_url=process.url, timeout=HANG_S) as client:
        expensive: dict[tuple[str, str], list[float]] = {}
        for method, path in operations(client):
            ratios: list[float] = []
            # Too much once may be the machine; too much each time is the gateway.
            while not ratios or (min(ratios) > AT_MOST and len(ratios) < _TRIES):
                least = min(cost_s(process, client, "GET", "/healthz") for _ in range(2))
                ratios.append(cost_s(process, client, method, path) / least)
            print(f"{min(ratios):6.2f} {method} {path}")  # noqa: T201 - for whoever wonders
            if min(ratios) > AT_MOST:
                expensive[method, path] = ratios
    assert not expensive

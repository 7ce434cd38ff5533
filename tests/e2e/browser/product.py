"""The whole product as it is installed: booking and the gateway as processes of their own, on databases of their own."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from chassis.testing import ServiceDatabase, create_database, drop_database
from chassis.testing.serving import free_port

REPOSITORY = Path(__file__).parents[3]


def built_frontend() -> Path:
    """The folder of the built pages. Raises RuntimeError when nobody has built them."""
    pages = Path(os.environ.get("PACKWALK_TEST_FRONTEND", REPOSITORY / "frontend" / "dist"))
    if not (pages / "index.html").is_file():
        raise RuntimeError(f"{pages} holds no built frontend: run `npm ci && npm run build` in frontend/")
    return pages


@contextmanager
def running(logs: Path) -> Iterator[str]:
    """Run the product and say where it answers. logs: a folder for what the services write."""
    ports = {"booking": free_port(), "gateway": free_port()}
    at = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    own = {
        "booking": {"JWKS_URL": f"{at['gateway']}/.well-known/jwks.json"},
        "gateway": {"BOOKING_URL": at["booking"], "FRONTEND_DIR": str(built_frontend())},
    }
    homes = {"booking": REPOSITORY / "services" / "booking", "gateway": REPOSITORY / "gateway"}
    with ExitStack() as stack:
        for name, port in ports.items():
            database = stack.enter_context(_database(name, homes[name]))
            settings = {"PORT": str(port), "DATABASE_URL": database.url, **own[name]}
            stack.enter_context(_process(name, settings, logs / f"{name}.log"))
        for name, url in at.items():
            _wait_until_ready(name, url, logs / f"{name}.log")
        yield at["gateway"]


@contextmanager
def _database(service: str, home: Path) -> Iterator[ServiceDatabase]:
    made = create_database(service, home)
    try:
        yield made
    finally:
        drop_database(made)


@contextmanager
def _process(service: str, settings: dict[str, str], log: Path) -> Iterator[None]:
    environment = {**os.environ, "HOST": "127.0.0.1", "ENVIRONMENT": "development", **settings}
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", service, "serve"], env=environment, stdout=written, stderr=written
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_until_ready(service: str, url: str, log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/readyz", timeout=2).is_success:
                return
        except httpx.TransportError:
            pass
        threading.Event().wait(0.05)
    raise RuntimeError(f"{service} did not become ready:\n{log.read_text()[-2000:]}")

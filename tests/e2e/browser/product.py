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
HOMES = {"booking": REPOSITORY / "services" / "booking", "gateway": REPOSITORY / "gateway"}


def built_frontend() -> Path:
    """The folder of the built pages. Raises RuntimeError when nobody has built them."""
    pages = Path(os.environ.get("PACKWALK_TEST_FRONTEND", REPOSITORY / "frontend" / "dist"))
    if not (pages / "index.html").is_file():
        raise RuntimeError(f"{pages} holds no built frontend: run `npm ci && npm run build` in frontend/")
    return pages


class Part:
    """One service as a process, which can be killed and started again where it was."""

    def __init__(self, name: str, port: int, settings: dict[str, str], log: Path) -> None:
        self.name = name
        self.url = f"http://127.0.0.1:{port}"
        self._environment = {
            **os.environ,
            "HOST": "127.0.0.1",
            "ENVIRONMENT": "development",
            "PORT": str(port),
            **settings,
        }
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; `wait_until_ready` says when it answers."""
        with self._log.open("ab") as written:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self.name, "serve"], env=self._environment, stdout=written, stderr=written
            )

    def kill(self) -> None:
        """End it in the middle of whatever it does, as a power cut would."""
        if self._process:
            self._process.kill()
            self._process.wait(timeout=20)

    def stop(self) -> None:
        """End it in order."""
        if self._process:
            self._process.terminate()
            self._process.wait(timeout=20)

    def wait_until_ready(self) -> None:
        """Wait until it can work. Raises RuntimeError with the end of its log when it does not come up."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.url}/readyz", timeout=2).is_success:
                    return
            except httpx.TransportError:
                pass
            threading.Event().wait(0.05)
        raise RuntimeError(f"{self.name} did not become ready:\n{self._log.read_text()[-2000:]}")


@contextmanager
def running(logs: Path) -> Iterator[dict[str, Part]]:
    """Run the product; the gateway's part says where it answers. logs: a folder for what the services write."""
    ports = {name: free_port() for name in HOMES}
    own = {
        "booking": {"JWKS_URL": f"http://127.0.0.1:{ports['gateway']}/.well-known/jwks.json"},
        "gateway": {"BOOKING_URL": f"http://127.0.0.1:{ports['booking']}", "FRONTEND_DIR": str(built_frontend())},
    }
    parts: dict[str, Part] = {}
    with ExitStack() as stack:
        for name, home in HOMES.items():
            database = stack.enter_context(_database(name, home))
            settings = {"DATABASE_URL": database.url, **own[name]}
            parts[name] = Part(name, ports[name], settings, logs / f"{name}.log")
            parts[name].start()
            stack.callback(parts[name].stop)
        for part in parts.values():
            part.wait_until_ready()
        yield parts


@contextmanager
def _database(service: str, home: Path) -> Iterator[ServiceDatabase]:
    made = create_database(service, home)
    try:
        yield made
    finally:
        drop_database(made)

"""The whole product as it is installed: each service and the gateway as processes of their own, on databases and topics of their own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from chassis.testing import Process, ServiceDatabase, create_database, drop_database, make_topics
from chassis.testing.serving import free_port

REPOSITORY = Path(__file__).parents[3]
HOMES = {
    "travel": REPOSITORY / "services" / "travel",
    "booking": REPOSITORY / "services" / "booking",
    "gateway": REPOSITORY / "gateway",
}


def built_frontend() -> Path:
    """The folder of the built pages. Raises RuntimeError when nobody has built them."""
    pages = Path(os.environ.get("PACKWALK_TEST_FRONTEND", REPOSITORY / "frontend" / "dist"))
    if not (pages / "index.html").is_file():
        raise RuntimeError(f"{pages} holds no built frontend: run `npm ci && npm run build` in frontend/")
    return pages


@contextmanager
def running(logs: Path) -> Iterator[dict[str, Process]]:
    """Run the product; the gateway's part says where it answers. logs: a folder for what the services write."""
    ports = {name: free_port() for name in HOMES}
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    keys = {
        "JWKS_URL": f"{urls['gateway']}/.well-known/jwks.json",
        "BOOKING_JWKS_URL": f"{urls['booking']}/.well-known/jwks.json",
    }
    own = {
        "travel": keys,
        "booking": {**keys, "TRAVEL_URL": urls["travel"]},
        "gateway": {
            "BOOKING_URL": urls["booking"],
            "TRAVEL_URL": urls["travel"],
            "FRONTEND_DIR": str(built_frontend()),
            "TOKEN_KEY_FILE": str(logs / "token.key"),
        },
    }
    subprocess.run([sys.executable, "-m", "gateway", "key", logs / "token.key"], check=True)
    topics = make_topics(REPOSITORY / "contracts")
    parts: dict[str, Process] = {}
    with ExitStack() as stack:
        for name, home in HOMES.items():
            database = stack.enter_context(_database(name, home))
            settings = {"ENVIRONMENT": "development", "DATABASE_URL": database.url, **topics, **own[name]}
            parts[name] = Process(name, settings, logs / f"{name}.log", ports[name])
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

"""Kafka away: bookings go on, the outbox waits and says so, and everything leaves in its order once it is back."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from business import Business, book
from chassis.events import broker as names
from chassis.settings import ServiceSettings
from chassis.testing import (
    HANG_S,
    Identity,
    Process,
    ServiceDatabase,
    create_database,
    drop_database,
    eventually,
    make_topics,
)
from launcher.broker import Broker

HOME = Path(__file__).parents[2]
CONTRACTS = ServiceSettings().contracts_dir
LONGER_THAN_A_REQUEST_S = names.REQUEST_TIMEOUT_MS / 1000 + 2

pytestmark = pytest.mark.kill


@pytest.fixture
def own() -> Iterator[ServiceDatabase]:
    """A database whose outbox nobody else fills."""
    made = create_database("booking", HOME)
    yield made
    drop_database(made)


def gauge(process: Process, name: str) -> float:
    """Read a figure from the metrics."""
    found = re.search(rf"^{name} (\S+)$", httpx.get(f"{process.url}/metrics", timeout=HANG_S).text, re.MULTILINE)
    assert found, name
    return float(found[1])


def test_bookings_go_on_while_the_broker_is_away_and_are_told_in_order_afterwards(
    own: ServiceDatabase, identity: Identity, broker: Broker, tmp_path: Path
) -> None:
    topics = make_topics(CONTRACTS, broker.address)
    process = Process("booking", {"DATABASE_URL": own.url, "JWKS_URL": identity.jwks_url, **topics}, tmp_path / "log")
    process.start()
    process.wait_until_ready()
    business = Business(own, identity, process.url)
    assert book(business.ann, business.wish(business.ann, start_time="08:00", count=2)).status_code == 201
    eventually(lambda: gauge(process, "outbox_waiting") == 0, "the first one is told")
    broker.kill()
    series = []
    for hour in range(9, 17):
        made = book(business.ann, business.wish(business.ann, start_time=f"{hour:02}:00", count=2))
        assert made.status_code == 201, made.text
        series.append(made.json()["series"]["id"])
    for one in series:
        assert business.ann.http.post(f"/series/{one}/cancel", json={"scope": "all"}).status_code == 200
    # So long that the producer gave up what it had begun to send, and was made anew.
    eventually(lambda: gauge(process, "outbox_oldest_seconds") > LONGER_THAN_A_REQUEST_S, "its age climbs")
    assert gauge(process, "outbox_waiting") == 16
    assert httpx.get(f"{process.url}/readyz", timeout=HANG_S).status_code == 200
    broker.start()
    eventually(lambda: gauge(process, "outbox_waiting") == 0, "everything is told")
    with psycopg.connect(own.admin_url) as admin:
        told = admin.execute("SELECT event FROM outbox ORDER BY published_at, position").fetchall()
    kinds = [(json.loads(text)["subject"], json.loads(text)["type"]) for (text,) in told]
    for one in series:
        assert [kind for subject, kind in kinds if subject == one] == ["series.created", "series.changed"]
    warned = [line for line in process.text().splitlines() if '"level":"WARN"' in line and '"origin":"relay"' in line]
    assert 1 <= len(warned) <= 3  # says it once, not a thousand times
    broker.kill()
    assert (
        book(business.ann, business.wish(business.ann, start_time="08:00", weekdays=["TU"], count=2)).status_code == 201
    )
    process.stop()  # in order, and in time, whatever cannot be told
    business.close()

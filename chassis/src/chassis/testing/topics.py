"""Topics for tests: real ones, at a broker that tests share, under names that nobody else uses."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import orjson
import psycopg

from chassis.events import topics
from chassis.events.contracts import Contracts
from chassis.settings import ServiceSettings
from chassis.testing.databases import ServiceDatabase
from chassis.testing.waiting import HANG_S


def broker_address() -> str:
    """Return the address of the test broker, which `./packwalk test` starts."""
    address = os.environ.get("PACKWALK_TEST_KAFKA")
    if not address:
        raise RuntimeError("PACKWALK_TEST_KAFKA is not set: run the tests with ./packwalk test")
    return address


def make_topics(contracts: Path, address: str | None = None) -> dict[str, str]:
    """Make the declared topics under a prefix of their own. Returns the settings, as environment, of who shall use them."""
    prefix = f"t{uuid4().hex[:8]}."
    where = address or broker_address()
    settings = ServiceSettings(kafka_bootstrap_servers=where, kafka_prefix=prefix, contracts_dir=contracts)
    with ThreadPoolExecutor(1) as thread:  # whoever asks may be in a loop of their own
        thread.submit(asyncio.run, topics.make(settings)).result(HANG_S)
    return {"KAFKA_BOOTSTRAP_SERVERS": where, "KAFKA_PREFIX": prefix}


def every_event_fits_its_contract(database: ServiceDatabase) -> int:
    """Compare what any test made a service tell with `contracts/`. Returns how many events. Raises InvalidEvent."""
    contracts = Contracts(ServiceSettings().contracts_dir)
    with psycopg.connect(database.admin_url) as admin:
        told = admin.execute("SELECT topic, key, event FROM outbox").fetchall()
    for topic, key, text in told:
        event = orjson.loads(text)
        contracts.check(topic, event["type"], event)
        assert event["subject"] == key
    return len(told)

"""Twenty thousand events while everything is killed again and again: none lost, none applied twice, order per key kept."""

import random
import shutil
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from bystander import Bystander
from chassis.testing import HANG_S, Process, ServiceDatabase, create_database, eventually, make_topics, reaches
from launcher.broker import Broker
from launcher.cluster import Cluster, free_port
from launcher.machine import UserError
from trial.app import HOME, TOPIC, marked

EVENTS = 20_000
KEYS = sorted(uuid4() for _ in range(40))
WRITERS = 4
AT_ONCE = 10
KILLS = 18

pytestmark = pytest.mark.kill


class Mortal:
    """A database server that may be killed. What was committed survives in the kernel's memory: that needs no fsync."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="packwalk-mortal-"))
        self.home.chmod(0o755)
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self.cluster = Cluster(self.home)
        self.cluster.make()
        self.begin()

    def begin(self) -> None:
        """Start it; after a kill its children take a moment to notice."""
        eventually(self._started, "the database starts")

    def _started(self) -> bool:
        with suppress(UserError):
            self.cluster.start(self.port, fsync="off", max_connections="200")
            return True
        return False

    def again(self) -> None:
        """Kill it and start it again."""
        self.cluster.kill()
        self.begin()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mortal]:
    """A database server of the test's own."""
    made = Mortal()
    monkeypatch.setenv("PACKWALK_TEST_POSTGRES", made.url)
    yield made
    made.cluster.stop()
    shutil.rmtree(made.home, ignore_errors=True)


def test_killed_again_and_again_nothing_is_lost_doubled_or_out_of_order(
    broker: Broker, server: Mortal, tmp_path: Path
) -> None:
    database = create_database("trial", HOME)
    bystander = Bystander(database, make_topics(HOME / "contracts", broker.address))
    # Two of each: whoever dies, the other one takes over or they meet.
    parts = [bystander.process(tmp_path / f"relay{n}", LISTENS="false", LOG_LEVEL="WARNING") for n in range(2)]
    parts += [bystander.process(tmp_path / f"consumer{n}", PUBLISHES="false", LOG_LEVEL="WARNING") for n in range(2)]
    fates: list[Callable[[], None]] = [lambda part=part: _again(part) for part in parts]  # type: ignore[misc]
    fates += [lambda: _again_broker(broker), server.again]
    chance = random.Random()
    stop = threading.Event()
    with ThreadPoolExecutor(WRITERS) as crowd:
        writers = [crowd.submit(_write, database, bystander.organization, stop, n) for n in range(WRITERS)]
        chosen = [fates[n % len(fates)] for n in range(KILLS)]
        chance.shuffle(chosen)
        for fate in chosen:
            before = _applied(bystander)
            eventually(lambda: _applied(bystander) > before or _done(bystander), "something is applied")  # noqa: B023
            stop.wait(chance.uniform(0, 0.3))  # anywhere in what they do
            fate()
        reaches(EVENTS, lambda: _told(bystander), "everything is told")
        for writer in writers:
            writer.result(HANG_S)
    told = dict(bystander.rows("SELECT key, number FROM keys"))
    assert sum(told.values()) >= EVENTS
    reaches(sum(told.values()), lambda: _applied(bystander), "everything is applied")
    eventually(lambda: bystander.waiting() == 0, "everything is marked as published")
    assert _by_key(bystander) == {key: list(range(1, number + 1)) for key, number in told.items()}
    assert bystander.rows("SELECT count(*) FROM dead_letters") == [(0,)]
    bystander.close()


def _again(part: Process) -> None:
    part.kill()
    part.start()


def _again_broker(broker: Broker) -> None:
    broker.kill()
    broker.start()


def _write(database: ServiceDatabase, organization: UUID, stop: threading.Event, number: int) -> None:
    """Tell of marks, ten in a transaction, each under the lock of its key; whatever dies meanwhile is tried again."""
    chance = random.Random(number)
    while not stop.is_set():
        with suppress(psycopg.Error), psycopg.connect(database.admin_url, connect_timeout=HANG_S) as writer:
            while True:
                total = writer.execute("SELECT coalesce(sum(number), 0) FROM keys").fetchone()
                if total and total[0] >= EVENTS:
                    return
                _transaction(writer, organization, sorted(chance.sample(KEYS, AT_ONCE)))
                if chance.random() < 0.1:
                    writer.rollback()
                writer.commit()
        stop.wait(0.05)


def _transaction(writer: psycopg.Connection, organization: UUID, keys: list[UUID]) -> None:
    for key in keys:
        row = writer.execute(
            "INSERT INTO keys (key, organization_id, number) VALUES (%s, %s, 1)"
            " ON CONFLICT (key) DO UPDATE SET number = keys.number + 1 RETURNING number",
            (key, organization),
        ).fetchone()
        assert row
        event = marked(organization, key, row[0])
        writer.execute(
            "INSERT INTO outbox (organization_id, id, topic, key, event) VALUES (%s, %s, %s, %s, %s)",
            (organization, event.id, TOPIC, str(key), event.text),
        )


def _applied(bystander: Bystander) -> int:
    return _counted(bystander, "SELECT count(*) FROM effects")


def _told(bystander: Bystander) -> int:
    return _counted(bystander, "SELECT coalesce(sum(number), 0) FROM keys")


def _counted(bystander: Bystander, query: str) -> int:
    def asked() -> tuple[int] | None:
        with suppress(psycopg.OperationalError):
            return (int(bystander.rows(query)[0][0]),)
        return None

    return eventually(asked, "the database comes back")[0]


def _done(bystander: Bystander) -> bool:
    return _applied(bystander) >= EVENTS


def _by_key(bystander: Bystander) -> dict[UUID, list[int]]:
    found = defaultdict(list)
    for key, number in bystander.rows("SELECT key, number FROM effects ORDER BY place"):
        found[key].append(number)
    return dict(found)

"""What is in the outbox reaches the broker: at once, in order per key, nothing skipped, whoever dies."""

import asyncio
import json
from uuid import uuid4

import httpx
import psycopg
import pytest

from bystander import Bystander, numbers
from chassis.database import Database
from chassis.events import outbox
from chassis.testing import HANG_S, eventually


def test_events_of_a_key_arrive_in_the_order_in_which_they_were_told(bystander: Bystander) -> None:
    keys = [uuid4() for _ in range(5)]
    for number in range(1, 41):
        bystander.tell(*(bystander.mark(key, number) for key in keys))
    with bystander.replica(listens=False):
        records = bystander.on_the_topic(200)
    for key in keys:
        of_key = [record for record in records if record.key == str(key).encode()]
        assert numbers(of_key) == list(range(1, 41))
        assert len({record.partition for record in of_key}) == 1
    eventually(lambda: bystander.waiting() == 0, "everything is marked as published")


def test_a_commit_wakes_the_relay_without_waiting_for_its_next_look(bystander: Bystander) -> None:
    with bystander.replica(listens=False, outbox_poll_s=3600) as served:
        eventually(lambda: bystander.rows("SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"), "it relays")
        db: Database = served.app.state.database

        async def tell() -> None:
            async with db.begin(bystander.organization) as tx:
                await outbox.write(tx, bystander.organization, [bystander.mark(uuid4(), 1)])

        # The first look may lie before or after the first commit; what follows the second can only be woken.
        for _ in range(2):
            asyncio.run_coroutine_threadsafe(tell(), served.loop).result(HANG_S)
            eventually(lambda: bystander.waiting() == 0, "the broker has it")


def test_a_row_that_a_slow_transaction_commits_late_is_published_all_the_same(bystander: Bystander) -> None:
    with bystander.replica(listens=False), psycopg.connect(bystander.database.admin_url) as slow:
        late = bystander.mark(uuid4(), 1)
        slow.execute(
            "INSERT INTO outbox (organization_id, id, topic, key, event) VALUES (%s, %s, %s, %s, %s)",
            (bystander.organization, late.id, late.topic, str(late.key), late.text),
        )
        bystander.tell(*(bystander.mark(uuid4(), number) for number in range(2, 12)))
        assert sorted(numbers(bystander.on_the_topic(10))) == list(range(2, 12))
        slow.commit()
        assert sorted(numbers(bystander.on_the_topic(11))) == list(range(1, 12))


def test_one_replica_relays_and_the_other_takes_over_when_it_dies(bystander: Bystander) -> None:
    first = bystander.process(LISTENS="false")
    bystander.tell(bystander.mark(uuid4(), 1))
    eventually(lambda: bystander.waiting() == 0, "the first one relays")
    with bystander.replica(listens=False):
        assert len(_relays(bystander)) == 1
        first.kill()
        bystander.tell(bystander.mark(uuid4(), 2))
        eventually(lambda: bystander.waiting() == 0, "the second one took over")
        assert len(_relays(bystander)) == 1
    assert sorted(numbers(bystander.on_the_topic(2))) == [1, 2]


def _relays(bystander: Bystander) -> list[tuple[int]]:
    return bystander.rows(
        "SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database"
        " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
    )


def test_an_event_that_was_rolled_back_is_never_published(bystander: Bystander) -> None:
    with bystander.replica(listens=False) as served:
        db: Database = served.app.state.database

        async def fail() -> None:
            async with db.begin(bystander.organization) as tx:
                await outbox.write(tx, bystander.organization, [bystander.mark(uuid4(), 1)])
                raise ArithmeticError

        with pytest.raises(ArithmeticError):
            asyncio.run_coroutine_threadsafe(fail(), served.loop).result(HANG_S)
        bystander.tell(bystander.mark(uuid4(), 2))
        assert numbers(bystander.on_the_topic(1)) == [2]


def test_more_than_a_batch_holds_is_published_in_several(bystander: Bystander) -> None:
    key = uuid4()
    events = [bystander.mark(key, number) for number in range(1, 301)]
    heavy = [one._replace(text=json.dumps({**json.loads(one.text), "padding": "x" * 20_000})) for one in events]
    bystander.tell(*heavy)
    with bystander.replica(listens=False):
        assert numbers(bystander.on_the_topic(300)) == list(range(1, 301))


def test_rows_that_were_published_long_ago_are_removed(bystander: Bystander) -> None:
    bystander.tell(*(bystander.mark(uuid4(), number) for number in range(1, 4)))
    with bystander.replica(listens=False):
        eventually(lambda: bystander.waiting() == 0, "published")
    bystander.rows("UPDATE outbox SET published_at = now() - interval '2 days' RETURNING 1")
    with bystander.replica(listens=False):
        eventually(lambda: bystander.rows("SELECT count(*) FROM outbox") == [(0,)], "swept")


def test_a_service_starts_and_works_while_the_broker_is_away(bystander: Bystander) -> None:
    with bystander.replica(kafka_bootstrap_servers="127.0.0.1:1") as served:
        bystander.tell(bystander.mark(uuid4(), 1))
        assert httpx.get(f"{served.url}/readyz", timeout=HANG_S).status_code == 200
        assert "outbox_waiting 1.0" in httpx.get(f"{served.url}/metrics", timeout=HANG_S).text
    with bystander.replica():
        eventually(lambda: bystander.effects() == [1], "the event arrives once the broker is there")

"""After a run in which every part was killed the comparison finds nothing; and it finds each fault that is put into the books."""

from collections.abc import Iterator
from typing import LiteralString
from uuid import uuid4

import pytest

from chaos import audit
from chaos.books import Books
from chaos.clients import Ledger
from chaos.run import Outcome, Run
from launcher.installation import installed

pytestmark = pytest.mark.kill
SEED = 20261128


@pytest.fixture(scope="module")
def ran() -> Iterator[tuple[Outcome, Books]]:
    with installed() as installation:
        up = installation.verb("up", "--detach", PACKWALK_DEMO="no")
        assert up.returncode == 0, up.stdout
        outcome, read = Run(installation, SEED, 0).whole()
        yield outcome, read
        read.close()


def test_whatever_was_killed_nothing_is_lost_doubled_or_halved(ran: tuple[Outcome, Books]) -> None:
    outcome, _ = ran
    assert outcome.findings == []
    assert len(outcome.kills) == 6
    assert outcome.lost > 0


BOOKING_FAULTS: dict[str, tuple[tuple[LiteralString, ...], str]] = {
    "a series of which a date is gone": (
        (
            "DELETE FROM bookings WHERE series_id IS NOT NULL AND id = (SELECT id FROM bookings WHERE series_id IS NOT NULL LIMIT 1)",
        ),
        "is not whole",
    ),
    "a walk that is booked twice": (
        (
            "ALTER TABLE calendar_blocks DROP CONSTRAINT calendar_blocks_never_overlap",
            """INSERT INTO calendar_blocks (organization_id, id, walker_id, kind, starts_at, ends_at)
               SELECT organization_id, gen_random_uuid(), walker_id, kind, starts_at, ends_at FROM calendar_blocks
               WHERE released_at IS NULL LIMIT 1""",
        ),
        "in two places",
    ),
    "an acknowledged single walk that is gone": (
        ("DELETE FROM bookings WHERE id = (SELECT id FROM bookings WHERE series_id IS NULL LIMIT 1)",),
        "was acknowledged and is not there",
    ),
    "a cancellation that was forgotten": (
        ("UPDATE bookings SET status = 'scheduled', cancelled_at = NULL, late = false WHERE status = 'cancelled'",),
        "its customer was told cancelled",
    ),
    "a key that made two series": (
        (
            """INSERT INTO recurring_booking_series SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid()))).*
               FROM recurring_booking_series s LIMIT 1""",
        ),
        "made 2 series",
    ),
    "an event that never left": (
        ("UPDATE outbox SET published_at = NULL WHERE position = (SELECT min(position) FROM outbox)",),
        "1 events wait",
    ),
    "a series that was told of twice": (
        (
            """INSERT INTO outbox (organization_id, id, topic, key, event, published_at)
               SELECT organization_id, id, topic, key, event, published_at FROM outbox
               WHERE event::json->>'type' = 'series.created' LIMIT 1""",
        ),
        "was told of 2 times",
    ),
}
GATEWAY_FAULTS: dict[str, tuple[tuple[LiteralString, ...], str]] = {
    "a notification that is missing": (
        (
            "DELETE FROM notifications WHERE (account_id, sequence) = (SELECT account_id, sequence FROM notifications LIMIT 1)",
        ),
        "was not told of action",
    ),
    "a notification that came twice": (
        (
            "ALTER TABLE notifications DROP CONSTRAINT notifications_once",
            """INSERT INTO notifications SELECT (jsonb_populate_record(n, jsonb_build_object('id', gen_random_uuid(),
                   'sequence', 100000))).*
               FROM notifications n LIMIT 1""",
        ),
        "was told 2 times of action",
    ),
}


@pytest.mark.parametrize("fault", BOOKING_FAULTS)
def test_a_fault_in_bookings_books_is_found(ran: tuple[Outcome, Books], fault: str) -> None:
    outcome, read = ran
    statements, words = BOOKING_FAULTS[fault]
    with read.booking.transaction(force_rollback=True):
        # The constraints would not let it happen: what they are for is not what is tried here.
        read.booking.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            read.booking.execute(statement)
        assert any(words in one for one in audit.findings(read, outcome.ledgers))
    assert audit.findings(read, outcome.ledgers) == []


@pytest.mark.parametrize("fault", GATEWAY_FAULTS)
def test_a_fault_in_the_gateways_books_is_found(ran: tuple[Outcome, Books], fault: str) -> None:
    outcome, read = ran
    statements, words = GATEWAY_FAULTS[fault]
    with read.gateway.transaction(force_rollback=True):
        for statement in statements:
            read.gateway.execute(statement)
        assert any(words in one for one in audit.findings(read, outcome.ledgers))
    assert audit.findings(read, outcome.ledgers) == []


def test_what_nobody_was_told_of_is_found(ran: tuple[Outcome, Books]) -> None:
    outcome, read = ran
    ledger = outcome.ledgers[0]
    booking = next(iter(ledger.statuses))
    made = next(iter(ledger.keys.values()))
    forgot = Ledger(ledger.customer_id, {**ledger.statuses}, ledger.series, {**ledger.keys, uuid4(): made})
    del forgot.statuses[booking]
    found = audit.findings(read, [forgot, *outcome.ledgers[1:]])
    assert f"Booking {booking} is there, and nobody was told of it" in found
    assert any("its answer was not kept" in one for one in found)

"""Compare the books, row by row, with themselves and with what customers were answered. A finding is a sentence; none is what we want."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from chaos.books import Books
from chaos.clients import Ledger


def findings(books: Books, ledgers: Sequence[Ledger]) -> list[str]:
    """Return all that is wrong."""
    return [
        *series_are_whole(books),
        *nobody_is_in_two_places(books),
        *blocks_stand_for_bookings(books),
        *what_was_answered_is_there(books, ledgers),
        *keys_made_one_thing(books, ledgers),
        *events_were_told_once(books),
        *notifications_are_one_an_action(books),
    ]


def settled(books: Books) -> bool:
    """Whether every event has left, and everybody has been told."""
    return not list(_waiting(books)) and not list(notifications_are_one_an_action(books))


def series_are_whole(books: Books) -> Iterator[str]:
    """Every date of a rule is booked once, or skipped."""
    for row in books.of_booking(
        """SELECT s.id, s.count AS wanted,
              (SELECT count(*) FROM bookings b WHERE b.organization_id = s.organization_id AND b.series_id = s.id) AS booked,
              (SELECT count(DISTINCT b.occurrence_date) FROM bookings b
               WHERE b.organization_id = s.organization_id AND b.series_id = s.id) AS dates,
              (SELECT count(*) FROM series_skips k
               WHERE k.organization_id = s.organization_id AND k.series_id = s.id AND k.booked_as IS NULL) AS skipped
           FROM recurring_booking_series s WHERE s.organization_id = %(org)s"""
    ):
        if row["booked"] != row["dates"] or row["booked"] + row["skipped"] != row["wanted"]:
            yield f"Series {row['id']} is not whole: {row['booked']} booked and {row['skipped']} skipped of {row['wanted']}"


def nobody_is_in_two_places(books: Books) -> Iterator[str]:
    """No walker has two blocks at a time, and no dog two walks."""
    for row in books.of_booking(
        """SELECT a.walker_id, a.starts_at FROM calendar_blocks a JOIN calendar_blocks b
              ON a.organization_id = b.organization_id AND a.walker_id = b.walker_id AND a.id < b.id
              AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
           WHERE a.organization_id = %(org)s AND a.released_at IS NULL AND b.released_at IS NULL"""
    ):
        yield f"Walker {row['walker_id']} is in two places at {row['starts_at']}"
    for row in books.of_booking(
        """SELECT a.dog_ids, b.scheduled_start FROM bookings a JOIN bookings b
              ON a.organization_id = b.organization_id AND a.customer_id = b.customer_id AND a.id < b.id AND a.dog_ids && b.dog_ids
              AND tstzrange(a.scheduled_start, a.scheduled_end) && tstzrange(b.scheduled_start, b.scheduled_end)
           WHERE a.organization_id = %(org)s AND a.status = 'scheduled' AND b.status = 'scheduled'"""
    ):
        yield f"Dogs {row['dog_ids']} have two walks at {row['scheduled_start']}"


def blocks_stand_for_bookings(books: Books) -> Iterator[str]:
    """A walk that is on takes its walker's time, and one that is cancelled does not."""
    for row in books.of_booking(
        """SELECT b.id AS booking, k.id AS block, b.status, k.released_at
           FROM bookings b FULL JOIN calendar_blocks k ON k.organization_id = b.organization_id AND k.id = b.block_id
           WHERE coalesce(b.organization_id, k.organization_id) = %(org)s
             AND (b.status = 'scheduled') IS DISTINCT FROM (k.released_at IS NULL AND k.id IS NOT NULL)"""
    ):
        yield f"Booking {row['booking']} ({row['status']}) and block {row['block']} (released {row['released_at']}) disagree"


def what_was_answered_is_there(books: Books, ledgers: Sequence[Ledger]) -> Iterator[str]:
    """The books have exactly the bookings that customers were told of, as they were told."""
    told = {booking: status for ledger in ledgers for booking, status in ledger.statuses.items()}
    there = {
        row["id"]: row["status"]
        for row in books.of_booking("SELECT id, status FROM bookings WHERE organization_id = %(org)s")
    }
    for booking in told.keys() - there.keys():
        yield f"Booking {booking} was acknowledged and is not there"
    for booking in there.keys() - told.keys():
        yield f"Booking {booking} is there, and nobody was told of it"
    for booking in told.keys() & there.keys():
        if told[booking] != there[booking]:
            yield f"Booking {booking} is {there[booking]}; its customer was told {told[booking]}"


def keys_made_one_thing(books: Books, ledgers: Sequence[Ledger]) -> Iterator[str]:
    """A key made what its customer was told, and nothing was made by a key that nobody used, or by none."""
    told = {key: made for ledger in ledgers for key, made in ledger.keys.items()}
    kept = {
        row["key"]: row
        for row in books.of_booking("SELECT key, status FROM idempotency_keys WHERE organization_id = %(org)s")
    }
    for key in told.keys() - kept.keys():
        yield f"Key {key} made {told[key]}, and its answer was not kept"
    series = {key: made for key, made in told.items() if made in {one for ledger in ledgers for one in ledger.series}}
    rows = books.of_booking("SELECT id, idempotency_key FROM recurring_booking_series WHERE organization_id = %(org)s")
    for key, count in Counter(row["idempotency_key"] for row in rows).items():
        if count > 1:
            yield f"Key {key} made {count} series"
    for row in rows:
        if series.get(row["idempotency_key"]) != row["id"]:
            yield f"Series {row['id']} is not what key {row['idempotency_key']} was answered"
    for made in set(series.values()) - {row["id"] for row in rows}:
        yield f"Series {made} was acknowledged and is not there"


def events_were_told_once(books: Books) -> Iterator[str]:
    """Every series and single booking was told of once, nothing waits to leave, and nothing was buried."""
    yield from _waiting(books)
    rows = books.of_booking(
        """SELECT s.id, (SELECT count(*) FROM outbox o WHERE o.organization_id = s.organization_id
                 AND o.event::json->>'type' LIKE '%%.created' AND o.key = s.id::text) AS told
           FROM (SELECT organization_id, id FROM recurring_booking_series UNION ALL
                 SELECT organization_id, id FROM bookings WHERE series_id IS NULL) s
           WHERE s.organization_id = %(org)s"""
    )
    for row in rows:
        if row["told"] != 1:
            yield f"{row['id']} was told of {row['told']} times"
    for row in books.of_gateway("SELECT number, error FROM dead_letters WHERE %(org)s IS NOT NULL"):
        yield f"Dead letter {row['number']}: {row['error']}"


def _waiting(books: Books) -> Iterator[str]:
    waiting = books.of_booking(
        "SELECT count(*) AS n FROM outbox WHERE organization_id = %(org)s AND published_at IS NULL"
    )
    if waiting[0]["n"]:
        yield f"{waiting[0]['n']} events wait in the outbox"


def notifications_are_one_an_action(books: Books) -> Iterator[str]:
    """Each walker was told once of each action that concerns them, and of nothing else."""
    events = books.of_booking("SELECT event::json AS event FROM outbox WHERE organization_id = %(org)s")
    wanted = {(walker, action) for row in events for walker, action in _actions(row["event"])}
    told = Counter(
        (row["account_id"], row["action"])
        for row in books.of_gateway("SELECT account_id, action FROM notifications WHERE organization_id = %(org)s")
    )
    for walker, action in wanted - told.keys():
        yield f"Walker {walker} was not told of action {action}"
    for walker, action in told.keys() - wanted:
        yield f"{walker} was told of action {action}, which there was not"
    for (walker, action), count in told.items():
        if count > 1:
            yield f"{walker} was told {count} times of action {action}"


def _actions(event: dict[str, Any]) -> Iterator[tuple[UUID, UUID]]:
    data = event["data"]
    visits = data.get("bookings") or [data["booking"]]
    action = data.get("action", {}).get("id", event["id"])
    for walker in {visit["walker_id"] for visit in visits}:
        yield UUID(walker), UUID(action)

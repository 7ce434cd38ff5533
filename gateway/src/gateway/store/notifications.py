"""Notifications in the database. Every statement names the account: nobody reads another's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.database import Tx

CHANNEL = "notifications"
_COLUMNS = "sequence, id, kind, title, body, about_type, about_id, created_at, read_at"

# The counter's lock orders an account's notifications by their commit. People without an account here are left out.
_INSERT = """
WITH person AS (
    SELECT organization_id, id FROM accounts WHERE organization_id = %(org)s::uuid AND id = %(account)s::uuid
), place AS (
    INSERT INTO notification_counters AS c (organization_id, account_id, last) SELECT organization_id, id, 1 FROM person
    ON CONFLICT (organization_id, account_id) DO UPDATE SET last = c.last + 1 RETURNING last
), made AS (
    INSERT INTO notifications (organization_id, account_id, sequence, id, action, kind, title, body, about_type, about_id, created_at)
    SELECT p.organization_id, p.id, place.last, %(id)s::uuid, %(action)s::uuid, %(kind)s, %(title)s, %(body)s, %(about_type)s,
           %(about_id)s::uuid, %(at)s::timestamptz
    FROM person p, place
    ON CONFLICT ON CONSTRAINT notifications_once DO NOTHING RETURNING account_id
)
SELECT pg_notify(%(channel)s, account_id::text) FROM made
"""


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """A notification of one account. sequence: grows, and is never given out of order."""

    sequence: int
    id: UUID
    kind: str
    title: str
    body: str
    about_type: str
    about_id: UUID
    created_at: datetime
    read_at: datetime | None


async def insert(tx: Tx, organization_id: UUID, account_id: UUID, action: UUID, notification: NotificationRow) -> None:
    """Write a notification, unless the account has one of the action already, and wake the streams that wait for it."""
    await tx.execute(
        _INSERT,
        {
            "org": organization_id,
            "account": account_id,
            "id": notification.id,
            "action": action,
            "kind": notification.kind,
            "title": notification.title,
            "body": notification.body,
            "about_type": notification.about_type,
            "about_id": notification.about_id,
            "at": notification.created_at,
            "channel": CHANNEL,
        },
    )


async def page(
    tx: Tx, organization_id: UUID, account_id: UUID, before: int | None, at_most: int
) -> list[NotificationRow]:
    """Return an account's notifications, the newest first. before: a sequence."""
    cursor = await tx.execute(
        f"SELECT {_COLUMNS} FROM notifications WHERE organization_id = %s::uuid AND account_id = %s::uuid"  # noqa: S608
        " AND (%s::bigint IS NULL OR sequence < %s::bigint) ORDER BY sequence DESC LIMIT %s::int",
        (organization_id, account_id, before, before, at_most),
    )
    return [NotificationRow(*row) for row in await cursor.fetchall()]


async def after(tx: Tx, organization_id: UUID, account_id: UUID, sequence: int, at_most: int) -> list[NotificationRow]:
    """Return an account's notifications after a sequence, the oldest first."""
    cursor = await tx.execute(
        f"SELECT {_COLUMNS} FROM notifications WHERE organization_id = %s::uuid AND account_id = %s::uuid"  # noqa: S608
        " AND sequence > %s::bigint ORDER BY sequence LIMIT %s::int",
        (organization_id, account_id, sequence, at_most),
    )
    return [NotificationRow(*row) for row in await cursor.fetchall()]


async def last_sequence(tx: Tx, organization_id: UUID, account_id: UUID) -> int:
    """Return the highest sequence that an account was given, 0 when it has no notifications yet."""
    cursor = await tx.execute(
        "SELECT last FROM notification_counters WHERE organization_id = %s::uuid AND account_id = %s::uuid",
        (organization_id, account_id),
    )
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def unread_count(tx: Tx, organization_id: UUID, account_id: UUID) -> int:
    """Count the notifications that an account has not read."""
    cursor = await tx.execute(
        "SELECT count(*) FROM notifications WHERE organization_id = %s::uuid AND account_id = %s::uuid AND read_at IS NULL",
        (organization_id, account_id),
    )
    row = await cursor.fetchone()
    assert row
    return int(row[0])


async def mark_read(tx: Tx, organization_id: UUID, account_id: UUID, notification_id: UUID) -> NotificationRow | None:
    """Mark a notification as read, the first time. Returns it as it is then; None when the account has no such."""
    cursor = await tx.execute(
        "UPDATE notifications SET read_at = coalesce(read_at, now())"  # noqa: S608
        " WHERE organization_id = %s::uuid AND account_id = %s::uuid AND id = %s::uuid"
        f" RETURNING {_COLUMNS}",
        (organization_id, account_id, notification_id),
    )
    row = await cursor.fetchone()
    return NotificationRow(*row) if row else None


async def mark_all_read(tx: Tx, organization_id: UUID, account_id: UUID) -> None:
    """Mark all as read."""
    await tx.execute(
        "UPDATE notifications SET read_at = now()"
        " WHERE organization_id = %s::uuid AND account_id = %s::uuid AND read_at IS NULL",
        (organization_id, account_id),
    )


async def sweep(tx: Tx, keep: timedelta, at_most: int) -> None:
    """Remove what is older than `keep`, of whatever organization."""
    await tx.execute("SELECT sweep_notifications(%s::interval, %s::int)", (keep, at_most))

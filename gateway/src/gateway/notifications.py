"""Notifications: one for each person and action; made, listed and marked as read."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from chassis import api_types
from chassis.database import Database, Tx
from chassis.events.listeners import Event
from chassis.ids import new_id
from chassis.problems import NotFound
from chassis.tokens import Caller
from gateway.rules.notification_texts import NotificationText
from gateway.store import notifications as rows
from gateway.store.notifications import NotificationRow


class Subject(NamedTuple):
    """The series or booking that a notification is about. type: `series` or `booking`."""

    type: str
    id: UUID


async def notify(
    tx: Tx, event: Event[Any], action: UUID, kind: str, subject: Subject, texts: Mapping[UUID, NotificationText]
) -> None:
    """Notify people of an action, each of them once.

    action: the same for all events of one action. texts: by account; people without an account here are left out.
    """
    # Always in the same order: two events for the same two people would wait for each other otherwise.
    for account_id, text in sorted(texts.items()):
        row = NotificationRow(0, new_id(), kind, text.title, text.body, subject.type, subject.id, event.time, None)
        await rows.insert(tx, event.organization_id, account_id, action, row)


async def page(
    db: Database, caller: Caller, limit: int, before: int | None
) -> tuple[Sequence[NotificationRow], str | None, int]:
    """Return a page of the caller's notifications, the newest first, the next page's cursor, and how many are unread."""
    async with db.begin(caller.organization_id) as tx:
        fetched = await rows.page(tx, caller.organization_id, caller.account_id, before, limit + 1)
        unread = await rows.unread_count(tx, caller.organization_id, caller.account_id)
    listed, next_cursor = api_types.page(fetched, limit, lambda row: (row.sequence,))
    return listed, next_cursor, unread


async def mark_read(db: Database, caller: Caller, notification_id: UUID) -> NotificationRow:
    """Mark a notification as read; again does nothing. Raises NotFound."""
    async with db.begin(caller.organization_id) as tx:
        row = await rows.mark_read(tx, caller.organization_id, caller.account_id, notification_id)
    if row is None:
        raise NotFound("There is no such notification of yours.")
    return row


async def mark_all_read(db: Database, caller: Caller) -> None:
    """Mark all of the caller's notifications as read."""
    async with db.begin(caller.organization_id) as tx:
        await rows.mark_all_read(tx, caller.organization_id, caller.account_id)

"""Notifications: what people are told. One a person and action, listed, read, and pushed to whoever has a page open."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from chassis.api_types import page
from chassis.database import Database, Tx
from chassis.events.listeners import Event
from chassis.ids import new_id
from chassis.problems import NotFound
from chassis.tokens import Caller
from gateway.saying import Said
from gateway.store import notifications as rows
from gateway.store.notifications import Notification


class About(NamedTuple):
    """What a notification is about: `series` or `booking`, and its id."""

    type: str
    id: UUID


async def make(tx: Tx, told: Event[Any], action: UUID, kind: str, about: About, said: Mapping[UUID, Said]) -> None:
    """Tell people of what somebody did; who was told of the action already is not told again.

    action: the same for everything that one action led to. said: account -> words; who has no account here is left out.
    """
    # Always in the same order: two events for the same two people would wait for each other otherwise.
    for account_id, words in sorted(said.items()):
        one = Notification(0, new_id(), kind, words.title, words.body, about.type, about.id, told.time, None)
        await rows.insert(tx, told.organization_id, account_id, action, one)


async def listed(
    db: Database, who: Caller, limit: int, before: int | None
) -> tuple[Sequence[Notification], str | None, int]:
    """Return a page of somebody's notifications, the newest first, the next one's cursor, and how many are unread."""
    async with db.begin(who.organization_id) as tx:
        found = await rows.page(tx, who.organization_id, who.account_id, before, limit + 1)
        unread = await rows.unread(tx, who.organization_id, who.account_id)
    shown, following = page(found, limit, lambda one: (one.sequence,))
    return shown, following, unread


async def read(db: Database, who: Caller, notification_id: UUID) -> Notification:
    """Mark one as read; again does nothing. Raises NotFound."""
    async with db.begin(who.organization_id) as tx:
        found = await rows.read(tx, who.organization_id, who.account_id, notification_id)
    if found is None:
        raise NotFound("There is no such notification of yours.")
    return found


async def read_all(db: Database, who: Caller) -> None:
    """Mark all as read."""
    async with db.begin(who.organization_id) as tx:
        await rows.read_all(tx, who.organization_id, who.account_id)

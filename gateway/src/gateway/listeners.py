"""What the gateway does at other services' events: it notifies the people concerned, never the one who acted."""

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.database import Tx
from chassis.events.listeners import Event, Listeners
from gateway import notifications
from gateway.event_payloads import (
    Actor,
    BookingCancelled,
    BookingCreated,
    BookingRescheduled,
    BookingRestored,
    SeriesChanged,
    SeriesCreated,
    by_walker,
    summary,
)
from gateway.notifications import Subject
from gateway.rules import notification_texts
from gateway.rules.notification_texts import NotificationText, WalksSummary
from gateway.store import accounts, organizations

BOOKING = "packwalk.booking.v1"
listeners = Listeners()


@listeners.on(BOOKING, "series.created", SeriesCreated)
async def notify_of_a_series(event: Event[SeriesCreated], tx: Tx) -> None:
    """Notify every walker of the series (a date may have been booked with another walker), and the customer if the office booked."""
    series, bookings, by = event.data.series, event.data.bookings, event.data.by
    texts = await _booked(tx, series.customer_id, series.service_name, by_walker(bookings))
    texts |= await _booked_for_customer(tx, by, series.customer_id, series.service_name, summary(bookings))
    await notifications.notify(tx, event, event.id, "walks_booked", Subject("series", series.id), texts)


@listeners.on(BOOKING, "booking.created", BookingCreated)
async def notify_of_a_booking(event: Event[BookingCreated], tx: Tx) -> None:
    """Notify the walker of a single booking, and the customer if the office booked."""
    one = event.data.booking
    walk = WalksSummary(1, one.scheduled_start, one.scheduled_start)
    texts = await _booked(tx, one.customer_id, one.service_name, {one.walker_id: walk})
    texts |= await _booked_for_customer(tx, event.data.by, one.customer_id, one.service_name, walk)
    await notifications.notify(tx, event, event.id, "walks_booked", Subject("booking", one.id), texts)


@listeners.on(BOOKING, "series.changed", SeriesChanged)
async def notify_of_a_changed_series(event: Event[SeriesChanged], tx: Tx) -> None:
    """Notify walkers and customer of a change; of changes that this version does not know it notifies nobody."""
    if event.data.change == "cancelled":
        await _notify_of_a_cancelled_series(event, tx)
    elif event.data.change == "restored":
        await _notify_of_a_restored_series(event, tx)
    elif event.data.change == "booked":
        await _notify_of_more_bookings(event, tx)


async def _notify_of_more_bookings(event: Event[SeriesChanged], tx: Tx) -> None:
    data = event.data
    texts = await _booked(tx, data.customer_id, data.service_name, by_walker(data.bookings))
    await notifications.notify(tx, event, event.id, "walks_booked", Subject("series", data.series_id), texts)


async def _booked(
    tx: Tx, customer_id: UUID, service: str, of_walkers: Mapping[UUID, WalksSummary]
) -> dict[UUID, NotificationText]:
    zone, customer = await _zone(tx), await _name(tx, customer_id)
    return {walker: notification_texts.booked(customer, service, walks, zone) for walker, walks in of_walkers.items()}


async def _booked_for_customer(
    tx: Tx, by: Actor | None, customer_id: UUID, service: str, walks: WalksSummary
) -> dict[UUID, NotificationText]:
    if by is None or by.account_id == customer_id:
        return {}
    actor, zone = await _name(tx, by.account_id), await _zone(tx)
    return {customer_id: notification_texts.booked_for_customer(actor, by.role, service, walks, zone)}


async def _notify_of_a_cancelled_series(event: Event[SeriesChanged], tx: Tx) -> None:
    data = event.data
    of_customer = {data.customer_id: summary(data.bookings)}
    texts = await _cancelled(tx, data, of_customer, by_walker(data.bookings), data.service_name)
    await notifications.notify(tx, event, event.id, "walks_cancelled", Subject("series", data.series_id), texts)


@listeners.on(BOOKING, "booking.restored", BookingRestored)
async def notify_of_a_restored_booking(event: Event[BookingRestored], tx: Tx) -> None:
    """Notify walker and customer that a walk is on again."""
    one = event.data.booking
    walk = WalksSummary(1, one.scheduled_start, one.scheduled_start)
    texts = await _restored(tx, event.data.by, one.customer_id, walk, {one.walker_id: walk}, one.service_name)
    await notifications.notify(tx, event, event.id, "walks_restored", Subject("booking", one.id), texts)


async def _notify_of_a_restored_series(event: Event[SeriesChanged], tx: Tx) -> None:
    data = event.data
    walks, of_walkers = summary(data.bookings), by_walker(data.bookings)
    texts = await _restored(tx, data.by, data.customer_id, walks, of_walkers, data.service_name)
    await notifications.notify(tx, event, event.id, "walks_restored", Subject("series", data.series_id), texts)


async def _restored(
    tx: Tx, by: Actor, customer_id: UUID, walks: WalksSummary, of_walkers: Mapping[UUID, WalksSummary], service: str
) -> dict[UUID, NotificationText]:
    zone, customer = await _zone(tx), await _name(tx, customer_id)
    texts = {
        walker: notification_texts.restored_with_walker(customer, service, some, zone)
        for walker, some in of_walkers.items()
    }
    texts[customer_id] = notification_texts.restored_of_customer(service, walks, zone)
    texts.pop(by.account_id, None)
    return texts


@listeners.on(BOOKING, "booking.rescheduled", BookingRescheduled)
async def notify_of_a_rescheduled_booking(event: Event[BookingRescheduled], tx: Tx) -> None:
    """Notify customer and walker that a walk was moved; where the walker is another one now, the former one as well."""
    one, former, by = event.data.booking, event.data.former, event.data.by
    zone, actor, service = await _zone(tx), await _name(tx, by.account_id), one.service_name
    times = (former.scheduled_start, one.scheduled_start)
    if one.walker_id == former.walker_id:
        texts = {one.walker_id: notification_texts.moved_with_walker(actor, by.role, service, *times, zone)}
    else:
        walk = WalksSummary(1, one.scheduled_start, one.scheduled_start)
        texts = await _booked(tx, one.customer_id, service, {one.walker_id: walk})
        left = notification_texts.moved_to_another_walker(actor, by.role, service, former.scheduled_start, zone)
        texts[former.walker_id] = left
    texts[one.customer_id] = notification_texts.moved_of_customer(actor, by.role, service, *times, zone)
    texts.pop(by.account_id, None)
    await notifications.notify(tx, event, event.id, "walks_moved", Subject("booking", one.id), texts)


@listeners.on(BOOKING, "booking.cancelled", BookingCancelled)
async def notify_of_a_cancelled_booking(event: Event[BookingCancelled], tx: Tx) -> None:
    """Notify walker and customer once of an action, whichever of its bookings comes first."""
    one, action = event.data.booking, event.data.action
    of_customer, of_walkers = {one.customer_id: action.customer.summary()}, {one.walker_id: action.walker.summary()}
    texts = await _cancelled(tx, event.data, of_customer, of_walkers, one.service_name)
    await notifications.notify(tx, event, action.id, "walks_cancelled", Subject("booking", one.id), texts)


async def _cancelled(
    tx: Tx,
    data: SeriesChanged | BookingCancelled,
    of_customer: Mapping[UUID, WalksSummary],
    of_walkers: Mapping[UUID, WalksSummary],
    service: str,
) -> dict[UUID, NotificationText]:
    zone, by = await _zone(tx), data.by
    actor = await _name(tx, by.account_id)
    texts = {
        walker: notification_texts.cancelled_with_walker(actor, by.role, service, walks, zone)
        for walker, walks in of_walkers.items()
    }
    texts |= {
        customer: notification_texts.cancelled_of_customer(actor, by.role, service, walks, zone)
        for customer, walks in of_customer.items()
    }
    texts.pop(by.account_id, None)
    return texts


async def _zone(tx: Tx) -> ZoneInfo:
    return ZoneInfo((await organizations.current(tx)).time_zone)


async def _name(tx: Tx, account_id: UUID) -> str:
    account = await accounts.get(tx, account_id)
    return account.name if account else "Somebody"

"""What the gateway does when others speak: it tells the people concerned, never the one who did it."""

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.database import Tx
from chassis.events.listeners import Event, Listeners
from gateway import notifications, saying
from gateway.heard import (
    BookingCancelled,
    BookingCreated,
    BookingRestored,
    By,
    SeriesChanged,
    SeriesCreated,
    by_walker,
    extent,
)
from gateway.notifications import About
from gateway.saying import Extent, Said
from gateway.store import accounts, organizations

BOOKING = "packwalk.booking.v1"
listeners = Listeners()


@listeners.on(BOOKING, "series.created", SeriesCreated)
async def tell_walkers_of_a_series(told: Event[SeriesCreated], tx: Tx) -> None:
    """Tell every walker of the series; a date may have been booked with another one."""
    series = told.data.series
    said = await _booked(tx, series.customer_id, series.service_name, by_walker(told.data.bookings))
    await notifications.make(tx, told, told.id, "walks_booked", About("series", series.id), said)


@listeners.on(BOOKING, "booking.created", BookingCreated)
async def tell_the_walker_of_a_booking(told: Event[BookingCreated], tx: Tx) -> None:
    """Tell the walker of a single booking."""
    one = told.data.booking
    walk = Extent(1, one.scheduled_start, one.scheduled_start)
    said = await _booked(tx, one.customer_id, one.service_name, {one.walker_id: walk})
    await notifications.make(tx, told, told.id, "walks_booked", About("booking", one.id), said)


@listeners.on(BOOKING, "series.changed", SeriesChanged)
async def tell_of_a_changed_series(told: Event[SeriesChanged], tx: Tx) -> None:
    """Tell walkers and customer what became of walks of a series; of changes that are not known here nobody is told."""
    if told.data.change == "cancelled":
        await _tell_of_a_cancelled_series(told, tx)
    elif told.data.change == "restored":
        await _tell_of_a_restored_series(told, tx)
    elif told.data.change == "booked":
        await _tell_walkers_of_more(told, tx)


async def _tell_walkers_of_more(told: Event[SeriesChanged], tx: Tx) -> None:
    data = told.data
    said = await _booked(tx, data.customer_id, data.service_name, by_walker(data.bookings))
    await notifications.make(tx, told, told.id, "walks_booked", About("series", data.series_id), said)


async def _booked(tx: Tx, customer_id: UUID, service: str, of_walkers: Mapping[UUID, Extent]) -> dict[UUID, Said]:
    zone, customer = await _zone(tx), await _name(tx, customer_id)
    return {walker: saying.booked(customer, service, walks, zone) for walker, walks in of_walkers.items()}


async def _tell_of_a_cancelled_series(told: Event[SeriesChanged], tx: Tx) -> None:
    data = told.data
    of_customer = {data.customer_id: extent(data.bookings)}
    said = await _cancelled(tx, data, of_customer, by_walker(data.bookings), data.service_name)
    await notifications.make(tx, told, told.id, "walks_cancelled", About("series", data.series_id), said)


@listeners.on(BOOKING, "booking.restored", BookingRestored)
async def tell_of_a_restored_booking(told: Event[BookingRestored], tx: Tx) -> None:
    """Tell walker and customer that a walk is on again."""
    one = told.data.booking
    walk = Extent(1, one.scheduled_start, one.scheduled_start)
    said = await _restored(tx, told.data.by, one.customer_id, walk, {one.walker_id: walk}, one.service_name)
    await notifications.make(tx, told, told.id, "walks_restored", About("booking", one.id), said)


async def _tell_of_a_restored_series(told: Event[SeriesChanged], tx: Tx) -> None:
    data = told.data
    walks, of_walkers = extent(data.bookings), by_walker(data.bookings)
    said = await _restored(tx, data.by, data.customer_id, walks, of_walkers, data.service_name)
    await notifications.make(tx, told, told.id, "walks_restored", About("series", data.series_id), said)


async def _restored(
    tx: Tx, by: By, customer_id: UUID, walks: Extent, of_walkers: Mapping[UUID, Extent], service: str
) -> dict[UUID, Said]:
    zone, customer = await _zone(tx), await _name(tx, customer_id)
    said = {walker: saying.on_again_with_walker(customer, service, some, zone) for walker, some in of_walkers.items()}
    said[customer_id] = saying.on_again_of_customer(service, walks, zone)
    said.pop(by.account_id, None)
    return said


@listeners.on(BOOKING, "booking.cancelled", BookingCancelled)
async def tell_of_a_cancelled_booking(told: Event[BookingCancelled], tx: Tx) -> None:
    """Tell walker and customer once of an action, whichever of its bookings is heard of first."""
    one, action = told.data.booking, told.data.action
    of_customer, of_walkers = {one.customer_id: action.customer.extent()}, {one.walker_id: action.walker.extent()}
    said = await _cancelled(tx, told.data, of_customer, of_walkers, one.service_name)
    await notifications.make(tx, told, action.id, "walks_cancelled", About("booking", one.id), said)


async def _cancelled(
    tx: Tx,
    data: SeriesChanged | BookingCancelled,
    of_customer: Mapping[UUID, Extent],
    of_walkers: Mapping[UUID, Extent],
    service: str,
) -> dict[UUID, Said]:
    zone, by = await _zone(tx), data.by
    who = await _name(tx, by.account_id)
    said = {
        walker: saying.cancelled_with_walker(who, by.role, service, walks, zone) for walker, walks in of_walkers.items()
    }
    said |= {
        customer: saying.cancelled_of_customer(who, by.role, service, walks, zone)
        for customer, walks in of_customer.items()
    }
    said.pop(by.account_id, None)
    return said


async def _zone(tx: Tx) -> ZoneInfo:
    return ZoneInfo((await organizations.mine(tx)).time_zone)


async def _name(tx: Tx, account_id: UUID) -> str:
    account = await accounts.current(tx, account_id)
    return account.name if account else "Somebody"

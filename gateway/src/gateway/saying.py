"""What people are told of what somebody did: a title and one more sentence, in the business's wall-clock time."""

from datetime import datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

Role = Literal["customer", "walker", "admin"]


class Said(NamedTuple):
    """What a person reads."""

    title: str
    body: str


class Extent(NamedTuple):
    """How many walks, the starts of the first and the last of them, and how many were cancelled at short notice."""

    walks: int
    first: datetime
    last: datetime
    late: int = 0


def booked(customer: str, service: str, extent: Extent, zone: ZoneInfo) -> Said:
    """Tell a walker of walks that a customer booked."""
    return Said(f"{customer} booked {_walks(extent.walks)} with you", _when(service, extent, zone))


def cancelled_with_walker(who: str, role: Role, service: str, extent: Extent, zone: ZoneInfo) -> Said:
    """Tell a walker of walks that somebody else cancelled, and of a customer whether at short notice: only customers owe notice."""
    notice = _notice(extent) if role == "customer" else ""
    what = f"cancelled {_walks(extent.walks)} with you{notice}"
    return Said(f"{_somebody(who, role)} {what}", _when(service, extent, zone))


def cancelled_of_customer(who: str, role: Role, service: str, extent: Extent, zone: ZoneInfo) -> Said:
    """Tell a customer of walks of theirs that somebody else cancelled."""
    what = "a walk of yours" if extent.walks == 1 else f"{extent.walks} of your walks"
    return Said(f"{_somebody(who, role)} cancelled {what}", _when(service, extent, zone))


def on_again_with_walker(customer: str, service: str, extent: Extent, zone: ZoneInfo) -> Said:
    """Tell a walker that walks whose cancellation was undone take place after all."""
    what = "walk with you is" if extent.walks == 1 else f"{extent.walks} walks with you are"
    return Said(f"{customer}'s {what} on again", _when(service, extent, zone))


def on_again_of_customer(service: str, extent: Extent, zone: ZoneInfo) -> Said:
    """Tell a customer that walks of theirs whose cancellation was undone take place after all."""
    what = "Your walk is" if extent.walks == 1 else f"{extent.walks} of your walks are"
    return Said(f"{what} on again", _when(service, extent, zone))


def _somebody(name: str, role: Role) -> str:
    return "The office" if role == "admin" else name


def _walks(count: int) -> str:
    return "a walk" if count == 1 else f"{count} walks"


def _notice(extent: Extent) -> str:
    if not extent.late:
        return ""
    return " at short notice" if extent.late == extent.walks else f", {extent.late} of them at short notice"


def _when(service: str, extent: Extent, zone: ZoneInfo) -> str:
    first, last = extent.first.astimezone(zone), extent.last.astimezone(zone)
    if extent.walks == 1:
        return f"{service} on {_day(first)} at {first:%H:%M}."
    if first.time() == last.time():
        return f"{service} at {first:%H:%M}, from {_day(first)} to {_day(last)}."
    return f"{service}, from {_day(first)} at {first:%H:%M} to {_day(last)} at {last:%H:%M}."


def _day(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b %Y}"

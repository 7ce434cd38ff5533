"""The texts of notifications: a title and one more sentence, in the business's wall-clock time."""

from datetime import datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

Role = Literal["customer", "walker", "admin"]


class NotificationText(NamedTuple):
    """Title and body, as a person reads them."""

    title: str
    body: str


class WalksSummary(NamedTuple):
    """How many walks, the starts of the first and the last of them, and how many were cancelled at short notice."""

    walks: int
    first: datetime
    last: datetime
    late: int = 0


def booked(customer: str, service: str, summary: WalksSummary, zone: ZoneInfo) -> NotificationText:
    """Tell a walker of walks that a customer booked."""
    return NotificationText(f"{customer} booked {_walks(summary.walks)} with you", _when(service, summary, zone))


def booked_for_customer(
    actor: str, role: Role, service: str, summary: WalksSummary, zone: ZoneInfo
) -> NotificationText:
    """Tell a customer of walks that another person booked for them."""
    what = f"{_actor(actor, role)} booked {_walks(summary.walks)} for you"
    return NotificationText(what, _when(service, summary, zone))


def cancelled_with_walker(
    actor: str, role: Role, service: str, summary: WalksSummary, zone: ZoneInfo
) -> NotificationText:
    """Tell a walker of walks that another person cancelled; of a customer also whether at short notice: only customers owe notice."""
    notice = _notice(summary) if role == "customer" else ""
    what = f"cancelled {_walks(summary.walks)} with you{notice}"
    return NotificationText(f"{_actor(actor, role)} {what}", _when(service, summary, zone))


def cancelled_of_customer(
    actor: str, role: Role, service: str, summary: WalksSummary, zone: ZoneInfo
) -> NotificationText:
    """Tell a customer of own walks that another person cancelled."""
    what = "a walk of yours" if summary.walks == 1 else f"{summary.walks} of your walks"
    return NotificationText(f"{_actor(actor, role)} cancelled {what}", _when(service, summary, zone))


def moved_with_walker(
    actor: str, role: Role, service: str, former: datetime, start: datetime, zone: ZoneInfo
) -> NotificationText:
    """Tell a walker of a walk that another person moved to another time."""
    return NotificationText(f"{_actor(actor, role)} moved a walk with you", _move(service, former, start, zone))


def moved_of_customer(
    actor: str, role: Role, service: str, former: datetime, start: datetime, zone: ZoneInfo
) -> NotificationText:
    """Tell a customer of an own walk that another person moved."""
    return NotificationText(f"{_actor(actor, role)} moved a walk of yours", _move(service, former, start, zone))


def moved_to_another_walker(actor: str, role: Role, service: str, former: datetime, zone: ZoneInfo) -> NotificationText:
    """Tell a walker of a walk that another walker has now."""
    what = f"{_actor(actor, role)} moved a walk with you to another walker"
    return NotificationText(what, _when(service, WalksSummary(1, former, former), zone))


def restored_with_walker(customer: str, service: str, summary: WalksSummary, zone: ZoneInfo) -> NotificationText:
    """Tell a walker that walks whose cancellation was undone take place after all."""
    what = "walk with you is" if summary.walks == 1 else f"{summary.walks} walks with you are"
    return NotificationText(f"{customer}'s {what} on again", _when(service, summary, zone))


def restored_of_customer(service: str, summary: WalksSummary, zone: ZoneInfo) -> NotificationText:
    """Tell a customer that own walks whose cancellation was undone take place after all."""
    what = "Your walk is" if summary.walks == 1 else f"{summary.walks} of your walks are"
    return NotificationText(f"{what} on again", _when(service, summary, zone))


def _actor(name: str, role: Role) -> str:
    return "The office" if role == "admin" else name


def _walks(count: int) -> str:
    return "a walk" if count == 1 else f"{count} walks"


def _notice(summary: WalksSummary) -> str:
    if not summary.late:
        return ""
    return " at short notice" if summary.late == summary.walks else f", {summary.late} of them at short notice"


def _move(service: str, former: datetime, start: datetime, zone: ZoneInfo) -> str:
    before, after = former.astimezone(zone), start.astimezone(zone)
    return f"{service}: {_day(after)} at {after:%H:%M}, instead of {_day(before)} at {before:%H:%M}."


def _when(service: str, summary: WalksSummary, zone: ZoneInfo) -> str:
    first, last = summary.first.astimezone(zone), summary.last.astimezone(zone)
    if summary.walks == 1:
        return f"{service} on {_day(first)} at {first:%H:%M}."
    if first.time() == last.time():
        return f"{service} at {first:%H:%M}, from {_day(first)} to {_day(last)}."
    return f"{service}, from {_day(first)} at {first:%H:%M} to {_day(last)} at {last:%H:%M}."


def _day(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b %Y}"

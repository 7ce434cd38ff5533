"""Metrics and log lines of booking (ids only, no personal data)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from prometheus_client import Counter, Gauge, Histogram

from booking.booking_request import BookingRequest, Operation
from booking.plan import Plan
from booking.rules.model import Assessed, Reason
from chassis import logs, metrics

log = logs.get("booking")

created = Counter("bookings_created_total", "Bookings that were made, or asked for and refused.", ["type", "status"])
conflicts = Counter("booking_conflicts_total", "Conflicts that requests met.", ["reason"])
duration = Histogram(
    "booking_creation_duration_seconds", "Time to answer a request that books.", buckets=metrics.SECONDS
)
active_series = Gauge("active_recurring_series_count", "Series that still have bookings ahead, of all organizations.")

for _operation in Operation:
    if _operation.creates:
        for _status in ("success", "failure"):
            created.labels(_operation.value, _status)
for _reason in Reason:
    if _reason is Reason.LEFT_OUT:  # a choice, no conflict
        continue
    conflicts.labels(_reason.value)

_DONE = {Operation.RESCHEDULE: "booking rescheduled", Operation.RESTORE: "bookings restored"}


def succeeded(plan: Plan, series_id: UUID | None, bookings: int) -> None:
    """Report bookings that were made or changed, and the dates that they had to leave out."""
    request = plan.request
    if request.operation.creates:
        created.labels(request.operation.value, "success").inc(bookings)
    found = _report_conflicts(plan.skipped)
    event = _DONE.get(request.operation, "bookings created")
    log.info(event, **_outcome(request, series_id, bookings, found))


def refused(plan: Plan, problem: str) -> None:
    """Report a request that met conflicts; nothing was written."""
    request = plan.request
    if request.operation.creates:
        created.labels(request.operation.value, "failure").inc(len(plan.wanted))
    found = _report_conflicts(plan.occurrences)
    log.warning("bookings refused", problem=problem, **_outcome(request, None, 0, found))


def failed(request: BookingRequest, error: BaseException) -> None:
    """Report a request that failed for a reason that is not the customer's; nothing was written."""
    if request.operation.creates:
        created.labels(request.operation.value, "failure").inc(request.size)
    log.error("booking failed", error=type(error).__name__, **_outcome(request, None, 0, 0))


def _outcome(request: BookingRequest, series_id: UUID | None, bookings: int, found: int) -> dict[str, Any]:
    return {
        "type": request.operation.value,
        "actor_id": request.actor.account_id,
        "customer_id": request.customer_id,
        "series_id": series_id,
        "booking_count": bookings,
        "conflicts_count": found,
    }


def _report_conflicts(assessed: Sequence[Assessed]) -> int:
    # "Why can't this customer book the 14th?": the line of that date.
    found = 0
    for one in assessed:
        for conflict in one.conflicts:
            found += 1
            conflicts.labels(conflict.reason.value).inc()
            log.warning(
                "booking conflict",
                date=one.occurrence.date,
                reason=conflict.reason.value,
                cause=conflict.cause.value,
                severity=conflict.severity.value,
                walker_id=conflict.walker_id,
                block_id=conflict.block_id,
            )
    return found

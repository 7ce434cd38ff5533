"""What operators see of bookings being made: one place for their metrics and log lines (ids only, no personal data)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from prometheus_client import Counter, Gauge, Histogram

from booking.rules.model import Assessed, Reason
from booking.wishes import SeriesWish
from chassis import logs, metrics
from chassis.tokens import Caller

log = logs.get("booking")

created = Counter("bookings_created_total", "Bookings that were made, or asked for and refused.", ["type", "status"])
conflicts = Counter("booking_conflicts_total", "Conflicts that submissions met.", ["reason"])
duration = Histogram("booking_creation_duration_seconds", "Time to answer a submission.", buckets=metrics.SECONDS)
active_series = Gauge("active_recurring_series_count", "Series that still have bookings ahead, of all organizations.")

SINGLE, RECURRING = "single", "recurring"
for _kind in (SINGLE, RECURRING):
    for _status in ("success", "failure"):
        created.labels(_kind, _status)
for _reason in Reason:
    if _reason is Reason.LEFT_OUT:  # a choice, no conflict
        continue
    conflicts.labels(_reason.value)


def made(kind: str, who: Caller, series_id: UUID | None, bookings: int, skipped: Sequence[Assessed]) -> None:
    """Tell of bookings that were made, and of what they had to leave out."""
    created.labels(kind, "success").inc(bookings)
    found = _conflicts(skipped)
    log.info("bookings created", **_outcome(kind, who, series_id, bookings, found))


def refused(kind: str, who: Caller, wanted: int, assessed: Sequence[Assessed], problem: str) -> None:
    """Tell of a submission that met conflicts; nothing was made."""
    created.labels(kind, "failure").inc(wanted)
    found = _conflicts(assessed)
    log.warning("bookings refused", problem=problem, **_outcome(kind, who, None, 0, found))


def failed(kind: str, who: Caller, wish: SeriesWish, error: BaseException) -> None:
    """Tell of a submission that failed for a reason that is not the customer's; nothing was made."""
    created.labels(kind, "failure").inc(wish.size)
    log.error("booking failed", error=type(error).__name__, **_outcome(kind, who, None, 0, 0))


def restored(who: Caller, series_id: UUID | None, bookings: int) -> None:
    """Tell of cancellations that were undone."""
    if bookings:
        log.info("bookings restored", account_id=who.account_id, series_id=series_id, booking_count=bookings)


def _outcome(kind: str, who: Caller, series_id: UUID | None, bookings: int, found: int) -> dict[str, Any]:
    ids = {"customer_id": who.account_id, "series_id": series_id}
    return {"type": kind, **ids, "booking_count": bookings, "conflicts_count": found}


def _conflicts(assessed: Sequence[Assessed]) -> int:
    found = 0
    for one in assessed:
        for conflict in one.conflicts:
            found += 1
            conflicts.labels(conflict.reason.value).inc()
            log.warning(
                "booking conflict",
                date=one.occurrence.date,
                reason=conflict.reason.value,
                severity=conflict.severity.value,
                walker_id=conflict.walker_id,
            )
    return found

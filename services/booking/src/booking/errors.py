"""Every refusal that booking can give."""

from typing import Any

from pydantic import Field

from chassis.problems import InvalidRequest, NotAllowed, Problem, ProblemBody


class ConflictsBody(ProblemBody):
    """Problem details with every date's outcome."""

    occurrences: list[dict[str, Any]] = Field(
        default=[], description="Every occurrence with its outcome, as in a preview."
    )


class BookingConflicts(Problem):
    """Some wanted dates cannot be booked; nothing was written."""

    type = "booking-conflicts"
    title = "Some dates are not available"
    status = 409
    model = ConflictsBody


class DuplicateBooking(Problem):
    """The customer has this service at this start already; nothing was written."""

    type = "duplicate-booking"
    title = "You have this booking already"
    status = 409
    model = ConflictsBody


class BookingsBody(ProblemBody):
    """Problem details with the bookings that stand in the way."""

    bookings: list[dict[str, Any]] = Field(default=[])


class BookingsInTheWay(Problem):
    """Time off would lie over existing bookings; nothing was written."""

    type = "bookings-in-the-way"
    title = "There are bookings at that time"
    status = 409
    model = BookingsBody


class NoOccurrences(InvalidRequest):
    """The rule has no dates, or none is wanted."""

    type = "no-occurrences"
    title = "There is no date to book"


class TooManyOccurrences(InvalidRequest):
    """The rule has more dates than a series may have."""

    type = "too-many-occurrences"
    title = "That is too many dates for one series"


class ServiceKindMismatch(InvalidRequest):
    """The service is booked in another way."""

    type = "service-kind-mismatch"
    title = "This service is booked in another way"


class AccountClosed(NotAllowed):
    """The office has closed the customer's account."""

    type = "account-closed"
    title = "This account is closed"


class NotRestorable(Problem):
    """The cancellation cannot be undone, whatever the calendars say."""

    type = "not-restorable"
    title = "This cancellation can no longer be undone"
    status = 409


class NotReschedulable(Problem):
    """The walk cannot be moved, whatever the calendars say."""

    type = "not-reschedulable"
    title = "This walk can no longer be moved"
    status = 409


class NotCancellable(Problem):
    """It began already, or is over."""

    type = "not-cancellable"
    title = "This can no longer be cancelled"
    status = 409

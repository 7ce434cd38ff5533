"""All or nothing: a submission is booked when every date that it wants is free, and refused with the whole picture otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

from booking import metrics
from booking.api.schemas.occurrences import occurrences, wall_clock
from booking.errors import BookingConflicts, DuplicateBooking, NoOccurrences
from booking.planning import Plan
from booking.rules.model import Assessed, Outcome, Severity
from booking.wishes import SeriesWish
from chassis.problems import Problem
from chassis.tokens import Caller


@dataclass(frozen=True, slots=True)
class Decided:
    """The occurrences that will be booked, and the rule's others."""

    plan: Plan
    made: Sequence[Assessed]
    skipped: Sequence[Assessed]


def decide(kind: str, who: Caller, wish: SeriesWish, plan: Plan) -> Decided:
    """Take the wanted occurrences of a plan. Raises BookingConflicts or DuplicateBooking if any of them is in conflict."""
    accepted = wish.accepted
    made = [a for a in plan.occurrences if accepted is None or a.occurrence.date in accepted]
    if not made:
        raise NoOccurrences.field("accepted_dates", "Please choose at least one day.")
    hard = [a for a in made if a.outcome is Outcome.CONFLICT]
    if hard:
        refusal = _refusal(plan, made, hard)
        metrics.refused(kind, who, len(made), plan.occurrences, refusal.type)
        raise refusal
    skipped = [a for a in plan.occurrences if accepted is not None and a.occurrence.date not in accepted]
    return Decided(plan, made, skipped)


def _refusal(plan: Plan, wanted: Sequence[Assessed], hard: Sequence[Assessed]) -> Problem:
    shown = occurrences(plan.occurrences, plan.around)
    if all(conflict.duplicate for a in hard for conflict in a.conflicts if conflict.severity is Severity.HARD):
        first = hard[0].occurrence
        when = f"{first.date:%a} {first.date.day} {first.date:%b %Y} at {wall_clock(first.time)}"
        more = f" and {len(hard) - 1} more" if len(hard) > 1 else ""
        return DuplicateBooking(f"You have “{plan.service.name}” on {when}{more} already.", occurrences=shown)
    return BookingConflicts(
        f"{len(hard)} of {len(wanted)} {'date is' if len(wanted) == 1 else 'dates are'} not available. Nothing was booked.",
        occurrences=shown,
    )

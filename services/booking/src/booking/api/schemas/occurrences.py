"""Occurrences of a rule, each with its outcome."""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import (
    Literal,
    NotRequired,  # pydantic reads these, and before Python 3.12 no others
)
from uuid import UUID

from typing_extensions import TypedDict

from booking.rules.model import Assessed, Conflict, OwnBooking, Reason, Surroundings


class ConflictingBooking(TypedDict):
    """A booking of the customer's own that stands in the way."""

    id: UUID
    dog_names: list[str]
    walker_name: str
    scheduled_start: datetime
    scheduled_end: datetime


class OccurrenceConflict(TypedDict):
    """Why a date cannot be booked, why it may be tight, or (`left_out`) why it was not booked although it was free.

    `cause` is finer than `reason`. `own_booking` (with `own_booking`): which it is. `estimated` (with `travel_time`): the leg's time is a
    guess.
    """

    reason: Literal["overlap", "block", "travel_time", "left_out"]
    cause: Literal[
        "another_walk",
        "time_off",
        "not_a_working_day",
        "outside_hours",
        "inactive",
        "own_booking",
        "same_series",
        "travel_time",
        "clock_change",
        "left_out",
    ]
    severity: Literal["hard", "warning"]
    message: str
    walker_id: UUID
    walker_name: str
    own_booking: ConflictingBooking | None
    estimated: NotRequired[bool]


class OccurrenceAlternative(TypedDict):
    """What would work instead."""

    scheduled_start: datetime
    walker_id: UUID
    walker_name: str


class Occurrence(TypedDict):
    """A date of the rule, with its outcome."""

    date: date
    time: str
    scheduled_start: datetime
    scheduled_end: datetime
    walker_id: UUID
    outcome: Literal["available", "warning", "conflict"]
    conflicts: list[OccurrenceConflict]
    alternatives: list[OccurrenceAlternative]


def occurrence(assessed: Assessed, around: Surroundings) -> Occurrence:
    """Show an occurrence. around: where its walkers' names are."""
    wanted = assessed.occurrence
    return {
        "date": wanted.date,
        "time": wall_clock(wanted.time),
        "scheduled_start": wanted.starts_at,
        "scheduled_end": wanted.ends_at,
        "walker_id": wanted.walker_id,
        "outcome": assessed.outcome.value,
        "conflicts": [_conflict(conflict, around) for conflict in assessed.conflicts],
        "alternatives": [
            {"scheduled_start": other.starts_at, "walker_id": other.walker_id, "walker_name": other.walker_name}
            for other in assessed.alternatives
        ],
    }


def _conflict(conflict: Conflict, around: Surroundings) -> OccurrenceConflict:
    shown: OccurrenceConflict = {
        "reason": conflict.reason.value,
        "cause": conflict.cause.value,
        "severity": conflict.severity.value,
        "message": conflict.message,
        "walker_id": conflict.walker_id,
        "walker_name": around.calendars[conflict.walker_id].name,
        "own_booking": _own_booking(conflict.own) if conflict.own else None,
    }
    if conflict.reason is Reason.TRAVEL_TIME:
        shown["estimated"] = conflict.estimated
    return shown


def _own_booking(own: OwnBooking) -> ConflictingBooking | None:
    if own.details is None:
        return None
    return {
        "id": own.details.id,
        "dog_names": list(own.details.dog_names),
        "walker_name": own.details.walker_name,
        "scheduled_start": own.starts_at,
        "scheduled_end": own.ends_at,
    }


def occurrences(assessed: Sequence[Assessed], around: Surroundings) -> list[Occurrence]:
    """Show occurrences in their order. around: where their walkers' names are."""
    return [occurrence(one, around) for one in assessed]


@lru_cache(maxsize=1440)  # the same few starts, for every date of every rule
def wall_clock(at: time) -> str:
    """Show a local time as HH:MM."""
    return f"{at.hour:02}:{at.minute:02}"

"""The nouns of booking. Instants are aware and in UTC, spans half-open [start, end)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

LONGEST_BLOCK = timedelta(hours=24)
SHIFT = timedelta(hours=2)  # an alternative start lies no further from the wanted one
REACH = timedelta(hours=2)  # nobody drives longer than this between two walks of one business


class Weekday(StrEnum):
    """A day of the week as iCalendar writes it; the order is that of `date.weekday()`."""

    MO = "MO"
    TU = "TU"
    WE = "WE"
    TH = "TH"
    FR = "FR"
    SA = "SA"
    SU = "SU"

    @classmethod
    def of(cls, day: date) -> "Weekday":
        """Return a date's day of the week."""
        return _IN_ORDER[day.weekday()]


_IN_ORDER = tuple(Weekday)


class Reason(StrEnum):
    """Why an occurrence cannot be booked, or was not."""

    OVERLAP = "overlap"
    BLOCK = "block"
    TRAVEL_TIME = "travel_time"
    LEFT_OUT = "left_out"


class Cause(StrEnum):
    """What exactly stands in the way: a reason has several."""

    ANOTHER_WALK = "another_walk"
    TIME_OFF = "time_off"
    NOT_A_WORKING_DAY = "not_a_working_day"
    OUTSIDE_HOURS = "outside_hours"
    INACTIVE = "inactive"
    OWN_BOOKING = "own_booking"
    SAME_SERIES = "same_series"
    TRAVEL_TIME = "travel_time"
    CLOCK_CHANGE = "clock_change"
    LEFT_OUT = "left_out"


class Severity(StrEnum):
    """`hard` forbids the date, `warning` is booked all the same."""

    HARD = "hard"
    WARNING = "warning"


class Outcome(StrEnum):
    """What becomes of an occurrence."""

    AVAILABLE = "available"
    WARNING = "warning"
    CONFLICT = "conflict"


class TravelMode(StrEnum):
    """How a walker gets from one visit to the next."""

    DRIVING = "driving"
    WALKING = "walking"
    BICYCLING = "bicycling"
    TRANSIT = "transit"


class Place(NamedTuple):
    """WGS 84 degrees."""

    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Rule:
    """Every `interval_weeks` weeks on `weekdays` at `start_time` of the organization's wall clock.

    Weeks begin on Monday and are counted from the week of `starts_on`. Exactly one of `count` and `until`
    (inclusive) is set.
    """

    starts_on: date
    start_time: time
    weekdays: tuple[Weekday, ...]
    interval_weeks: int = 1
    count: int | None = None
    until: date | None = None


class Start(NamedTuple):
    """When an occurrence begins, before it is known how long it lasts.

    `date` and `time` are what the rule says on the organization's wall clock, `at` the instant. `shifted`: the clocks skip that
    local time on that date, and `at` is the first instant after the gap.
    """

    date: date
    time: time
    at: datetime
    shifted: bool


class Slot(NamedTuple):
    """The time of one occurrence, and the walker who is wanted for it."""

    date: date
    time: time
    starts_at: datetime
    ends_at: datetime
    walker_id: UUID
    shifted: bool = False


class Block(NamedTuple):
    """A taken stretch of a walker's calendar: the walker comes to `from_place` and leaves from `to_place`, for a visit the same.

    Both are None where nobody has to be anywhere (time off).
    """

    id: UUID
    kind: str
    starts_at: datetime
    ends_at: datetime
    from_place: Place | None
    to_place: Place | None


class BookingDetails(NamedTuple):
    """What a customer is told of a booking of their own that stands in the way."""

    id: UUID
    walker_name: str
    dog_names: tuple[str, ...]


class OwnBooking(NamedTuple):
    """A booking that the customer has already, as far as it matters: which dogs are out, and what would be a duplicate.

    details: known where it lies over a wanted date.
    """

    block_id: UUID
    service_id: UUID
    starts_at: datetime
    ends_at: datetime
    dog_ids: tuple[UUID, ...]
    details: BookingDetails | None = None


class Hours(NamedTuple):
    """A stretch of a weekday in which a walker works: minutes after local midnight, 0 <= opens < closes <= 1440."""

    weekday: Weekday
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class WalkerCalendar:
    """What stands in a walker's way around the wanted dates.

    blocks: in time order, no two overlapping; only those near some wanted date. version: moves with every change of the calendar.
    known_on: the dates around which blocks were read, None for all that are wanted; nothing may be concluded about others.
    """

    id: UUID
    name: str
    travel_mode: TravelMode
    version: int
    active: bool
    hours: tuple[Hours, ...] = ()
    blocks: tuple[Block, ...] = ()
    known_on: frozenset[date] | None = None


class Trip(NamedTuple):
    """A leg that a walker would have to travel between two visits."""

    origin: Place
    destination: Place
    depart_at: datetime
    mode: TravelMode


class TravelTime(NamedTuple):
    """How long a trip takes. `estimated`: no provider knows the roads, it is a guess; `buffer_s` comes on top."""

    duration_s: int
    buffer_s: int
    estimated: bool


TravelTimes = Callable[[Trip], TravelTime]


@dataclass(frozen=True, slots=True)
class Visit:
    """What is wanted at every occurrence: from where the walker sets out with the dogs, and to where they return."""

    service_id: UUID
    duration_minutes: int
    dog_ids: frozenset[UUID]
    from_place: Place
    to_place: Place


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything that can stand in the way of the wanted dates, as one read found it.

    zone: the organization's. calendars: by walker, the wanted ones and, for alternatives, others. own: the customer's bookings
    near the wanted dates, in time order.
    """

    zone: ZoneInfo
    calendars: Mapping[UUID, WalkerCalendar]
    own: Sequence[OwnBooking] = ()


class Conflict(NamedTuple):
    """Why an occurrence cannot be booked, or why it may be tight, in words for the customer.

    block_id: the block that is in the way, for logs and staff: a customer learns nothing of another customer's.
    """

    reason: Reason
    cause: Cause
    severity: Severity
    message: str
    walker_id: UUID
    duplicate: bool = False  # the customer has this very service at this very start already
    estimated: bool = False  # the time of the leg is our own estimate
    own: OwnBooking | None = None  # the customer's booking that it is about
    block_id: UUID | None = None


class Alternative(NamedTuple):
    """What would work instead of an occurrence."""

    starts_at: datetime
    walker_id: UUID
    walker_name: str


class Gap(NamedTuple):
    """The time between two visits of a walker, and the leg between them. `to_here`: towards the wanted visit.

    block_id: the visit at the other end.
    """

    seconds: float
    trip: Trip
    to_here: bool
    block_id: UUID | None = None


class Assessed(NamedTuple):
    """An occurrence with everything that speaks against it, what would work instead, and the legs beside it that were judged.

    outcome: `conflict` if anything is hard, `warning` if anything is said at all.
    """

    occurrence: Slot
    outcome: Outcome
    conflicts: Sequence[Conflict] = ()
    alternatives: Sequence[Alternative] = ()
    gaps: Sequence[Gap] = ()

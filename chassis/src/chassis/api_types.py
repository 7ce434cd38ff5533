"""What JSON may look like on its way in: strict, closed, and with errors that name the field."""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time
from typing import Annotated, Any, TypeVar
from uuid import UUID

import orjson
from fastapi import Query
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StrictBool,
    StrictInt,
    TypeAdapter,
    model_validator,
)

from chassis import text
from chassis.problems import InvalidRequest

_MOST_FIELDS = 100


class RequestBody(BaseModel):
    """A request body: fields that are not declared are refused, types are not converted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _bounded(cls, value: Any) -> Any:
        # To describe each of thousands takes longer than anything else that somebody who is not signed in can ask for.
        if isinstance(value, dict) and len(value) > _MOST_FIELDS:
            raise ValueError("This is far more than we ask for. Please leave out the rest.")
        return value


def _cleaned(clean: Callable[[str], str], longest: int) -> AfterValidator:
    # Composed it may have a quarter of the characters. What is longer is refused for its length, and is not worth the time to clean it.
    return AfterValidator(lambda value: value if len(value) > 4 * longest else clean(value))


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("Please enter a number.")  # noqa: TRY004
    return value


def shaped(pattern: str, words: str) -> Any:
    """Take only text that a pattern matches as a whole; `words` say to a person what is wrong with any other."""
    compiled = re.compile(pattern)

    def check(value: Any) -> Any:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise ValueError(words)
        return value

    return BeforeValidator(check)


def _minute(value: Any) -> Any:
    return time(int(value[:2]), int(value[3:])) if isinstance(value, str) else value


def _utc(value: datetime) -> datetime:
    try:
        utc = value.astimezone(UTC)
    except OverflowError:
        utc = datetime.min.replace(tzinfo=UTC)
    # With a year before and after it, nothing that is counted from it, and no time zone, leaves the calendar.
    if not MINYEAR < utc.year < MAXYEAR:
        raise ValueError("Please enter a day and a time that exist.")
    return utc


Id = Annotated[UUID, shaped(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "Please choose one of the options.")]
LocalDate = Annotated[date, shaped(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "Please enter a day like 2026-12-07.")]
LocalTime = Annotated[
    time,
    BeforeValidator(
        _minute, json_schema_input_type=Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["09:00"])]
    ),
    shaped(r"([01][0-9]|2[0-3]):[0-5][0-9]", "Please enter a time like 09:00."),
]
Instant = Annotated[
    datetime,
    AfterValidator(_utc),
    shaped(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})",
        "Please enter a day and a time with its offset, like 2026-12-07T09:00:00Z.",
    ),
]
Integer = StrictInt
Boolean = StrictBool
Number = Annotated[float, BeforeValidator(_number), Field(allow_inf_nan=False)]
Line = Annotated[str, Strict(), _cleaned(text.line, 200), Field(min_length=1, max_length=200)]
Note = Annotated[str, Strict(), _cleaned(text.note, 2000), Field(max_length=2000)]

PageSize = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
# A name of 200 characters may have 800 bytes, three times as many from before names were cleaned, and a third more in base64.
CursorText = Annotated[str | None, Query(max_length=4000, description="`next_cursor` of the page before.")]

T = TypeVar("T")


def _without_nul(value: str) -> str:
    if "\x00" in value:
        raise ValueError("the database has no such text")
    return value


# What a cursor's parts may be is what fields may be: what the database cannot take is refused in the same way.
_PARTS: Mapping[type[Any], TypeAdapter[Any]] = {
    str: TypeAdapter(Annotated[str, Strict(), AfterValidator(_without_nul)]),
    int: TypeAdapter(Annotated[Integer, Field(ge=-(2**63), lt=2**63)]),
    UUID: TypeAdapter(Id),
    datetime: TypeAdapter(Instant),
}


def cursor_of(*key: Any) -> str:
    """Write the key of a page's last row as an opaque cursor."""
    return base64.urlsafe_b64encode(orjson.dumps(key)).decode().rstrip("=")


def key_of(cursor: str | None, *types: type[Any]) -> tuple[Any, ...] | None:
    """Read a cursor back. types: of the key's parts, `str`, `int`, `UUID` or `datetime`.

    Raises InvalidRequest that names `cursor` when it is not one of ours.
    """
    if cursor is None:
        return None
    try:
        raw = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        if not isinstance(raw, list) or len(raw) != len(types):
            raise ValueError("another list's cursor")
        return tuple(_PARTS[kind].validate_python(value) for value, kind in zip(raw, types, strict=True))
    except ValueError as error:
        raise InvalidRequest.field(
            "cursor", "This page of the list is gone. Please begin again with the first one."
        ) from error


def page(rows: Sequence[T], limit: int, key: Any) -> tuple[Sequence[T], str | None]:
    """Cut `limit` + 1 fetched rows to a page. key: function of a row that gives its cursor's key."""
    if len(rows) <= limit:
        return rows, None
    shown = rows[:limit]
    return shown, cursor_of(*key(shown[-1]))

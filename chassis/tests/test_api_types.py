"""What JSON may look like on its way in."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from chassis.api_types import (
    Boolean,
    CursorText,
    Id,
    Instant,
    Integer,
    Line,
    LocalDate,
    LocalTime,
    Number,
    RequestBody,
    cursor_of,
    key_of,
)
from chassis.ids import new_id
from chassis.problems import InvalidRequest


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Integer, 40.0),
        (Integer, "40"),
        (Integer, True),
        (Boolean, 1),
        (Boolean, "true"),
        (Number, "1.5"),
        (Number, True),
        (Number, float("nan")),
        (Id, "0"),
        (Id, 0),
        (Id, "{01a20beb-b015-7229-a87f-1744fda0dbfc}"),
        (LocalDate, 0),
        (LocalDate, "2026-02-30"),
        (LocalDate, "2026-12-07T00:00:00Z"),
        (LocalTime, "24:00"),
        (LocalTime, "9:00"),
        (LocalTime, "09:00:30"),
        (Instant, 0),
        (Instant, "2026-12-07T09:00:00"),
        (Instant, "2026-12-07"),
        (Instant, "0001-01-01T00:00:00+23:00"),
        (Instant, "0001-12-31T23:59:59Z"),
        (Instant, "9999-01-01T00:00:00Z"),
        (Instant, "9998-12-31T23:59:59.999999-00:01"),
        (Instant, "9999-12-31T23:59:59-23:59"),
        (Line, ""),
        (Line, "   "),
        (Line, 5),
        (Line, "a\x00b"),
        (Line, "x" * 201),
    ],
    ids=map(str, range(30)),  # an annotated type has no name, and its repr differs between processes
)
def test_odd_values_are_refused(kind: Any, value: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)


def test_an_instant_is_kept_in_utc() -> None:
    instant = TypeAdapter(Instant).validate_python("2026-12-07T10:00:00+01:00")
    assert instant.isoformat() == "2026-12-07T09:00:00+00:00"


def test_a_cursor_comes_back_as_it_went() -> None:
    assert key_of(cursor_of("Ann", 5), str, int) == ("Ann", 5)


def test_a_cursor_of_the_longest_name_is_taken() -> None:
    name = TypeAdapter(Line).validate_python("\U0001f415" * 200)
    cursor = cursor_of(name, new_id())
    assert TypeAdapter(CursorText).validate_python(cursor) == cursor


@pytest.mark.parametrize("key", [("Ann", 5), (datetime(9998, 12, 31, 23, tzinfo=UTC), 2**63 - 1)])
def test_a_cursor_at_the_edge_of_its_types_comes_back(key: tuple[Any, int]) -> None:
    assert key_of(cursor_of(*key), type(key[0]), int) == key


@pytest.mark.parametrize(
    "cursor", ["rubbish", "ÿ", "e30", "", "*", cursor_of("Ann"), cursor_of(5, "Ann"), cursor_of("Ann", True)]
)
def test_a_malformed_cursor_is_named(cursor: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        key_of(cursor, str, int)
    assert refused.value.extra["fields"][0]["path"] == "cursor"


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        (str, "a\x00b"),
        (str, None),
        (str, []),
        (int, 2**63),
        (int, -(2**63) - 1),
        (int, 1.0),
        (UUID, 5),
        (UUID, {}),
        (UUID, "of-nothing"),
        (datetime, 5),
        (datetime, "2026-12-07T09:00:00"),
        (datetime, "0001-01-01T00:00:00+14:00"),
        (datetime, "9999-12-31T23:59:59.999999-14:00"),
    ],
)
def test_a_cursor_holds_nothing_that_a_database_cannot_take(kind: type[Any], part: Any) -> None:
    with pytest.raises(InvalidRequest):
        key_of(base64.urlsafe_b64encode(json.dumps([part]).encode()).decode().rstrip("="), kind)


def test_of_a_body_with_thousands_of_fields_one_thing_is_said() -> None:
    with pytest.raises(ValidationError) as refused:
        RequestBody.model_validate({str(number): number for number in range(10_000)})
    assert refused.value.error_count() == 1

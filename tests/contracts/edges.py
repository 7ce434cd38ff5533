"""Values at the edges of the types of an OpenAPI document, valid and invalid alike, and cursors made by hand."""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

NOBODY = "00000000-0000-0000-0000-000000000000"
TEXTS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "a\udfffb",
    "\uffff",
    "\U0010ffff",
    "\u202etxt.exe",
    "%s %(x)s {0} $1",
    "'; SELECT 1; --",
    "../../etc/passwd",
)
LONG = "x" * 100_000
IDS = (NOBODY, "ffffffff-ffff-ffff-ffff-ffffffffffff", "01900000-0000-7000-8000-00000000000A", "x" * 36)
DAYS = (
    "0001-01-01",
    "0001-01-02",
    "0001-01-03",
    "1970-01-01",
    "2040-02-29",
    "9999-12-29",
    "9999-12-30",
    "9999-12-31",
    "0000-01-01",
    "-0001-01-01",
    "10000-01-01",
)
INSTANTS = (
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "0001-12-31T23:59:59.999999-23:59",
    "0002-01-01T00:00:00Z",
    "0002-01-01T00:00:00+23:59",
    "1969-12-31T23:59:59Z",
    "2016-12-31T23:59:60Z",
    "2040-01-02T24:00:00Z",
    "9998-12-31T23:59:59.999999Z",
    "9998-12-31T23:59:59.999999-23:59",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59.999999-14:00",
)
TIMES = ("00:00", "23:59", "24:00", "24:01", "-1:00", "0:00", "00:00:00")
WHOLE = (0, -1, 2**31 - 1, 2**31, -(2**31) - 1, 2**63 - 1, 2**63, -(2**63) - 1, 2**64, 10**400)
NUMBERS = (0.0, -0.0, 5e-324, -5e-324, 1.7976931348623157e308, float("inf"), float("nan"), 10**400)
_BY_FORMAT = {"uuid": IDS, "date": DAYS, "date-time": INSTANTS}


def of(schema: Mapping[str, Any]) -> Iterator[Any]:
    """Yield what is at the edges of a resolved schema's own type."""
    if "enum" in schema:
        yield from schema["enum"]
    kind = schema.get("type", "string")
    if kind == "string":
        yield from TEXTS
        yield LONG
        yield from _BY_FORMAT.get(schema.get("format", ""), TIMES if "pattern" in schema else ())
        yield from _of_length(schema)
    elif kind == "boolean":
        yield from (True, False)
    elif kind in ("integer", "number"):
        yield from WHOLE
        yield from NUMBERS if kind == "number" else ()
        yield from (schema[limit] for limit in ("minimum", "maximum") if limit in schema)


def _of_length(schema: Mapping[str, Any]) -> Iterator[str]:
    # One byte a character, four, and those of which normalization makes three.
    for one in ("x", "\U0001f415", "\U0001d160"):
        yield from (one * schema[limit] for limit in ("minLength", "maxLength") if limit in schema)


def cursor(key: Any) -> str:
    """Write a cursor as the API does, of whatever key."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def cursors() -> Iterator[str]:
    """Yield cursors that no list has given."""
    yield from ("", "=", "====", "*", "x", "ÿ", "\x00", "rubbish", "x" * 4000, "x" * 4001)
    yield from (base64.urlsafe_b64encode(raw).decode() for raw in (b"\xff\xfe", b"{", b"[" * 2000, b'["\\ud800", 1]'))
    singles: tuple[Any, ...] = (None, 5, {}, [], "text")
    yield from map(cursor, singles)
    parts: tuple[Any, ...] = (
        None,
        True,
        5,
        1.5,
        -1,
        2**63,
        -(2**63) - 1,
        10**30,
        [],
        {},
        NOBODY,
        *TEXTS,
        *INSTANTS,
        "2026-01-01T00:00:00",
    )
    for part in parts:
        # One part, and two: what a list by name, by start, by id and by number reads.
        yield cursor([part])
        yield from (cursor([part, NOBODY]), cursor(["a", part]), cursor(["2026-01-01T00:00:00Z", part]))
    yield cursor(["a", NOBODY, 5])

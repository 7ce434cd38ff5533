"""A change of an event's schema that would break a reader is refused; one that only adds is not."""

from copy import deepcopy
from typing import Any

import pytest

from launcher.event_contracts import breaks

SCHEMA: dict[str, Any] = {
    "title": "walk.booked",
    "type": "object",
    "required": ["id", "dogs"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "by": {"type": "string", "enum": ["customer", "admin"]},
        "dogs": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        },
    },
}


def changed(*path: str, to: Any) -> dict[str, Any]:
    """Return the schema with one thing changed."""
    made = deepcopy(SCHEMA)
    place = made
    for step in path[:-1]:
        place = place[step]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return made


@pytest.mark.parametrize(
    "new",
    [
        SCHEMA,
        changed("title", to="another"),
        changed("properties", "note", to={"type": "string"}),
        changed("properties", "dogs", "items", "properties", "breed", to={"type": "string"}),
        changed("properties", "id", "description", to="whose"),
    ],
)
def test_more_to_say_breaks_nobody(new: dict[str, Any]) -> None:
    assert breaks(SCHEMA, new) == []


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (changed("properties", "by", to=None), "it.by is gone"),
        (changed("required", to=["id"]), "it.dogs is no longer required, and older readers need it"),
        (changed("required", to=["id", "dogs", "by"]), "it.by is required now, and older events do not have it"),
        (changed("properties", "id", "type", to="integer"), "it.id: type was 'string' and is 'integer'"),
        (changed("properties", "id", "format", to=None), "it.id: format was 'uuid' and is None"),
        (changed("properties", "by", "enum", to=["customer", "admin", "walker"]), "it.by: enum was"),
        (changed("properties", "dogs", "items", "required", to=[]), "it.dogs.items.name is no longer required"),
        (changed("properties", "dogs", "minItems", to=None), "it.dogs: minItems was 1 and is None"),
    ],
)
def test_what_would_break_a_reader_is_refused_and_named(new: dict[str, Any], says: str) -> None:
    [found] = breaks(SCHEMA, new)
    assert found.startswith(says)

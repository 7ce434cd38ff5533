"""Values for what an OpenAPI document asks for: good ones, those at the edges of their types, and wrong ones.

Wrong is what is of another type, missing, too long, too short, out of range, unknown, misspelt.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from tests.contracts import edges

Schema = Mapping[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
_ID = "01900000-0000-7000-8000-000000000000"
_GOOD = {"uuid": _ID, "date": "2040-01-02", "date-time": "2040-01-02T09:00:00Z"}
_WRONG = {
    "uuid": ("of-nothing",),
    "date": ("soon", "2040-02-30"),
    "date-time": ("soon", "2040-02-30T09:00:00Z"),
}
NESTED: list[Any] = []
for _ in range(400):
    NESTED = [NESTED]
_OTHER_TYPES = {
    "string": (5,),
    "integer": ("many", 1.5),
    "number": ("many",),
    "boolean": ("maybe",),
    "array": ("many",),
    "object": ("many",),
}


class Document:
    """An OpenAPI document.

    known: good values by the names of members, given wherever these may be; callables are asked for one each time. either: members of which
    only one may be given, name -> the one that it takes the place of.
    """

    def __init__(
        self, document: Schema, known: Mapping[str, Any] | None = None, either: Mapping[str, str] | None = None
    ) -> None:
        self._document = document
        self._known = known or {}
        self._either = either or {}

    def operations(self) -> Iterator[tuple[str, str, Schema]]:
        """Yield method, path and description of every operation."""
        for path, known in self._document["paths"].items():
            for method in METHODS:
                if method in known:
                    yield method, path, known[method]

    def body(self, operation: Schema) -> Schema | None:
        """Return the schema of an operation's body."""
        content = operation.get("requestBody", {}).get("content", {})
        return self.resolved(content["application/json"]["schema"]) if content else None

    def resolved(self, schema: Schema) -> Schema:
        """Follow references, and look through what may also be null."""
        while True:
            if "$ref" in schema:
                found: Any = self._document
                for name in schema["$ref"].removeprefix("#/").split("/"):
                    found = found[name]
                schema = found
            elif "anyOf" in schema:
                schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
            else:
                return schema

    def good(self, schema: Schema) -> Any:
        """Make something that fits."""
        schema = self.resolved(schema)
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        kind = schema["type"]
        if kind == "object":
            given = {*schema.get("required", ()), *self._known}
            return {name: self._good(name, member) for name, member in schema["properties"].items() if name in given}
        if kind == "array":
            return [self.good(schema["items"])]
        if kind == "string":
            return (schema.get("examples") or [_GOOD.get(schema.get("format", ""), "x" * schema.get("minLength", 1))])[
                0
            ]
        return True if kind == "boolean" else schema.get("minimum", 1)

    def _good(self, name: str, member: Schema) -> Any:
        if name not in self._known:
            return self.good(member)
        known = self._known[name]
        return known() if callable(known) else known

    def edges(self, schema: Schema) -> Iterator[Any]:
        """Make things at the edges of a type, on both sides, each with one edge in it; members of what is good otherwise."""
        schema = self.resolved(schema)
        kind = schema.get("type", "string")
        yield from (None, NESTED)
        yield from edges.of(schema)
        if kind == "array":
            yield []
            yield [self.good(schema["items"])] * min(schema.get("maxItems", 2000), 2000)
            yield from ([edge] for edge in self.edges(schema["items"]))
        if kind == "object":
            yield {}
            for name, member in schema["properties"].items():
                for edge in self.edges(member):
                    others = {
                        other: value for other, value in self.good(schema).items() if other != self._either.get(name)
                    }
                    yield {**others, name: edge}

    def wrong(self, schema: Schema) -> Iterator[Any]:
        """Make things that do not fit, each wrong in one place."""
        nullable = any(one.get("type") == "null" for one in schema.get("anyOf", ()))
        schema = self.resolved(schema)
        kind = schema.get("type", "string")
        yield from _OTHER_TYPES[kind]
        if not nullable:
            yield None
        yield from _beyond_limits(kind, schema, self)
        if kind == "array":
            for worse in self.wrong(schema["items"]):
                yield [worse]
        if kind == "object":
            yield from self._wrong_members(schema)

    def _wrong_members(self, schema: Schema) -> Iterator[Any]:
        good = self.good(schema)
        yield {**good, "colour": "blue"}
        for name, member in schema["properties"].items():
            if name in good:
                yield {other: value for other, value in good.items() if other != name}
            for worse in self.wrong(member):
                yield {**deepcopy(good), name: worse}


def _beyond_limits(kind: str, schema: Schema, document: Document) -> Iterator[Any]:
    if "enum" in schema:
        yield "purple"
    if "pattern" in schema:
        yield "9 o'clock"
    if kind == "string":
        yield from _WRONG.get(schema.get("format", ""), ())
        yield from _beyond_length(schema, "minLength", "maxLength", "x")
    if "minimum" in schema:
        yield schema["minimum"] - 1
    if "maximum" in schema:
        yield schema["maximum"] + 1
    if kind == "array":
        yield from _beyond_length(schema, "minItems", "maxItems", [document.good(schema["items"])])


def _beyond_length(schema: Schema, least: str, most: str, one: Any) -> Iterator[Any]:
    if schema.get(least, 0) > 0:
        yield one * (schema[least] - 1)
    if most in schema:
        yield one * (schema[most] + 1)

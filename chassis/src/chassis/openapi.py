"""An application's OpenAPI document, made once, as clients that are generated from the document need it."""

import functools
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from chassis.problems import MEDIA_TYPE


def operation_id(route: APIRoute) -> str:
    """Name an operation after its function: `create_series` is `createSeries`."""
    first, *others = route.name.split("_")
    return first + "".join(word.capitalize() for word in others)


def install(app: FastAPI) -> None:
    """Mend what FastAPI says of an application. Clients that are not signed in may read the document, so that it is made once."""
    described = app.openapi
    app.openapi = functools.cache(lambda: _mended(described()))  # type: ignore[method-assign]


def _mended(document: dict[str, Any]) -> dict[str, Any]:
    for path in document["paths"].values():
        for method, operation in path.items():
            _refuse_with_problems(operation)
            if method == "patch":
                for schema in _objects(document, operation["requestBody"]["content"]["application/json"]["schema"]):
                    _forget_defaults(schema)
    return document


def _refuse_with_problems(operation: dict[str, Any]) -> None:
    # FastAPI documents every response with the media type of the route's successes.
    for status, response in operation.get("responses", {}).items():
        content = response.get("content", {})
        if status >= "400" and content:
            _, described = content.popitem()
            content[MEDIA_TYPE] = described


def _objects(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "properties" in schema:
        yield schema
        for member in schema["properties"].values():
            for one in (member, *member.get("anyOf", ()), member.get("items", {})):
                yield from _objects(document, one)


def _forget_defaults(schema: dict[str, Any]) -> None:
    # A client that fills in defaults would send them as changes.
    for member in schema["properties"].values():
        member.pop("default", None)

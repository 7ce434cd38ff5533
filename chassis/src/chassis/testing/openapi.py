"""An OpenAPI document, and what of a response it does not describe."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import orjson
import yaml

from chassis.problems import MEDIA_TYPE

_URI = "urn:packwalk:openapi"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# For operators: no part of the API.
_OPERATORS = re.compile(r"/(healthz|readyz|metrics|openapi\.json|\.well-known/.*|internal/.*|api/v1/openapi\.json)")


class Exchange(NamedTuple):
    """A request and its response. body: None where the client did not read it."""

    method: str
    path: str
    status: int
    media_type: str
    body: bytes | None


class OpenApiDocument:
    """Finds the faults of responses. Objects may have the fields that the document declares, and no others."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = _closed(document)
        self._registry = jsonschema_rs.Registry([(_URI, self._document)])
        self._validators: dict[str, jsonschema_rs.Validator] = {}
        # `/series/preview` fits `/series/{series_id}` as well, and is itself.
        templates = sorted(document["paths"], key=lambda template: (template.count("{"), template))
        self._paths = [(_pattern(template), template) for template in templates]

    def faults(self, exchange: Exchange) -> Iterator[str]:
        """Yield a sentence for everything that the document does not describe."""
        template = next((template for pattern, template in self._paths if pattern.fullmatch(exchange.path)), "")
        asked = "get" if exchange.method == "HEAD" else exchange.method.lower()
        operation = self._document["paths"].get(template, {}).get(asked)
        if operation is None:
            yield from self._faults_of_no_operation(exchange)
            return
        name = f"{exchange.method} {template}"
        response = operation["responses"].get(str(exchange.status))
        if response is None:
            yield f"{name}: the status {exchange.status} is not documented"
        elif exchange.media_type not in (content := response.get("content", {})):
            if content or exchange.body:
                yield f"{name}: {exchange.status} with '{exchange.media_type}' is not documented"
        elif _is_json(exchange.media_type) and exchange.body:
            where = ("paths", template, asked, "responses", str(exchange.status), "content", exchange.media_type)
            yield from self._faults_of_body(f"{name}: {exchange.status}", exchange.body, (*where, "schema"))

    def _faults_of_no_operation(self, exchange: Exchange) -> Iterator[str]:
        if not _is_json(exchange.media_type) or _OPERATORS.fullmatch(exchange.path):
            return
        name = f"{exchange.method} {exchange.path}: {exchange.status}"
        if exchange.status < 400 or exchange.media_type != MEDIA_TYPE:
            yield f"{name} with '{exchange.media_type}' from an operation that is not documented"
        elif exchange.body:
            yield from self._faults_of_body(name, exchange.body, ("components", "schemas", "ProblemBody"))

    def _faults_of_body(self, name: str, body: bytes, where: tuple[str, ...]) -> Iterator[str]:
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError:
            yield f"{name}: the body is not JSON"
            return
        for error in self._validator(where).iter_errors(value):
            path = ".".join(map(str, error.instance_path)) or "the body"
            yield f"{name}: {path}: {error.message[:300]}"

    def _validator(self, where: tuple[str, ...]) -> jsonschema_rs.Validator:
        pointer = "/".join(part.replace("~", "~0").replace("/", "~1") for part in where)
        if pointer not in self._validators:
            self._validators[pointer] = jsonschema_rs.Draft202012Validator(
                {"$ref": f"{_URI}#/{pointer.replace('{', '%7B').replace('}', '%7D')}"},
                registry=self._registry,
                validate_formats=True,
            )
        return self._validators[pointer]


@cache
def document_in(file: Path) -> OpenApiDocument:
    """Read a document from a file."""
    return OpenApiDocument(yaml.load(file.read_text("utf-8"), _LOADER))  # noqa: S506 - a safe one


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("/".join("[^/]+" if part.startswith("{") else re.escape(part) for part in template.split("/")))


def _is_json(media_type: str) -> bool:
    return media_type.endswith("json")


def _closed(value: Any) -> Any:
    # A field that was renamed or added without the document would fit a schema that is open.
    if isinstance(value, list):
        return [_closed(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    members = {name: _closed(member) for name, member in value.items()}
    is_object = value.get("type") == "object" and "properties" in value
    return {"additionalProperties": False, **members} if is_object else members

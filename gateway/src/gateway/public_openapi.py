"""The public API's document: the gateway's own routes and, below the same prefix, the routes of the services."""

import copy
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from chassis.problems import MEDIA_TYPE, Problem
from gateway.errors import UnsupportedMedia, UpstreamBroken
from gateway.rules.request_target import PREFIX

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # six times as fast, where libyaml is
_CSRF = {
    "name": "X-CSRF-Token",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "`csrf_token` of the session; needed when signed in by cookie.",
}
_SCHEMES = {
    "cookie": {"type": "apiKey", "in": "cookie", "name": "packwalk", "description": "Set by `POST /api/v1/session`."},
    "bearer": {"type": "http", "scheme": "bearer", "description": "`token` of `POST /api/v1/session`."},
}
_PUBLIC = {("post", "/session"), ("post", "/accounts"), ("post", "/organizations")}
_INTERNAL = "/internal/"


def read(contracts_dir: Path, services: Iterable[str]) -> dict[str, Any]:
    """Return each service's document. Raises OSError when one is missing."""
    texts = {service: (contracts_dir / "openapi" / f"{service}.yaml").read_text("utf-8") for service in services}
    return {service: yaml.load(text, _LOADER) for service, text in texts.items()}  # noqa: S506 - a safe one


def routes(documents: Mapping[str, Any]) -> dict[str, str]:
    """Return the service of each resource, which is the first segment of a path. Raises ValueError when two services have one."""
    found: dict[str, str] = {}
    for service, document in documents.items():
        for path in document["paths"]:
            resource = path.split("/")[1]
            if not path.startswith(_INTERNAL) and found.setdefault(resource, service) != service:
                raise ValueError(f"{resource} is of {found[resource]} and of {service}")
    return found


def merge(own: dict[str, Any], services: Mapping[str, Any]) -> dict[str, Any]:
    """Join the gateway's own document with those of the services."""
    document = copy.deepcopy(own)
    document["components"] = {**document.get("components", {}), "securitySchemes": _SCHEMES}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _secure(method, path.removeprefix(PREFIX), operation)
    for service, theirs in services.items():
        _add(document, theirs, service.capitalize())
    return document


def _add(document: dict[str, Any], other: dict[str, Any], service: str) -> None:
    schemas = document["components"].setdefault("schemas", {})
    theirs = other.get("components", {}).get("schemas", {})
    renamed = {
        name: f"{service}{name}" if name in schemas and schemas[name] != schema else name
        for name, schema in theirs.items()
    }
    for name, schema in theirs.items():
        schemas[renamed[name]] = _renamed(schema, renamed)
    for path, operations in other["paths"].items():
        if path.startswith(_INTERNAL):
            continue
        added = document["paths"].setdefault(f"{PREFIX}{path}", {})
        for method, operation in operations.items():
            added[method] = _renamed(operation, renamed)
            _secure(method, path, added[method])
            _add_refusals_of_the_proxy(added[method])


def _add_refusals_of_the_proxy(operation: dict[str, Any]) -> None:
    refusals = (UnsupportedMedia, UpstreamBroken) if "requestBody" in operation else (UpstreamBroken,)
    operation["responses"] |= {str(refusal.status): _described(refusal) for refusal in refusals}


def _described(refusal: type[Problem]) -> dict[str, Any]:
    return {
        "description": f"{refusal.title} (`{refusal.type}`).",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}},
    }


def _secure(method: str, path: str, operation: dict[str, Any]) -> None:
    operation.pop("security", None)
    if (method, path) in _PUBLIC:
        operation["security"] = []
        return
    operation["security"] = [{"cookie": []}, {"bearer": []}]
    if method != "get":
        operation.setdefault("parameters", []).append(dict(_CSRF))


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _reference(key, item, names) for key, item in value.items()}
    return [_renamed(item, names) for item in value] if isinstance(value, list) else value


def _reference(key: str, item: Any, names: dict[str, str]) -> Any:
    if key == "$ref" and isinstance(item, str):
        head, _, name = item.rpartition("/")
        return f"{head}/{names.get(name, name)}"
    return _renamed(item, names)

"""The target of a request, read once: the route and the path that is passed on both come from this one reading."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from yarl import URL

PREFIX = "/api/v1"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# RFC 3986's characters of a path that stand for themselves.
_UNESCAPED = "!$&'()*+,;=:@"
_CANONICAL = re.compile(rb"(?:/[A-Za-z0-9._~!$&'()*+,;=:@-]+)+/?|/")
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
# A slash that came encoded, a backslash and control characters mean one thing here and another elsewhere.
_AMBIGUOUS = re.compile(r"[\x00-\x1f\x7f/\\]")
# What stands for itself in a query; whatever else a client sent unescaped is escaped.
_UNESCAPED_IN_QUERY = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) != "#")


@dataclass(frozen=True, slots=True)
class Target:
    """A request's address. path: decoded. raw_path: the same, encoded in the one canonical way. query: encoded, without `?`."""

    path: str
    raw_path: str
    query: str

    @property
    def in_api(self) -> bool:
        """Whether this is an address of the public API."""
        return self.path == "/api" or self.path.startswith("/api/")

    @property
    def resource(self) -> str:
        """Return the first segment below the prefix, decoded; empty where the address does not begin with the prefix."""
        return self.path[len(PREFIX) + 1 :].partition("/")[0] if self.path.startswith(f"{PREFIX}/") else ""

    def at(self, service: URL) -> URL:
        """Return the address of the same resource, which is below the prefix, at a service."""
        return below(service, self.raw_path[len(PREFIX) :], self.query)


def below(service: URL, path: str, query: str = "") -> URL:
    """Return an address below a service's own. path: encoded, with its leading slash; query: encoded."""
    # Put together from its parts and never parsed again: nothing in a path or a query can become a host, a port or a user.
    whole = service.raw_path.rstrip("/") + path
    return URL.build(
        scheme=service.scheme, authority=service.raw_authority, path=whole, query_string=query, encoded=True
    )


class AmbiguousTargetError(ValueError):
    """An address that two programs could read in two ways."""


def read(scope: Any) -> Target:
    """Read the address of an ASGI request. Raises AmbiguousTargetError."""
    raw: bytes = scope["raw_path"].partition(b"?")[0]
    query = _query(scope["query_string"])
    if _CANONICAL.fullmatch(raw) and b"/." not in raw:
        path = raw.decode("ascii")
        return Target(path, path, query)
    return _decoded(raw, query)


def _decoded(raw: bytes, query: str) -> Target:
    root, *segments = raw.split(b"/")
    if root or not segments or _BROKEN_ESCAPE.search(raw):
        raise AmbiguousTargetError
    decoded = [_segment(segment) for segment in segments]
    if "" in decoded[:-1]:
        raise AmbiguousTargetError
    target = Target("/" + "/".join(decoded), "/" + "/".join(map(_quoted, decoded)), query)
    if target.in_api and not raw.startswith(b"/api"):
        raise AmbiguousTargetError
    if target.path.startswith(f"{PREFIX}/") and not raw.startswith(f"{PREFIX}/".encode()):
        raise AmbiguousTargetError
    return target


def _segment(encoded: bytes) -> str:
    try:
        segment = unquote_to_bytes(encoded).decode("utf-8")
    except UnicodeDecodeError:
        raise AmbiguousTargetError from None
    if segment in (".", "..") or _AMBIGUOUS.search(segment):
        raise AmbiguousTargetError
    return segment


def _quoted(segment: str) -> str:
    return quote_from_bytes(segment.encode(), safe=_UNESCAPED)


def _query(encoded: bytes) -> str:
    return quote_from_bytes(encoded, safe=_UNESCAPED_IN_QUERY) if encoded else ""

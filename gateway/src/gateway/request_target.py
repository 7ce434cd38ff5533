"""What a request's address means: read once, and both the route and the path that is passed on are taken from that reading."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from yarl import URL

from chassis.problems import MalformedRequest

PREFIX = "/api/v1"

# RFC 3986's characters of a path that stand for themselves.
_ITSELF = "!$&'()*+,;=:@"
_PLAIN = re.compile(rb"(?:/[A-Za-z0-9._~!$&'()*+,;=:@-]+)+/?|/")
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
# A slash that came encoded, a backslash and control characters mean one thing here and another elsewhere.
_AMBIGUOUS = re.compile(r"[\x00-\x1f\x7f/\\]")
# What stands for itself in a query; whatever else a client sent unescaped is escaped.
_IN_QUERY = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) != "#")


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


def read(scope: Any) -> Target:
    """Read the address of an ASGI request. Raises MalformedRequest for whatever could be read in two ways."""
    raw: bytes = scope["raw_path"].partition(b"?")[0]
    query = _query(scope["query_string"])
    if _PLAIN.fullmatch(raw) and b"/." not in raw:
        path = raw.decode("ascii")
        return Target(path, path, query)
    return _decoded(raw, query)


def _decoded(raw: bytes, query: str) -> Target:
    root, *segments = raw.split(b"/")
    if root or not segments or _BROKEN_ESCAPE.search(raw):
        raise _unreadable()
    decoded = [_segment(segment) for segment in segments]
    if "" in decoded[:-1]:
        raise _unreadable()
    target = Target("/" + "/".join(decoded), "/" + "/".join(map(_quoted, decoded)), query)
    if target.in_api and not raw.startswith(b"/api"):
        raise _unreadable()
    if target.path.startswith(f"{PREFIX}/") and not raw.startswith(f"{PREFIX}/".encode()):
        raise _unreadable()
    return target


def _segment(encoded: bytes) -> str:
    try:
        segment = unquote_to_bytes(encoded).decode("utf-8")
    except UnicodeDecodeError:
        raise _unreadable() from None
    if segment in (".", "..") or _AMBIGUOUS.search(segment):
        raise _unreadable()
    return segment


def _quoted(segment: str) -> str:
    return quote_from_bytes(segment.encode(), safe=_ITSELF)


def _query(encoded: bytes) -> str:
    return quote_from_bytes(encoded, safe=_IN_QUERY) if encoded else ""


def _unreadable() -> MalformedRequest:
    return MalformedRequest("This address cannot be read.")

"""Where a request goes: on to a service, to the gateway's own routes, or to the pages."""

import re
from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.problems import MalformedRequest, NotFound, Problem
from gateway.door import SAFE, from_our_own_page
from gateway.pages import Pages
from gateway.proxy import PREFIX

_OWN_PAGES = frozenset({"/healthz", "/readyz", "/.well-known/jwks.json"})
# Chassis pages that are for operators: the metrics have a port of their own, the document is below /api/v1.
_NOT_FOR_THE_PUBLIC = frozenset({"/metrics", "/openapi.json"})
# Encoded slashes, backslashes and NULs, and dot segments: services would see another path than the one that was looked at.
_TRICKS = re.compile(rb"%2f|%5c|%00|\\|//|/(\.|%2e){1,2}(/|$)", re.IGNORECASE)


class Front:
    """ASGI middleware, innermost but one: sends each request its way."""

    def __init__(self, app: ASGIApp, services: Mapping[str, ASGIApp], pages: Pages) -> None:
        self.app = app
        self._services = services
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route one request; refusals are answered here, for no exception handler stands around this."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            await self._way(scope)(scope, receive, send)
        except Problem as problem:
            await problem(scope, receive, send)

    def _way(self, scope: Scope) -> ASGIApp:
        path: str = scope["path"]
        raw = scope["raw_path"].partition(b"?")[0]
        if _TRICKS.search(raw) or "\x00" in path:
            raise MalformedRequest("This address cannot be read.")
        if path.startswith("/api/"):
            from_our_own_page(scope["method"], dict(scope["headers"]))
            return self._services.get(_head(path), self.app)
        if path in _OWN_PAGES:
            return self.app
        if path in _NOT_FOR_THE_PUBLIC or path == "/api":
            raise NotFound("There is nothing at this address.")
        return self._pages if scope["method"] in SAFE - {"OPTIONS"} else self.app


def _head(path: str) -> str:
    return path[len(PREFIX) + 1 :].partition("/")[0] if path.startswith(f"{PREFIX}/") else ""

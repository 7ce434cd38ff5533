"""Where a request goes: on to a service, to the gateway's own routes, or to the pages."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.problems import NotFound
from gateway import request_target
from gateway.door import SAFE, from_our_own_page
from gateway.pages import Pages
from gateway.proxy import Proxy
from gateway.request_target import Target

_OWN_PAGES = frozenset({"/healthz", "/readyz", "/.well-known/jwks.json"})
# Chassis pages that are for operators: the metrics have a port of their own, the document is below /api/v1.
_NOT_FOR_THE_PUBLIC = frozenset({"/metrics", "/openapi.json", "/api"})


class Front:
    """ASGI middleware, innermost but one: sends each request its way. services: by the first segment below the prefix."""

    def __init__(self, app: ASGIApp, services: Mapping[str, Proxy], pages: Pages) -> None:
        self.app = app
        self._services = services
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route one request. Raises Problem, which the outermost layer answers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        target = request_target.read(scope)
        # Our own routes go by the same reading.
        scope["path"], scope["raw_path"] = target.path, target.raw_path.encode()
        if target.in_api:
            from_our_own_page(scope["method"], dict(scope["headers"]))
        if service := self._services.get(target.resource):
            await service(target, scope, receive, send)
        else:
            await self._own(target, scope["method"])(scope, receive, send)

    def _own(self, target: Target, method: str) -> ASGIApp:
        if target.path in _NOT_FOR_THE_PUBLIC:
            raise NotFound("There is nothing at this address.")
        if target.in_api or target.path in _OWN_PAGES:
            return self.app
        return self._pages if method in SAFE - {"OPTIONS"} else self.app

"""Route each request: to a service, to the gateway's own routes, or to the built frontend."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.problems import MalformedRequest, NotFound
from gateway.authentication import refuse_cross_site
from gateway.middleware.proxy import Proxy
from gateway.middleware.static_files import StaticFiles
from gateway.rules import request_target
from gateway.rules.request_target import SAFE_METHODS, AmbiguousTargetError, Target

_OPERATIONAL_PATHS = frozenset({"/healthz", "/readyz", "/.well-known/jwks.json"})
# Pages of the chassis that are for operators: the metrics have a port of their own, the document is below /api/v1.
_PRIVATE_PATHS = frozenset({"/metrics", "/openapi.json", "/api"})


class Routing:
    """ASGI middleware, innermost but one. services: by the first segment below the prefix."""

    def __init__(self, app: ASGIApp, services: Mapping[str, Proxy], files: StaticFiles) -> None:
        self.app = app
        self._services = services
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route one request. Raises Problem, which the outermost layer answers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            target = request_target.read(scope)
        except AmbiguousTargetError as error:
            raise MalformedRequest("This address cannot be read.") from error
        # Our own routes go by the same reading.
        scope["path"], scope["raw_path"] = target.path, target.raw_path.encode()
        if target.in_api:
            refuse_cross_site(scope["method"], dict(scope["headers"]))
        if service := self._services.get(target.resource):
            await service(target, scope, receive, send)
        else:
            await self._own(target, scope["method"])(scope, receive, send)

    def _own(self, target: Target, method: str) -> ASGIApp:
        if target.path in _PRIVATE_PATHS:
            raise NotFound("There is nothing at this address.")
        if target.in_api or target.path in _OPERATIONAL_PATHS:
            return self.app
        return self._files if method in SAFE_METHODS - {"OPTIONS"} else self.app

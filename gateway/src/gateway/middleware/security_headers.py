"""Headers that make browsers stricter, on every answer, and keep private ones out of caches."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Styles may be inline: the component library positions overlays with style attributes. Scripts may not.
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_ALWAYS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), payment=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
_OVER_HTTPS = (*_ALWAYS, (b"strict-transport-security", b"max-age=31536000; includeSubDomains"))

_NO_STORE = (b"cache-control", b"no-store")


class SecurityHeaders:
    """ASGI middleware, outermost. Over https also asks browsers to stay there. What the API answers is not kept unless it says so."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to the response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        security = _OVER_HTTPS if scope["scheme"] == "https" else _ALWAYS
        private = scope["path"].startswith("/api/")

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), *security]
                if private and not any(name.lower() == b"cache-control" for name, _ in headers):
                    headers.append(_NO_STORE)
                message = {**message, "headers": headers}
            await send(message)

        await self.app(scope, receive, sending)

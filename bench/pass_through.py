"""The least that a gateway of this kind costs: plain ASGI under uvicorn and one aiohttp session, and nothing that Packwalk adds."""

import sys

import aiohttp
import uvicorn
from starlette.types import Receive, Scope, Send
from yarl import URL


class _PassThrough:
    """Asks the upstream for the same path with the same authorization, and returns what it says."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._open(receive, send)
            return
        assert self._session is not None
        sent = {"authorization": dict(scope["headers"])[b"authorization"].decode()}
        url = URL(self._upstream + scope["path"], encoded=True)
        async with self._session.get(url, headers=sent, allow_redirects=False) as answer:
            body = await answer.read()
        kind = answer.headers["content-type"].encode()
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _open(self, receive: Receive, send: Send) -> None:
        await receive()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=256), cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
        )
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._session.close()
        await send({"type": "lifespan.shutdown.complete"})


if __name__ == "__main__":
    uvicorn.run(
        _PassThrough(sys.argv[2]),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
    )

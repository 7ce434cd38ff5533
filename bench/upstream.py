"""The smallest service there can be: it answers every request at once with the same 200 bytes. What is added to it is a gateway's."""

import asyncio
import sys
from typing import cast

import uvloop

from bench.measure import content_length

_BODY = b'{"items":[' + b'"a walk"' + b" " * 179 + b"]}"
_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(_BODY), _BODY)


class _Upstream(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._seen = b""

    def data_received(self, data: bytes) -> None:
        self._seen += data
        while (head := self._seen.find(b"\r\n\r\n")) >= 0:
            length = content_length(self._seen[:head])
            if len(self._seen) < head + 4 + length:
                return
            self._seen = self._seen[head + 4 + length :]
            self._transport.write(_ANSWER)


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Upstream, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))

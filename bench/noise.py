"""A noisy business: asks for the same again and again, with many clients, until it is ended. Reads what to ask as JSON from its input."""

import asyncio
import json
import sys
from typing import Any

import uvloop

from bench.measure import content_length


async def _ask(what: dict[str, Any]) -> None:
    host, _, port = what["url"].removeprefix("http://").partition(":")
    body = what["body"].encode()
    lines = "".join(f"{name}: {value}\r\n" for name, value in what["headers"].items())
    head = f"POST {what['path']} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n{lines}"
    request = f"{head}content-length: {len(body)}\r\n\r\n".encode() + body
    reader, writer = await asyncio.open_connection(host, int(port), limit=2**22)
    while True:
        writer.write(request)
        await reader.readexactly(content_length(await reader.readuntil(b"\r\n\r\n")))


async def _all(what: dict[str, Any]) -> None:
    await asyncio.gather(*(_ask(what) for _ in range(what["clients"])))


if __name__ == "__main__":
    uvloop.run(_all(json.loads(sys.stdin.read())))

"""A TCP relay in front of Postgres: counts statements and round trips, adds a network's delay, and can be cut."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlsplit, urlunsplit

from chassis.loop_time import loop_timeout
from chassis.testing.waiting import HANG_S


class TcpProxy:
    """Forwards connections to a server. `delay_s`: of the network, each way. `refused`: connections, while it was cut."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 5432)
        self._parts = parts
        self.delay_s = 0.0
        self.statements = 0
        self.round_trips = 0
        self.refused = 0
        self._cut = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop
        ).result(HANG_S)
        port = self._server.sockets[0].getsockname()[1]
        who = parts.netloc.rpartition("@")[0]
        self.url = urlunsplit(parts._replace(netloc=f"{who}@127.0.0.1:{port}"))

    def reset(self) -> None:
        """Count anew."""
        self.statements = self.round_trips = 0

    def cut(self) -> None:
        """Break every connection, and refuse new ones until `mend`."""
        self._cut = True
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result(HANG_S)

    def mend(self) -> None:
        """Take connections again."""
        self._cut = False

    def close(self) -> None:
        """Stop."""
        self.cut()
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(HANG_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(HANG_S)
        self._loop.close()

    async def _stop(self) -> None:
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _hang_up(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            self.refused += 1
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection(*self._target)
        self._writers |= {writer, back}
        counting = _Counting(self)
        try:
            await asyncio.gather(
                self._pump(_Bursts(reader).read, back, counting.asked),
                self._pump(partial(there.read, 65536), writer, counting.answered),
            )
        except asyncio.CancelledError:
            pass  # closed: the server's own callback would report it as an error
        finally:
            for end in (writer, back):
                self._writers.discard(end)
                end.transport.abort()

    async def _pump(
        self, read: Callable[[], Awaitable[bytes]], sink: asyncio.StreamWriter, seen: Callable[[bytes], None]
    ) -> None:
        try:
            while data := await read():
                seen(data)
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                sink.write(data)
                await sink.drain()
        except OSError:
            pass
        finally:
            sink.transport.abort()


class _Bursts:
    """Everything that a client sends without waiting for an answer, in one piece.

    The server would answer the first of several statements while the second is on its way, and nobody could see whether the client
    waited. So what comes is held back until nothing more comes for a while, in which we looked.
    """

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader

    async def read(self) -> bytes:
        """Return the next burst; nothing when the client has gone."""
        burst = await self._reader.read(65536)
        while burst:
            try:
                async with loop_timeout(_QUIET_S):
                    more = await self._reader.read(65536)
            except TimeoutError:
                break
            if not more:
                break
            burst += more
        return burst


_QUIET_S = 0.01


class _Counting:
    """Reads the frontend's messages of one connection: type byte, then a length that includes itself."""

    def __init__(self, relay: TcpProxy) -> None:
        self._relay = relay
        self._rest = b""
        self._started = False
        self._asking = False

    def asked(self, data: bytes) -> None:
        self._rest += data
        while not self._started and len(self._rest) >= 8:
            # Untyped messages come first: questions for encryption, then the startup itself.
            asks_for_encryption = int.from_bytes(self._rest[4:8], "big") in (80877103, 80877104)
            self._rest = self._rest[int.from_bytes(self._rest[:4], "big") :]
            self._started = not asks_for_encryption
        while len(self._rest) >= 5:
            length = 1 + int.from_bytes(self._rest[1:5], "big")
            if len(self._rest) < length:
                break
            if self._rest[:1] in (b"E", b"Q"):  # Execute, or a simple query
                self._relay.statements += 1
            self._rest = self._rest[length:]
        if not self._asking:
            self._relay.round_trips += 1
        self._asking = True

    def answered(self, _data: bytes) -> None:
        self._asking = False


@contextmanager
def tcp_proxy(url: str) -> Iterator[TcpProxy]:
    """TcpProxy to the server of a database's address while the block runs."""
    made = TcpProxy(url)
    try:
        yield made
    finally:
        made.close()

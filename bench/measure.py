"""Time things side by side: rounds are interleaved, medians are shown with their range, and the ratio is what counts."""

import asyncio
import gc
import socket
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import psutil

ROUNDS = 5


@dataclass(frozen=True)
class Figure:
    """One line of the table. floor and ours: what each round measured; `at_most` or `at_least`: the ratio to reach."""

    what: str
    floor: Sequence[float]
    ours: Sequence[float]
    unit: str = "ms"
    at_most: float | None = None
    at_least: float | None = None

    @property
    def ratio(self) -> float:
        """Return ours by floor, of the medians."""
        return statistics.median(self.ours) / statistics.median(self.floor)

    @property
    def reached(self) -> bool | None:
        """Whether the ratio is what was to be reached; None when nothing was."""
        if self.at_most is not None:
            return self.ratio <= self.at_most
        return None if self.at_least is None else self.ratio >= self.at_least


@dataclass(frozen=True)
class Limit:
    """One line that has a limit instead of a floor: `at_most` or `at_least`."""

    what: str
    measured: float
    unit: str = "ms"
    at_most: float | None = None
    at_least: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether it stays within its limit; None when it has none."""
        if self.at_least is not None:
            return self.measured >= self.at_least
        return None if self.at_most is None else self.measured <= self.at_most


def each_ms(work: Callable[[], object], times: int) -> list[float]:
    """Run something again and again. Returns the milliseconds of each, sorted."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        found.append((time.perf_counter() - started) * 1000)
    return sorted(found)


class Http:
    """A client that costs next to nothing: one kept connection, and answers that are cut off at their length and not looked at.

    A client library would take as long as a good part of what is measured.
    """

    def __init__(self, url: str) -> None:
        host, _, port = url.removeprefix("http://").partition(":")
        self._host = host
        self._socket = socket.create_connection((host, int(port)), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        """Write. Raises RuntimeError with the answer's words for anything but success."""
        return self._ask("POST", path, body, {"content-type": "application/json", **headers})

    def get(self, path: str, headers: Mapping[str, str]) -> bytes:
        """Read. Raises RuntimeError with the answer's words for anything but success."""
        return self._ask("GET", path, b"", headers)

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"{method} {path} HTTP/1.1\r\nhost: {self._host}\r\ncontent-length: {len(body)}\r\n{lines}\r\n"
        self._socket.sendall(head.encode() + body)
        seen = b""
        while (ends := seen.find(b"\r\n\r\n")) < 0:
            seen += self._more()
        length = ends + 4 + content_length(seen[:ends])
        while len(seen) < length:
            seen += self._more()
        text = seen[ends + 4 :]
        if seen[9:10] >= b"4":
            raise RuntimeError(f"{seen[9:12].decode()}: {text.decode()}")
        return text

    def _more(self) -> bytes:
        part = self._socket.recv(262_144)
        if not part:
            raise RuntimeError("the server hung up")
        return part

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def content_length(head: bytes) -> int:
    """Read how long a message's body is from its head."""
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0] or 0)


def p50(sorted_ms: Sequence[float]) -> float:
    """Return the median of sorted values."""
    return sorted_ms[len(sorted_ms) // 2]


def p99(sorted_ms: Sequence[float]) -> float:
    """Return the 99th percentile of sorted values."""
    return sorted_ms[min(len(sorted_ms) - 1, int(len(sorted_ms) * 0.99))]


def side_by_side(
    floor: Callable[[], object], ours: Callable[[], object], times: int
) -> tuple[list[float], list[float]]:
    """Time two things in turns. Returns each one's medians, a round each."""
    floors, own = [], []
    each_ms(floor, 5)
    each_ms(ours, 5)
    for _ in range(ROUNDS):
        floors.append(p50(each_ms(floor, times)))
        own.append(p50(each_ms(ours, times)))
    return floors, own


def processor_ms(process: psutil.Process, work: Callable[[], object], times: int) -> float:
    """Return the milliseconds of a processor that a process takes for something, of the mean."""
    before = process.cpu_times()
    for _ in range(times):
        work()
    after = process.cpu_times()
    return (after.user + after.system - before.user - before.system) * 1000 / times


async def open_loop(ask: Callable[[int], Awaitable[None]], per_second: float, seconds: float) -> list[float]:
    """Ask at a fixed rate, whatever the answers take. Returns the milliseconds of each, sorted."""
    # A pause of ours would count as one of theirs.
    gc.collect()
    gc.freeze()
    started = time.perf_counter()

    async def one(number: int) -> float:
        due = started + number / per_second
        await asyncio.sleep(max(0, due - time.perf_counter()))
        await ask(number)
        return (time.perf_counter() - due) * 1000

    return sorted(await asyncio.gather(*(one(n) for n in range(int(per_second * seconds)))))


def table(lines: Sequence[Figure | Limit]) -> str:
    """Write the figures as a table in Markdown."""
    rows = ["| what | floor | ours | ratio | to reach | |", "|---|---|---|---|---|---|"]
    rows += [_row(line) for line in lines]
    return "\n".join(rows)


def _row(line: Figure | Limit) -> str:
    mark = {True: "reached", False: "NOT reached", None: ""}[line.reached]
    if isinstance(line, Limit):
        return f"| {line.what} | | {line.measured:.2f} {line.unit} | | {_limit(line)} | {mark} |"
    goal = f"≤ {line.at_most:g} x" if line.at_most is not None else f"≥ {line.at_least:g} x" if line.at_least else ""
    return f"| {line.what} | {_range(line.floor, line.unit)} | {_range(line.ours, line.unit)} | {line.ratio:.2f} x | {goal} | {mark} |"


def _limit(line: Limit) -> str:
    if line.at_least is not None:
        return f"≥ {line.at_least:g} {line.unit}"
    return "" if line.at_most is None else f"≤ {line.at_most:g} {line.unit}"


def _range(values: Sequence[float], unit: str) -> str:
    return f"{statistics.median(values):.2f} {unit} ({min(values):.2f}-{max(values):.2f})"

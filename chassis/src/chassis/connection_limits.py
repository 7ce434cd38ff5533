"""How many connections there may be, and how long each may wait: bounds on what somebody who is not known yet can hold."""

import ipaddress
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client import Counter as Metric
from prometheus_client import Gauge
from uvicorn.server import ServerState

from chassis.connection_settings import ConnectionSettings, Network
from chassis.problems import Problem, TooManyRequests, UpstreamUnavailable

if TYPE_CHECKING:
    from chassis.connection import Connection

open_connections = Gauge("http_connections", "Open connections from clients.")
closed_early = Metric("http_connections_closed_total", "Connections that a limit ended, by limit.", ["limit"])


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What one connection may bring and how long it may take; times are seconds of the event loop's attention.

    keep_alive_s: how long it may be idle. header_s: from a request's first byte to the end of its headers. body_pause_s: how far a body
    may fall behind `body_bytes_per_s`. unread_s: how long an answer may lie there of which the client takes less than
    `answer_bytes` meanwhile. linger_s, linger_bytes: how long a client that has its answer may go on sending before it is cut off.
    in_turn: how many requests may wait for the one before them.
    """

    header_bytes: int
    header_lines: int
    keep_alive_s: float
    header_s: float
    body_pause_s: float
    body_bytes_per_s: int
    unread_s: float
    connections: int
    connections_per_address: int
    answer_bytes: int = 30 * 1024
    linger_s: float = 3
    linger_bytes: int = 4 * 2**20
    in_turn: int = 16

    @classmethod
    def of(cls, settings: ConnectionSettings) -> "ConnectionLimits":
        """Take what operators may set from the settings."""
        return cls(
            header_bytes=settings.max_header_bytes,
            header_lines=settings.max_header_lines,
            keep_alive_s=settings.keep_alive_s,
            header_s=settings.header_timeout_s,
            body_pause_s=settings.body_timeout_s,
            body_bytes_per_s=settings.body_least_bytes_per_s,
            unread_s=settings.unread_answer_timeout_s,
            connections=settings.max_connections,
            connections_per_address=settings.max_connections_per_address,
        )


class Connections(ServerState):
    """The open connections of a server, and whether there is room for another. proxies: networks whose addresses speak for many clients."""

    def __init__(self, limits: ConnectionLimits, proxies: Sequence[Network]) -> None:
        super().__init__()
        self.limits = limits
        self._proxies = proxies
        self._of_address: Counter[str] = Counter()
        # Between two requests, the longest first.
        self.idle: OrderedDict[Connection, None] = OrderedDict()

    def refusal(self, connection: "Connection") -> Problem | None:
        """Count a new connection. Returns why it cannot stay; a connection that is idle makes room for it."""
        open_connections.inc()
        self._of_address[connection.address] += 1
        if self._of_address[connection.address] > self.limits.connections_per_address and not self._proxied(connection):
            closed_early.labels("connections-per-address").inc()
            return TooManyRequests("Too many connections are open from where you are.", headers={"retry-after": "5"})
        if len(self.connections) > self.limits.connections and not self._made_room():
            closed_early.labels("connections").inc()
            return UpstreamUnavailable("Too many people are using this right now. Please try again.", retry_after_s=5)
        return None

    def ended(self, connection: "Connection") -> None:
        """Forget a connection."""
        open_connections.dec()
        self.idle.pop(connection, None)
        self._of_address[connection.address] -= 1
        if not self._of_address[connection.address]:
            del self._of_address[connection.address]

    def pass_time(self, seconds: float) -> None:
        """Let every connection know that so many seconds passed in which its bytes would have been read."""
        for connection in tuple(self.connections):
            connection.pass_time(seconds)  # type: ignore[union-attr]

    def _made_room(self) -> bool:
        if not self.idle:
            return False
        longest, _ = self.idle.popitem(last=False)
        closed_early.labels("idle-made-room").inc()
        longest.transport.close()
        return True

    def _proxied(self, connection: "Connection") -> bool:
        if not self._proxies or connection.client is None:
            return False
        return any(ipaddress.ip_address(connection.client[0]) in network for network in self._proxies)

"""Ask another service: with a deadline, a breaker, and the ids that let operators follow the request."""

from collections.abc import Mapping
from typing import Any

import httpx

from chassis import clock_skew, correlation, deadline, tracing
from chassis.breaker import Breaker, DeadlinePassed, TooSlow, Unreachable, time_limit
from chassis.problems import UpstreamTimeout, UpstreamUnavailable


class ServiceClient:
    """Another service at `base_url`. limit_s: how long one request may take in all, whatever drips in meanwhile."""

    def __init__(self, base_url: str, limit_s: float, breaker: Breaker) -> None:
        self._limit_s = limit_s
        self._breaker = breaker
        # Connecting is retried, for then nothing was sent; anything later may have been done already. Each request sets its limit.
        transport = httpx.AsyncHTTPTransport(retries=1)
        self._client = httpx.AsyncClient(base_url=base_url, follow_redirects=False, transport=transport, timeout=None)  # noqa: S113

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def request(self, method: str, path: str, headers: Mapping[str, str], body: Any = None) -> httpx.Response:
        """Send a request and return the answer, whatever its status.

        Raises UpstreamUnavailable when there is none, UpstreamTimeout when it does not come in time.
        """
        sent = {
            **headers,
            **tracing.outgoing(),
            **deadline.outgoing(self._limit_s),
            correlation.HEADER: correlation.correlation_id(),
        }
        try:
            with self._breaker.guard():
                answer = await self._request(method, path, sent, body)
        except Unreachable as error:
            raise UpstreamUnavailable("A part of Packwalk is not available at the moment. Please try again.") from error
        except (TooSlow, DeadlinePassed) as error:
            raise UpstreamTimeout("A part of Packwalk took too long to answer. Please try again.") from error
        if words := clock_skew.refused_us(self._breaker.upstream, answer.status_code, answer.headers):
            raise clock_skew.unavailable(words)
        return answer

    async def _request(self, method: str, path: str, headers: Mapping[str, str], body: Any) -> httpx.Response:
        try:
            # httpx's own timeouts are per chunk: a body that drips would keep us for as long as it likes.
            async with time_limit(self._breaker.upstream, self._limit_s):
                return await self._client.request(method, path, headers=headers, json=body)
        except httpx.HTTPError as error:
            raise Unreachable(type(error).__name__) from error

"""A request's body is read whole before anything is done with the request: one that did not arrive whole does nothing."""

from collections.abc import Mapping

from starlette.types import Message, Receive

from chassis.problems import BodyTooLarge, MalformedRequest, UpstreamUnavailable


class BodyReader:
    """The bodies of the requests in progress. at_most: bytes of one; together: bytes of all at once."""

    def __init__(self, at_most: int, together: int) -> None:
        self._at_most = at_most
        self._together = together
        self._held = 0

    async def read(self, headers: Mapping[str, str], receive: Receive) -> bytes | None:
        """Return a request's body, which counts until it is released; None where none was declared. headers: lower-case names.

        Raises BodyTooLarge, MalformedRequest when the client is gone before the end, UpstreamUnavailable when others have filled the
        memory.
        """
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > self._at_most:
            raise self._too_large()
        if length == "0" and "transfer-encoding" not in headers:
            return None
        body = bytearray()
        try:
            while await self._more(body, receive):
                pass
        except BaseException:
            self._held -= len(body)
            raise
        return bytes(body)

    def release(self, body: bytes | None) -> None:
        """Count a body no longer."""
        if body:
            self._held -= len(body)

    async def _more(self, body: bytearray, receive: Receive) -> bool:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise MalformedRequest("The request did not arrive whole. Nothing was done.")
        part = message.get("body", b"")
        body += part
        self._held += len(part)
        if len(body) > self._at_most:
            raise self._too_large()
        if self._held > self._together:
            raise UpstreamUnavailable("Too many people are using this right now. Please try again.", retry_after_s=5)
        return bool(message.get("more_body"))

    def _too_large(self) -> BodyTooLarge:
        return BodyTooLarge(f"A request may have {self._at_most // 1024} KiB at most.")


def from_the_start(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives a body in one piece, and then whatever comes."""
    whole: Message | None = {"type": "http.request", "body": body, "more_body": False}

    async def received() -> Message:
        nonlocal whole
        if whole is None:
            return await receive()
        first, whole = whole, None
        return first

    return received

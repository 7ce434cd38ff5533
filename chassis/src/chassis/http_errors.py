"""Why somebody could not be asked over HTTP, in words for operators: no address, no value."""

import socket

import httpx


def cause_of(error: BaseException) -> str:
    """Say why a question got no answer that can be used."""
    if isinstance(error, httpx.HTTPStatusError):
        return f"answers with status {error.response.status_code}"
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return "does not answer in time"
    if any(isinstance(one, socket.gaierror) for one in _chain(error)):
        return "the name of its host is not known"
    if any(isinstance(one, ConnectionRefusedError) for one in _chain(error)):
        return "nobody listens at its address"
    if isinstance(error, httpx.HTTPError | OSError):
        return "cannot be reached"
    return "answers with something else"


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found + [one for group in found if isinstance(group, BaseExceptionGroup) for one in group.exceptions]

"""One id that follows a request through every service, log line and event."""

import re
from contextvars import ContextVar

import uuid_utils

HEADER = "x-request-id"
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,127}")
_current: ContextVar[str] = ContextVar("correlation_id", default="-")


def correlation_id() -> str:
    """Return the id of the request in progress, or `-` outside of one."""
    return _current.get()


def adopt(offered: str | None) -> str:
    """Take over a well-formed id, or make one; it holds for the current task."""
    taken = offered if offered and _WELL_FORMED.fullmatch(offered) else str(uuid_utils.uuid7())
    _current.set(taken)
    return taken

"""JSON lines on standard output: one record a line, values never messages.

Every line carries `correlation_id` and `trace_id`. What people typed goes into values, which JSON escapes, so that nobody can forge a
line; personal data beyond ids does not go into logs at all.
"""

import logging
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

import orjson
import structlog
from opentelemetry import trace

from chassis.correlation import correlation_id


def configure(service: str, level: str) -> None:
    """Send structlog's and the standard library's records to stdout as JSON."""
    shared: list[Any] = [_described(service), structlog.processors.format_exc_info]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=_dumps)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.BytesLoggerFactory(cast("BinaryIO", _Stdout())),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=lambda *a, **k: _dumps(*a, **k).decode()),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # These print addresses and queries, or a line per request that we already write ourselves.
    for chatty in ("httpx", "httpcore", "uvicorn.access", "psycopg.pool", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # These two come at each attempt, with libpq's own words; `pool` says once what is the matter.
    logging.getLogger("psycopg.pool").addFilter(_is_no_attempt)
    # A thousand lines while the broker is away; the relay and the consumer say that once.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


def _is_no_attempt(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(("error connecting", "reconnection attempt"))


class _Stdout:
    """Standard output as it is when something is written: loggers are kept, and whoever captures output swaps it."""

    def write(self, line: bytes) -> None:
        sys.stdout.buffer.write(line)

    def flush(self) -> None:
        sys.stdout.buffer.flush()


def get(name: str) -> Any:
    """Return a logger; call it with an event name and values."""
    return structlog.get_logger(origin=name)


def _dumps(record: Any, **_: Any) -> bytes:
    return orjson.dumps(record, default=str, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


# As operators know them.
_LEVELS = {"warn": "WARN", "warning": "WARN", "exception": "ERROR"}


def _described(service: str) -> Any:
    # One step instead of one a value: every request writes a line, and the steps cost more than what they do.
    def add(_logger: Any, method: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        context = trace.get_current_span().get_span_context()
        record["level"] = _LEVELS.get(method) or method.upper()
        record["timestamp"] = datetime.now(UTC)
        record["service"] = service
        record["correlation_id"] = correlation_id()
        record["trace_id"] = format(context.trace_id, "032x")
        record["span_id"] = format(context.span_id, "016x")
        return record

    return add

"""CloudEvents 1.0 in JSON, structured mode: what is written to the outbox and what arrives from the broker."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from opentelemetry.trace import SpanKind

from chassis import tracing
from chassis.correlation import correlation_id
from chassis.ids import new_id


class OutgoingEvent(NamedTuple):
    """An event that leaves. key: the aggregate's id, whose events arrive in order; text: the CloudEvent in JSON."""

    id: UUID
    topic: str
    key: UUID
    text: str


class InvalidEvent(Exception):  # noqa: N818 - what is thrown away is no error of ours
    """A message that is no event, or not the one that its contract describes. The message says what is wrong."""


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """An event that arrived. trace: the headers that carry the writer's trace."""

    id: UUID
    type: str
    organization_id: UUID
    correlation_id: str
    time: datetime
    trace: Mapping[str, str]
    whole: Mapping[str, Any]

    @property
    def data(self) -> Any:
        """What the event tells, as JSON's values."""
        return self.whole.get("data")


def new_event(
    source: str, topic: str, kind: str, key: UUID, organization_id: UUID, data: Mapping[str, Any]
) -> OutgoingEvent:
    """Say that something happened to an aggregate. source: the service; kind: like `series.created`; data: fits the contract."""
    event_id = new_id()
    # The reader's span continues from here: from the request that made it true, not from the relay that carried it.
    with tracing.tracer.start_as_current_span(f"create {kind}", kind=SpanKind.PRODUCER) as span:
        span.set_attributes({"messaging.system": "kafka", "messaging.destination.name": topic})
        text = orjson.dumps(
            {
                "specversion": "1.0",
                "id": event_id,
                "source": f"/{source}",
                "type": kind,
                "subject": key,
                "time": datetime.now(UTC),
                "datacontenttype": "application/json",
                "organizationid": organization_id,
                "correlationid": correlation_id(),
                **tracing.outgoing(),
                "data": data,
            },
            option=orjson.OPT_UTC_Z,
        )
    return OutgoingEvent(event_id, topic, key, text.decode())


def read(value: bytes | None) -> ReceivedEvent:
    """Read a message's value. Raises InvalidEvent when it is no CloudEvent of ours."""
    try:
        whole = orjson.loads(value or b"")
    except orjson.JSONDecodeError as error:
        raise InvalidEvent("is no JSON") from error
    if not isinstance(whole, dict):
        raise InvalidEvent("is no JSON object")
    try:
        return ReceivedEvent(
            id=UUID(whole["id"]),
            type=str(whole["type"]),
            organization_id=UUID(whole["organizationid"]),
            correlation_id=str(whole.get("correlationid", "-")),
            time=_instant(whole["time"]),
            trace={name: whole[name] for name in ("traceparent", "tracestate") if isinstance(whole.get(name), str)},
            whole=whole,
        )
    except KeyError as error:
        raise InvalidEvent(f"has no {error.args[0]}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise InvalidEvent("has an id, organizationid or time that cannot be read") from error


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at

"""What booking tells the others: CloudEvents 1.0, kept as the text that will be published."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from chassis import tracing
from chassis.correlation import correlation_id
from chassis.ids import new_id

TOPIC = "packwalk.booking.v1"


class Event(NamedTuple):
    """One event for `TOPIC`. key: the aggregate's id, whose events arrive in order; text: the CloudEvent in JSON."""

    id: UUID
    key: UUID
    text: str


def event(kind: str, aggregate: UUID, organization_id: UUID, data: Mapping[str, Any]) -> Event:
    """Say that something happened to an aggregate. kind: like `series.created`; data: JSON of the event's schema."""
    event_id = new_id()
    text = orjson.dumps(
        {
            "specversion": "1.0",
            "id": event_id,
            "source": "/booking",
            "type": kind,
            "subject": aggregate,
            "time": datetime.now(UTC),
            "datacontenttype": "application/json",
            "organizationid": organization_id,
            "correlationid": correlation_id(),
            **tracing.outgoing(),
            "data": data,
        },
        option=orjson.OPT_UTC_Z,
    )
    return Event(event_id, aggregate, text.decode())

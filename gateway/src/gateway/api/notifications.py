"""Notifications over HTTP: list, read, and a stream of what comes."""

from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.responses import StreamingResponse

from chassis.api_types import CursorText, Id, PageSize, key_of
from chassis.problems import InvalidRequest, TooManyRequests, refusals
from chassis.responses import Json
from gateway import notifications
from gateway.api.context import Gateway, In, Who
from gateway.api.shown import NotificationList, NotificationRead
from gateway.request_target import PREFIX

router = APIRouter(prefix=f"{PREFIX}/notifications", tags=["notifications"])
_LARGEST = 2**63 - 1


class EventStream(StreamingResponse):
    """Server-Sent Events that were put into words already. FastAPI's own class wants the route to be the generator, which could
    refuse nothing before it begins.
    """

    media_type = "text/event-stream"


@router.get("", response_model=NotificationList)
async def list_notifications(gateway: Gateway, who: Who, limit: PageSize = 50, cursor: CursorText = None) -> Response:
    """List one's notifications, the newest first, and say how many are unread."""
    key = key_of(cursor, int)
    found, following, unread = await notifications.listed(gateway.db, who, limit, key[0] if key else None)
    items = [one.shown() for one in found]
    return Json({"items": items, "next_cursor": following, "unread_count": unread})


@router.post("/read", status_code=204, response_class=Response)
async def read_all(gateway: Gateway, who: Who) -> Response:
    """Mark all of one's notifications as read."""
    await notifications.read_all(gateway.db, who)
    return Response(status_code=204)


@router.post("/{notification_id}/read", response_model=NotificationRead)
async def read(notification_id: Id, gateway: Gateway, who: Who) -> Response:
    """Mark a notification as read; again does nothing."""
    return Json({"notification": (await notifications.read(gateway.db, who, notification_id)).shown()})


@router.get("/stream", response_class=EventStream, responses=refusals(TooManyRequests))
async def stream(
    gateway: Gateway, entered: In, last_event_id: Annotated[str | None, Header(max_length=40)] = None
) -> Response:
    """Send notifications as they come, as Server-Sent Events; with `Last-Event-ID`, first what came since.

    Each event is a `notification` whose data is one as the list shows it. A `Last-Event-ID` that was never given (the server's data are
    from a backup) is answered by a `reset` first: read the list afresh. Ends with the session.
    """
    events = await gateway.streams.begin(entered.found.who, entered.token, _sequence(last_event_id))
    return EventStream(events, headers={"cache-control": "no-store", "x-accel-buffering": "no"})


def _sequence(text: str | None) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) <= _LARGEST):
        raise InvalidRequest.field("Last-Event-ID", "This is no event of this stream.")
    return int(text)

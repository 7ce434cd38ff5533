"""Notifications over HTTP: list, mark as read, and a live stream."""

from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.responses import StreamingResponse

from chassis.api_types import CursorText, Id, PageSize, key_of
from chassis.problems import InvalidRequest, TooManyRequests, refusals
from chassis.responses import Json
from gateway import notifications
from gateway.api.dependencies import Authenticated, Gateway, SignedIn
from gateway.api.schemas import Notification, NotificationPage, NotificationResponse
from gateway.rules.request_target import PREFIX

router = APIRouter(prefix=f"{PREFIX}/notifications", tags=["notifications"])
_LARGEST = 2**63 - 1


class EventStream(StreamingResponse):
    """Server-Sent Events as bytes. With FastAPI's own class the route is the generator, which cannot refuse before it begins."""

    media_type = "text/event-stream"


@router.get("", response_model=NotificationPage)
async def list_notifications(
    gateway: Gateway, caller: SignedIn, limit: PageSize = 50, cursor: CursorText = None
) -> Response:
    """List one's notifications, the newest first, and say how many are unread."""
    key = key_of(cursor, int)
    rows, next_cursor, unread = await notifications.page(gateway.db, caller, limit, key[0] if key else None)
    return Json(NotificationPage.of(rows, next_cursor, unread).model_dump())


@router.post("/read", status_code=204, response_class=Response)
async def mark_all_notifications_read(gateway: Gateway, caller: SignedIn) -> Response:
    """Mark all of one's notifications as read."""
    await notifications.mark_all_read(gateway.db, caller)
    return Response(status_code=204)


@router.post("/{notification_id}/read", response_model=NotificationResponse)
async def mark_notification_read(notification_id: Id, gateway: Gateway, caller: SignedIn) -> Response:
    """Mark a notification as read; again does nothing."""
    row = await notifications.mark_read(gateway.db, caller, notification_id)
    return Json(NotificationResponse(notification=Notification.of(row)).model_dump())


@router.get("/stream", response_class=EventStream, responses=refusals(TooManyRequests))
async def stream_notifications(
    gateway: Gateway, request: Authenticated, last_event_id: Annotated[str | None, Header(max_length=40)] = None
) -> Response:
    """Send notifications as they come, as Server-Sent Events; with `Last-Event-ID`, first what came since.

    Each event is a `notification` whose data is a notification as in the list. A `Last-Event-ID` that was never given (the server's data
    are from a backup) is answered by a `reset` first: read the list afresh. The stream ends with the session.
    """
    events = await gateway.streams.open(request.session.caller, request.token, _sequence(last_event_id))
    return EventStream(events, headers={"cache-control": "no-store", "x-accel-buffering": "no"})


def _sequence(text: str | None) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) <= _LARGEST):
        raise InvalidRequest.field("Last-Event-ID", "This is no event of this stream.")
    return int(text)

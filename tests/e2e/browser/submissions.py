"""What the booking page sends, seen and answered by a test."""

from typing import Any

from playwright.async_api import Request, Route

CREATES = ("**/api/v1/series", "**/api/v1/bookings")
DETAIL = "A part of Packwalk is not available at the moment. Please try again."
UNAVAILABLE = {
    "type": "/problems/upstream-unavailable",
    "title": "Unavailable",
    "status": 503,
    "detail": DETAIL,
    "retryable": True,
    "instance": "/api/v1/series",
    "correlation_id": "abc-123",
}


class Submissions:
    """What the page sent to book; answered as a test says, and by the server where it says nothing."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answers: list[str] = []

    async def __call__(self, route: Route) -> None:
        self.requests.append(route.request)
        how = self.answers.pop(0) if self.answers else "real"
        if how == "503":
            await route.fulfill(status=503, content_type="application/problem+json", json=UNAVAILABLE)
        elif how == "lost before":
            await route.abort("connectionrefused")
        elif how == "lost after":
            await route.fetch()  # the server did its work
            await route.abort("connectionreset")
        else:
            await route.continue_()

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What was asked for, in order."""
        return [one.post_data_json or {} for one in self.requests]

    @property
    def keys(self) -> list[str | None]:
        """Under which keys, in order."""
        return [one.headers.get("x-idempotency-key") for one in self.requests]

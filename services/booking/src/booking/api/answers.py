"""How the answer to a submission goes out: the same bytes, however often it is asked."""

from fastapi import Response

from booking.submissions import Response as Submitted
from chassis.answers import Json


def submitted(response: Submitted) -> Response:
    """Answer a submission; a replay says so."""
    headers = {"cache-control": "no-store"}
    if response.replayed:
        headers["idempotent-replayed"] = "true"
    return Json(response.body, response.status, headers)

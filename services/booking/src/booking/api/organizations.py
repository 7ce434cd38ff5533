"""What the gateway tells of organizations."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, Response

from booking import organizations
from booking.api.dependencies import Db
from chassis.api_types import Line, RequestBody
from chassis.problems import InvalidRequest
from chassis.tokens import TheGateway

internal = APIRouter(include_in_schema=False)


class OrganizationSettings(RequestBody):
    """The settings that plans rest on."""

    time_zone: Line
    currency: Line


@internal.put("/internal/organization", status_code=204)
async def put_organization(settings: OrganizationSettings, db: Db, who: TheGateway) -> Response:
    """Take over the settings of the caller's organization."""
    try:
        ZoneInfo(settings.time_zone)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise InvalidRequest.field("time_zone", "Please choose a zone like Europe/London.") from error
    await organizations.save(db, who, settings.time_zone, settings.currency)
    return Response(status_code=204)

"""Organizations' settings."""

from uuid import UUID

from chassis.database import Tx

_SAVE = """
UPDATE organizations SET time_zone = %(time_zone)s, currency = %(currency)s WHERE organization_id = %(org)s::uuid
"""


async def save_settings(tx: Tx, organization_id: UUID, time_zone: str, currency: str) -> None:
    """Write the settings of an organization whose version was moved."""
    await tx.execute(_SAVE, {"org": organization_id, "time_zone": time_zone, "currency": currency})

"""Customers' dogs and locations. They will move to services of their own: nothing else of booking asks these tables but the plan."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from booking.store.rows import Row, many
from chassis.database import Tx

_DOGS = """
SELECT id, customer_id, name, breed, notes, group_preference, group_eligible, group_ineligible_reason FROM dogs
WHERE organization_id = %(org)s::uuid AND deleted_at IS NULL
  AND (%(customer)s::uuid IS NULL OR customer_id = %(customer)s::uuid)
  AND (%(id)s::uuid IS NULL OR id = %(id)s::uuid) AND (%(after)s::uuid IS NULL OR id > %(after)s::uuid)
ORDER BY id LIMIT %(limit)s
"""

_SAVE_DOG = """
INSERT INTO dogs (organization_id, id, customer_id, name, breed, notes, group_preference, group_eligible, group_ineligible_reason)
VALUES (%(org)s::uuid, %(id)s::uuid, %(customer_id)s::uuid, %(name)s, %(breed)s, %(notes)s, %(group_preference)s,
    %(group_eligible)s, %(group_ineligible_reason)s)
ON CONFLICT (organization_id, id) DO UPDATE SET name = excluded.name, breed = excluded.breed, notes = excluded.notes,
    group_preference = excluded.group_preference, group_eligible = excluded.group_eligible,
    group_ineligible_reason = excluded.group_ineligible_reason
"""

_LOCATIONS = """
SELECT id, customer_id, label, address, lat, lng FROM locations
WHERE organization_id = %(org)s::uuid AND deleted_at IS NULL
  AND (%(customer)s::uuid IS NULL OR customer_id = %(customer)s::uuid)
  AND (%(id)s::uuid IS NULL OR id = %(id)s::uuid) AND (%(after)s::uuid IS NULL OR id > %(after)s::uuid)
ORDER BY id LIMIT %(limit)s
"""

_SAVE_LOCATION = """
INSERT INTO locations (organization_id, id, customer_id, label, address, lat, lng)
VALUES (%(org)s::uuid, %(id)s::uuid, %(customer_id)s::uuid, %(label)s, %(address)s, %(lat)s, %(lng)s)
ON CONFLICT (organization_id, id) DO UPDATE SET label = excluded.label, address = excluded.address, lat = excluded.lat, lng = excluded.lng
"""

# Bookings keep what they name, so nothing is ever really removed.
_DELETE_DOG = "UPDATE dogs SET deleted_at = now() WHERE organization_id = %(org)s::uuid AND id = %(id)s::uuid"
_DELETE_LOCATION = "UPDATE locations SET deleted_at = now() WHERE organization_id = %(org)s::uuid AND id = %(id)s::uuid"


class Belongings:
    """The rows of one kind of thing that customers have."""

    def __init__(self, listed: str, saved: str, deleted: str, *, known_to_walkers: bool) -> None:
        self.known_to_walkers = known_to_walkers
        self._listed = listed
        self._saved = saved
        self._deleted = deleted

    async def find(
        self,
        tx: Tx,
        organization_id: UUID,
        customer_id: UUID | None,
        *,
        limit: int = 1,
        after: UUID | None = None,
        only: UUID | None = None,
    ) -> list[Row]:
        """Return things in the order in which they were made; of all customers when none is named."""
        values = {"org": organization_id, "customer": customer_id, "limit": limit, "after": after, "id": only}
        return await many(tx, self._listed, values)

    async def save(self, tx: Tx, organization_id: UUID, thing: Mapping[str, Any]) -> None:
        """Make a thing, or change it; its owner stays."""
        await tx.execute(self._saved, {**thing, "org": organization_id})

    async def delete(self, tx: Tx, organization_id: UUID, thing_id: UUID) -> None:
        """Remove a thing from sight."""
        await tx.execute(self._deleted, {"org": organization_id, "id": thing_id})


dogs = Belongings(_DOGS, _SAVE_DOG, _DELETE_DOG, known_to_walkers=True)
# Walkers see an address in the booking that takes them there, and no list of where everybody lives.
locations = Belongings(_LOCATIONS, _SAVE_LOCATION, _DELETE_LOCATION, known_to_walkers=False)

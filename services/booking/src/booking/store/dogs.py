"""Customers' dogs. They will move to a service of their own: nothing else of booking reads this table but the plan."""

from booking.store.customer_things import CustomerThings

_FIND = """
SELECT id, customer_id, name, breed, notes, group_preference, group_eligible, group_ineligible_reason FROM dogs
WHERE organization_id = %(org)s::uuid AND deleted_at IS NULL
  AND (%(customer)s::uuid IS NULL OR customer_id = %(customer)s::uuid)
  AND (%(id)s::uuid IS NULL OR id = %(id)s::uuid) AND (%(after)s::uuid IS NULL OR id > %(after)s::uuid)
ORDER BY id LIMIT %(limit)s
"""

_SAVE = """
INSERT INTO dogs (organization_id, id, customer_id, name, breed, notes, group_preference, group_eligible, group_ineligible_reason)
VALUES (%(org)s::uuid, %(id)s::uuid, %(customer_id)s::uuid, %(name)s, %(breed)s, %(notes)s, %(group_preference)s,
    %(group_eligible)s, %(group_ineligible_reason)s)
ON CONFLICT (organization_id, id) DO UPDATE SET name = excluded.name, breed = excluded.breed, notes = excluded.notes,
    group_preference = excluded.group_preference, group_eligible = excluded.group_eligible,
    group_ineligible_reason = excluded.group_ineligible_reason
"""

# Bookings keep what they name, so nothing is ever really removed.
_DELETE = "UPDATE dogs SET deleted_at = now() WHERE organization_id = %(org)s::uuid AND id = %(id)s::uuid"

dogs = CustomerThings(_FIND, _SAVE, _DELETE)

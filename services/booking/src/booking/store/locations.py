"""Customers' locations. They will move to a service of their own: nothing else of booking reads this table but the plan."""

from booking.store.customer_things import CustomerThings

_FIND = """
SELECT id, customer_id, label, address, lat, lng FROM locations
WHERE organization_id = %(org)s::uuid AND deleted_at IS NULL
  AND (%(customer)s::uuid IS NULL OR customer_id = %(customer)s::uuid)
  AND (%(id)s::uuid IS NULL OR id = %(id)s::uuid) AND (%(after)s::uuid IS NULL OR id > %(after)s::uuid)
ORDER BY id LIMIT %(limit)s
"""

_SAVE = """
INSERT INTO locations (organization_id, id, customer_id, label, address, lat, lng)
VALUES (%(org)s::uuid, %(id)s::uuid, %(customer_id)s::uuid, %(label)s, %(address)s, %(lat)s, %(lng)s)
ON CONFLICT (organization_id, id) DO UPDATE SET label = excluded.label, address = excluded.address, lat = excluded.lat, lng = excluded.lng
"""

# Bookings keep what they name, so nothing is ever really removed.
_DELETE = "UPDATE locations SET deleted_at = now() WHERE organization_id = %(org)s::uuid AND id = %(id)s::uuid"

locations = CustomerThings(_FIND, _SAVE, _DELETE)

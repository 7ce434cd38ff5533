"""Customers' locations: owners see and change their own, the office sees all.

Walkers see an address in the booking that takes them there, and no list of where everybody lives.
"""

from booking.owned_things import OwnedThings
from booking.store.locations import locations as store

locations = OwnedThings(store, "There is no such location of yours.", lambda who: who.role == "admin")

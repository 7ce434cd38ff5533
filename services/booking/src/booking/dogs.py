"""Customers' dogs: owners see and change their own, staff see all."""

from booking.owned_things import OwnedThings
from booking.store.dogs import dogs as store

dogs = OwnedThings(store, "There is no such dog of yours.", lambda who: who.is_staff)

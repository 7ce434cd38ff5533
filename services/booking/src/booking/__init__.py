"""Services, walkers' calendars, bookings and series of a dog-walking business."""

"""How the answer to a submission goes out: the same bytes, however often it is asked."""

from chassis.idempotency.requests import submitted

__all__ = ["submitted"]

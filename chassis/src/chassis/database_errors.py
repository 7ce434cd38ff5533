"""Why a database cannot be worked with, in words for operators: no address, no value, no password."""

import psycopg
from psycopg_pool import PoolTimeout, TooManyRequests

# A connection that fails has no SQLSTATE, only the server's or libpq's words.
_CAUSES = (
    ("password authentication failed", "the database refuses the role or its password"),
    ("no password supplied", "the database wants a password, and its address holds none"),
    ("no pg_hba.conf entry", "the database lets this role in from other machines only, or not at all (pg_hba.conf)"),
    ("permission denied for database", "the role may not connect to the database"),
    ("is not permitted to log in", "the role may not log in"),
    ("too many clients", "the database has no connection left"),
    ("remaining connection slots", "the database has no connection left"),
    ("too many connections", "the database has no connection left for the role"),
    ("starting up", "the database is starting"),
    ("shutting down", "the database is stopping"),
    ("in recovery", "the database is recovering"),
    ("resolve host", "the name of the database's host is not known"),
    ("translate host name", "the name of the database's host is not known"),
    ("Connection refused", "nobody listens at the database's address"),
    ("No such file or directory", "nobody listens at the database's socket"),
    ("server closed the connection", "the database hangs up"),
    ("timeout expired", "the database does not answer in time"),
)


class CannotConnect(psycopg.OperationalError):
    """No connection can be made. The message is the cause."""


def cause_of(error: psycopg.Error) -> str:
    """Say why a database could not be worked with."""
    if isinstance(error, CannotConnect):
        return str(error)
    if isinstance(error, PoolTimeout):
        return "no connection came free in time"
    if isinstance(error, TooManyRequests):
        return "too many requests wait for a connection"
    text = str(error)
    for mark, cause in _CAUSES:
        if mark in text:
            return cause
    if text.rstrip().endswith("does not exist") and error.sqlstate is None:
        return "the database does not exist, or its role does not"
    return f"the database refuses what it is asked ({type(error).__name__})"

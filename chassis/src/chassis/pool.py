"""A pool of connections that knows why it has none: logged once, and told to whoever waited for one in vain."""

from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool, PoolTimeout, TooManyRequests

from chassis import logs
from chassis.database_errors import CannotConnect, cause_of

_log = logs.get("database")


class Tx(AsyncConnection[tuple[Any, ...]]):
    """A connection, and the transaction that it is in. has_news: events were written, which somebody waits for."""

    has_news = False


class Pool(AsyncConnectionPool[Tx]):
    """A pool. url: the database's address; settings: psycopg's own."""

    def __init__(self, url: str, **settings: Any) -> None:
        self._attempts = _Attempts(url)
        super().__init__(url, connection_class=_watched(self._attempts), open=False, **settings)

    async def getconn(self, timeout: float | None = None) -> Tx:  # noqa: ASYNC109 - psycopg's signature
        """Return a free connection. Raises CannotConnect where none can be made, PoolTimeout where all are in use."""
        try:
            return await super().getconn(timeout)
        except (PoolTimeout, TooManyRequests) as error:
            if self._attempts.cause is None:
                raise
            raise CannotConnect(self._attempts.cause) from error


class _Attempts:
    """What became of the last attempt to connect. cause: None when it succeeded."""

    def __init__(self, url: str) -> None:
        self.cause: str | None = None
        parts = conninfo_to_dict(url)
        self._where = {"role": parts.get("user"), "host": parts.get("host"), "database": parts.get("dbname")}

    def failed(self, error: psycopg.Error) -> None:
        """Remember why; the log gets a line when that changes, for the pool tries again and again."""
        cause = cause_of(error)
        if cause != self.cause:
            _log.error("database cannot be reached", cause=cause, **self._where)
        self.cause = cause

    def succeeded(self) -> None:
        """Forget what was wrong."""
        if self.cause is not None:
            _log.info("database reached again", **self._where)
        self.cause = None


def _watched(attempts: _Attempts) -> type[Tx]:
    class Watched(Tx):
        @classmethod
        async def connect(cls, conninfo: str = "", **kwargs: Any) -> "Watched":
            try:
                made = await super().connect(conninfo, **kwargs)
            except psycopg.Error as error:
                attempts.failed(error)
                raise
            attempts.succeeded()
            return made

    return Watched

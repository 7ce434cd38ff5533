"""Postgres: one pool a process, transactions that belong to one organization, and refusals for what a database can do wrong.

The pool is psycopg's and rows are tuples: `docs/decisions/` says why. Row-level security reads `app.organization`, which every
transaction sets first; both travel with the first statement, in one round trip.
"""

import asyncio
import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import psycopg
from psycopg_pool import PoolTimeout, TooManyRequests

from chassis import metrics
from chassis.database_errors import cause_of
from chassis.health import NotReady
from chassis.pool import Pool, Tx
from chassis.problems import Problem, UpstreamTimeout, UpstreamUnavailable
from chassis.settings import ServiceSettings

__all__ = ["Database", "Tx"]

_READY_WITHIN_S = 1.5  # sooner than whoever asks for readiness gives up
_AWAY = "Our database cannot be reached at the moment. Nothing was changed; please try again."
_BUSY = "We are very busy at the moment. Nothing was changed; please try again."
_SLOW = "This took too long and was stopped. Nothing was changed; please try again."


class Database:
    """The service's database. Use `begin` for work of an organization, `connection` for the service's own."""

    def __init__(self, settings: ServiceSettings) -> None:
        options = (
            f"-c statement_timeout={settings.database_statement_timeout_ms}"
            f" -c lock_timeout={settings.database_lock_timeout_ms}"
            " -c idle_in_transaction_session_timeout=5000"
            # Our statements are few and their arrays vary only in length: planning each anew costs more than it saves.
            " -c plan_cache_mode=force_generic_plan -c jit=off -c timezone=UTC"
        )
        # Set whenever a transaction that wrote events has been committed by this process.
        self.news = asyncio.Event()
        self.pool = Pool(
            settings.database_url.get_secret_value(),
            min_size=min(2, settings.database_pool_size),
            max_size=settings.database_pool_size,
            max_waiting=settings.database_pool_max_waiting,
            timeout=settings.database_pool_timeout_s,
            # The pool doubles its pause after each failure: given up early, the next request tries at once.
            reconnect_timeout=3,
            max_lifetime=1800,
            kwargs={"options": options, "autocommit": True, "connect_timeout": 3, "prepare_threshold": 1},
            check=_answers,
        )

    async def open(self) -> None:
        """Start connecting; does not wait, so that a service starts while its database is away."""
        await self.pool.open(wait=False)

    async def close(self) -> None:
        """Return all connections."""
        await self.pool.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Tx]:
        """Take a connection outside of any organization: row-level security shows it no tenant rows."""
        async with self.pool.connection() as connection:
            yield connection

    @asynccontextmanager
    async def begin(self, organization_id: UUID) -> AsyncIterator[Tx]:
        """Open a transaction for one organization; commits at the end of the block, rolls back on any error.

        Statements are pipelined: an error of one that nobody fetched from is raised by the next fetch, or at the end of the block. A
        cursor may be fetched from after the block; then question and COMMIT took one round trip together.
        """
        # In a pipeline nothing is waited for until somebody fetches: BEGIN and _ENTER go with the block's first statement, COMMIT
        # with its last. `connection.transaction()` would open a second pipeline inside, and wait at both of its ends.
        async with self.pool.connection() as connection:
            try:
                async with connection.pipeline():
                    await connection.execute("BEGIN")
                    await connection.execute(_ENTER, (str(organization_id),))
                    yield connection
                    await connection.execute("COMMIT")
                if connection.has_news:
                    self.news.set()
            except Exception:
                # Not `execute("ROLLBACK")`: only this makes psycopg forget what it meant to have prepared in an aborted pipeline.
                await connection.rollback()
                raise
            finally:
                connection.has_news = False

    @asynccontextmanager
    async def reading(self, organization_id: UUID) -> AsyncIterator[Tx]:
        """Read for one organization; writing is an error. Statements are pipelined as with `begin`, and read after the block as well.

        Postgres takes what arrives before a pipeline's end for one transaction: BEGIN and COMMIT, which cost as much as a small
        statement each, are not needed.
        """
        async with self.pool.connection() as connection:
            try:
                async with connection.pipeline():
                    await connection.execute(_ENTER_READING, (str(organization_id),))
                    yield connection
            except BaseException:
                # What psycopg meant to prepare in an aborted pipeline it believes prepared; without a transaction to roll back
                # nothing tells it otherwise. This is rare, and a new connection costs little.
                await connection.close()
                raise

    async def ready(self) -> None:
        """Raise NotReady, with the cause, unless the database answers."""
        try:
            async with self.pool.connection(min(self.pool.timeout, _READY_WITHIN_S)) as connection:
                await connection.execute("SELECT 1")
        except psycopg.Error as error:
            raise NotReady(cause_of(error)) from error

    def measure(self) -> None:
        """Write the pool's state to the metrics."""
        stats = self.pool.get_stats()
        size, idle = stats.get("pool_size", 0), stats.get("pool_available", 0)
        metrics.pool_connections.labels("idle").set(idle)
        metrics.pool_connections.labels("in_use").set(size - idle)
        metrics.pool_waiting.set(stats.get("requests_waiting", 0))


async def enter(tx: Tx, organization_id: UUID) -> None:
    """Let the rest of a transaction belong to another organization: the one that it makes, or makes something in."""
    await tx.execute(_ENTER, (str(organization_id),))


_ENTER = "SELECT set_config('app.organization', %s, true)"
_ENTER_READING = f"{_ENTER}, set_config('transaction_read_only', 'on', true)"


async def _answers(connection: Tx) -> None:
    # The server says nothing to an idle connection but goodbye, so one that can be read from is gone. Asking with a
    # statement instead would cost every request a round trip.
    if connection.closed or select.select([connection.fileno()], [], [], 0)[0]:
        # The pool takes back whatever is not closed, and would hand it out again.
        await connection.close()
        raise psycopg.OperationalError("the connection was closed")


def refusal(error: psycopg.Error) -> Problem | None:
    """Say what a database error means to a caller; None when it is a defect of ours."""
    if isinstance(error, PoolTimeout | TooManyRequests):
        return UpstreamUnavailable(_BUSY)
    if isinstance(error, psycopg.errors.QueryCanceled):
        return UpstreamTimeout(_SLOW)
    if isinstance(error, psycopg.errors.LockNotAvailable | psycopg.errors.DeadlockDetected):
        return UpstreamUnavailable(_BUSY)
    if away(error):
        return UpstreamUnavailable(_AWAY, retry_after_s=2)
    return None


def away(error: psycopg.Error) -> bool:
    """Whether a database could not be worked with at all, so that the same may well succeed later."""
    if isinstance(
        error, psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable | psycopg.errors.DeadlockDetected
    ):
        return False
    # Of the states that make an InternalError, only these say nothing of a defect: read-only, and a transaction that the server ended.
    return isinstance(error, psycopg.OperationalError) or error.sqlstate in ("25006", "25P03", "25P04")

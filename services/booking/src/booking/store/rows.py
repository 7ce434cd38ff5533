"""Rows by the names of their columns, for what is shown as it was read."""

from collections.abc import Mapping
from typing import Any

from psycopg.rows import dict_row

from chassis.database import Tx

Row = dict[str, Any]


async def many(tx: Tx, text: str, values: Mapping[str, Any]) -> list[Row]:
    """Ask for rows. text: SQL with named parameters."""
    async with tx.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(text, values)
        return await cursor.fetchall()


async def one(tx: Tx, text: str, values: Mapping[str, Any]) -> Row | None:
    """Ask for one row; None when there is none."""
    found = await many(tx, text, values)
    return found[0] if found else None

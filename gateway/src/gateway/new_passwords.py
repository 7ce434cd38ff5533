"""Passwords that somebody chooses: refused when they are guessed first, then hashed with the salt of their owner's e-mail.

All accounts with one e-mail have one salt, whatever their business, so that signing in without naming a business takes one slow hash
and not one for each account that somebody made with that e-mail.
"""

from collections.abc import Iterable

from chassis.database import Database
from gateway.guessable import refuse_guessable
from gateway.passwords import Passwords
from gateway.store import accounts


async def hash_chosen(
    db: Database, passwords: Passwords, path: str, password: str | None, *, email: str, names: Iterable[str]
) -> str | None:
    """Return the hash to store, None without a password. names: of the owner and the business. Raises InvalidRequest naming `path`."""
    if not password:
        return None
    refuse_guessable(path, password, (*names, email))
    async with db.connection() as tx:
        salt = await accounts.password_salt(tx, email)
    return await passwords.hash(password, salt)

"""New passwords: weak ones are refused, the others are hashed with the salt of their owner's e-mail.

All accounts with one e-mail have one salt, whatever their business, so that signing in without naming a business takes one slow hash
and not one for each account that somebody made with that e-mail.
"""

from collections.abc import Iterable

from chassis.database import Database
from chassis.problems import InvalidRequest
from gateway.passwords import Passwords
from gateway.rules.password_strength import weakness
from gateway.store import accounts


async def hash_new_password(
    db: Database, passwords: Passwords, path: str, password: str | None, *, email: str, names: Iterable[str]
) -> str | None:
    """Return the hash to store, None without a password. names: the owner's and the business's. Raises InvalidRequest naming `path`."""
    if not password:
        return None
    if reason := weakness(password, (*names, email)):
        raise InvalidRequest.field(path, reason)
    async with db.connection() as tx:
        salt = await accounts.password_salt(tx, email)
    return await passwords.hash(password, salt)

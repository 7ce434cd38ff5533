"""The key that signs the tokens services get."""

from chassis import logs
from chassis.issuer import Issuer, new_key, read_key
from gateway.settings import Settings

_log = logs.get("signing-key")


def issuer(settings: Settings) -> Issuer:
    """Read the key, or make one that lasts as long as this process, which only a laptop may do.

    Raises SystemExit when there is no key where one must be.
    """
    file = settings.token_key_file
    if file is None and settings.environment == "development":
        _log.info("signing with a key of this process")
        return Issuer(new_key(), settings.token_issuer)
    if file is None:
        raise SystemExit("gateway: TOKEN_KEY_FILE is not set. Make a key with: python -m gateway key FILE")
    try:
        return Issuer(read_key(file), settings.token_issuer)
    except (OSError, ValueError) as error:
        raise SystemExit(
            f"gateway: TOKEN_KEY_FILE cannot be used ({error}). Make one: python -m gateway key FILE"
        ) from error

"""Which spellings are one password: like RFC 8265's OpaqueString, but any character that can be typed may be in it.

A keyboard sends an é as one character or as two, a space of its own kind, and an emoji with or without an invisible selector; people
see no difference. Letter case stays what it is.
"""

import unicodedata
from collections.abc import Sequence

from chassis.text import is_ignorable


def normalized(password: str) -> str:
    """Return the spelling that is hashed: composed, every space a plain one, without what cannot be seen."""
    seen = (_plain(character) for character in password if not is_ignorable(character))
    return unicodedata.normalize("NFC", "".join(seen))


def can_be_typed(password: str) -> bool:
    """Say whether every keyboard can send it: no control characters, no halves of characters."""
    return not any(unicodedata.category(character) in ("Cc", "Cs") for character in password)


def spellings(password: str) -> Sequence[str]:
    """Return the spellings to try, the normalized one first.

    Former hashes are of the password as it was typed: as now, or with every accent apart, as some systems send it.
    """
    first = normalized(password)
    return tuple(dict.fromkeys((first, password, unicodedata.normalize("NFD", first))))


def _plain(character: str) -> str:
    return " " if unicodedata.category(character) == "Zs" else character

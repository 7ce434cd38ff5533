"""Which spellings are one password: RFC 8265's OpaqueString, by `precis-i18n`.

A keyboard sends an é as one character or as two, and a space of its own kind; people see no difference. Letter case stays what it is.
"""

import unicodedata
from collections.abc import Sequence

from precis_i18n import get_profile

_PROFILE = get_profile("OpaqueString")


def enforced(password: str) -> str:
    """Return the spelling that is kept. Raises ValueError for controls, joiners and characters that nobody knows yet."""
    return str(_PROFILE.enforce(password))


def spellings(password: str) -> Sequence[str]:
    """Return the spellings to try, the one that is kept first.

    Hashes of before are of what was typed then: as it is typed now, or with every accent apart, as some systems send it.
    """
    try:
        kept = enforced(password)
    except ValueError:
        # It was taken before this rule; nobody is locked out.
        kept = unicodedata.normalize("NFC", password)
    return tuple(dict.fromkeys((kept, password, unicodedata.normalize("NFD", kept))))

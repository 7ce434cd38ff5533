"""Which passwords are too weak: those that many people have, and those made of one's own names.

Plain lists, not a model of how long guessing takes: that one would take seconds for some passwords, and let common ones pass.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("common_passwords.txt")
_COMMON = "Many people have this one, so it is guessed first. Please choose another."
_OWN = "This is too close to a name or an e-mail address of yours, so it is easily guessed. Please choose another."
_PRODUCT = "packwalk"
_LEAST_PART = 3  # shorter parts of a name are in every other word
_LEAST_REST = 4
_PARTS = re.compile(r"[^\W_]+")
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def weakness(password: str, own_names: Iterable[str]) -> str | None:
    """Return why a password is too weak, as a sentence for its owner; None: it is not.

    own_names: names and e-mails of the owner and of the business.
    """
    plain = _plain(password)
    # "Butterfly7!" is tried right after "butterfly".
    bare = _ENDS.sub("", plain)
    if plain in _common() or bare in _common():
        return _COMMON
    return _OWN if _is_named_after(bare, own_names) else None


def _is_named_after(bare: str, own_names: Iterable[str]) -> bool:
    names = {
        part for name in (*own_names, _PRODUCT) for part in _PARTS.findall(_plain(name)) if len(part) >= _LEAST_PART
    }
    whole = rest = "".join(_PARTS.findall(bare))
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace(name, "")
    return rest != whole and len(rest) < _LEAST_REST


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


@cache
def _common() -> frozenset[str]:
    _, _, listed = _FILE.read_text().partition("\n\n")
    return frozenset(listed.splitlines())

"""Text that people type, cleaned in one place: every name, label and note of every service comes through here.

What can be typed by mistake is taken away or made plain; what makes text look like another text is refused.
"""

import re
import unicodedata
from itertools import chain

_NOT_TYPED = "Please use only characters that can be typed."
_SPACE_CONTROLS = frozenset("\t\n\r")
# These show the text around them in an order that nobody typed.
_REORDERING = frozenset(map(chr, chain(range(0x202A, 0x202F), range(0x2066, 0x2070))))
# Unicode's default ignorable characters beside the format characters (Cf), which `unicodedata` knows.
_IGNORABLE = frozenset(
    map(
        chr,
        chain(
            (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
            range(0x180B, 0x1810),
            range(0xFE00, 0xFE10),
            range(0xE0100, 0xE01F0),
        ),
    )
)
_BRAILLE_BLANK = "\u2800"
_BREAKS = re.compile(r"\r\n|[\r\u2028\u2029]")
# Soft hyphens, spaces without width and their like; and joiners, but where scripts and emoji need them.
_NOTHING = re.compile(r"[\u00ad\u180e\u200b\u2060-\u2064\ufeff]")
_STRAY_JOINER = re.compile(r"(?<![^\x00-\x7f\s])[\u200c\u200d]+|(?<![\u200c\u200d])[\u200c\u200d]++(?![^\x00-\x7f\s])")


def line(text: str) -> str:
    """Return a name or label as it is kept: composed, in one line. Nothing to see gives "". Raises ValueError."""
    return " ".join(note(text).split())


def note(text: str) -> str:
    """Return text of several lines as it is kept: composed. Nothing to see gives "".

    Raises ValueError for control characters and for what changes the direction of the text around it.
    """
    if any(map(_is_refused, text)):
        raise ValueError(_NOT_TYPED)
    plain = _NOTHING.sub("", unicodedata.normalize("NFC", _BREAKS.sub("\n", text)))
    plain = _STRAY_JOINER.sub("", plain).strip()
    return plain if any(map(_is_seen, plain)) else ""


def is_ignorable(character: str) -> bool:
    """Say whether a character has no look of its own, so that some keyboards send it and others do not."""
    return character in _IGNORABLE or unicodedata.category(character) == "Cf"


def _is_refused(character: str) -> bool:
    if character in _SPACE_CONTROLS:
        return False
    return character in _REORDERING or unicodedata.category(character) in ("Cc", "Cs")


def _is_seen(character: str) -> bool:
    # Marks and spaces are seen only beside something else.
    kind = unicodedata.category(character)
    return not (kind in ("Cc", "Mn", "Me") or kind[0] == "Z" or is_ignorable(character) or character == _BRAILLE_BLANK)

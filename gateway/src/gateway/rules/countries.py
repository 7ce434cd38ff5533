"""The country of a time zone, which decides on what day the week begins and how dates and times are written."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

# The package's data, not the system's: containers have none, and systems leave the table of countries out.
_DATA = files("tzdata") / "zoneinfo"
# Former names that now stand for a zone of another country.
_MERGED = {
    "Africa/Asmera": "ER",
    "Africa/Timbuktu": "ML",
    "America/Coral_Harbour": "CA",
    "America/Virgin": "VI",
    "Antarctica/South_Pole": "AQ",
    "Atlantic/Jan_Mayen": "SJ",
    "Pacific/Ponape": "FM",
    "Pacific/Truk": "FM",
    "Pacific/Yap": "FM",
}


def country_of(time_zone: str) -> str | None:
    """Return ISO 3166's two letters; None for a zone of no country, such as UTC. Former names of a zone are its own country's."""
    found = _countries().get(time_zone)
    return found or _countries().get(_present_names().get(time_zone, ""))


@cache
def _countries() -> dict[str, str]:
    return _MERGED | {zone: country for country, _, zone, *_ in _rows("zone.tab", "\t")}


@cache
def _present_names() -> dict[str, str]:
    return {former: present for kind, present, former, *_ in _rows("tzdata.zi", " ") if kind == "L"}


def _rows(name: str, separator: str) -> Iterator[list[str]]:
    for line in (_DATA / name).read_text("utf-8").splitlines():
        cells = line.split(separator)
        if not line.startswith("#") and len(cells) >= 3:
            yield cells

"""docs/security.md names what is there: its paths exist, and each requirement of the standard has one answer."""

import re
from collections import Counter

from launcher.machine import ROOT

TEXT = (ROOT / "docs" / "security.md").read_text()
ANSWERS = ("met", "in part", "not met")
REQUIREMENTS = 253  # of ASVS 5.0.0, levels 1 and 2
_ID = re.compile(r"V[1-9]\d?\.[1-9]\d?\.[1-9]\d?")
_ROW = re.compile(r"^\| (V\S+) \| ([^|]+) \| ([^|]+) \| ([^|]*)\|$", re.MULTILINE)
_NO_ROWS = re.compile(r"^Do not apply \([^)]+\):([^#]+)$", re.MULTILINE)
_ENDINGS = (".py", ".md", ".yml", ".yaml", ".toml", ".lock", ".json", ".sql", ".ts", ".tsx")


def rows() -> list[tuple[str, ...]]:
    """Return the rows of requirements: id, answer, how, where it is tested."""
    return [tuple(part.strip() for part in row) for row in _ROW.findall(TEXT)]


def left_out() -> list[str]:
    """Return the ids that do not apply."""
    return [one.strip(" .\n") for group in _NO_ROWS.findall(TEXT) for one in group.split(",")]


def paths() -> set[str]:
    """Return what the text quotes and is a path of this repository."""
    quoted = set(re.findall(r"`([^`\s]+)`", TEXT))
    return {one for one in quoted if not one.startswith("/") and ("/" in one or one.endswith(_ENDINGS))}


def test_every_path_that_is_named_is_there() -> None:
    found = paths()
    assert len(found) > 50
    assert sorted(one for one in found - {".packwalk/logs/"} if not (ROOT / one).exists()) == []


def test_every_requirement_is_named_once_by_its_id() -> None:
    ids = [row[0] for row in rows()] + left_out()
    assert [one for one in ids if not _ID.fullmatch(one)] == []
    assert [one for one, times in Counter(ids).items() if times > 1] == []
    assert len(ids) == REQUIREMENTS


def test_every_row_says_whether_it_is_met_and_where_that_is_tested() -> None:
    for name, answer, how, tested in rows():
        assert answer in ANSWERS, name
        assert how, name
        assert (tested == "") == (answer == "not met"), f"{name}: what is met, in part too, says where it is tested"
        assert not tested or "`" in tested or "by reading" in tested, name


def test_the_sum_is_that_of_the_rows() -> None:
    said = Counter(row[1] for row in rows())
    met, part, missing = (said[answer] for answer in ANSWERS)
    assert f"{met} are met, {part} in part, {missing} not met; {len(left_out())} do not apply." in TEXT

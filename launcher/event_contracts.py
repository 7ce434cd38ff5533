"""Are today's event schemas such that whoever reads what was ever written, or by yesterday's schema what is written today, still can?

A topic keeps events of versions that are no longer written, and during an upgrade old readers meet new events: so a schema may only grow
by members that are not required. Anything else is a new type of event. Compared is every version that the history of this branch holds.
"""

import json
import subprocess
from collections.abc import Iterator
from typing import Any

from launcher.machine import ROOT, echo

_FOLDER = "contracts/events"
_WORDS = ("title", "description", "examples", "$comment")  # they bind nobody


def current() -> bool:
    """Whether no schema breaks with a former version of itself. Says what does."""
    echo("-- event schemas")
    findings = []
    for version, file, text in _former_versions():
        now = ROOT / file
        if not now.exists():
            findings.append(f"{file} was removed since {version}: who reads the topic still meets such events")
            continue
        findings += [f"{file} since {version}: {one}" for one in breaks(json.loads(text), json.loads(now.read_text()))]
    for finding in dict.fromkeys(findings):
        echo(finding)
    return not findings


def breaks(old: Any, new: Any, where: str = "it") -> list[str]:
    """Say where a schema does not fit a former version of itself; nothing when it only gained optional members."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return [] if old == new else [f"{where} was {old!r} and is {new!r}"]
    found = []
    for word in sorted((old.keys() | new.keys()) - set(_WORDS)):
        if word == "properties":
            found += _members(old.get(word, {}), new.get(word, {}), where)
        elif word == "required":
            found += _required(old.get(word, []), new.get(word, []), where)
        elif isinstance(old.get(word), dict) and isinstance(new.get(word), dict):
            found += breaks(old[word], new[word], f"{where}.{word}")
        elif old.get(word) != new.get(word):
            found.append(f"{where}: {word} was {old.get(word)!r} and is {new.get(word)!r}")
    return found


def _members(old: dict[str, Any], new: dict[str, Any], where: str) -> list[str]:
    gone = [f"{where}.{name} is gone" for name in old.keys() - new.keys()]
    return gone + [one for name in old.keys() & new.keys() for one in breaks(old[name], new[name], f"{where}.{name}")]


def _required(old: list[str], new: list[str], where: str) -> list[str]:
    added = [f"{where}.{name} is required now, and older events do not have it" for name in set(new) - set(old)]
    return added + [f"{where}.{name} is no longer required, and older readers need it" for name in set(old) - set(new)]


def _former_versions() -> Iterator[tuple[str, str, str]]:
    """Yield the version, file and text of every schema in the history. A clone without its history has none to compare."""
    changes = _git("log", "--first-parent", "--format=%h", "--", _FOLDER).split()
    for version in changes:
        for file in _git("ls-tree", "-r", "--name-only", version, "--", _FOLDER).splitlines():
            yield version, file, _git("show", f"{version}:{file}")


def _git(*arguments: str) -> str:
    result = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return result.stdout if result.returncode == 0 else ""

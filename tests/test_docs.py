"""The documents lead to what is there: links, decisions, metrics."""

import re
from pathlib import Path

import pytest

from launcher.machine import ROOT

DOCS = ROOT / "docs"
DECISIONS = DOCS / "decisions"
PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
SOURCES = [*ROOT.glob("*/src"), *ROOT.glob("services/*/src")]
_METRIC = re.compile(r'\b(?:Counter|Gauge|Histogram|Metric)\(\s*"([a-z_]+)"')


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
    assert [one for one in links if not (page.parent / one).exists()] == []


def test_every_decision_is_listed_in_order_with_a_date_and_a_status() -> None:
    listed = re.findall(
        r"^\| (\d+) \| \[[^]]+\]\(([^)]+)\) \| \d{4}-\d\d-\d\d \| [^|]+ \|$",
        (DECISIONS / "README.md").read_text(),
        re.MULTILINE,
    )
    pages = sorted(page.name for page in DECISIONS.glob("*.md") if page.name != "README.md")
    assert [page for _, page in listed] == pages
    assert [int(number) for number, _ in listed] == list(range(1, len(pages) + 1))
    assert [int(page[:2]) for page in pages] == list(range(1, len(pages) + 1)), "a number is taken twice, or left out"


def test_every_metric_is_in_the_operators_guide() -> None:
    text = "".join(module.read_text() for source in SOURCES for module in source.rglob("*.py"))
    metrics = set(_METRIC.findall(text))
    assert len(metrics) > 25
    described = set(re.findall(r"`([a-z_]+)(?:\{[^}]*\})?`", (DOCS / "operations.md").read_text()))
    assert sorted(metrics - described) == []

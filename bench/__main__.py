"""`./packwalk bench [name ...] [--save]`: print one table of what is named, or of nearly all; `--save` writes it to the docs."""

import argparse
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import booking, events, fairness, gateway, measure, page, through, travel, up
from bench.measure import Figure, Limit

BOOKING = {"check": booking.check, "create": booking.create, "deep": booking.deep}
# `deep` makes ten million bookings first, which takes a quarter of an hour.
ALWAYS = ("check", "create", "through", "travel", "gateway", "fairness", "events", "up", "page")


def main() -> None:
    """Measure what is named, or all."""
    parser = argparse.ArgumentParser(prog="packwalk bench")
    parser.add_argument("names", nargs="*", choices=[*BOOKING, *ALWAYS, []])
    parser.add_argument("--save", action="store_true")
    chosen = parser.parse_args()
    lines = _measured(chosen.names or ALWAYS)
    found = measure.table(lines)
    print(found)
    if chosen.save:
        _save(found)


def _measured(names: Sequence[str]) -> list[Figure | Limit]:
    lines: list[Figure | Limit] = []
    if {"up", "page"} & set(names):
        up.refuse_while_it_runs()
    if BOOKING.keys() & set(names):
        with booking.running() as bench:
            for name in names:
                lines += BOOKING[name](bench) if name in BOOKING else []
    if "through" in names:
        lines += through.check()
    if "travel" in names:
        lines += travel.times() + travel.in_the_check()
    lines += _of_gateway(names)
    if "events" in names:
        with events.running() as (bench, topics):
            lines += events.leaving(bench, topics) + events.hearing(bench, topics)
    if "up" in names:
        lines += up.installed()
    if "page" in names:
        lines += page.from_click_to_list()
    return lines


def _of_gateway(names: Sequence[str]) -> list[Figure | Limit]:
    lines: list[Figure | Limit] = []
    if "gateway" in names:
        with gateway.running() as passing:
            lines += gateway.passing_on(passing)
    if "fairness" in names:
        lines += fairness.beside_noise()
    return lines


def _save(found: str) -> None:
    day = datetime.now(UTC).date()
    words = (
        f"# Benchmarks\n\nWritten by `./packwalk bench --save` on {day}, {platform.machine()}, on a database with 2,000 walkers and a\n"
        "million bookings. Floors are bare psycopg in the same run (the gateway's a bare pass-through), interleaved, five rounds, medians\n"
        "(min-max).\n\n"
    )
    (Path(__file__).parents[1] / "docs" / "benchmarks.md").write_text(words + found + "\n")


main()

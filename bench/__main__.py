"""`./packwalk bench [check|create] [--save]`: print one table; `--save` writes it to docs/benchmarks.md."""

import argparse
import platform
from datetime import UTC, datetime
from pathlib import Path

from bench import booking, measure

FIGURES = {"check": booking.check, "create": booking.create}


def main() -> None:
    """Measure what is named, or all."""
    parser = argparse.ArgumentParser(prog="packwalk bench")
    parser.add_argument("names", nargs="*", choices=[*FIGURES, []])
    parser.add_argument("--save", action="store_true")
    chosen = parser.parse_args()
    with booking.running() as bench:
        lines = [line for name in chosen.names or FIGURES for line in FIGURES[name](bench)]
    found = measure.table(lines)
    print(found)
    if chosen.save:
        _save(found)


def _save(found: str) -> None:
    day = datetime.now(UTC).date()
    words = (
        f"# Benchmarks\n\nWritten by `./packwalk bench --save` on {day}, {platform.machine()}, on a database with 2,000 walkers and a\n"
        "million bookings. Floors are bare psycopg in the same run, interleaved, five rounds, medians (min-max).\n\n"
    )
    (Path(__file__).parents[1] / "docs" / "benchmarks.md").write_text(words + found + "\n")


main()

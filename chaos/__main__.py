"""`./packwalk chaos [--minutes 5] [--seed N]`: prints what was done and found; ends with 1 when the books are wrong."""

import argparse
import random
import sys

from chaos.run import Run
from launcher.installation import installed
from launcher.machine import UserError, echo


def main() -> int:
    """Run, in an installation that is thrown away afterwards."""
    parser = argparse.ArgumentParser(prog="packwalk chaos")
    parser.add_argument("--minutes", type=float, default=5, help="how long; every part is killed once at least")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    chosen = parser.parse_args()
    echo(f"Starting Packwalk apart from yours; --seed {chosen.seed} chooses the same again")
    with installed() as installation:
        up = installation.verb("up", "--detach", PACKWALK_DEMO="no")
        if up.returncode:
            raise UserError(up.stdout)
        outcome, read = Run(installation, chosen.seed, chosen.minutes * 60).whole()
        read.close()
    echo(outcome.words())
    echo(f"chaos: {sum(outcome.kills.values())} kills, {len(outcome.findings)} findings")
    return 1 if outcome.findings else 0


sys.exit(main())

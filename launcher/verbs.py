"""The command line: one function a verb."""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from launcher import checks, cluster, environment, openapi, tests_run
from launcher.machine import ROOT, Trouble


def main(arguments: Sequence[str]) -> int:
    """Run a verb. Returns the process's exit status; trouble is one clear sentence, never a traceback."""
    parsed, rest = _parser().parse_known_args(arguments)
    try:
        return int(_VERBS[parsed.verb](parsed, rest))
    except Trouble as trouble:
        print(f"packwalk: {trouble}", file=sys.stderr)
        return 1
    except PermissionError as error:
        print(f"packwalk: {error.filename} may not be written by this user.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="packwalk", description="Set up, run, test and measure Packwalk.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verb")
    verbs.add_parser("test", help="run all tests; what follows goes to pytest")
    verbs.add_parser("check", help="lint, format, types, import rules, contracts")
    verbs.add_parser("bench", help="measure speed beside its floors; what follows names figures")
    verbs.add_parser("openapi", help="write contracts/openapi from what the services say of themselves")
    verbs.add_parser("lock", help="resolve the dependencies anew into requirements.lock")
    return parser


def _test(_: argparse.Namespace, rest: Sequence[str]) -> int:
    return tests_run.test(rest)


def _check(_: argparse.Namespace, __: Sequence[str]) -> int:
    return checks.check()


def _bench(_: argparse.Namespace, rest: Sequence[str]) -> int:
    environment.ready()
    with cluster.for_tests(max_wal_size="4GB") as url:
        command: list[str | Path] = [environment.BIN / "python", "-m", "bench", *rest]
        env = environment.environment(PACKWALK_TEST_POSTGRES=url)
        return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def _openapi(_: argparse.Namespace, __: Sequence[str]) -> int:
    return openapi.write()


def _lock(_: argparse.Namespace, __: Sequence[str]) -> int:
    environment.ready()
    sources = ["--group", "pyproject.toml:dev", *(f"{package}/pyproject.toml" for package in environment.PACKAGES)]
    options = ["-q", "--generate-hashes", "--universal", "--python-version", "3.11", "--no-header"]
    command: list[str | Path] = [
        environment.BIN / "uv",
        "pip",
        "compile",
        *options,
        "--no-emit-package",
        "packwalk-chassis",
        *sources,
    ]
    return subprocess.run(
        [*command, "-o", "requirements.lock"], cwd=ROOT, env=environment.environment(), check=False
    ).returncode


_VERBS = {"test": _test, "check": _check, "bench": _bench, "openapi": _openapi, "lock": _lock}

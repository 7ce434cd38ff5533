"""The command line: one function a verb."""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from launcher import broker, checks, cluster, environment, openapi, operations, supervisor, tests_run
from launcher.machine import ROOT, UserError, echo


def main(arguments: Sequence[str]) -> int:
    """Run a verb. Returns the process's exit status; trouble is one clear sentence, never a traceback."""
    parsed, rest = _parser().parse_known_args(arguments)
    try:
        return int(_VERBS[parsed.verb](parsed, rest))
    except UserError as trouble:
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
    verbs.add_parser("up", help="set up and serve").add_argument(
        "--detach", action="store_true", help="return when ready"
    )
    verbs.add_parser("down", help="stop what runs")
    verbs.add_parser("status", help="say what runs and whether it is well")
    logs = verbs.add_parser("logs", help="show the services' logs")
    logs.add_argument("service", nargs="?")
    logs.add_argument("-f", "--follow", action="store_true")
    reset = verbs.add_parser("reset", help="remove all data; the next up begins anew")
    reset.add_argument("--yes", action="store_true", help="do not ask")
    events = verbs.add_parser("events", help="lag, outbox, dead-letters, show, replay, discard, rebuild, topics")
    events.add_argument("what", help="which of these")
    events.add_argument("service", nargs="?", help="one service; all when left out")
    events.add_argument("rest", nargs="*", help="a dead letter's number, a topic")
    verbs.add_parser("demo", help="make the demo business riverside, or what is missing of it")
    test = verbs.add_parser("test", help="run all tests; what follows goes to pytest")
    test.add_argument("--coverage", action="store_true", help="say which lines and branches no test reached")
    verbs.add_parser("check", help="lint, format, types, import rules, contracts")
    verbs.add_parser("bench", help="measure speed beside its floors; what follows names figures")
    verbs.add_parser("chaos", help="book while everything is killed in turn, then compare the books; --minutes, --seed")
    verbs.add_parser("openapi", help="write contracts/openapi from what the services say of themselves")
    verbs.add_parser("lock", help="resolve the dependencies anew into requirements.lock")
    return parser


def _up(parsed: argparse.Namespace, _: Sequence[str]) -> int:
    return supervisor.up(detach=parsed.detach)


def _down(_: argparse.Namespace, __: Sequence[str]) -> int:
    return operations.down()


def _status(_: argparse.Namespace, __: Sequence[str]) -> int:
    return operations.status()


def _logs(parsed: argparse.Namespace, _: Sequence[str]) -> int:
    return operations.logs(parsed.service, follow=parsed.follow)


def _reset(parsed: argparse.Namespace, _: Sequence[str]) -> int:
    if not parsed.yes and input("This removes all data of this installation. Type 'reset' to go on: ") != "reset":
        echo("Nothing was removed")
        return 1
    return operations.reset()


def _events(parsed: argparse.Namespace, rest: Sequence[str]) -> int:
    return operations.events(parsed.what, parsed.service, [*parsed.rest, *rest])


def _demo(_: argparse.Namespace, __: Sequence[str]) -> int:
    return operations.make_demo()


def _test(parsed: argparse.Namespace, rest: Sequence[str]) -> int:
    return tests_run.test(rest, coverage=parsed.coverage)


def _check(_: argparse.Namespace, __: Sequence[str]) -> int:
    return checks.check()


def _bench(_: argparse.Namespace, rest: Sequence[str]) -> int:
    environment.ready()
    with cluster.for_tests(max_wal_size="4GB", min_wal_size="2GB") as url, broker.for_tests() as kafka:
        command: list[str | Path] = [environment.BIN / "python", "-m", "bench", *rest]
        env = environment.environment(PACKWALK_TEST_POSTGRES=url, PACKWALK_TEST_KAFKA=kafka)
        return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def _chaos(_: argparse.Namespace, rest: Sequence[str]) -> int:
    environment.ready()
    broker.install()
    command: list[str | Path] = [environment.BIN / "python", "-m", "chaos", *rest]
    return subprocess.run(command, cwd=ROOT, env=environment.environment(), check=False).returncode


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
    env = environment.environment()
    subprocess.run([*command, "-o", "requirements.lock"], cwd=ROOT, env=env, check=True)
    # What services need to run, in the very versions that are tested.
    return subprocess.run(
        [*command[: -len(sources)], "-c", "requirements.lock", *sources[2:], "-o", "deploy/requirements.lock"],
        cwd=ROOT,
        env=env,
        check=False,
    ).returncode


_VERBS = {
    "up": _up,
    "down": _down,
    "status": _status,
    "logs": _logs,
    "reset": _reset,
    "events": _events,
    "demo": _demo,
    "test": _test,
    "check": _check,
    "bench": _bench,
    "chaos": _chaos,
    "openapi": _openapi,
    "lock": _lock,
}

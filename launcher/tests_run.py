"""`./packwalk test`: the whole suite against servers of its own, beside whatever else runs."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from launcher import broker, browser, cluster, environment, frontend
from launcher.machine import ROOT, UserError, echo


def test(arguments: Sequence[str], *, coverage: bool) -> int:
    """Run pytest with `arguments`, and the frontend's tests unless arguments choose some. Returns 0 when all passed.

    coverage: say which lines and branches of the services no test reached. Off by default: it costs half as much processor time again.
    """
    environment.ready()
    pages = frontend.build()
    chromium = browser.ready()
    # Kill tests end servers of their own, wherever the others' are.
    broker.install()
    with servers() as (postgres, kafka):
        env = environment.environment(
            PACKWALK_TEST_POSTGRES=postgres,
            PACKWALK_TEST_KAFKA=kafka,
            PACKWALK_TEST_FRONTEND=str(pages),
            PACKWALK_TEST_CHROMIUM=chromium,
        )
        python_tests = subprocess.run(_pytest(arguments, coverage=coverage), cwd=ROOT, env=env, check=False).returncode
    pages_tests = 0 if arguments else _of_the_frontend()
    return 1 if python_tests or pages_tests else 0


@contextmanager
def servers() -> Iterator[tuple[str, str]]:
    """Yield the addresses of a database server and a broker: those in the environment, else containers where these are asked for, else
    our own.
    """
    postgres, kafka = os.environ.get("PACKWALK_TEST_POSTGRES"), os.environ.get("PACKWALK_TEST_KAFKA")
    if postgres and kafka:
        yield postgres, kafka
    elif os.environ.get("PACKWALK_TEST_CONTAINERS") == "1":
        with _containers() as found:
            yield postgres or found["postgres"], kafka or found["kafka"]
    else:
        with cluster.for_tests(**cluster.NOT_DURABLE) as own, broker.for_tests() as ours:
            yield postgres or own, kafka or ours


@contextmanager
def _containers() -> Iterator[dict[str, str]]:
    echo("Starting containers for the tests")
    command: list[str | Path] = [environment.BIN / "python", "-m", "launcher.containers"]
    env = environment.environment()
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout
        line = child.stdout.readline()
        if not line:
            raise UserError("The containers for the tests do not start; what they said is above.")
        yield json.loads(line)


def _pytest(arguments: Sequence[str], *, coverage: bool) -> list[str]:
    workers = str(max(2, min(8, os.cpu_count() or 2)))
    options = [] if any(a.startswith(("-n", "--pdb")) for a in arguments) else ["-n", workers, "--dist", "loadfile"]
    if coverage:
        options += ["--cov", "--cov-branch", "--cov-report=term"]
    return [str(environment.BIN / "python"), "-m", "pytest", *options, *arguments]


def _of_the_frontend() -> int:
    echo("-- frontend")
    # Colours, which CI=true turns on, would hide the summary from whoever looks for it.
    env = {**frontend.packages(), "NO_COLOR": "1"}
    npm = shutil.which("npm", path=env["PATH"]) or "npm"
    return subprocess.run([npm, "test", "--silent"], cwd=frontend.HOME, env=env, check=False).returncode

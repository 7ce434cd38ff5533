"""What it takes to have Packwalk: seconds until it is ready, memory of all of it, and what a browser loads before anybody can book."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

import psutil
from playwright.sync_api import Page, sync_playwright

from bench import measure
from bench.measure import Limit
from chassis.testing import free_port
from launcher import browser, demo, run_state, system
from launcher.machine import ROOT

_ANN = {"email": "ann@riverside.example", "password": demo.PASSWORD, "organization": "riverside"}
_TURNS = 3
_LCP = """() => new Promise(done => new PerformanceObserver(seen => done(seen.getEntries().at(-1).startTime))
    .observe({ type: 'largest-contentful-paint', buffered: true }))"""
_SCRIPTS = """() => performance.getEntriesByType('resource').filter(one => new URL(one.name).pathname.endsWith('.js'))
    .reduce((sum, one) => sum + one.encodedBodySize, 0)"""


def refuse_while_it_runs() -> None:
    """Raise SystemExit while this checkout's own installation runs: it is what will be measured."""
    if run_state.running():
        raise SystemExit("bench up starts Packwalk itself: run ./packwalk down first")


def installed() -> list[Limit]:
    """Measure this checkout's own installation."""
    with running():
        pass  # now everything is installed and made
    seconds = []
    for turn in range(_TURNS):
        started = perf_counter()
        with running() as url:
            seconds.append(perf_counter() - started)
            if turn == _TURNS - 1:
                memory = _memory_mb()
                kilobytes, painted_ms = _first_load(url)
    return [
        Limit("`./packwalk up`, everything installed, until it is ready", median(seconds), "s", at_most=15),
        Limit("memory of the whole system, shared pages counted once", memory, "MB", at_most=1200),
        Limit("script of the booking page, compressed", kilobytes, "kB", at_most=250),
        Limit("its largest contentful paint, nothing cached", painted_ms, at_most=1500),
    ]


def _packwalk(*verb: str, **own: str) -> None:
    subprocess.run([ROOT / "packwalk", *verb], env={**os.environ, **own}, capture_output=True, check=True)


@contextmanager
def running() -> Iterator[str]:
    """Run this checkout's own installation. Yields its address."""
    port = free_port()
    _packwalk("up", "--detach", PACKWALK_PORT=str(port))
    try:
        yield f"http://localhost:{port}"
    finally:
        _packwalk("down")


def _memory_mb() -> float:
    there = run_state.running()
    assert there
    postmaster = Path(system.home_of_postgres(), "data", "postmaster.pid").read_text().split()[0]
    roots = [psutil.Process(pid) for pid in [int(postmaster), *(pid for pid, _ in there["processes"].values())]]
    everybody = {process for root in roots for process in (root, *root.children(recursive=True))}
    return sum(process.memory_full_info().pss for process in everybody) / 2**20


def _first_load(url: str) -> tuple[float, float]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.ready(), args=["--no-sandbox", "--disable-gpu"])
        loads = [_load(chromium.new_context(base_url=url).new_page()) for _ in range(measure.ROUNDS)]
        chromium.close()
    return median(kilobytes for kilobytes, _ in loads), median(ms for _, ms in loads)


def _load(page: Page) -> tuple[float, float]:
    answer = page.request.post("/api/v1/session", data=_ANN)
    if not answer.ok:
        raise RuntimeError(answer.text())
    page.goto("/book")
    page.get_by_text("Neighbourhood walk").first.wait_for()
    return page.evaluate(_SCRIPTS) / 1000, page.evaluate(_LCP)

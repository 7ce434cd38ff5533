"""What checking passwords leaves behind."""

import asyncio
import platform
import subprocess
import sys

import pytest

from gateway.passwords import Passwords

_MEGABYTES_KEPT = """
import asyncio, psutil
from gateway.passwords import Passwords

async def work():
    passwords = Passwords()
    before = psutil.Process().memory_info().rss
    hashed = await passwords.hash("a long enough password", bytes(16))
    assert all(await asyncio.gather(*(passwords.verify("a long enough password", hashed) for _ in range(6))))
    return (psutil.Process().memory_info().rss - before) / 2**20

print(asyncio.run(work()))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries give memory back in their own way")
def test_the_memory_of_hashes_is_given_back() -> None:
    ran = subprocess.run([sys.executable, "-c", _MEGABYTES_KEPT], capture_output=True, text=True, check=True)
    assert float(ran.stdout) < 10, "one hash takes 19 MiB"


async def test_whoever_sends_many_waits_behind_their_own() -> None:
    passwords, done = Passwords(), list[str]()

    async def ask(who: str) -> None:
        await passwords.for_client(who).hash("a long enough password", bytes(16))
        done.append(who)

    async with asyncio.TaskGroup() as asking:
        for _ in range(12):
            asking.create_task(ask("192.0.2.1"))
        # Until all of them stand in line.
        await asyncio.sleep(0)
        asking.create_task(ask("192.0.2.2"))
    assert len(done) == 13
    assert done.index("192.0.2.2") < 8, "behind the two that were before it, and whichever ends at the same time"

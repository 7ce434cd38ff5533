"""Take the picture of the booking form for the README from a running Packwalk with its demo data.

    ./packwalk up --detach
    python -m tests.e2e.browser.picture http://localhost:8080

It shows the demo customer's form as she finds it, with one walker chosen and a year of walks: real answers of the real services.
"""

import argparse
import asyncio
import os
from pathlib import Path

from playwright.async_api import async_playwright, expect

from .conftest import ARGUMENTS

PICTURE = Path(__file__).parents[3] / "docs" / "images" / "booking-form-with-conflicts.png"


async def take(address: str, email: str, password: str, dog: str, walker: str) -> None:
    """Sign in, choose a dog and a walker, and wait until the dates are there."""
    async with async_playwright() as playwright:
        path = os.environ.get("PACKWALK_TEST_CHROMIUM", "/usr/bin/chromium")
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = await browser.new_page(
            viewport={"width": 1280, "height": 1000},
            timezone_id="Europe/London",
            locale="en-GB",
            reduced_motion="reduce",
        )
        await page.goto(f"{address}/sign-in")
        await page.get_by_label("E-mail").fill(email)
        await page.get_by_label("Password").fill(password)
        await page.get_by_role("button", name="Sign in").click()
        await page.get_by_role("button", name=dog).click()
        await page.get_by_label("Walker").select_option(label=walker)
        await page.get_by_label("Walks", exact=True).fill("52")
        await expect(page.locator("li.date-taken").first).to_be_visible()
        await expect(page.locator("[aria-busy=true]")).to_have_count(0)
        await page.mouse.move(0, 0)
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=PICTURE)
        await browser.close()


def main() -> None:
    """Read the command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("address", nargs="?", default="http://localhost:8080")
    asked.add_argument("--email", default="ann@riverside.example")
    asked.add_argument("--password", default="packwalk-demo")
    asked.add_argument("--dog", default="Biscuit")
    asked.add_argument("--walker", default="Sam Okafor")
    chosen = asked.parse_args()
    asyncio.run(take(chosen.address, chosen.email, chosen.password, chosen.dog, chosen.walker))


if __name__ == "__main__":
    main()

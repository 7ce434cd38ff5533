"""The reference of the API: every operation can be tried in the browser, as whoever is signed in there."""

import re

from playwright.async_api import Page, expect

from .business import Business, Customer
from .screens import sign_in


async def test_an_operation_is_tried_as_whoever_is_signed_in(
    page: Page, ann: Customer, riverside: Business, address: str
) -> None:
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await sign_in(page, ann, riverside)
    await page.goto("/api/v1/docs")
    await expect(page.get_by_role("status")).to_have_text(re.compile(r"^You are signed in as Ann "))

    operation = page.locator("#operations-dogs-addDog")
    await operation.locator(".opblock-summary-control").click()
    await operation.locator("textarea.body-param__text").fill('{"name": "Juno"}')
    await operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table")
    await expect(answer).to_contain_text("201")
    await expect(answer).to_contain_text('"name": "Juno"')

    assert refused == []
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


async def test_nobody_is_told_to_sign_in_first(page: Page) -> None:
    await page.goto("/api/v1/docs")
    await expect(page.get_by_role("status").get_by_role("link", name="Sign in")).to_have_attribute("href", "/sign-in")

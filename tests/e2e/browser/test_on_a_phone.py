"""A phone: a header of one line, the ways to go at the bottom, and nothing under the bars."""

from playwright.async_api import Page, expect

from .business import PASSWORD, Business, Customer, monday
from .screens import above, becomes, lies_at, sign_in, submit, summary, toast, toasts, wish_for_sam
from .submissions import CREATES, Submissions
from .test_for_everybody import no_sideways

HIDDEN = """() => {
    const at = document.activeElement;
    const bars = [...document.querySelectorAll('.submit-bar, .shell nav')].filter(
        (bar) => bar.checkVisibility() && ['fixed', 'sticky'].includes(getComputedStyle(bar).position));
    if (at === document.body || bars.some((bar) => bar.contains(at))) return null;
    const rect = at.getBoundingClientRect();
    const under = bars.find((bar) => rect.bottom > bar.getBoundingClientRect().top + 1);
    return under || rect.top < -1 ? at.outerHTML.slice(0, 120) : null;
}"""

BARS = """[...document.querySelectorAll('.submit-bar, .shell nav')].map((bar) => getComputedStyle(bar).position)
    .filter((position) => position !== 'static')"""


async def test_no_tab_stop_lies_under_a_bar(phone: Page, ann: Customer, riverside: Business) -> None:
    await riverside.time_off("Sam", monday(3))
    await sign_in(phone, ann, riverside)
    await wish_for_sam(phone)
    await summary(phone, "51 of 52 walks are free")
    stops, hidden = 0, []
    await phone.get_by_role("link", name="Skip to the content").focus()
    for _ in range(150):
        await phone.keyboard.press("Tab")
        if await phone.evaluate("document.activeElement === document.body"):
            break
        stops += 1
        if found := await phone.evaluate(HIDDEN):
            hidden.append(found)
    assert stops > 15
    assert hidden == []


async def test_the_header_is_one_line_and_the_tabs_are_at_the_bottom(
    phone: Page, ann: Customer, riverside: Business
) -> None:
    await sign_in(phone, ann, riverside)
    await lies_at(lambda header: header["height"] <= 56, phone.locator("header.shell"))
    tabs = phone.get_by_role("navigation", name="Main")
    await lies_at(lambda box: box["y"] + box["height"] == 740, tabs)
    await phone.get_by_role("link", name="My bookings").click()
    await expect(phone.get_by_role("heading", name="My bookings")).to_be_focused()


async def test_toasts_leave_the_button_and_the_tabs_free(phone: Page, ann: Customer, riverside: Business) -> None:
    await sign_in(phone, ann, riverside)
    await phone.context.set_offline(True)
    await phone.get_by_role("button", name="Sign out").click()
    said = toast(phone, "We could not reach Packwalk")
    await lies_at(above, said, phone.locator(".submit-bar"))
    await said.get_by_role("button", name="Dismiss").click()
    await expect(toasts(phone)).to_have_count(0)
    await becomes(phone, "document.activeElement !== document.body", True)


async def test_toasts_leave_the_ways_out_free_while_nobody_knows_what_was_booked(
    phone: Page, ann: Customer, riverside: Business
) -> None:
    sent = Submissions()
    sent.answers = ["lost after", *["lost before"] * 50]
    for address in CREATES:
        await phone.route(address, sent)
    await sign_in(phone, ann, riverside)
    await wish_for_sam(phone, 52)
    await submit(phone).click()
    said = toast(phone, "We could not reach Packwalk")
    await lies_at(above, phone.get_by_role("link", name="See my bookings"), said)
    await lies_at(above, phone.get_by_role("button", name="Go on without the answer"), said)
    await phone.unroute_all(behavior="wait")


async def test_the_button_of_a_long_form_can_be_scrolled_out_from_under_a_toast(phone: Page) -> None:
    await phone.goto("/start")
    for label in ("Name of the business", "Your name"):
        await phone.get_by_label(label).fill("Paws and Co")
    await phone.get_by_label("E-mail").fill("olive@paws.example")
    await phone.get_by_label("Password").fill(PASSWORD)
    await phone.context.set_offline(True)
    await phone.get_by_role("button", name="Start").click()
    said = toast(phone, "We could not reach Packwalk")
    await expect(said).to_be_visible()
    await phone.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    await lies_at(above, phone.get_by_role("link", name="Sign in"), said)


async def test_magnified_four_times_nothing_stands_over_the_page(
    phone: Page, ann: Customer, riverside: Business
) -> None:
    await phone.set_viewport_size({"width": 320, "height": 256})  # of a window of 1280 by 1024
    await sign_in(phone, ann, riverside)
    await summary(phone, "All 4 walks are free")
    await no_sideways(phone, "book")
    await becomes(phone, BARS, [])
    await phone.get_by_role("link", name="My bookings").click()
    await expect(phone.get_by_role("heading", name="My bookings")).to_be_visible()
    await no_sideways(phone, "bookings")


async def test_a_long_name_does_not_make_the_page_wider(phone: Page, riverside: Business) -> None:
    who = await riverside.customer("Cleo", dogs=["Bartholomew" * 4])
    await riverside.book(who, "Sam", monday(0), "09:00")
    await sign_in(phone, who, riverside)
    await summary(phone, "free")
    await no_sideways(phone, "book")
    await phone.get_by_role("link", name="My bookings").click()
    await expect(phone.get_by_text("Next walk")).to_be_visible()
    await no_sideways(phone, "bookings")

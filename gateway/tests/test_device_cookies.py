"""The cookie by which a browser is known again."""

from uuid import uuid4

import pytest

from chassis.issuer import new_key
from gateway.device_cookies import NEW_DEVICE, Device, DeviceCookies

KEY = new_key()
COOKIES = DeviceCookies(lambda: KEY)


def test_a_cookie_says_who_signed_in_the_latest_first_and_no_more_than_eight() -> None:
    ids, device = [uuid4() for _ in range(10)], NEW_DEVICE
    for one in (*ids, ids[5]):
        device = COOKIES.read(COOKIES.write(device, one))
    assert device.accounts == tuple(ids[at] for at in (5, 9, 8, 7, 6, 4, 3, 2))


def test_every_sign_in_gives_the_browser_another_name() -> None:
    ann = uuid4()
    assert COOKIES.read(COOKIES.write(NEW_DEVICE, ann)).name != COOKIES.read(COOKIES.write(NEW_DEVICE, ann)).name


def test_a_cookie_that_anything_was_done_to_is_none() -> None:
    for cookie in (COOKIES.write(NEW_DEVICE, uuid4()) for _ in range(20)):
        for at in range(len(cookie)):
            changed = cookie[:at] + ("A" if cookie[at] != "A" else "B") + cookie[at + 1 :]
            assert COOKIES.read(changed) == NEW_DEVICE


@pytest.mark.parametrize("cookie", [None, "", "A", "\u00e9", "AAAA" * 30, "=" * 50, "a" * 5000])
def test_what_is_no_cookie_of_ours_is_a_new_browser(cookie: str | None) -> None:
    assert COOKIES.read(cookie) == NEW_DEVICE


def test_another_installations_cookie_is_none() -> None:
    other = new_key()
    assert COOKIES.read(DeviceCookies(lambda: other).write(Device(), uuid4())) == NEW_DEVICE

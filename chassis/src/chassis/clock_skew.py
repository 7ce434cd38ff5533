"""Clocks that differ: a token of a machine whose clock is ahead is not valid yet for everybody else.

The one who refuses it says by how much, in a header, and the one who is refused tells the caller and the log.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from chassis import logs
from chassis.problems import NotSignedIn, UpstreamUnavailable

SKEW = "x-clock-skew-s"
_NOTICED_FROM_S = 3  # a `Date` has whole seconds, and takes its time to come
_log = logs.get("clocks")


class ClockSkew(NotSignedIn):
    """A token that is right but for its time."""

    type = "clocks-differ"
    title = "Two clocks differ"

    def __init__(self, issuer: str, skew_s: int) -> None:
        # skew_s: how far the issuer's clock is ahead of ours, at least; negative when it is behind
        why = f"the clock of the {issuer} is {_apart(skew_s)} ours"
        super().__init__(
            f"The token is {'not valid yet' if skew_s > 0 else 'not valid any more'}: {why}.",
            headers={
                "www-authenticate": f'Bearer error="invalid_token", error_description="{why}"',
                SKEW: str(skew_s),
            },
        )
        _log.error("token refused: clocks differ", issuer=issuer, ahead_s=skew_s)


def refused_us(upstream: str, status: int, headers: Mapping[str, str]) -> str | None:
    """Say, for a person, that a service refused our token because of the time; None when it did not. Logs it."""
    skew = headers.get(SKEW, "")
    if status != 401 or not skew.removeprefix("-").isdigit():
        return None
    _log.error("upstream refuses our tokens: clocks differ", upstream=upstream, ahead_s=int(skew))
    return (
        f"The clocks of two of our computers are {abs(int(skew))} seconds apart, so that one does not believe the other."
        " Nothing was changed. Please try again in a few minutes."
    )


def behind(headers: Mapping[str, str]) -> bool:
    """Whether a token was refused because it was too old, not because it was too early."""
    return headers.get(SKEW, "").startswith("-")


def unavailable(words: str) -> UpstreamUnavailable:
    """Refuse because of clocks. words: as `refused_us` says them."""
    return UpstreamUnavailable(words, retry_after_s=30)


def apart(date: str | None) -> str | None:
    """Say how far the clock of an answer's `Date` is from ours; None where they agree, or the answer has no date."""
    try:
        theirs = parsedate_to_datetime(date or "")
        skew_s = round((theirs - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
    return f"its clock is {_apart(skew_s)} ours" if abs(skew_s) >= _NOTICED_FROM_S else None


def _apart(skew_s: int) -> str:
    return f"{abs(skew_s)} s {'ahead of' if skew_s > 0 else 'behind'}"

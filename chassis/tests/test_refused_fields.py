"""What is wrong with a field, in words for the person who filled it in."""

import pytest

from chassis.refused_fields import sentence


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (10_000_000, "This must be 10,000,000 or less."),
        (90.0, "This must be 90 or less."),
        (0.5, "This must be 0.5 or less."),
    ],
)
def test_a_limit_is_written_as_people_write_numbers(limit: float, said: str) -> None:
    assert sentence({"type": "less_than_equal", "input": 2e9, "ctx": {"le": limit}}) == said

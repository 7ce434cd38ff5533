"""What `status` says of a part that died and was started again."""

import pytest

from launcher.operations import restarted


@pytest.mark.parametrize(("times", "words"), [(0, ""), (1, ", restarted once"), (2, ", restarted 2 times")])
def test_how_often_a_part_was_restarted_is_said_in_words(times: int, words: str) -> None:
    assert restarted(times) == words

"""Names, labels and notes as they are kept."""

import unicodedata

import pytest
from pydantic import TypeAdapter, ValidationError

from chassis import text
from chassis.api_types import Line, Note

LINE: TypeAdapter[str] = TypeAdapter(Line)
NOTE: TypeAdapter[str] = TypeAdapter(Note)
EYE_IN_BUBBLE = "\U0001f441\ufe0f\u200d\U0001f5e8\ufe0f"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    "name",
    [
        "Biscuit",
        "Zo\u00e9 O\u2019Hara-\u0160ulc, Jr.",
        "\u674e\u5c0f\u9f8d",
        "\u05d3\u05d5\u05d3 (Dave)",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, which needs its non-joiner
        "\u0915\u094d\u200d\u0937",  # Devanagari with a joiner
        f"Rex \u2764\ufe0f {EYE_IN_BUBBLE} {ENGLAND}",
        "\u05d0\u200f!",  # a mark that puts the exclamation mark where it belongs
    ],
)
def test_a_name_of_any_script_stays_as_it_is(name: str) -> None:
    assert LINE.validate_python(name) == name
    assert NOTE.validate_python(name) == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Sam \t Okafor\n", "Sam Okafor"),
        ("1 Flask Walk\r\nLondon", "1 Flask Walk London"),
        ("Sam\u00a0\u2003Okafor\u2028", "Sam Okafor"),
        (unicodedata.normalize("NFD", "Zo\u00e9"), "Zo\u00e9"),
        ("S\u200ba\u00adm\ufeff", "Sam"),
        ("\u200dSa\u200cm\u200d", "Sam"),
    ],
)
def test_what_slipped_in_is_taken_away(typed: str, kept: str) -> None:
    assert LINE.validate_python(typed) == kept


@pytest.mark.parametrize(
    "odd",
    [
        *("\x00", "\x07", "\x1b[31m", "\x1f", "\x7f", "\x85", "\x9b"),  # controls
        *("\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u206a"),
        "\ud800",
    ],
)
def test_controls_and_what_turns_text_around_are_refused(odd: str) -> None:
    for kind in (LINE, NOTE):
        with pytest.raises(ValidationError, match=r"only characters that can be typed|surrogates"):
            kind.validate_python(f"Sam{odd}my")


@pytest.mark.parametrize(
    "nothing",
    ["", "  ", "\u200b", "\u200d\u200c", "\u3164", "\u2800", "\u00ad\ufe0f", "\u200e", "\u0308", "\u00a0\u2003"],
)
def test_a_name_that_nobody_can_see_is_none(nothing: str) -> None:
    with pytest.raises(ValidationError):
        LINE.validate_python(nothing)
    assert NOTE.validate_python(nothing) == ""


def test_a_note_keeps_its_lines() -> None:
    assert (
        NOTE.validate_python(" Key under the mat.\r\n\tBeware of the cat. ")
        == "Key under the mat.\n\tBeware of the cat."
    )


@pytest.mark.parametrize("character", ["x", "\u200d", "\u0301", " "])
def test_text_without_an_end_is_refused_without_looking_at_each_character(
    monkeypatch: pytest.MonkeyPatch, character: str
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(text, "_is_refused", looked.append)
    for kind in (LINE, NOTE):
        with pytest.raises(ValidationError, match="at most"):
            kind.validate_python(character * 200_000 + "\u00e9")
    assert looked == []


def test_what_counts_is_the_length_that_is_kept() -> None:
    assert len(LINE.validate_python(unicodedata.normalize("NFD", "\u00e9" * 200) + " " * 50)) == 200
    with pytest.raises(ValidationError):
        LINE.validate_python("x" * 201)

"""A text that others read holds nothing that its owner can't see, and keeps what a script can't be written without."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.journeys import without_unseen


@given(st.text())
def test_what_was_cleaned_stays_as_it_is(text: str) -> None:
    cleaned = without_unseen(text)

    assert without_unseen(cleaned) == cleaned
    assert cleaned == cleaned.strip()
    assert not {unicodedata.category(sign) for sign in cleaned if sign not in "\n\t\u200c\u200d"} & {
        "Cc",
        "Cf",
        "Zl",
        "Zp",
        "Cs",
    }


@pytest.mark.parametrize(
    "sign",
    [
        "\0",
        "\x0b",
        "\x7f",
        "\x85",
        "\xad",
        "\u061c",
        "\u180e",
        "\u200b",
        "\u200e",
        "\u2028",
        "\u202e",
        "\u2060",
        "\u2066",
        "\u3164",
        "\ufe0f",
        "\ufeff",
        "\U000e0041",
        "\U000e0100",
    ],
)
def test_signs_that_nobody_sees_go(sign: str) -> None:
    assert without_unseen(f"night{sign}shift") == "nightshift"


@pytest.mark.parametrize("text", ["می‌خواهم", "क्‍ष", "Two\nlines\tand a tab.", "Ærøskøbing, naïve"])
def test_words_of_any_script_stay(text: str) -> None:
    assert without_unseen(text) == text


def test_a_joiner_that_joins_nothing_goes() -> None:
    assert without_unseen("a\u200db \u200c end\u200d") == "ab  end"


@pytest.mark.parametrize("text", ["\u0627\u200c\u3164", "क\u200d\ufe0f", "क\u200d\u200d", "a\u034fb\u180b\u17b4"])
def test_a_joiner_whose_neighbour_goes_goes_too(text: str) -> None:
    cleaned = without_unseen(text)

    assert without_unseen(cleaned) == cleaned
    assert not set(cleaned) & set("\u200c\u200d\u034f\u180b\u17b4\u3164\ufe0f")


def test_line_ends_are_line_feeds() -> None:
    assert without_unseen("one\r\ntwo\rthree") == "one\ntwo\nthree"

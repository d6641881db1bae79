"""Gaps in the text of a note: nothing is lost in reading, and the side that asks gives nothing away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import UsageError
from bedside.site.cards.clozes import Gap, answered, asked, gaps_in, numbers_in, written
from bedside.site.cards.drawing import draw
from bedside.site.cards.showing import is_shown_whole, shown

WORDS = st.text(st.sampled_from("abc {}:cé<\n*|"), max_size=12)
MARKS = st.sampled_from(
    ["{{c1::", "{{c2::", "{{c12::", "{{c0::", "{{c1:", "}}", "::", "{{", "words", "<b>", "**", "\n\n", "| a |"]
)
TEXTS = st.lists(st.one_of(MARKS, WORDS), max_size=14).map("".join)
PLAIN = st.text(st.characters(blacklist_characters="{}:", blacklist_categories=["Cs", "Co"]), min_size=1, max_size=20)


@given(TEXTS)
def test_parts_written_out_are_the_text(text: str) -> None:
    assert written(gaps_in(text)) == text


@given(TEXTS)
def test_a_text_with_every_gap_open_holds_no_gap_that_was_whole(text: str) -> None:
    parts = gaps_in(text)
    for number in numbers_in(parts):
        front = asked(parts, number, begin="<", end=">")
        assert number not in numbers_in(gaps_in(front))


@given(PLAIN, PLAIN, PLAIN, PLAIN)
def test_the_side_that_asks_shows_the_hint_and_the_other_gaps(before: str, first: str, hint: str, second: str) -> None:
    parts = gaps_in(f"{before}{{{{c1::{first}::{hint}}}}} and {{{{c2::{second}}}}}")
    assert numbers_in(parts) == (1, 2)
    assert asked(parts, 1, begin="<", end=">") == f"{before}<[{hint}]> and {second}"
    assert answered(parts, 2, begin="<", end=">") == f"{before}{first} and <{second}>"


def test_gaps_lie_within_gaps_as_with_anki() -> None:
    parts = gaps_in("{{c1::the {{c2::left::side}} ventricle}} fails")
    assert parts == (Gap(1, ("the ", Gap(2, ("left",), "side"), " ventricle"), None), " fails")
    assert asked(parts, 1, begin="", end="") == "[…] fails"
    assert asked(parts, 2, begin="", end="") == "the [side] ventricle fails"


@pytest.mark.parametrize(
    "text", ["{{c1::open", "closed}}", "{{c0::zero}}", "{{c1000::far}}", "{c1::one brace}", "{{c1:one colon}}"]
)
def test_what_is_no_whole_gap_is_text(text: str) -> None:
    assert numbers_in(gaps_in(text)) == ()
    with pytest.raises(UsageError, match="at least one"):
        draw("cloze", [["Text", text], ["Extra", ""]], {})


@given(TEXTS, TEXTS)
def test_a_note_is_one_card_a_number_and_each_is_shown_whole(text: str, extra: str) -> None:
    numbers = numbers_in(gaps_in(text))
    if not numbers:
        return
    drawn = draw("cloze", [["Text", text], ["Extra", extra]], {})
    assert [one.ord for one in drawn] == [number - 1 for number in numbers]
    for one in drawn:
        # what is nested wrongly by the marks of a text is put right when it is shown, and then stays
        assert is_shown_whole(str(shown(one.front)))
        assert "<b>" not in one.front  # written HTML is text in a note of one's own
        assert "\ue000" not in one.back


def test_a_gap_in_bold_words_a_list_and_a_table_is_marked() -> None:
    text = "**{{c1::Potassium}}** rises\n\n- by {{c1::1}} mmol/L\n\n| day | K |\n|---|---|\n| 1 | {{c2::5.9}} |"
    first, second = draw("cloze", [["Text", text], ["Extra", ""]], {})
    gap = '<span class="cloze">[…]</span>'
    assert f"<p><strong>{gap}</strong> rises</p>" in first.front
    assert f"<li>by {gap} mmol/L</li>" in first.front
    assert f"<td>{gap}</td>" in second.front
    assert "5.9" not in second.front
    assert '<span class="cloze">5.9</span>' in second.back

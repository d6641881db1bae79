"""Templates are filled as Anki fills them."""

from __future__ import annotations

import re

import pytest
from anki.collection import Collection
from hypothesis import assume, given
from hypothesis import strategies as st

from bedside.anki import NoteType, Sides, Template, cloze_numbers, draw_card
from tests.anki.making import real_collection


def drawn(front: str, back: str = "", *, ord_: int = 0, is_cloze: bool = False, **fields: str) -> Sides:
    note_type = NoteType(1, "Kind", is_cloze, tuple(fields), (Template("Card 1", front, back),))
    return draw_card(note_type, list(fields.items()), ord_, tags=["a::b", "c"], deck="Renal::Acid")


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{F}} and {{ G }}", "<b>one</b> and two"),
        ("{{text:F}}", "one"),
        ("{{hint:G}}", "<details><summary>G</summary>two</details>"),
        ("{{type:G}}x", "x"),
        ("{{#F}}yes{{/F}}{{^F}}no{{/F}}", "yes"),
        ("{{#Empty}}yes{{/Empty}}{{^Empty}}no{{/Empty}}", "no"),
        ("{{#F}}{{^Empty}}{{#G}}all{{/G}}{{/Empty}}{{/F}}", "all"),
        ("{{Tags}}|{{Deck}}|{{Subdeck}}|{{Type}}|{{Card}}", "a::b c|Renal::Acid|Acid|Kind|Card 1"),
        ("{{furigana:Kana}}", "<ruby>東京<rt>とうきょう</rt></ruby>"),
        ("{{kana:Kana}}/{{kanji:Kana}}", "とうきょう/東京"),
        ("{{tts en_US:G}}x", "x"),
        ("{{an-add-on:G}}", "two"),
        ("{{=<% %>=}}<%G%>", "two"),
        ("<script>leak('{{G}}')</script>x<!-- {{G}} -->", "x"),
        ('<div style="display:none">{{G}}<div>in</div></div>x', "x"),
        ("{{#F}}not closed {{G}}", "not closed two"),
        ("not opened{{/F}} {{Nowhere}}x", "not opened x"),
        ("{{F", "{{F"),
    ],
)
def test_a_template_shows_what_anki_shows(template: str, shown: str) -> None:
    assert drawn(template, F="<b>one</b>", G="two", Empty="<br> <div></div>", Kana="東京[とうきょう]").front == shown


def test_the_back_repeats_the_front_and_shows_what_was_to_be_typed() -> None:
    sides = drawn("{{Q}}{{type:A}}", "{{FrontSide}}<hr id=answer>{{type:A}}", Q="ask", A="say")

    assert sides == Sides("ask", 'ask<hr class="answer">say')


def test_a_front_that_shows_nothing_shows_the_first_field_that_does() -> None:
    assert drawn("{{Empty}}", F="", G="two").front == "two"


@pytest.mark.parametrize(
    ("text", "ord_", "front", "back"),
    [
        ("{{c1::a}} b {{c2::c::hint}}", 0, "[...] b c", "a b c"),
        ("{{c1::a}} b {{c2::c::hint}}", 1, "a b [hint]", "a b c"),
        ("{{c1::a {{c2::b}} c}} d", 0, "[...] d", "a b c d"),
        ("{{c1::a {{c2::b}} c}} d", 1, "a [...] c d", "a b c d"),
        ("{{c1,2::a}} {{c3::b}}", 1, "[...] b", "a b"),
        ("}} {{c1::a}}", 0, "}} [...]", "}} a"),
        ("{{c1::http://x::url}}", 0, "[url]", "http://x"),
    ],
)
def test_deletions_are_hidden_on_their_card_only(text: str, ord_: int, front: str, back: str) -> None:
    sides = drawn("{{cloze:T}}", "{{cloze:T}}", ord_=ord_, is_cloze=True, T=text)

    def plain(side: str) -> str:
        return side.replace('<span class="cloze">', "").replace("</span>", "")

    assert (plain(sides.front), plain(sides.back)) == (front, back)


def test_a_deletion_that_is_not_closed_is_shown_as_it_stands() -> None:
    assert drawn("{{cloze:T}}", is_cloze=True, T="{{c1::a}} {{c2::b").front == '<span class="cloze">[...]</span> {{c2::b'


def test_what_is_asked_for_is_marked_and_formulas_stay_whole() -> None:
    sides = drawn("{{cloze:T}}", "{{cloze:T}}", is_cloze=True, T=r"{{c1::Starling}}: \(J = {{c1::K_f}} P\)")

    assert sides.front == r'<span class="cloze">[...]</span>: <span class="math">J = [...] P</span>'
    assert sides.back == r'<span class="cloze">Starling</span>: <span class="math">J = K_f P</span>'


def test_a_condition_on_the_number_of_a_card_holds_for_that_card() -> None:
    assert drawn("{{#c2}}second{{/c2}}{{^c2}}other{{/c2}}", ord_=1, is_cloze=True, T="{{c2::x}}").front == "second"


def test_the_cards_of_a_note_are_those_of_its_numbers() -> None:
    assert cloze_numbers(["{{c3::a {{c1::b}}}}", "{{c1,5::x}}", "{{c0::no}} {{c9999::no}}"]) == [0, 2, 4]


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    return real_collection(tmp_path_factory.mktemp("anki"))


def _in_deletion(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    opening = st.sampled_from(["{{c1::", "{{c2::", "{{c12::", "{{c1,2::"])
    return st.builds(
        lambda start, parts, hint: f"{start}{''.join(parts)}{hint}}}}}", opening, st.lists(inner, max_size=3), HINTS
    )


HINTS = st.sampled_from(["", "", "::hint", "::"])
PARTS = st.recursive(st.sampled_from(["word", " ", "b", "x y", ":", "}}", "{", "1:2"]), _in_deletion, max_leaves=8)


@given(parts=st.lists(PARTS, min_size=1, max_size=4))
def test_any_text_with_deletions_is_hidden_as_anki_hides_it(parts: list[str], collection: Collection) -> None:
    text = "".join(parts)
    assume(text.count("{{c") <= text.count("}}"))  # what is not closed Anki leaves out, and here it is shown
    numbers = cloze_numbers([text])
    model = collection.models.by_name("Cloze")
    assert model is not None
    note = collection.new_note(model)
    note.fields[0] = text

    assert [number + 1 for number in numbers] == sorted(note.cloze_numbers_in_fields())
    for number in numbers:
        ours = drawn("{{cloze:T}}", "{{cloze:T}}", ord_=number, is_cloze=True, T=text)
        theirs = note.ephemeral_card(number, fill_empty=False).render_output()
        assert _words(ours.front) == _words(theirs.question_text)
        assert _words(ours.back) == _words(theirs.answer_text.replace("<br>", ""))


def _words(side: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", side).split())

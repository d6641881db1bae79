"""What decks hold that nobody thought of at first: each was found with a deck that Anki made, or that was made by hand."""

from __future__ import annotations

import gc
import hashlib
import json
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bedside.anki import ReviewKind, clean_html, draw_card, open_package
from bedside.anki.cloze import only
from bedside.anki.latex import with_latex
from bedside.anki.occlusion import shapes_in
from bedside.anki.records import NoteType, Review, Template
from bedside.errors import ReadError
from tests.anki.making import Whole, collection_by_hand, package_of

LATEX_X = f"latex-{hashlib.sha1(b'$x^2$').hexdigest()}.png"
DAY_S = 86_400


def kind(front: str, back: str = "{{FrontSide}}", *, is_cloze: bool = False) -> NoteType:
    return NoteType(1, "Kind", is_cloze, ("Q", "A"), (Template("Card", front, back),))


def of_day(days_east: float, *, says_where: bool) -> dict[str, Any]:
    """Settings of a collection that was made where clocks are so far ahead of UTC."""
    return {"schedVer": 2, **({"creationOffset": round(-60 * days_east)} if says_where else {})}


def test_the_direction_of_writing_is_kept_and_nothing_else_of_it() -> None:
    assert clean_html('<div dir="RTL">שלום</div>') == '<div dir="rtl">שלום</div>'
    assert clean_html('<p dir="x" lang="he" onclick="y">שלום</p>') == "<p>שלום</p>"


def test_a_third_brace_before_a_field_is_dropped_as_anki_does() -> None:
    assert draw_card(kind("{{{Q}}}"), [("Q", "text"), ("A", "")], 0).front == "text}"


def test_the_card_of_a_cloze_is_called_by_its_template_alone() -> None:
    sides = draw_card(kind("{{cloze:Q}}", "{{Card}}", is_cloze=True), [("Q", "{{c2::x}}"), ("A", "")], 1)
    assert sides.back == "Card"


@pytest.mark.parametrize(("text", "typed"), [("{{c1::a}} {{c1::a}}", "a"), ("{{c1::a}} {{c1::b}}", "a, b"), ("{{c2::a}}", "")])
def test_what_is_hidden_twice_is_to_be_typed_once(text: str, typed: str) -> None:
    assert only(text, 1) == typed


def test_a_front_that_only_asks_for_typing_does_not_show_the_answer() -> None:
    sides = draw_card(kind("{{#A}}{{A}}{{/A}} {{type:Q}}"), [("Q", "the answer"), ("A", "")], 0)
    assert "the answer" not in sides.front
    assert "[...]" in sides.front


def test_a_cloze_whose_gap_is_gone_asks_nothing_and_is_named(tmp_path: Path) -> None:
    models = {
        "1": {
            "id": 1,
            "name": "Cloze",
            "type": 1,
            "flds": [{"name": "Text", "ord": 0}, {"name": "Extra", "ord": 1}],
            "tmpls": [{"name": "C", "ord": 0, "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}{{Extra}}"}],
        }
    }

    def gone(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE notes SET flds = ?", ("{{c2::left}}\x1fthe answer is here",))

    whole = Whole(package_of(tmp_path, gone, models=models))

    assert whole.sides["guid-a", 0].front == ""
    assert whole.why == ["its gap is no longer in the note, so it asks nothing"]


def test_latex_is_the_picture_that_the_deck_brings_along() -> None:
    shown = with_latex("a [$]x^<b>2</b>[/$] b", lambda name: "/here" if name == LATEX_X else None)
    assert shown == f'a <img src="{LATEX_X}" alt="x^2"> b'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[$]a &lt; b[/$]", r"\(a &lt; b\)"),
        ("[$$]y[/$$]", r"\[y\]"),
        ("[LATEX]p<br>q[/latex]", "\\[p\nq\\]"),
        ("[$]open and [latex]z[/latex]", r"[$]open and \[z\]"),
        ("[/$] [$]", "[/$] [$]"),
        ("costs [$5]", "costs [$5]"),
    ],
)
def test_latex_without_a_picture_is_its_text(text: str, shown: str) -> None:
    assert with_latex(text, lambda _: None) == shown


def test_latex_takes_time_in_proportion_to_its_text() -> None:
    start = time.process_time()
    with_latex("[$]" * 300_000 + "[/$$]", lambda _: None)
    assert time.process_time() - start < 5


def test_a_text_of_signs_alone_is_cleaned_in_time_and_shown() -> None:
    start = time.process_time()
    shown = clean_html("<b>x</b>" + "&" * 900_000 + "<script>y")
    assert time.process_time() - start < 5
    assert shown.startswith("x")
    assert shown.count("&amp;") == 900_000
    assert "<" not in shown


def test_a_colon_in_the_label_of_a_picture_stays() -> None:
    shape = shapes_in(r"{{c0::image-occlusion:text:left=.3:top=.3:text=A\:B c:fs=0.05}}")[0]
    assert (shape.values["text"], shape.share("fs")) == ("A:B c", 0.05)


def test_a_picture_of_another_site_is_named_as_such(tmp_path: Path) -> None:
    def elsewhere(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE notes SET flds = ?", ('<img src="//host/x.png">[sound:http://host/y.mp3]\x1fb',))

    assert set(Whole(package_of(tmp_path, elsewhere)).why) == {"lies on another site, and is not fetched"}


@pytest.mark.parametrize("hours_east", [-11, -5, 0, 5.5, 9, 12, 13, 14])
def test_due_days_are_those_of_the_place_where_the_collection_was_made(hours_east: float, tmp_path: Path) -> None:
    day = 20_000
    created_s = round(day * DAY_S + 4 * 3600 - hours_east * 3600)

    def due_in_five_days(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE col SET crt = ?", (created_s,))
        connection.execute("UPDATE cards SET type = 2, queue = 2, due = 5")

    whole = Whole(package_of(tmp_path, due_in_five_days, settings=of_day(hours_east, says_where=True)))

    assert whole.cards[0].due_day == day + 5


def test_a_place_that_can_not_be_is_not_believed(tmp_path: Path) -> None:
    def due(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE col SET crt = ?", (20_000 * DAY_S + 4 * 3600,))
        connection.execute("UPDATE cards SET type = 2, queue = 2, due = 5")

    assert Whole(package_of(tmp_path, due, settings=of_day(9_000, says_where=True))).cards[0].due_day == 20_005


@pytest.mark.parametrize(
    ("review", "is_reset"),
    [
        (Review(1, 1, 0, ReviewKind.MANUAL), True),
        (Review(1, 1, 0, ReviewKind.MANUAL, factor=2500), False),
        (Review(1, 1, 0, ReviewKind.RESCHEDULED), False),
        (Review(1, 1, 3, ReviewKind.LEARN), False),
    ],
)
def test_a_card_that_was_made_new_again_is_told_from_a_date_that_was_set(review: Review, is_reset: bool) -> None:
    assert review.is_reset is is_reset


def test_a_note_with_an_identity_of_no_length_that_can_be_kept_is_named(tmp_path: Path) -> None:
    def long(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE notes SET guid = ?", ("g" * 101,))

    whole = Whole(package_of(tmp_path, long))

    assert (whole.notes, whole.why[0]) == ([], "its identity (guid) has more than 100 characters")


def test_a_damaged_deck_is_refused_once_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unraised: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", unraised.append)

    def without_columns(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE notes")
        connection.execute("CREATE TABLE notes (id, guid)")

    path = collection_by_hand(tmp_path / "deck.anki2", change=without_columns)
    with pytest.raises(ReadError, match="damaged"), open_package(path) as package:
        list(package.notes())
    gc.collect()

    assert unraised == []


def test_numbers_that_are_none_are_no_memory(tmp_path: Path) -> None:
    def none(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE cards SET data = ?", ('{"s": NaN, "d": 1e999}',))

    assert json.dumps([card.memory for card in Whole(package_of(tmp_path, none)).cards]) == "[null]"

"""Notes as plain text, as Anki exports them."""

from __future__ import annotations

from pathlib import Path

import pytest
from anki.collection import Collection

from bedside.anki import Format, is_deck
from bedside.errors import NotTextError
from tests.anki.making import Whole, add_real, real_collection


def whole(tmp_path: Path, text: str) -> Whole:
    path = tmp_path / "notes.txt"
    path.write_text(text, encoding="utf-8")
    return Whole(path)


def test_what_anki_exports_as_text_is_read_with_its_identities(tmp_path: Path) -> None:
    made: Collection = real_collection(tmp_path / "anki")
    add_real(made, "Basic", 'say "<b>it</b>"', "two\twords", tags=["a::b"])
    add_real(made, "Cloze", "{{c1::x}} {{c2::y}}", "more")
    made.export_note_csv(
        out_path=str(tmp_path / "notes.txt"),
        limit=None,
        with_html=True,
        with_tags=True,
        with_deck=True,
        with_notetype=True,
        with_guid=True,
    )

    read = Whole(tmp_path / "notes.txt")

    guids = {str(guid) for guid in made.db.list("SELECT guid FROM notes")} if made.db else set()
    assert read.package.format is Format.TEXT
    assert {note.guid for note in read.notes} == guids
    assert [len(note.cards) for note in sorted(read.notes, key=lambda note: note.note_type.name)] == [1, 2]
    assert {note.fields[0] for note in read.notes} == {'say "<b>it</b>"', "{{c1::x}} {{c2::y}}"}
    assert ("a::b",) in {note.tags for note in read.notes}


@pytest.mark.parametrize(("name", "sign"), [("comma", ","), ("semicolon", ";"), ("|", "|"), ("tab", "\t")])
def test_separators_are_those_that_the_header_names(name: str, sign: str, tmp_path: Path) -> None:
    read = whole(tmp_path, f"#separator:{name}\n#html:false\n#deck:Renal\n#tags:x y\nask <b>{sign}say\n")

    assert read.notes[0].fields == ("ask &lt;b&gt;", "say")
    assert (read.notes[0].tags, read.cards[0].deck) == (("x", "y"), "Renal")


def test_a_reversed_note_has_two_cards_and_a_second_export_the_same_identity(tmp_path: Path) -> None:
    text = "#separator:tab\n#notetype:Basic (and reversed card)\na\tb\n"

    first, second = whole(tmp_path, text), whole(tmp_path, text.replace("\tb", "\tchanged"))

    assert [card.ord for card in first.cards] == [0, 1]
    assert first.notes[0].guid == second.notes[0].guid


def test_empty_and_double_lines_are_named(tmp_path: Path) -> None:
    read = whole(tmp_path, "#separator:tab\n#guid column:1\ng1\ta\tb\ng1\ta\tb\n\ng2\t\t\n")

    assert len(read.notes) == 1
    assert [(one.where, one.why) for one in read.skipped] == [
        ("line 4", "the same note stands above"),
        ("line 6", "the note has no text"),
    ]


def test_other_text_is_no_deck_and_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,stem\n#separator:tab\n")
    (tmp_path / "b.txt").write_bytes(b"#separator:tab\n\xff\xfe")

    assert not is_deck(tmp_path / "a.csv")
    with pytest.raises(NotTextError, match="UTF-8"):
        Whole(tmp_path / "b.txt")

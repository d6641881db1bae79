"""A deck may be broken, or made to do harm: it is refused with a sentence that helps, or its sound part is taken."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.anki import limits, open_package
from bedside.errors import ReadError, TooLargeError
from tests.anki.making import BASIC, TABLES, Whole, collection_by_hand, package_by_hand, package_of


def refused(path: Path, text: str, kind: type[ReadError] = ReadError) -> None:
    with pytest.raises(kind, match=text) as caught:
        Whole(path)
    assert str(path) in str(caught.value)


def test_media_never_leave_their_folder(tmp_path: Path) -> None:
    names = {"0": "../../up.png", "1": "/etc/passwd", "2": "a\\b.png", "3": "fine.png", "4": "", "5": "bell\x07.png", "6": ".."}
    path = package_by_hand(
        tmp_path / "deck.apkg",
        collection_by_hand(tmp_path / "collection"),
        media={**names, "7": "not there.png"},
        files=dict.fromkeys(names, b"bytes"),
    )

    read = Whole(path)

    assert read.files == {"fine.png": b"bytes"}
    assert len(read.skipped) == 7


def test_a_file_that_is_not_what_the_list_names_is_refused_alone(tmp_path: Path) -> None:
    entry = b"\x0a\x05a.png\x10\x05\x1a\x14" + bytes(20)
    path = package_by_hand(
        tmp_path / "deck.apkg",
        collection_by_hand(tmp_path / "collection"),
        media=zstandard.compress(b"\x0a" + bytes([len(entry)]) + entry),
        files={"0": b"other"},
    )

    with open_package(path) as package, pytest.raises(ReadError, match="is not the file"):
        b"".join(package.stream(package.media[0]))


@pytest.mark.parametrize("media", [b"{broken", b"\xff\xff\xff", b"[" * 100_000])
def test_a_broken_list_of_media_is_refused(media: bytes, tmp_path: Path) -> None:
    refused(package_by_hand(tmp_path / "deck.apkg", collection_by_hand(tmp_path / "collection"), media=media), "list of media")


def test_what_unpacks_to_far_more_than_it_is_is_refused_before_it_fills_the_disk(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.apkg", "w", zipfile.ZIP_DEFLATED) as archive:
        packed = zstandard.ZstdCompressor().compress(bytes(200 * 1024 * 1024))
        archive.writestr("collection.anki21b", packed)
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    with pytest.raises(TooLargeError, match="times its packed size"):
        open_package(tmp_path / "bomb.apkg", scratch=scratch)

    assert list(scratch.iterdir()) == []


def test_a_file_cut_in_half_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = package_of(tmp_path)
    path.write_bytes(path.read_bytes()[:-200])

    refused(path, "damaged")


def test_a_collection_cut_in_half_is_said_to_be_damaged(tmp_path: Path) -> None:
    whole = collection_by_hand(
        tmp_path / "collection", [(n, f"g{n}", 1, 0, 0, "", "x" * 900 + "\x1f", "", 0, 0, "") for n in range(50)]
    )
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])

    refused(package_by_hand(tmp_path / "deck.apkg", whole), "damaged")


def test_no_database_and_no_collection_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database at all")
    refused(package_by_hand(tmp_path / "deck.apkg", tmp_path / "text"), "no database")
    with zipfile.ZipFile(tmp_path / "other.apkg", "w") as archive:
        archive.writestr("readme.txt", "hello")
    refused(tmp_path / "other.apkg", "no collection")
    (tmp_path / "empty.apkg").touch()
    refused(tmp_path / "empty.apkg", "empty")
    (tmp_path / "words.apkg").write_text("words")
    refused(tmp_path / "words.apkg", "no deck")


def test_a_deck_of_anki_1_is_refused_with_the_way_to_convert_it(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "old.anki") as connection:
        connection.executescript("CREATE TABLE facts (id); CREATE TABLE cardModels (id); CREATE TABLE cards (id);")
    connection.close()

    refused(tmp_path / "old.anki", "Anki 2.0")


def test_a_package_of_a_later_version_is_refused_with_what_to_tick(tmp_path: Path) -> None:
    path = package_by_hand(tmp_path / "deck.apkg", collection_by_hand(tmp_path / "collection"), files={"meta": b"\x08\x04"})

    refused(path, "Support older Anki versions")


@pytest.mark.parametrize("table", ["col", "notes", "cards"])
def test_a_missing_table_is_named(table: str, tmp_path: Path) -> None:
    refused(package_of(tmp_path, lambda connection: connection.execute(f"DROP TABLE {table}")), f"no table {table}")


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, i, i, i, i, i, i, i, i, i, i FROM n"


@pytest.mark.parametrize(
    "sql",
    [
        f"DROP TABLE notes; CREATE VIEW notes AS {ENDLESS}",
        "DROP TABLE notes; CREATE VIRTUAL TABLE notes USING fts4(id, guid, mid, mod, tags, flds)",
        "DROP TABLE notes; CREATE TABLE notes (id, guid, mid, mod, tags, flds AS (hex(zeroblob(100000000))))",
    ],
)
def test_a_table_that_is_code_is_not_read(sql: str, tmp_path: Path) -> None:
    refused(package_of(tmp_path, lambda connection: connection.executescript(sql)), "no table notes")


def test_triggers_never_run(tmp_path: Path) -> None:
    path = package_of(
        tmp_path,
        lambda connection: connection.executescript("CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM notes; END"),
    )

    assert len(Whole(path).notes) == 1


def test_a_query_that_takes_too_much_work_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedside.anki.database.STEPS_AT_LEAST", 1_000)
    monkeypatch.setattr("bedside.anki.database.STEPS_A_BYTE", 0)
    monkeypatch.setattr("bedside.anki.database._STEPS_A_CALL", 500)
    notes = [(n, f"g{n}", 1, 0, 0, "", "x\x1f", "", 0, 0, "") for n in range(1, 500)]

    refused(package_of(tmp_path, notes=notes), "more work", TooLargeError)


def test_more_rows_than_any_deck_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedside.anki.collection.MAX_NOTES", 1)
    notes = [(n, f"g{n}", 1, 0, 0, "", "x\x1f", "", 0, 0, "") for n in (1, 2)]

    refused(package_of(tmp_path, notes=notes), "over the limit of 1", TooLargeError)


def test_broken_text_is_mended_and_named(tmp_path: Path) -> None:
    path = package_of(
        tmp_path, lambda connection: connection.execute("UPDATE notes SET flds = CAST(x'66ff6f001f6261636b' AS TEXT)")
    )

    read = Whole(path)

    assert read.notes[0].fields == ("f�o", "back")
    assert read.why == ["some characters can't be read, and show as �"]


@pytest.mark.parametrize("models", ["no JSON {", "[1, 2]", "[" * 100_000, ""])
def test_note_types_that_are_no_json_leave_no_notes(models: str, tmp_path: Path) -> None:
    read = Whole(package_of(tmp_path, lambda connection: connection.execute("UPDATE col SET models = ?", (models,))))

    assert (read.notes, read.why[0]) == ([], "its note type is not in the package")


def test_rows_that_fit_nowhere_are_named_and_the_others_taken(tmp_path: Path) -> None:
    def spoil(connection: sqlite3.Connection) -> None:
        connection.executescript(
            """
            INSERT INTO notes SELECT 11, 'guid-a', mid, mod, usn, tags, flds, sfld, csum, flags, data FROM notes WHERE id = 10;
            INSERT INTO notes SELECT 12, 'guid-b', 99, mod, usn, tags, flds, sfld, csum, flags, data FROM notes WHERE id = 10;
            INSERT INTO cards SELECT 101, nid, did, 7, mod, usn, type, queue, due, ivl, factor, reps, lapses, left, odue, odid,
              flags, data FROM cards WHERE id = 100;
            INSERT INTO cards SELECT 102, nid, did, 0, mod, usn, type, queue, due, ivl, factor, reps, lapses, left, odue, odid,
              flags, data FROM cards WHERE id = 100;
            INSERT INTO cards SELECT 103, 77, did, 0, mod, usn, type, queue, due, ivl, factor, reps, lapses, left, odue, odid,
              flags, data FROM cards WHERE id = 100;
            INSERT INTO revlog VALUES (1700000000000, 100, 0, 3, 0, 0, 0, 0, 1), (5, 100, 0, 3, 0, 0, 0, 0, 1),
              (1700000000001, 100, 0, 9, 0, 0, 0, 0, 1), (1700000000002, 555, 0, 3, 0, 0, 0, 0, 1);
            """
        )

    read = Whole(package_of(tmp_path, spoil))

    assert (len(read.notes), len(read.cards), len(read.reviews)) == (1, 1, 1)
    assert len(read.skipped) == 8


def test_fields_too_few_and_too_many_are_fitted(tmp_path: Path) -> None:
    notes = [(1, "a", 1, 0, 0, "", "only one", "", 0, 0, ""), (2, "b", 1, 0, 0, "", "1\x1f2\x1f3", "", 0, 0, "")]

    assert [note.fields for note in Whole(package_of(tmp_path, notes=notes)).notes] == [("only one", ""), ("1", "2<br>3")]


def test_templates_that_multiply_a_text_are_cut_off(tmp_path: Path) -> None:
    models = json.loads(json.dumps(BASIC))
    models["1"]["tmpls"][0]["qfmt"] = "{{Front}}" * 5_000
    models["1"]["tmpls"][0]["afmt"] = "{{FrontSide}}" * 5_000
    notes = [(1, "a", 1, 0, 0, "", "x" * 100_000 + "\x1f", "", 0, 0, "")]

    sides = Whole(package_of(tmp_path, notes=notes, models=models)).sides["a", 0]

    assert max(len(sides.front), len(sides.back)) <= limits.MAX_DRAWN_CHARACTERS


def test_a_member_that_comes_twice_is_refused(tmp_path: Path) -> None:
    path = package_of(tmp_path)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as archive:
        archive.write(tmp_path / "collection", "collection.anki2")

    refused(path, "twice")


@settings(max_examples=40)
@given(data=st.data())
def test_a_package_with_any_bytes_changed_is_read_or_refused_and_never_fails(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("changed")
    whole = bytearray(collection_by_hand(folder / "collection", tables=TABLES).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    (folder / "collection").write_bytes(whole)

    try:
        Whole(package_by_hand(folder / "deck.apkg", folder / "collection"))
    except ReadError as error:
        assert error.text

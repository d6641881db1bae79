"""What is written is imported by Anki itself: new the first time, updated the second time, never doubled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from anki.collection import Collection

from bedside.anki import (
    Card,
    CardState,
    Note,
    NoteType,
    Review,
    ReviewKind,
    Template,
    stable_guid,
    stable_id,
    write_package,
)
from bedside.errors import StoreError
from tests.anki.making import PNG, Whole, add_real, answer_real, export_real, import_real, real_collection

BASIC = NoteType(
    stable_id("basic"), "Ours", False, ("Front", "Back"), (Template("Card 1", "{{Front}}", "{{FrontSide}}<hr>{{Back}}"),)
)
GAPS = NoteType(stable_id("gaps"), "Our gaps", True, ("Text",), (Template("Cloze", "{{cloze:Text}}", "{{cloze:Text}}"),))
NEW = Card(1, 0, "Bedside::Renal", CardState.NEW, False, False, 0, 0, 0, 0, 0)
DAY = 20_800
AT_S = 1_797_000_000


def notes(text: str = "first", *, at_s: int = AT_S) -> list[Note]:
    known = replace(
        NEW,
        state=CardState.REVIEW,
        interval_days=10,
        ease_permille=2300,
        n_reviews=3,
        n_lapses=1,
        due_day=DAY + 4,
        memory={"s": 12.5, "d": 5.25, "dr": 0.9},
    )
    learned = replace(NEW, ord=1, state=CardState.LEARNING, due_at_s=AT_S + 600, n_reviews=1)
    return [
        Note(
            1_790_000_000_000,
            stable_guid("a"),
            BASIC,
            (text, '<img src="p q.png">'),
            ("usmle::step1::system::renal",),
            at_s,
            (known,),
        ),
        Note(
            1_790_000_000_000,
            stable_guid("b"),
            GAPS,
            ("{{c1::x}} {{c2::y}}",),
            (),
            at_s,
            (replace(NEW, is_suspended=True), learned),
        ),
    ]


REVIEWS = [Review(1_796_000_000_000 + n, 1, 1 + n, ReviewKind.REVIEW, 5, 2, 2300, 4000) for n in range(3)]


def write(path: Path, made: list[Note], *, at_s: int = AT_S) -> Path:
    picture = path.parent / "picture"
    picture.write_bytes(PNG)
    write_package(path, made, first_day=DAY - 365, changed_at_s=at_s, reviews=REVIEWS, media=[("p q.png", picture)])
    return path


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return real_collection(tmp_path / "anki")


def test_anki_takes_all_of_it_the_first_time(collection: Collection, tmp_path: Path) -> None:
    log = import_real(collection, write(tmp_path / "deck.apkg", notes()))

    assert (len(log.new), collection.note_count(), collection.card_count()) == (2, 2, 3)
    assert collection.find_notes("tag:usmle::step1::system::renal deck:Bedside::Renal")
    assert collection.media.have("p q.png")
    assert collection.db is not None
    assert collection.db.scalar("SELECT count(*) FROM revlog") == 3
    card = collection.get_card(collection.find_cards("is:review")[0])
    assert (card.ivl, card.factor, card.reps, card.lapses) == (10, 2300, 3, 1)
    assert card.memory_state is not None
    assert round(card.memory_state.stability, 1) == 12.5


def test_a_second_export_updates_what_changed_and_doubles_nothing(collection: Collection, tmp_path: Path) -> None:
    import_real(collection, write(tmp_path / "deck.apkg", notes()))
    kinds = len(collection.models.all_names_and_ids())

    log = import_real(collection, write(tmp_path / "deck.apkg", notes("changed", at_s=AT_S + 60), at_s=AT_S + 60))
    same = import_real(collection, tmp_path / "deck.apkg")

    assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 2, 0)
    assert (len(same.new), len(same.updated), len(same.duplicate)) == (0, 0, 2)
    assert (collection.note_count(), collection.card_count(), len(collection.models.all_names_and_ids())) == (2, 3, kinds)
    assert len(collection.find_notes("front:changed")) == 1


@pytest.mark.parametrize("is_old", [True, False])
def test_ours_to_anki_and_back_is_the_same(is_old: bool, collection: Collection, tmp_path: Path) -> None:
    first = Whole(write(tmp_path / "deck.apkg", notes()))
    import_real(collection, tmp_path / "deck.apkg")

    back = Whole(export_real(collection, tmp_path / "back.apkg", is_old=is_old))

    def told(deck: Whole) -> object:
        of_notes = [(note.guid, note.note_type.id, note.note_type.name, note.fields, note.tags) for note in deck.notes]
        of_cards = [(one.ord, one.deck, one.state, one.is_suspended, one.interval_days) for one in deck.cards]
        counts = [(one.ease_permille, one.n_reviews, one.n_lapses, one.memory) for one in deck.cards]
        return of_notes, of_cards, counts

    assert told(first) == told(back)
    assert [replace(one, card_id=0) for one in first.reviews] == [replace(one, card_id=0) for one in back.reviews]
    assert first.files == back.files
    assert first.sides == back.sides


def test_a_deck_of_ankis_own_written_again_meets_its_notes(collection: Collection, tmp_path: Path) -> None:
    add_real(collection, "Basic", "ask", "say")
    add_real(collection, "Cloze", "{{c1::x}}", "")
    answer_real(collection, 3, 4)
    read = Whole(export_real(collection, tmp_path / "theirs.apkg", is_old=False))
    changed = [
        replace(note, fields=("new " + note.fields[0], *note.fields[1:]), changed_at_s=note.changed_at_s + 60)
        for note in read.notes
    ]

    write_package(tmp_path / "ours.apkg", changed, first_day=DAY, changed_at_s=AT_S, reviews=read.reviews)
    log = import_real(collection, tmp_path / "ours.apkg")

    assert (len(log.new), len(log.updated), len(log.conflicting), collection.note_count()) == (0, 2, 0, 2)
    assert collection.db is not None
    assert collection.db.scalar("SELECT count(*) FROM revlog") == 2


def test_the_same_deck_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a.apkg", notes()), write(tmp_path / "b.apkg", notes())

    assert first.read_bytes() == second.read_bytes()


def test_a_folder_that_is_not_there_is_an_error_of_the_store_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        write_package(tmp_path / "no" / "deck.apkg", notes(), first_day=DAY, changed_at_s=AT_S)


def test_an_older_file_stays_when_the_writing_stops(tmp_path: Path) -> None:
    path = write(tmp_path / "deck.apkg", notes())
    before = path.read_bytes()

    def stopping() -> list[Note]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_package(path, (note for note in stopping()), first_day=DAY, changed_at_s=AT_S)
    with pytest.raises(StoreError):
        write_package(path, notes(), first_day=DAY, changed_at_s=AT_S, media=[("gone.png", tmp_path / "gone")])

    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["deck.apkg", "picture"]

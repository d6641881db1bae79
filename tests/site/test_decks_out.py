"""One's own cards and what the bank teaches go to Anki, are updated there and never doubled, and come back as they were."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from bedside.site.accounts.models import User
from bedside.site.cards.actions import change_note, make_note, put_media
from bedside.site.cards.models import Card, Note
from bedside.site.content import current_content
from bedside.site.decks.actions import export_deck, import_deck
from bedside.site.decks.taught import with_numbered_gaps
from bedside.site.problems import SealedError
from bedside.site.study.log import memories_of
from bedside.site.study.models import StudyReview
from bedside.site.study.zones import zone_of
from bedside.study import card
from tests.anki.making import PNG, Whole, add_real, answer_real, export_real, import_real, real_collection
from tests.support.people import proctored_player
from tests.support.site import Clock
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db
QUESTION = [("Front", "What **raises** potassium?"), ("Back", "ACE inhibitors")]
AFTER_ANKI = datetime(2040, 1, 1, tzinfo=UTC)  # whose own clock can't be stopped
LATER = T0 + timedelta(days=2)


@pytest.fixture
def notes(user: User) -> list[Note]:
    """A card, a card both ways, and one with two gaps; the first reviewed twice."""
    made = [
        make_note(
            user,
            kind="basic",
            fields=[("Front", "What **raises** potassium?"), ("Back", "ACE inhibitors")],
            tags=["renal"],
            at=T0,
        ),
        make_note(user, kind="reversed", fields=[("Front", "Γ"), ("Back", "gamma")], deck="Signs", at=T0),
        make_note(user, kind="cloze", fields=[("Text", "{{c1::Loop}} and {{c2::thiazide::which}}"), ("Extra", "")], at=T0),
    ]
    for day, grade in ((0, 3), (1, 4)):
        subject = card(Card.objects.get(note=made[0]).key)
        StudyReview.objects.create(
            id=uuid4(), user=user, subject=subject, grade=grade, at=T0 + timedelta(days=day), origin="card", kept_at=T0
        )
    return made


@pytest.mark.usefixtures("notes")
def test_anki_imports_own_cards_with_schedule_and_reviews(user: User, tmp_path: Path) -> None:
    written = export_deck(user, tmp_path / "d.apkg", at=LATER)
    collection = real_collection(tmp_path / "anki")

    log = import_real(collection, tmp_path / "d.apkg")

    assert (written.n_notes, written.n_cards, written.n_reviews) == (3, 5, 2)
    assert (len(log.new), collection.card_count()) == (3, 5)
    assert collection.find_notes("tag:renal deck:Bedside What*")
    assert collection.find_cards("deck:Signs")
    learned = collection.get_card(collection.find_cards("is:review")[0])
    memory = memories_of(user.pk, zone_of(user.pk))
    assert learned.reps == 2
    assert learned.memory_state is not None
    assert round(learned.memory_state.stability, 2) == round(next(iter(memory.values())).stability_days, 2)
    question = next(note for note in map(collection.get_note, collection.find_notes("What*")))
    assert question.fields == ["<p>What <strong>raises</strong> potassium?</p>", "<p>ACE inhibitors</p>"]


def test_a_second_export_updates_the_changed_note_and_doubles_nothing(user: User, notes: list[Note], tmp_path: Path) -> None:
    collection = real_collection(tmp_path / "anki")
    export_deck(user, tmp_path / "d.apkg", at=LATER)
    import_real(collection, tmp_path / "d.apkg")
    kinds = len(collection.models.all_names_and_ids())

    change_note(user, notes[0].key, fields=[("Front", "changed"), ("Back", "b")], tags=[], deck="", at=LATER)
    export_deck(user, tmp_path / "d.apkg", at=LATER)
    log = import_real(collection, tmp_path / "d.apkg")

    assert (len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting)) == (0, 1, 2, 0)
    assert (collection.note_count(), collection.card_count()) == (3, 5)
    assert len(collection.models.all_names_and_ids()) == kinds
    assert collection.find_notes("changed")


def test_own_cards_that_come_back_are_themselves_and_bring_the_reviews_of_anki(
    user: User, notes: list[Note], tmp_path: Path
) -> None:
    export_deck(user, tmp_path / "d.apkg", at=LATER)
    collection = real_collection(tmp_path / "anki")
    import_real(collection, tmp_path / "d.apkg")
    answer_real(collection, 3, deck="Signs")
    before = list(Note.objects.values()), list(Card.objects.values("key", "front", "back"))

    result = import_deck(user, export_real(collection, tmp_path / "back.apkg", is_old=False), at=LATER)

    assert (result.n_new, result.n_changed, result.n_same) == (0, 0, 3)
    assert (list(Note.objects.values()), list(Card.objects.values("key", "front", "back"))) == before
    subjects = {card(one.key) for one in Card.objects.filter(note=notes[1])}
    assert StudyReview.objects.count() == 3
    assert StudyReview.objects.filter(subject__in=subjects, origin="imported").count() == 1


@pytest.mark.parametrize("is_old", [True, False])
def test_a_deck_from_anki_goes_back_as_it_came(is_old: bool, user: User, tmp_path: Path) -> None:
    collection = real_collection(tmp_path / "anki")
    collection.media.write_data("p q.png", PNG)
    add_real(collection, "Basic", 'see <img src="p q.png">', "back", tags=["x::y"])
    add_real(collection, "Cloze", "{{c1::a}} {{c2::b}}", "")
    answer_real(collection, 3, 4, 1)
    collection.sched.suspend_cards([collection.find_cards("a")[0]])
    collection.sched.set_due_date([collection.find_cards("back")[0]], "5")
    came = Whole(export_real(collection, tmp_path / "came.apkg", is_old=is_old))
    import_deck(user, tmp_path / "came.apkg", at=AFTER_ANKI)

    export_deck(user, tmp_path / "gone.apkg", at=AFTER_ANKI)

    gone = Whole(tmp_path / "gone.apkg")

    def told(deck: Whole) -> object:
        return [
            (
                note.guid,
                note.note_type,
                note.fields,
                note.tags,
                note.changed_at_s,
                card.ord,
                card.deck,
                card.state,
                card.due_day,
            )
            for note in deck.notes
            for card in note.cards
        ]

    assert told(gone) == told(came)
    assert [card.is_suspended for card in gone.cards] == [card.is_suspended for card in came.cards]
    assert [(one.id, one.ease, one.kind, one.interval, one.took_ms) for one in gone.reviews] == [
        (one.id, one.ease, one.kind, one.interval, one.took_ms) for one in came.reviews
    ]
    assert gone.files == came.files
    log = import_real(collection, tmp_path / "gone.apkg")
    assert (len(log.new), len(log.conflicting), collection.note_count()) == (0, 0, 2)


def test_pictures_of_own_notes_go_with_them(user: User, tmp_path: Path) -> None:
    row = put_media(user, "heart.png", _png(), at=T0)
    make_note(user, kind="basic", fields=[("Front", f"![a heart](media:{row.name})"), ("Back", "b")], at=T0)

    export_deck(user, tmp_path / "d.apkg", at=LATER)

    whole = Whole(tmp_path / "d.apkg")
    assert list(whole.files) == ["heart.png"]
    assert 'src="heart.png"' in whole.notes[0].fields[0]
    assert whole.skipped == ()


def test_takeaways_and_questions_go_with_tags_of_the_blueprint(user: User, tmp_path: Path) -> None:
    content = current_content()

    export_deck(user, tmp_path / "d.apkg", at=T0, content=content, with_takeaways=True, with_items=True)

    collection = real_collection(tmp_path / "anki")
    log = import_real(collection, tmp_path / "d.apkg")
    n_items = sum(not item.is_imported for item in content.items.values())
    assert len(collection.find_notes("deck:Bedside::Questions")) == n_items
    assert len(log.new) == n_items + len(collection.find_notes("deck:Bedside::Takeaways"))
    item = next(iter(content.items.values()))
    entry = item.blueprint[0]
    axis, codes = next(iter(entry.codes.items()))
    assert collection.find_notes(f"tag:{entry.programme}::{entry.step}::{axis}::{codes[0]}")
    export_deck(user, tmp_path / "d.apkg", at=LATER, content=content, with_takeaways=True, with_items=True)
    assert len(import_real(collection, tmp_path / "d.apkg").new) == 0


def test_each_gap_of_a_takeaway_is_a_card() -> None:
    assert with_numbered_gaps("{{Loop}} not {{thiazide}}") == "{{c1::Loop}} not {{c2::thiazide}}"


def test_nothing_is_written_beside_a_proctored_exam(client: Client, user: User, clock: Clock, tmp_path: Path) -> None:
    proctored_player(client, clock).open_block()

    with pytest.raises(SealedError):
        export_deck(user, tmp_path / "d.apkg", at=clock.now(), content=current_content(), with_items=True)

    assert not (tmp_path / "d.apkg").exists()


def _png() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 3, 2, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\x80\x80\x80" * 2)) + chunk(b"IEND", b"")
    )

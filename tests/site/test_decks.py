"""A deck becomes cards, with all that Anki knows of them; taken in again it changes and adds, and never doubles."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from bedside.anki import Card as DeckCard
from bedside.anki import (
    CardState,
    NoteType,
    Review,
    ReviewKind,
    Template,
    open_package,
    stable_guid,
    stable_id,
    survey,
    write_package,
)
from bedside.anki import Note as DeckNote
from bedside.errors import ReadError, StoreError
from bedside.site.accounts.actions import add_user
from bedside.site.accounts.models import User
from bedside.site.cards.actions import change_note, remove_note
from bedside.site.cards.media import media_path
from bedside.site.cards.models import Card, CardMedia, Note
from bedside.site.cards.models import NoteType as NoteTypeRow
from bedside.site.decks.actions import Imported, import_deck
from bedside.site.problems import SealedError
from bedside.site.study.log import entries_of, memories_of
from bedside.site.study.models import StudyReview
from bedside.site.study.zones import zone_of
from bedside.study import Grade, Origin, card
from tests.anki.making import PNG
from tests.support.people import proctored_player
from tests.support.site import Clock
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db
EPOCH = date(1970, 1, 1).toordinal()
EARLIER = T0 - timedelta(days=9)
TODAY = T0.date().toordinal() - EPOCH
TEMPLATE = Template("Card 1", "{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}")
KIND = NoteType(stable_id("kind"), "Their kind", False, ("Front", "Back"), (TEMPLATE,))
NEW = DeckCard(1, 0, "Renal::Acid", CardState.NEW, False, False, 0, 0, 0, 0, 0)


def at_s(moment: datetime) -> int:
    return int(moment.timestamp())


def deck_note(
    name: str, front: str, back: str = "back", *, card: DeckCard = NEW, at: datetime = T0 - timedelta(days=9)
) -> DeckNote:
    number = int(at.timestamp() * 1000) + len(name)
    return DeckNote(number, stable_guid(name), KIND, (front, "back"), ("a::b",), at_s(at), (card,))


def deck(path: Path, *notes: DeckNote, reviews: tuple[Review, ...] = (), media: dict[str, bytes] | None = None) -> Path:
    files = []
    for n, (name, data) in enumerate((media or {}).items()):
        (path.parent / f"file{n}").write_bytes(data)
        files.append((name, path.parent / f"file{n}"))
    write_package(path, notes, first_day=TODAY - 365, changed_at_s=at_s(T0), reviews=reviews, media=files)
    return path


def review(n: int, *, ease: int = 3, kind: ReviewKind = ReviewKind.REVIEW, card_id: int = 1) -> Review:
    return Review(at_s(T0 - timedelta(days=40 - n)) * 1000, card_id, ease, kind, 4, 2, 2500, 5000)


def taken(user: User, path: Path, *, at: datetime = T0) -> Imported:
    return import_deck(user, path, at=at)


KNOWN = replace(NEW, state=CardState.REVIEW, interval_days=12, ease_permille=2350, n_reviews=3, due_day=TODAY + 5)


def test_notes_cards_media_and_reviews_become_the_persons_own(user: User, tmp_path: Path) -> None:
    reviews = (
        review(1, kind=ReviewKind.LEARN),
        review(3, ease=1),
        review(9, ease=4),
        review(10, ease=0, kind=ReviewKind.MANUAL),
    )
    path = deck(
        tmp_path / "d.apkg", deck_note("a", 'see <img src="p q.png">', card=KNOWN), reviews=reviews, media={"p q.png": PNG}
    )

    result = taken(user, path)

    assert (result.n_notes, result.n_cards, result.n_reviews, result.n_media, result.n_new) == (1, 1, 4, 1, 1)
    note, kept, file = Note.objects.get(), Card.objects.get(), CardMedia.objects.get()
    assert (note.kind, note.origin, note.tags, note.deck, note.fields[1]) == (
        "anki",
        "anki",
        ["a::b"],
        "Renal::Acid",
        ["Back", "back"],
    )
    assert "see" in note.words
    assert note.notetype == NoteTypeRow.objects.get(name="Their kind", anki_id=KIND.id)
    assert kept.front == f'see <img src="/cards/media/{file.sha256}.png" alt="">'
    assert (file.name, file.media_type, media_path(file.sha256).read_bytes()) == ("p q.png", "image/png", PNG)
    assert (kept.due_on, kept.suspended_at) == (date.fromordinal(TODAY + 5 + EPOCH), None)
    assert kept.imported["interval_days"] == 12
    log = sorted(entries_of(user.pk), key=lambda entry: entry.at)
    assert [(entry.grade, entry.origin, entry.subject) for entry in log] == [  # type: ignore[union-attr]
        (grade, Origin.IMPORTED, card(kept.key)) for grade in (Grade.GOOD, Grade.AGAIN, Grade.EASY)
    ]
    assert memories_of(user.pk, zone_of(user.pk))[card(kept.key)].n_reviews == 3


def test_a_dry_run_says_what_the_import_then_takes(user: User, tmp_path: Path) -> None:
    reviews = (review(1), review(2, ease=0, kind=ReviewKind.RESCHEDULED))
    path = deck(
        tmp_path / "d.apkg", deck_note("a", "x <img src=gone.png>"), deck_note("b", "y"), reviews=reviews, media={"n.bin": b"?"}
    )

    with open_package(path) as package:
        looked = survey(package)

    assert Note.objects.count() == 0
    assert taken(user, path).as_dict() == looked.as_dict()
    assert looked.as_dict().keys() == {"format", "notes", "cards", "reviews", "media", "decks", "skipped"}


def test_the_same_deck_again_changes_nothing(user: User, tmp_path: Path) -> None:
    path = deck(tmp_path / "d.apkg", deck_note("a", "x", card=KNOWN), reviews=(review(1), review(2)), media={"p.png": PNG})
    taken(user, path)
    before = list(Note.objects.values()), list(Card.objects.values()), list(StudyReview.objects.values())

    again = taken(user, path, at=T0 + timedelta(days=1))

    assert (again.n_new, again.n_changed, again.n_same) == (0, 0, 1)
    assert (list(Note.objects.values()), list(Card.objects.values()), list(StudyReview.objects.values())) == before
    assert CardMedia.objects.count() == 1


def test_a_later_deck_changes_texts_and_adds_notes_cards_and_reviews(user: User, tmp_path: Path) -> None:
    taken(user, deck(tmp_path / "1.apkg", deck_note("a", "old"), deck_note("b", "same"), reviews=(review(1),)))
    later = T0 - timedelta(days=1)

    result = taken(
        user,
        deck(
            tmp_path / "2.apkg",
            deck_note("a", "new", at=later),
            deck_note("b", "same"),
            deck_note("c", "added", at=later),
            reviews=(review(1), review(2)),
        ),
    )

    assert (result.n_new, result.n_changed, result.n_same) == (1, 1, 1)
    assert sorted(Card.objects.values_list("front", flat=True)) == ["added", "new", "same"]
    assert StudyReview.objects.count() == 2


def test_what_was_changed_here_later_stays_and_is_named(user: User, tmp_path: Path) -> None:
    taken(user, deck(tmp_path / "1.apkg", deck_note("a", "old"), deck_note("b", "gone")))
    mine = Note.objects.get(guid=stable_guid("a"))
    Note.objects.filter(pk=mine.pk).update(fields=[["Front", "mine"], ["Back", "back"]], changed_at=T0)
    remove_note(user, Note.objects.get(guid=stable_guid("b")).key, at=T0)

    result = taken(user, deck(tmp_path / "2.apkg", deck_note("a", "theirs", at=T0 - timedelta(days=1)), deck_note("b", "gone")))

    assert result.n_own_kept == 2
    assert sorted(one.why.partition(" here")[0] for one in result.skipped) == ["it was changed", "it was removed"]
    assert Note.objects.get(pk=mine.pk).fields[0] == ["Front", "mine"]
    assert Note.objects.exclude(removed_at=None).count() == Card.objects.exclude(removed_at=None).count() == 1


def test_a_note_of_a_deck_can_be_changed_here(user: User, tmp_path: Path) -> None:
    taken(user, deck(tmp_path / "1.apkg", deck_note("a", "old")))

    change_note(user, Note.objects.get().key, fields=[("Front", "<b>mine</b>"), ("Back", "b")], tags=[], deck="", at=T0)

    assert Card.objects.get().front == "<b>mine</b>"


@pytest.mark.parametrize("state", [{"is_suspended": True}, {"is_buried": True}])
def test_suspended_and_buried_cards_are_set_aside(state: dict[str, Any], user: User, tmp_path: Path) -> None:
    taken(user, deck(tmp_path / "d.apkg", deck_note("a", "x", card=replace(NEW, **state))))

    assert Card.objects.get().suspended_at == T0


def test_cards_being_learned_fall_due_on_their_day_and_new_ones_on_none(user: User, tmp_path: Path) -> None:
    learning = replace(NEW, state=CardState.LEARNING, due_at_s=at_s(T0) + 600)
    taken(user, deck(tmp_path / "d.apkg", deck_note("a", "x", card=learning), deck_note("b", "y")))

    due = {one.front: one.due_on for one in Card.objects.all()}
    assert due == {"x": T0.astimezone(UTC).date(), "y": None}


def test_two_people_may_take_the_same_deck_with_the_same_history(user: User, tmp_path: Path) -> None:
    other = add_user("bea", password=None, at=T0)
    path = deck(tmp_path / "d.apkg", deck_note("a", "x"), reviews=(review(1), review(2)))

    for person in (user, other, other):
        taken(person, path)

    assert StudyReview.objects.filter(user=user).count() == StudyReview.objects.filter(user=other).count() == 2
    assert Note.objects.count() == 2


def test_what_was_reviewed_here_and_comes_back_from_anki_is_the_same_recall(user: User, tmp_path: Path) -> None:
    taken(user, deck(tmp_path / "d.apkg", deck_note("a", "x")))
    key = Card.objects.get().key
    StudyReview.objects.create(user=user, subject=card(key), grade=3, at=T0, origin="card", kept_at=T0)
    back = Review(at_s(T0) * 1000 + T0.microsecond // 1000, 1, 3, ReviewKind.REVIEW)

    taken(user, deck(tmp_path / "d.apkg", deck_note("a", "x"), reviews=(back,)))

    assert StudyReview.objects.count() == 1


def test_a_deck_that_breaks_in_the_middle_leaves_nothing(user: User, tmp_path: Path) -> None:
    path = deck(tmp_path / "d.apkg", deck_note("a", "x"), reviews=(review(1),))

    with patch("bedside.site.decks.actions.keep_reviews", side_effect=ReadError("d.apkg", "damaged")), pytest.raises(ReadError):
        taken(user, path)

    assert (Note.objects.count(), Card.objects.count(), NoteTypeRow.objects.count(), StudyReview.objects.count()) == (
        0,
        0,
        0,
        0,
    )
    assert not list(settings.DATA.glob(".deck-*"))


def test_a_file_that_is_no_deck_is_refused_under_the_name_it_was_sent_with(user: User, tmp_path: Path) -> None:
    (tmp_path / "upload").write_bytes(b"words")

    with pytest.raises(ReadError, match=r"my deck\.apkg: this is no deck"):
        import_deck(user, tmp_path / "upload", at=T0, file="my deck.apkg")


def test_a_folder_that_can_not_be_written_is_an_error_of_the_store(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(settings, "DATA", tmp_path / "file" / "data")

    with pytest.raises(StoreError):
        taken(user, deck(tmp_path / "d.apkg", deck_note("a", "x")))


def test_no_deck_is_taken_in_beside_a_proctored_exam(client: Client, user: User, clock: Clock, tmp_path: Path) -> None:
    proctored_player(client, clock).open_block()

    with pytest.raises(SealedError):
        import_deck(user, deck(tmp_path / "d.apkg", deck_note("a", "x")), at=clock.now())


def test_grades_given_here_after_the_import_go_on_from_what_anki_knew(user: User, tmp_path: Path) -> None:
    taken(user, deck(tmp_path / "d.apkg", deck_note("a", "x", card=KNOWN), reviews=(review(1), review(5))))
    subject = card(Card.objects.get().key)

    StudyReview.objects.create(id=uuid4(), user=user, subject=subject, grade=3, at=T0, origin="card", kept_at=T0)

    assert memories_of(user.pk, zone_of(user.pk))[subject].n_reviews == 3


def test_rows_that_were_put_in_plainly_are_those_that_the_models_read(user: User, tmp_path: Path) -> None:
    taken(user, deck(tmp_path / "d.apkg", deck_note("a", "ünï ♥ {}", card=KNOWN), reviews=(review(1),)))

    for row in (Note.objects.get(), Card.objects.get(), StudyReview.objects.get()):
        row.full_clean(validate_unique=False, validate_constraints=True)
    found = Card.objects.get(imported__interval_days=12, due_on=date.fromordinal(TODAY + 5 + EPOCH), note__made_at__lt=T0)
    assert found.note.fields == [["Front", "ünï ♥ {}"], ["Back", "back"]]
    assert StudyReview.objects.get(at__lt=T0, pk=StudyReview.objects.get().pk).shown == "anki:1:4:2:2500:5000"

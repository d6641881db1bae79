"""What becomes of odd decks: cards made new again, clocks that went wrong, gaps that go and come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bedside.anki import Card as DeckCard
from bedside.anki import (
    CardState,
    NoteType,
    Review,
    ReviewKind,
    Template,
    media_name,
    open_package,
    stable_guid,
    stable_id,
    survey,
    write_package,
)
from bedside.anki import Note as DeckNote
from bedside.site.accounts.models import User
from bedside.site.cards.models import Card
from bedside.site.decks.actions import export_deck, import_deck
from bedside.site.decks.reading import _due_on
from bedside.site.study.log import memories_of, schedule_from
from bedside.site.study.zones import zone_of
from bedside.study import DEFAULTS, card
from tests.anki.making import PNG
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db

TODAY = T0.date().toordinal() - date(1970, 1, 1).toordinal()
BASIC = NoteType(
    stable_id("b"), "B", False, ("Front", "Back"), (Template("Card 1", "{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}"),)
)
CLOZE = NoteType(stable_id("c"), "C", True, ("Text", "Extra"), (Template("C", "{{cloze:Text}}", "{{cloze:Text}}{{Extra}}"),))
NEW = DeckCard(1, 0, "Deck", CardState.NEW, False, False, 0, 0, 0, 0, 0)
RESET = Review(0, 1, 0, ReviewKind.MANUAL)


def note(text: str, *, kind: NoteType = BASIC, cards: tuple[DeckCard, ...] = (NEW,), changed: datetime = T0) -> DeckNote:
    number = round((T0 - timedelta(days=300)).timestamp() * 1000)
    return DeckNote(number, stable_guid("one"), kind, (text, "extra"), (), int(changed.timestamp()), cards)


def deck(path: Path, *notes: DeckNote, reviews: tuple[Review, ...] = ()) -> Path:
    write_package(path, notes, first_day=TODAY - 365, changed_at_s=int(T0.timestamp()), reviews=reviews)
    return path


def review(days_ago: float, ease: int = 3, kind: ReviewKind = ReviewKind.REVIEW) -> Review:
    at = round((T0 - timedelta(days=days_ago)).timestamp() * 1000)
    return Review(at, 1, ease, kind, 4, 2, 2500, 5000)


def reset(days_ago: float) -> Review:
    return replace(RESET, id=round((T0 - timedelta(days=days_ago)).timestamp() * 1000))


def log_of(path: Path) -> list[tuple[int, int, str]]:
    with open_package(path) as package:
        numbers = {one.id for each in package.notes() for one in each.cards}
        return [(one.id, one.ease, one.kind.value) for one in package.reviews(numbers)]


def test_what_was_answered_before_a_card_was_made_new_again_does_not_count(user: User, tmp_path: Path) -> None:
    reviews = (review(90, kind=ReviewKind.LEARN), review(60, 1), reset(50), review(40, kind=ReviewKind.LEARN), review(30))

    taken = import_deck(user, deck(tmp_path / "d.apkg", note("q"), reviews=reviews), at=T0)

    memory = memories_of(user.pk, zone_of(user.pk))[card(Card.objects.get().key)]
    assert (taken.n_reviews, memory.n_reviews, memory.n_lapses) == (5, 2, 0)


def test_a_card_that_was_made_new_again_is_new_here(user: User, tmp_path: Path) -> None:
    import_deck(user, deck(tmp_path / "d.apkg", note("q"), reviews=(review(90), review(60), reset(50))), at=T0)

    assert memories_of(user.pk, zone_of(user.pk)) == {}


def test_what_was_taken_in_before_a_card_was_made_new_again_is_taken_back(user: User, tmp_path: Path) -> None:
    reviews = (review(90), review(60), reset(50), review(40))
    import_deck(user, deck(tmp_path / "1.apkg", note("q"), reviews=reviews[:2]), at=T0)
    for _ in range(2):
        import_deck(user, deck(tmp_path / "2.apkg", note("q"), reviews=reviews), at=T0)

    assert memories_of(user.pk, zone_of(user.pk))[card(Card.objects.get().key)].n_reviews == 1


def test_a_review_in_days_to_come_stops_no_page(user: User, tmp_path: Path) -> None:
    import_deck(user, deck(tmp_path / "d.apkg", note("q"), reviews=(review(9), review(-400))), at=T0)

    recall = schedule_from(memories_of(user.pk, zone_of(user.pk))).recall_on(T0.date(), DEFAULTS)
    assert recall.tolist() == [1.0]


def test_all_entries_of_the_log_go_back_to_anki_once(user: User, tmp_path: Path) -> None:
    reviews = (review(90), reset(50), review(40), review(-400))
    path = deck(tmp_path / "d.apkg", note("q"), reviews=reviews)
    # first without the reset, so that what it undoes is in the log already
    import_deck(user, deck(tmp_path / "before.apkg", note("q"), reviews=reviews[:1]), at=T0)
    import_deck(user, path, at=T0)

    export_deck(user, tmp_path / "out.apkg", at=T0)

    assert log_of(tmp_path / "out.apkg") == log_of(path)


GAPS = "{{c1::one}} and {{c2::two}}"
BOTH = (NEW, replace(NEW, id=2, ord=1))


def standing(user: User) -> list[tuple[int, bool]]:
    return [(one.ord, one.removed_at is None) for one in Card.objects.filter(user=user).order_by("ord")]


def test_a_card_whose_gap_is_gone_from_the_deck_is_asked_no_more_and_comes_back_with_it(user: User, tmp_path: Path) -> None:
    import_deck(user, deck(tmp_path / "1.apkg", note(GAPS, kind=CLOZE, cards=BOTH, changed=T0 - timedelta(days=9))), at=T0)
    without = note("{{c1::one}} alone", kind=CLOZE, changed=T0 - timedelta(days=5))
    import_deck(user, deck(tmp_path / "2.apkg", without), at=T0)
    gone = standing(user)
    import_deck(user, deck(tmp_path / "3.apkg", note(GAPS, kind=CLOZE, cards=BOTH, changed=T0 - timedelta(days=2))), at=T0)

    assert (gone, standing(user)) == ([(0, True), (1, False)], [(0, True), (1, True)])


def test_a_card_that_anki_keeps_without_its_gap_is_not_asked(user: User, tmp_path: Path) -> None:
    taken = import_deck(user, deck(tmp_path / "d.apkg", note("{{c1::one}} alone", kind=CLOZE, cards=BOTH)), at=T0)

    assert (taken.n_cards, standing(user)) == (2, [(0, True), (1, False)])
    assert [one.why for one in taken.skipped] == ["its gap is no longer in the note, so it asks nothing"]


def test_a_part_of_a_note_in_a_deck_takes_nothing_of_the_rest_away(user: User, tmp_path: Path) -> None:
    import_deck(user, deck(tmp_path / "1.apkg", note(GAPS, kind=CLOZE, cards=BOTH, changed=T0 - timedelta(days=9))), at=T0)
    part = note(GAPS + " more", kind=CLOZE, cards=(NEW,), changed=T0 - timedelta(days=5))
    import_deck(user, deck(tmp_path / "2.apkg", part), at=T0)

    assert standing(user) == [(0, True), (1, True)]


def test_a_learning_card_due_at_night_belongs_to_the_study_day_before() -> None:
    zone = ZoneInfo("America/New_York")
    at_night = datetime(2026, 3, 10, 1, 30, tzinfo=zone)
    learning = replace(NEW, state=CardState.LEARNING, due_at_s=int(at_night.timestamp()))

    assert _due_on(learning, zone) == date(2026, 3, 9)


def test_what_is_not_there_is_counted_as_in_a_dry_run(user: User, tmp_path: Path) -> None:
    pictures = " ".join(f'<img src="{n}.png">' for n in range(80))
    path = deck(tmp_path / "d.apkg", note(pictures))
    with open_package(path) as package:
        dry = survey(package).skipped

    assert import_deck(user, path, at=T0).skipped == dry


OTHER_PNG = PNG[:-1] + b"x"
SHOWN = '<img src="p%20q.png"> and [sound:p q.png] <IMG SRC=other.png>'


def with_pictures(path: Path, one: DeckNote, picture: bytes) -> Path:
    names = ("p q.png", "_logo.png")
    for n, name in enumerate(names):
        (path.parent / f"{path.stem}{n}").write_bytes(picture + name.encode())
    media = [(name, path.parent / f"{path.stem}{n}") for n, name in enumerate(names)]
    write_package(path, [one], first_day=TODAY - 365, changed_at_s=int(T0.timestamp()), media=media)
    return path


def pictures_of(path: Path) -> dict[str, bytes]:
    with open_package(path) as package:
        return {media.name: b"".join(package.stream(media)) for media in package.media}


def test_two_decks_with_one_name_for_two_pictures_keep_both_on_their_way(user: User, tmp_path: Path) -> None:
    first = with_pictures(tmp_path / "1.apkg", note(SHOWN), PNG)
    second = with_pictures(tmp_path / "2.apkg", replace(note(SHOWN), guid="other", id=note("").id + 1), OTHER_PNG)
    for path in (first, second, first, second):
        last = import_deck(user, path, at=T0)

    export_deck(user, tmp_path / "out.apkg", at=T0)

    files = pictures_of(tmp_path / "out.apkg")
    with open_package(tmp_path / "out.apkg") as package:
        names = {one.guid: media_name(one.fields[0].split('"')[1]) for one in package.notes()}
    assert (last.n_same, last.n_media) == (1, 2)
    assert files[names[stable_guid("one")]].startswith(PNG)
    assert files[names["other"]].startswith(OTHER_PNG)
    assert {one.front.count("/cards/media/") for one in Card.objects.all()} == {2}


def test_a_deck_whose_picture_was_changed_shows_the_later_one(user: User, tmp_path: Path) -> None:
    import_deck(user, with_pictures(tmp_path / "1.apkg", note(SHOWN, changed=T0 - timedelta(days=2)), PNG), at=T0)
    before = Card.objects.get().front
    import_deck(user, with_pictures(tmp_path / "2.apkg", note(SHOWN, changed=T0 - timedelta(days=2)), OTHER_PNG), at=T0)

    assert Card.objects.get().front != before
    assert "absent" not in Card.objects.get().front.replace('absent">[other.png]', "")


def test_a_file_that_no_page_shows_is_named_in_its_place_and_goes_back_to_anki(user: User, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"no picture")
    path = tmp_path / "d.apkg"
    write_package(path, [note('<img src="f.png">')], first_day=TODAY, changed_at_s=0, media=[("f.png", tmp_path / "f")])

    taken = import_deck(user, path, at=T0)
    export_deck(user, tmp_path / "out.apkg", at=T0)

    assert Card.objects.get().front == '<span class="absent">[f.png]</span>'
    assert [one.why for one in taken.skipped] == ["is of a kind that no page shows; it is kept, for the way back"]
    assert pictures_of(tmp_path / "out.apkg") == {"f.png": b"no picture"}

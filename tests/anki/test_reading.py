"""Decks that Anki wrote, in its old and its new form, are read whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from anki.collection import Collection

from bedside.anki import CardState, Format, ReviewKind, is_deck, open_package
from bedside.errors import NotFoundError
from tests.anki.making import PNG, Whole, add_real, answer_real, collection_by_hand, export_real, package_of, real_collection

GAPS = "{{c1::Warfarin}} inhibits {{c2::epoxide reductase::enzyme}}"


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    made = real_collection(tmp_path_factory.mktemp("anki"))
    made.media.write_data("heart ♥.png", PNG)
    add_real(made, "Basic", 'Shown: <img src="heart ♥.png">', "a heart", tags=["cardio::valves", "marked"])
    add_real(made, "Basic (and reversed card)", "Γ", "gamma")
    add_real(made, "Cloze", GAPS, "", deck="Pharm")
    answer_real(made, 3, 1, 4)
    made.sched.suspend_cards([made.find_cards("deck:Pharm")[0]])
    return made


@pytest.fixture(scope="module", params=["new", "old"])
def deck(request: pytest.FixtureRequest, collection: Collection, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    path = tmp_path_factory.mktemp("deck") / f"{request.param}.apkg"
    return Whole(export_real(collection, path, is_old=request.param == "old"))


def test_both_forms_give_the_same_notes_cards_reviews_and_media(deck: Whole) -> None:
    assert deck.package.format is Format.APKG
    assert (len(deck.notes), len(deck.cards), len(deck.reviews), len(deck.files)) == (3, 5, 3, 1)
    assert deck.package.decks == ("Default", "Pharm", "Renal", "Renal::Acid")
    assert deck.notes[0].tags == ("cardio::valves", "marked")
    assert deck.files == {"heart ♥.png": PNG}
    assert deck.skipped == ()


def test_what_anki_says_of_a_card_is_kept(deck: Whole) -> None:
    suspended = [card for card in deck.cards if card.is_suspended]

    assert [card.deck for card in suspended] == ["Pharm"]
    assert {card.state for card in deck.cards if card.n_reviews} <= {CardState.LEARNING, CardState.REVIEW}
    assert [review.ease for review in deck.reviews] == [3, 1, 4]
    assert {review.kind for review in deck.reviews} == {ReviewKind.LEARN}


def test_a_card_in_review_falls_due_on_the_day_that_anki_shows(collection: Collection, tmp_path: Path) -> None:
    easy = next(card for card in map(collection.get_card, collection.find_cards("is:review")) if card.ivl)
    read = Whole(export_real(collection, tmp_path / "deck.apkg", is_old=False))

    due = next(card for card in read.cards if card.state is CardState.REVIEW)
    today = round(collection.sched.day_cutoff / 86_400) - 1

    assert due.interval_days == easy.ivl
    assert due.due_day is not None
    assert abs(due.due_day - today - easy.ivl) <= 1


def test_a_deck_without_its_schedule_comes_as_new(collection: Collection, tmp_path: Path) -> None:
    read = Whole(export_real(collection, tmp_path / "deck.apkg", is_old=False, with_scheduling=False))

    assert {card.state for card in read.cards} == {CardState.NEW}
    assert read.reviews == []


def test_sides_are_drawn_as_anki_draws_them(deck: Whole) -> None:
    basic, both, gaps = (note.guid for note in deck.notes)

    assert deck.sides[basic, 0].front == 'Shown: <img src="/media/heart ♥.png" alt="">'
    assert 'alt="">\n\n<hr class="answer">\n\na heart' in deck.sides[basic, 0].back
    assert (deck.sides[both, 0].front, deck.sides[both, 1].front) == ("Γ", "gamma")
    assert deck.sides[gaps, 0].front == '<span class="cloze">[...]</span> inhibits epoxide reductase'
    assert deck.sides[gaps, 1].front == 'Warfarin inhibits <span class="cloze">[enzyme]</span>'
    assert '<span class="cloze">epoxide reductase</span>' in deck.sides[gaps, 1].back


@pytest.mark.parametrize("is_old", [True, False])
def test_a_whole_collection_is_read_with_its_deleted_history_named(is_old: bool, tmp_path: Path) -> None:
    made = real_collection(tmp_path / "anki")
    add_real(made, "Basic", "kept", "back")
    gone = add_real(made, "Basic", "gone", "back")
    answer_real(made, 3, 3)
    made.remove_notes([gone])
    made.export_collection_package(str(tmp_path / "all.colpkg"), include_media=True, legacy=is_old)

    read = Whole(tmp_path / "all.colpkg")

    assert read.package.format is Format.COLPKG
    assert (len(read.notes), len(read.cards)) == (1, 1)
    assert len(read.reviews) + sum(one.where == "1 review" for one in read.skipped) == 2


def test_a_bare_collection_is_read_and_changes_beside_it_are_named(tmp_path: Path) -> None:
    path = collection_by_hand(tmp_path / "collection.anki2")
    (tmp_path / "collection.anki2-wal").write_bytes(b"not yet written")

    read = Whole(path)

    assert (read.package.format, len(read.notes)) == (Format.COLLECTION, 1)
    assert "close Anki" in read.why[0]


def test_with_the_first_scheduler_the_three_buttons_of_learning_are_again_good_and_easy(tmp_path: Path) -> None:
    rows = [(1_700_000_000_000 + n, 100, 0, ease, 0, 0, 0, 0, kind) for n, (ease, kind) in enumerate([(2, 0), (3, 2), (2, 1)])]
    path = package_of(
        tmp_path,
        lambda connection: connection.executemany("INSERT INTO revlog VALUES (?,?,?,?,?,?,?,?,?)", rows),
        settings={"schedVer": 1},
    )

    assert [(review.ease, review.kind) for review in Whole(path).reviews] == [
        (3, ReviewKind.LEARN),
        (4, ReviewKind.RELEARN),
        (2, ReviewKind.REVIEW),
    ]


def test_dates_set_by_hand_are_entries_but_no_recalls(tmp_path: Path) -> None:
    rows = [(1_700_000_000_000 + n, 100, 0, ease, 0, 0, 0, 0, kind) for n, (ease, kind) in enumerate([(0, 4), (0, 5), (3, 1)])]
    path = package_of(
        tmp_path, lambda connection: connection.executemany("INSERT INTO revlog VALUES (?,?,?,?,?,?,?,?,?)", rows)
    )

    assert [review.is_recall for review in Whole(path).reviews] == [False, False, True]


def test_a_deck_is_known_by_what_is_in_it_and_not_by_its_name(tmp_path: Path) -> None:
    package = package_of(tmp_path)
    package.rename(tmp_path / "questions.csv")
    (tmp_path / "questions.apkg").write_text("id,stem\n1,What?\n")

    assert is_deck(tmp_path / "questions.csv")
    assert not is_deck(tmp_path / "questions.apkg")
    with pytest.raises(NotFoundError):
        is_deck(tmp_path / "nothing.apkg")


def test_nothing_stays_behind_when_a_deck_is_closed(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    path = package_of(tmp_path)

    with open_package(path, scratch=scratch) as package:
        assert list(package.notes())
        assert list(scratch.iterdir())

    assert list(scratch.iterdir()) == []

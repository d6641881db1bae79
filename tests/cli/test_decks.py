"""`bedside bank import DECK` and `bedside bank export`."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from bedside.cli import django_site
from bedside.site.cards.models import Card, Note
from bedside.site.study.models import StudyReview
from tests.anki.making import Whole, add_real, answer_real, export_real, import_real, package_of, real_collection
from tests.support.bank_commands import Command


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    collection = real_collection(tmp_path / "anki")
    add_real(collection, "Basic", "ask", "say <img src=gone.png>")
    add_real(collection, "Cloze", "{{c1::a}} {{c2::b}}", "", deck="Pharm")
    answer_real(collection, 3)
    return export_real(collection, tmp_path / "deck.apkg", is_old=False)


@pytest.fixture
def _site(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """The commands work on the database of the test."""
    monkeypatch.setattr(django_site, "start", lambda **_: None)


def test_a_dry_run_answers_what_the_deck_gives_and_makes_no_database(bank: Command, deck: Path, tmp_path: Path) -> None:
    assert bank("import", deck, "--dry-run", "--json").status == 0

    told = bank.json
    assert [told.pop("skipped")[0]["why"]] == ["is not in the package"]
    assert told == {
        "format": "apkg",
        "notes": 2,
        "cards": 3,
        "reviews": 1,
        "media": 0,
        "decks": ["Default", "Pharm", "Renal", "Renal::Acid"],
    }
    assert not (tmp_path / "data").exists()


@pytest.mark.usefixtures("_site")
def test_a_deck_becomes_cards_whatever_its_name_is(bank: Command, deck: Path) -> None:
    questions = deck.rename(deck.with_name("questions.csv"))

    assert bank("import", questions, "--json").status == 0

    assert (bank.json["notes"], bank.json["cards"], bank.json["reviews"]) == (2, 3, 1)
    assert (Note.objects.count(), Card.objects.count(), StudyReview.objects.count()) == (2, 3, 1)
    assert {note.user.username for note in Note.objects.all()} == {"learner"}


@pytest.mark.usefixtures("_site")
def test_an_import_says_in_words_what_it_did(bank: Command, deck: Path) -> None:
    bank("import", deck)

    assert "apkg: took 2 notes, 3 cards, 1 review, 0 files of media, from 4 decks\n" in bank.out
    assert 'picture "gone.png": is not in the package\n' in bank.out
    assert "notes: 2 new, 0 changed, 0 as before\n" in bank.out


def test_options_of_questions_are_refused_for_a_deck(bank: Command, deck: Path) -> None:
    assert bank("import", deck, "--name", "mine").status == 2
    assert "a deck becomes cards" in bank.err


@pytest.mark.parametrize("cut", [0, 100])
def test_a_broken_deck_is_refused_in_one_line(cut: int, bank: Command, tmp_path: Path) -> None:
    path = package_of(tmp_path)
    path.write_bytes(path.read_bytes()[:cut])

    assert bank("import", path, "--dry-run").status == 2
    assert bank.err.count("\n") == 1


@pytest.mark.usefixtures("_site")
def test_an_export_is_imported_by_anki_and_meets_what_it_came_from(bank: Command, deck: Path, tmp_path: Path) -> None:
    bank("import", deck)

    assert bank("export", "--out", tmp_path / "out.apkg", "--json").status == 0

    assert (bank.json["notes"], bank.json["cards"], bank.json["reviews"]) == (2, 3, 1)
    log = import_real(real_collection(tmp_path / "anki"), tmp_path / "out.apkg")
    assert (len(log.new), len(log.conflicting)) == (0, 0)


@pytest.mark.usefixtures("_site", "content")
def test_takeaways_and_questions_of_the_bank_go_along_by_choice(
    bank: Command, content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "CONTENT", content)

    bank("export", "--out", tmp_path / "out.apkg", "--takeaways", "--items")

    decks = {card.deck for card in Whole(tmp_path / "out.apkg").cards}
    assert "Bedside::Questions" in decks


@pytest.mark.usefixtures("_site")
def test_no_other_format_and_no_missing_folder(bank: Command, tmp_path: Path) -> None:
    assert bank("export", "--format", "mnemosyne", "--out", tmp_path / "x").status == 2
    assert bank("export", "--out", tmp_path / "no" / "x.apkg").status == 2
    assert "no such folder" in bank.err

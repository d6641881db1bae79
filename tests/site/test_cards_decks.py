"""The pages by which a deck is brought and taken along."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bedside.site.accounts.models import User
from bedside.site.cards.actions import make_note
from bedside.site.cards.models import Card, Note
from bedside.site.decks import views
from tests.support.people import browser_of, person, proctored_player
from tests.support.site import Clock
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(user: User, own_data: Path) -> Client:
    """The candidate in a browser, with a data folder that decks may be unpacked in."""
    return browser_of(user)


def deck_of(browser: Client) -> bytes:
    answer = browser.post("/cards/export")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="bedside-')
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def bring(browser: Client, data: bytes, name: str = "deck.apkg") -> tuple[int, str]:
    answer = browser.post("/cards/import", {"deck": SimpleUploadedFile(name, data)})
    return answer.status_code, " ".join(answer.content.decode().split())


def test_what_one_person_takes_along_another_brings(user: User, browser: Client, clock: Clock) -> None:
    make_note(user, kind="basic", fields=[("Front", "What is **this**?"), ("Back", "a card")], deck="Heart", at=T0)
    make_note(user, kind="cloze", fields=[("Text", "{{c1::a}} and {{c2::b}}")], tags=["t"], at=T0)
    deck = deck_of(browser)
    other = browser_of(bob := person("bob"))

    status, text = bring(other, deck)
    assert status == 200
    assert "The deck holds 3 cards." in text
    assert "2 notes are new." in text
    assert Card.objects.filter(user=bob).count() == 3
    assert "2 notes were here already." in bring(other, deck)[1]
    assert "What is this?" in other.get("/cards?deck=Heart").content.decode()
    assert "What is <b>this</b>?" in other.get("/study").content.decode().replace("strong>", "b>")


@pytest.mark.parametrize("data", [b"", b"no deck", b"PK\x03\x04 no archive"])
def test_what_is_no_deck_is_refused_and_nothing_kept(browser: Client, data: bytes) -> None:
    status, text = bring(browser, data)
    assert status == 400
    assert 'role="alert"' in text
    assert not Note.objects.exists()


def test_a_form_without_a_file_and_a_file_too_large_are_refused(browser: Client) -> None:
    assert browser.post("/cards/import").status_code == 400
    with patch.object(views, "MAX_UPLOAD_BYTES", 3):
        status, text = bring(browser, b"four")
    assert status == 400
    assert "over the limit" in text


def test_decks_are_closed_while_a_proctored_sitting_is_under_way(browser: Client, client: Client, clock: Clock) -> None:
    proctored_player(client, clock, minutes=10).open_block()
    for path in ("/cards/import", "/cards/export"):
        assert browser.get(path).status_code == 409
        assert browser.post(path).status_code == 409

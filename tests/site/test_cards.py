"""Cards of one's own: what a note makes, what its change keeps, who may see it, and its pictures."""

from __future__ import annotations

import struct
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.site.accounts.models import User
from bedside.site.cards import media as cards_media
from bedside.site.cards.actions import bring_back, change_note, make_note, put_media, remove_note, set_new_a_day, suspend
from bedside.site.cards.drawing import card_key
from bedside.site.cards.models import Card, CardMedia, Note
from bedside.site.cards.names import MAX_TEXT
from bedside.site.cards.queries import cards_with, new_a_day
from tests.support.people import browser_of, person, proctored_player
from tests.support.png import png
from tests.support.site import Clock
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db
BASIC = [("Front", "What raises **potassium**?"), ("Back", "ACE inhibitors")]


@pytest.fixture
def browser(user: User) -> Client:
    """The candidate in a browser."""
    return browser_of(user)


def basic(user: User, *, front: str = "asks", back: str = "says", **more: object) -> Note:
    return make_note(user, kind="basic", fields=[("Front", front), ("Back", back)], at=T0, **more)  # type: ignore[arg-type]


def sides(note: Note) -> list[tuple[int, str]]:
    return list(Card.objects.filter(note=note, removed_at=None).order_by("ord").values_list("ord", "front"))


# --- notes and their cards --------------------------------------------------------------------------------------------------


def test_a_question_and_answer_makes_one_card_or_one_each_way(user: User) -> None:
    note = make_note(user, kind="basic", fields=BASIC, at=T0)
    card = Card.objects.get(note=note)
    assert card.front == "<p>What raises <strong>potassium</strong>?</p>"
    assert card.back == card.front + "<hr><p>ACE inhibitors</p>"
    assert card.key == card_key(note.key, 0)

    both = make_note(user, kind="reversed", fields=BASIC, at=T0)
    assert [front for _, front in sides(both)] == [card.front, "<p>ACE inhibitors</p>"]


@pytest.mark.parametrize(
    ("kind", "fields", "why"),
    [
        ("basic", [("Front", "asks"), ("Back", " ")], "both sides"),
        ("basic", [("Front", ""), ("Back", "says")], "both sides"),
        ("cloze", [("Text", "no gap")], "at least one"),
        ("basic", [("Front", "a" * (MAX_TEXT + 1)), ("Back", "b")], "limit"),
        ("basic", [("Question", "a"), ("Back", "b")], 'no field "Question"'),
        ("anki", BASIC, "one of basic"),
    ],
)
def test_a_note_that_asks_nothing_is_not_kept(user: User, kind: str, fields: list[tuple[str, str]], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        make_note(user, kind=kind, fields=fields, at=T0)
    assert not Note.objects.exists()


def test_a_form_that_is_sent_twice_makes_one_note(user: User) -> None:
    key = uuid4()
    first, second = (basic(user, key=key) for _ in range(2))
    assert first.pk == second.pk
    assert Card.objects.count() == 1


def test_a_gap_that_goes_takes_its_card_along_and_brings_it_back(user: User, clock: Clock) -> None:
    note = make_note(user, kind="cloze", fields=[("Text", "{{c1::a}} {{c2::b}}")], at=T0)
    second = Card.objects.get(note=note, ord=1)
    for text, expected in (("{{c1::a}} b", [0]), ("{{c1::a}} {{c2::b}} {{c3::c}}", [0, 1, 2])):
        clock.pass_s(1)
        change_note(user, note.key, fields=[("Text", text)], tags=[], deck="", at=clock.now())
        assert [ord_ for ord_, _ in sides(note)] == expected
    assert Card.objects.get(note=note, ord=1).key == second.key


def test_a_removed_note_is_back_with_the_cards_that_it_had(user: User, clock: Clock) -> None:
    note = make_note(user, kind="cloze", fields=[("Text", "{{c1::a}} {{c2::b}}")], at=T0)
    clock.pass_s(1)
    change_note(user, note.key, fields=[("Text", "{{c1::a}} b")], tags=[], deck="", at=clock.now())
    clock.pass_s(1)
    for _ in range(2):
        remove_note(user, note.key, at=clock.now())
    assert sides(note) == []
    assert [card.ord for card in cards_with(user, is_removed=True)] == [0, 1]
    clock.pass_s(1)
    bring_back(user, note.key, at=clock.now())
    assert [ord_ for ord_, _ in sides(note)] == [0]


def test_the_list_is_narrowed_by_words_tag_and_deck(user: User) -> None:
    basic(user, front="Naïve &amp; wide QRS", tags=["cardio::ecg", "Step1"], deck="Heart::ECG")
    basic(user, front="potassium", tags=["renal"], deck="Kidney")

    def found(**asked: str) -> int:
        return cards_with(user, **asked).count()  # type: ignore[arg-type]

    assert [found(words=words) for words in ("qrs naïve", "POTASSIUM says", "qrs potassium", "", "%")] == [1, 1, 0, 2, 0]
    assert [found(tag=tag) for tag in ("cardio", "cardio::ecg", "card", "step1", "renal")] == [1, 1, 0, 1, 1]
    assert [found(deck=deck) for deck in ("Heart", "Heart::ECG", "Hea", "Kidney")] == [1, 1, 0, 1]


def test_how_many_new_cards_may_come_is_kept(user: User) -> None:
    assert new_a_day(user) == 10
    set_new_a_day(user, 0, at=T0)
    assert new_a_day(user) == 0
    with pytest.raises(UsageError):
        set_new_a_day(user, -1, at=T0)


# --- pictures ---------------------------------------------------------------------------------------------------------------


def test_a_picture_is_shown_to_its_owner_alone(user: User, browser: Client, own_data: Path) -> None:
    row = put_media(user, "../ECG of a man.PNG", png(), at=T0)
    note = basic(user, front=f"What is this? ![an ECG](media:{row.name})")
    assert row.name == "ECG-of-a-man.png"
    address = cards_media.media_url(row.name, row.sha256)
    assert f'<img src="{address}" alt="an ECG" width="3" height="2">' in Card.objects.get(note=note).front

    answer = browser.get(address)
    assert b"".join(answer.streaming_content) == png()  # type: ignore[attr-defined]
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert browser.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert browser_of(person("bob")).get(address).status_code == 404
    assert Client().get(address).status_code == 404  # whoever sits at this computer is somebody else


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<html><script>alert(1)</script></html>", "no picture or sound"),
        (b"MZ\x90\0", "no picture or sound"),
        (b"", "no picture or sound"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "SVG is not taken"),
        (png(9000, 9000), "pixels"),
        (png() + b"\0" * cards_media.MAX_PICTURE_BYTES, "bytes"),
    ],
)
def test_what_is_no_picture_is_not_kept(user: User, own_data: Path, data: bytes, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        put_media(user, "picture.png", data, at=T0)
    assert not CardMedia.objects.exists()
    assert not list(own_data.rglob("*"))


def test_a_picture_is_what_its_bytes_say_and_kept_once(user: User, own_data: Path) -> None:
    gif = b"GIF89a" + struct.pack("<HH", 4, 5) + b"\0" * 20
    for _ in range(2):
        row = put_media(user, "x.png", gif, at=T0)
    assert (row.name, row.media_type, row.width, row.height) == ("x.gif", "image/gif", 4, 5)
    assert CardMedia.objects.count() == 1
    put_media(person("bob"), "mine", gif, at=T0)
    assert len([path for path in own_data.rglob("*") if path.is_file()]) == 1


def test_a_picture_that_comes_with_the_form_stands_in_the_text(user: User, browser: Client, own_data: Path) -> None:
    form = {"key": str(uuid4()), "kind": "basic", "field-0": "What is this?", "field-1": "a grey square", "tags": "a b"}
    file = SimpleUploadedFile("square.png", png(), content_type="text/html")
    assert browser.post("/cards/new", {**form, "file-0": file}).headers["Location"] == "/cards"

    note = Note.objects.get()
    assert note.fields[0] == ["Front", "What is this?\n\n![square](media:square.png)"]
    assert note.tags == ["a", "b"]


# --- pages ------------------------------------------------------------------------------------------------------------------


def test_nobody_reads_or_changes_anothers_note(user: User, browser: Client) -> None:
    theirs = basic(person("bob"), front="a secret of Bob's")
    card = Card.objects.get().key
    for address in ("", "/remove", "/restore"):
        form = {"field-0": "x", "field-1": "y"}
        assert browser.post(f"/cards/notes/{theirs.key}{address}", form).status_code == 404
    assert browser.get(f"/cards/notes/{theirs.key}").status_code == 404
    assert browser.post("/cards/aside", {"aside": str(card)}).status_code == 404
    assert "secret" not in browser.get("/cards").content.decode()
    with pytest.raises(NotFoundError):
        suspend(user, card, at=T0)
    assert Note.objects.get().fields[0][1] == "a secret of Bob's"


def test_one_key_may_be_of_two_people(user: User) -> None:
    key = UUID(int=7)
    mine, theirs = basic(user, key=key), basic(person("bob"), key=key)
    assert mine.pk != theirs.pk


def test_cards_are_written_changed_removed_and_brought_back_by_forms(browser: Client, clock: Clock) -> None:
    assert "You have no cards of your own yet." in browser.get("/cards").content.decode()
    form = {"key": str(uuid4()), "kind": "cloze", "field-0": "{{c1::a}} and {{c2::b}}", "deck": "D", "tags": "t"}
    again = browser.post("/cards/new", {**form, "another": "1"}).headers["Location"]
    assert again == "/cards/new?kind=cloze&deck=D&tags=t"
    assert "2 cards were made." in browser.get(again).content.decode()

    note = Note.objects.get()
    path = f"/cards/notes/{note.key}"
    clock.pass_s(1)
    changed = browser.post(path, {"field-0": "{{c1::A}}", "field-1": "", "next": "/study"})
    assert changed.headers["Location"] == "/study"
    assert "1 card\n" in browser.get("/cards").content.decode() or "1 card<" in browser.get("/cards").content.decode()
    clock.pass_s(1)
    browser.post(f"{path}/remove")
    assert "No card fits." in browser.get("/cards").content.decode()
    assert "removed" in browser.get("/cards?state=removed").content.decode()
    browser.post(f"{path}/restore")
    assert Card.objects.filter(removed_at=None).count() == 1


def test_a_form_with_a_mistake_keeps_what_was_written(browser: Client) -> None:
    form = {"key": str(uuid4()), "kind": "cloze", "field-0": "words without a gap <b>", "field-1": ""}
    answer = browser.post("/cards/new", form)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "needs at least one" in text
    assert "words without a gap &lt;b&gt;" in text
    assert not Note.objects.exists()


def test_how_it_looks_is_shown_and_not_kept(browser: Client) -> None:
    form = {"key": str(uuid4()), "kind": "cloze", "field-0": "a {{c1::b}}", "field-1": "", "preview": "1"}
    assert '<span class="cloze">[…]</span>' in browser.post("/cards/new", form).content.decode()
    assert not Note.objects.exists()


def test_no_form_leads_away_from_the_site(browser: Client, user: User) -> None:
    note = basic(user)
    for away in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "\\\\elsewhere.example"):
        answer = browser.post(f"/cards/notes/{note.key}/remove", {"next": away})
        assert answer.headers["Location"] == "/cards"


def test_cards_are_closed_while_a_proctored_sitting_is_under_way(
    user: User, browser: Client, client: Client, clock: Clock, own_data: Path
) -> None:
    note = basic(user, front="a secret on a card")
    picture = put_media(user, "x", png(), at=T0)
    address = cards_media.media_url(picture.name, picture.sha256)
    proctored_player(client, clock, minutes=10).open_block()

    for path in ("/cards", "/cards/new", f"/cards/notes/{note.key}", address, "/study", "/study/ahead"):
        assert "a secret on a card" not in browser.get(path).content.decode()
    for path in ("/cards/new", f"/cards/notes/{note.key}", address, "/study/ahead"):
        assert browser.get(path).status_code == 409
    sent = browser.post("/study/sent", {"deeds": []}, content_type="application/json")
    assert (sent.status_code, sent.json()["code"]) == (409, "sealed")
    with pytest.raises(ConflictError):
        basic(user)

"""The page of sharing: what it shows is what the file holds, and what was shared is withdrawn from it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from bedside.journeys import Journey, Note
from bedside.site.accounts.models import User
from bedside.site.brake import Brake
from bedside.site.journeys import sharing, telling, views_share
from bedside.site.journeys.models import JourneyShare
from tests.support.journeys import journey
from tests.support.people import browser_of, person, proctored_player
from tests.support.site import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Journey:
    """What the record of everybody tells: with a name, a note and dates."""
    made = journey(
        name="Quaxanne Zorbek",
        notes=(Note(3, "the zebrawood desk", date(2026, 3, 24)),),
        begun_on=date(2026, 3, 2),
        shared_on=date(2026, 5, 20),
    )
    assert get_resolver().url_patterns  # all views are there by now, and none keeps what is patched
    _tell(monkeypatch, made)
    return made


@pytest.fixture
def reader(user: User, clock: Clock, told: Journey) -> Client:
    return browser_of(user)


def form_of(reader: Client, **boxes: str) -> dict[str, str]:
    """The boxes, after the page was looked at with them."""
    response = reader.post("/journey/share", {"look": "1", **boxes})
    assert response.status_code == 200, response.content.decode()
    return {"write": "1", "seen": response.context["seen"], **boxes}


def test_at_first_nothing_personal_is_chosen_and_the_page_says_so(reader: Client) -> None:
    response = reader.get("/journey/share")
    assert response.status_code == 200
    assert not re.search(r'name="(name|text|dates)" value="1" checked', response.content.decode())
    shown = json.loads(response.context["json"])
    assert not {"name", "begun_on", "shared_on"} & set(shown)
    assert shown["notes"] == []
    assert set(shown["start"]) == {"age", "work_hours", "level"}
    assert not re.search(r'name="(trained_in|language|years_since_graduation)" value="1" checked', response.content.decode())
    assert "all dates" in response.content.decode()


def test_the_file_holds_what_was_shown(reader: Client) -> None:
    for boxes in ({}, {"name": "1", "age": "1"}, {"text": "1"}, {"dates": "1", "text": "1", "trained_in": "1"}):
        form = form_of(reader, **boxes)
        shown = json.loads(reader.post("/journey/share", {"look": "1", **boxes}).context["json"])
        response = reader.post("/journey/share", form)
        assert response.headers["Content-Disposition"] == 'attachment; filename="journey.zip"'
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            written = json.loads(archive.read("journey.json"))
        made_then = {"signature", "id"} if shown["revision"] == 1 else {"signature"}
        assert {name: written[name] for name in written if name not in made_then} == {
            name: shown[name] for name in shown if name not in made_then
        }


def test_a_box_changed_without_looking_again_writes_nothing_and_shows_the_file_first(reader: Client) -> None:
    form = form_of(reader)
    response = reader.post("/journey/share", {**form, "name": "1"})
    assert response.status_code == 409
    assert "No file was written" in response.content.decode()
    assert json.loads(response.context["json"])["name"] == "Quaxanne Zorbek"
    assert not JourneyShare.objects.exists()


def test_each_note_stands_where_it_is_to_be_read_and_can_be_left_out(
    reader: Client, monkeypatch: pytest.MonkeyPatch, told: Journey
) -> None:
    notes = (Note(3, "the zebrawood desk", date(2026, 3, 24)), Note(5, "a quiet week", date(2026, 4, 8)))
    _tell(monkeypatch, replace(told, notes=notes))
    assert "zebrawood" not in reader.get("/journey/share").content.decode()
    html = reader.post("/journey/share", {"look": "1", "text": "1"}).content.decode()
    asked, first = html.index("Read them for names, places and days"), html.index("the zebrawood desk")
    assert asked < first < html.index('id="holds"')
    mark, _other = re.findall(r'name="without" value="([0-9a-f]+)"', html)

    form = form_of(reader, text="1", without=mark)
    _tell(monkeypatch, replace(told, notes=(Note(0, "written meanwhile", date(2026, 3, 3)), *notes)))
    assert reader.post("/journey/share", form).status_code == 409  # that one was not seen
    response = reader.post("/journey/share", form_of(reader, text="1", without=mark))
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"zebrawood" not in everything
    assert b"a quiet week" in everything
    assert b"written meanwhile" in everything
    assert "1 note is left out." in reader.post("/journey/share", {"text": "1", "without": mark}).content.decode()


def _tell(monkeypatch: pytest.MonkeyPatch, made: Journey) -> None:
    for module in (sharing, telling):
        monkeypatch.setattr(module, "journey_of", lambda *_, **__: made)


def test_the_file_is_taken_below_what_it_holds_and_the_key_is_spoken_of_in_the_open(reader: Client) -> None:
    html = reader.get("/journey/share").content.decode()
    assert html.index('id="holds"') < html.index("The file itself (JSON)") < html.index('name="write"')
    assert 'form="share" name="write"' in html
    opened = re.sub(r"<details>.*?</details>", "", html, flags=re.DOTALL)
    assert "carry the same key" in opened


def test_what_was_shared_is_listed_with_its_withdrawal(reader: Client, user: User) -> None:
    reader.post("/journey/share", form_of(reader))
    row = JourneyShare.objects.get(user=user)
    assert str(row.pk) in reader.get("/journey/share").content.decode()
    response = reader.post("/journey/withdraw", {"id": str(row.pk)})
    assert response.headers["Content-Disposition"] == 'attachment; filename="journey-withdrawal.json"'
    assert json.loads(response.content)["id"] == str(row.pk)
    assert "withdrawn on" in reader.get("/journey/share").content.decode()


def test_of_what_an_earlier_key_signed_the_page_says_why_it_can_not_be_withdrawn(reader: Client, user: User) -> None:
    reader.post("/journey/share", form_of(reader))
    JourneyShare.objects.update(public_key="ab" * 32)
    page = reader.get("/journey/share").content.decode()
    assert "key that this server has no longer" in page
    assert "ab" * 32 in page
    assert "Withdraw this journey" not in page
    refused = reader.post("/journey/withdraw", {"id": str(JourneyShare.objects.get(user=user).pk)})
    assert refused.status_code == 409
    assert "signing_key.pem" in refused.content.decode()


def test_where_others_use_the_server_too_files_are_not_written_without_end(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views_share, "BRAKE", Brake(an_hour=2))
    monkeypatch.setattr(settings, "IS_LOCAL", False)
    told = [reader.post("/journey/share", form_of(reader)).status_code for _ in range(3)]
    assert told == [200, 200, 429]
    assert JourneyShare.objects.get().revision == 2
    monkeypatch.setattr(settings, "IS_LOCAL", True)
    assert reader.post("/journey/share", form_of(reader)).status_code == 200


def test_nobody_withdraws_what_is_not_theirs(reader: Client) -> None:
    reader.post("/journey/share", form_of(reader))
    row = JourneyShare.objects.get()
    assert browser_of(person("eve")).post("/journey/withdraw", {"id": str(row.pk)}).status_code == 404
    for wrong in ("", "x", str(uuid4())):
        assert reader.post("/journey/withdraw", {"id": wrong}).status_code == 404
    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_signs_of_html_in_a_note_are_text_on_the_page(reader: Client, monkeypatch: pytest.MonkeyPatch, told: Journey) -> None:
    bad = replace(told, notes=(Note(3, "</pre><script>alert(1)</script>"),), name="<b>x</b>")
    _tell(monkeypatch, bad)
    page = reader.post("/journey/share", {"look": "1", "text": "1", "name": "1"}).content.decode()
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


def test_while_a_proctored_sitting_is_under_way_nothing_is_told(
    user: User, client: Client, clock: Clock, told: Journey
) -> None:
    proctored_player(client, clock).open_block()
    reader = browser_of(user)
    page = reader.get("/journey/share")
    assert "proctored sitting is under way" in page.content.decode()
    assert "journey" not in page.context
    assert reader.post("/journey/share", {"write": "1"}).status_code == 409
    assert not JourneyShare.objects.exists()


def test_a_person_without_a_record_is_told_that_there_is_nothing_to_share(user: User, clock: Clock) -> None:
    response = browser_of(user).get("/journey/share")
    assert response.status_code == 200
    assert "nothing to share" in response.content.decode()

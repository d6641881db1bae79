"""Taking all one's data, and bringing it back, from the pages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from bedside.site.accounts.models import AuditEntry, User
from bedside.site.brake import AN_HOUR, HOUR_S, Brake
from bedside.site.carrying import views
from bedside.site.carrying.models import KeptSitting
from bedside.site.problems import TooOftenError
from bedside.site.reflection.models import ItemNote
from bedside.site.study.models import StudyReview
from tests.support import lives
from tests.support.lives import repacked, same_id
from tests.support.people import browser_of, person, proctored_player
from tests.support.site import Clock
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(user: User, own_data: Path) -> Client:
    """ "ada" in a browser, who has done something of every kind."""
    lives.whole_life(user)
    return browser_of(user)


@pytest.fixture(autouse=True)
def now(clock: Clock) -> Clock:
    clock.at = T0 + lives.LATER
    return clock


def taken(browser: Client, folder: Path) -> Path:
    response = browser.post("/me/data/take")
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == "application/zip"
    path = folder / "taken.zip"
    path.write_bytes(response.getvalue())
    return path


def brought(browser: Client, path: Path, *, status: int = 200, **form: str) -> str:
    file = SimpleUploadedFile("mine.zip", path.read_bytes())
    response = browser.post("/me/data/bring", {"file": file, **form})
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def left_behind() -> list[str]:
    return [one.name for one in Path(settings.DATA).iterdir() if one.name.startswith(("taking", "bringing"))]


def test_me_leads_to_it(browser: Client) -> None:
    assert 'href="/me/data"' in browser.get("/me").content.decode()
    text = browser.get("/me/data").content.decode()
    assert "Take all of it" in text
    assert "Sittings kept as records" not in text


def test_all_is_taken_with_its_name_and_nothing_stays_behind(browser: Client, tmp_path: Path) -> None:
    response = browser.post("/me/data/take")
    assert response.headers["Content-Disposition"] == 'attachment; filename="bedside-ada-2027-04-06.zip"'
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.getvalue()[:2] == b"PK"  # at its end the client closes what the answer held open

    assert left_behind() == []
    assert AuditEntry.objects.get(verb="person_exported").actor == User.objects.get(username="ada")


def test_what_was_taken_comes_back(browser: Client, tmp_path: Path) -> None:
    path = taken(browser, tmp_path)
    ItemNote.objects.all().delete()

    text = brought(browser, path)
    assert "It was made for ada" in text
    assert '<tr><th scope="row">Notes on items</th><td>1</td><td>0</td><td>0</td><td>0</td></tr>' in text
    assert ItemNote.objects.get().text == "look at the **gap** first"
    assert "All of it is here already" in brought(browser, path)
    assert left_behind() == []


def test_a_look_writes_nothing(browser: Client, tmp_path: Path) -> None:
    path = taken(browser, tmp_path)
    ItemNote.objects.all().delete()

    text = brought(browser, path, look="1")
    assert "What the file would bring" in text
    assert "Nothing was written yet." in text
    assert not ItemNote.objects.exists()


def test_a_file_of_another_name_needs_a_tick(browser: Client, tmp_path: Path) -> None:
    path = taken(browser, tmp_path)
    StudyReview.objects.all()
    other = repacked(path, {})
    eve = browser_of(person("eve"))
    assert "made for &quot;ada&quot;" in brought(eve, other, status=409)
    assert "belongs to somebody else here" in brought(eve, other, status=409, other_name="1")


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive"])
def test_what_is_no_such_file_gets_one_clear_line(browser: Client, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)

    text = brought(browser, path, status=400)
    assert "Nothing was brought back:" in text
    assert str(settings.DATA) not in text
    assert left_behind() == []


def test_without_a_file_the_page_says_so(browser: Client) -> None:
    response = browser.post("/me/data/bring")
    assert response.status_code == 400
    assert "choose the file first" in response.content.decode()


def test_while_a_proctored_sitting_is_under_way_both_are_closed(
    browser: Client, client: Client, clock: Clock, tmp_path: Path
) -> None:
    path = taken(browser, tmp_path)
    proctored_player(client, clock).open_block()

    assert browser.post("/me/data/take").status_code == 409
    brought(browser, path, status=409)
    text = browser.get("/me/data").content.decode()
    assert "A proctored sitting of yours is under way" in text
    assert text.count("disabled") == 3


def test_what_a_killed_process_left_goes_after_a_day(browser: Client, now: Clock, tmp_path: Path) -> None:
    for name, age_days in (("taking-old", 2), ("bringing-new", 0)):
        folder = Path(settings.DATA) / name
        folder.mkdir()
        moment = now.at.timestamp() - age_days * 86_400
        os.utime(folder, (moment, moment))
    taken(browser, tmp_path)

    assert left_behind() == ["bringing-new"]


def test_records_are_listed(browser: Client, user: User) -> None:
    facts = {"programme": "usmle", "step": "step1", "mode": "timed", "n_items": 40}
    KeptSitting.objects.create(
        user=user, sitting=same_id("x"), public_key="0" * 64, exported_at=T0, sha256="0" * 64, n_bytes=1, facts=facts
    )
    text = browser.get("/me/data").content.decode()
    assert "usmle step1, timed: 40 items" in text


# --- where others use the server too ------------------------------------------------------------------------------------------


@pytest.fixture
def hosted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(views, "BRAKE", Brake())
    with override_settings(IS_LOCAL=False):
        yield


@pytest.mark.usefixtures("hosted")
def test_too_many_in_an_hour_are_told_to_wait(browser: Client) -> None:
    for _ in range(AN_HOUR):
        response = browser.post("/me/data/take")
        assert response.status_code == 200
        assert response.getvalue()
    refused = browser.post("/me/data/take")
    assert refused.status_code == 429
    assert "try again in" in refused.content.decode()


@pytest.mark.usefixtures("hosted")
def test_a_file_over_the_limit_is_refused(browser: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = taken(browser, tmp_path)
    monkeypatch.setattr(views, "MAX_UPLOAD_BYTES", 100)
    assert "the limit is 100" in brought(browser, path, status=400)


def test_the_brake_forgets_after_an_hour_and_counts_each_person_alone() -> None:
    brake = Brake(an_hour=1, at_once=1)
    ada, eve = same_id("ada"), same_id("eve")
    with brake.held(ada, 0.0), pytest.raises(TooOftenError, match="others"), brake.held(eve, 0.0):
        pass
    with pytest.raises(TooOftenError, match="1 times within an hour; try again in 60 minutes"), brake.held(ada, 10.0):
        pass
    with brake.held(eve, 10.0):
        pass
    with brake.held(ada, HOUR_S):
        pass

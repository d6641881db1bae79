"""Bringing files through the page: what is taken, what is refused, and when the page asks whose key it is."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bedside.journeys import journey_as_dict
from bedside.site.accounts.models import AuditEntry, User
from bedside.site.accounts.roles import Role
from bedside.site.journeys import uploads
from bedside.site.journeys.models import LibraryJourney
from bedside.site.keys import journey_key
from tests.support.journeys import journey, packed, packed_withdrawal, public_hex
from tests.support.people import browser_of, person
from tests.support.site import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(clock: Clock, own_data: Path) -> None:
    """The clock stands still, and no key of another test is trusted."""


@pytest.fixture
def reader(user: User) -> Client:
    return browser_of(user)


@pytest.fixture
def admin() -> Client:
    return browser_of(person("root", Role.ADMINISTRATOR))


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def page_of(client: Client) -> str:
    return text_of(client.get("/journeys"))


def send(client: Client, data: bytes, name: str = "journey.json", **more: str) -> Any:
    return client.post("/journeys/import", {"file": SimpleUploadedFile(name, data), **more})


def zipped(*members: tuple[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return held.getvalue()


def test_a_file_by_a_trusted_key_comes_at_once(admin: Client) -> None:
    made = journey(name="Mina")
    assert send(admin, packed(made, journey_key(settings.DATA))).headers["Location"] == f"/journeys/{made.id}"
    assert "Mina" in page_of(admin)
    assert AuditEntry.objects.get(verb="journey_imported").subject == str(made.id)


def test_a_key_that_nobody_trusts_is_shown_and_asked_about_before_anything_is_kept(admin: Client) -> None:
    made, key = journey(), Ed25519PrivateKey.generate()
    asked = send(admin, packed(made, key))
    assert asked.status_code == 200
    assert public_hex(key)[:8] in text_of(asked)
    assert not LibraryJourney.objects.exists()

    held = asked.context["held"]
    unticked = admin.post("/journeys/import", {"held": held, "key": public_hex(key)})
    assert unticked.status_code == 200
    assert not LibraryJourney.objects.exists()

    done = admin.post("/journeys/import", {"held": held, "key": public_hex(key), "is_givers": "1"})
    assert done.headers["Location"] == f"/journeys/{made.id}"
    assert LibraryJourney.objects.get().public_key == public_hex(key)


def test_the_confirmation_of_one_key_takes_no_file_of_another(admin: Client) -> None:
    mine, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    held = uploads.as_field(packed(journey(), other))
    asked = admin.post("/journeys/import", {"held": held, "key": public_hex(mine), "is_givers": "1"})
    assert asked.context["key"] == public_hex(other)
    assert not LibraryJourney.objects.exists()


def test_a_forged_or_invented_file_is_refused_and_no_key_is_asked_about(admin: Client) -> None:
    whole = packed(journey(name="Mina"))
    altered = whole.replace(b'"Mina"', b'"Nina"')
    for data, why in (
        (altered, "the signature does not fit"),
        (packed(journey(is_example=True)), "invented example"),
        (b"{}", "format"),
        (b"\xff\xfe", "journey.json"),
        (b"", "journey.json"),
        (b"[" * 50_000, "nested"),
    ):
        answer = send(admin, data)
        assert answer.status_code == 400
        assert why in text_of(answer)
    assert not LibraryJourney.objects.exists()


def test_a_withdrawal_makes_a_journey_disappear_and_its_old_file_is_refused(admin: Client) -> None:
    made, key = journey(), Ed25519PrivateKey.generate()
    file = packed(made, key)
    send(admin, file, key=public_hex(key), is_givers="1")
    assert "Its owner withdrew" in text_of(admin.get(send(admin, packed_withdrawal(made.id, key)).headers["Location"]))
    assert admin.get(f"/journeys/{made.id}").status_code == 404
    assert admin.get("/journeys").context["found"].n_all == 0
    assert send(admin, file, key=public_hex(key), is_givers="1").status_code == 409
    assert LibraryJourney.objects.get().story == {}


def test_the_journey_is_taken_out_of_a_zip_file(admin: Client) -> None:
    made = journey()
    data = zipped(("journey.json", packed(made, journey_key(settings.DATA))), ("journey.html", b"<p>"))
    assert send(admin, data, "journey.zip").headers["Location"] == f"/journeys/{made.id}"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (zipped(("other.json", b"{}")), "this ZIP has no journey.json"),
        (zipped(("../journey.json", b"{}")), "this ZIP has no journey.json"),
        (zipped(*((f"{n}.json", b"{}") for n in range(21))), "more than 20 files"),
        (zipped(("journey.json", b" " * (uploads.MAX_FILE_BYTES + 1))), "at most"),
        (zipped(("journey.json", b"{}"))[:-30], "this ZIP can"),
        (b"x" * (uploads.MAX_ZIP_BYTES + 1), "over the limit"),
        (b" " * (uploads.MAX_FILE_BYTES + 1), "at most"),
    ],
    ids=["no journey", "a path that leads away", "many files", "too large inside", "cut off", "too large", "too large a text"],
)
def test_a_zip_or_file_that_is_no_journeys_is_refused(admin: Client, data: bytes, why: str) -> None:
    answer = send(admin, data, "journey.zip")
    assert answer.status_code == 400
    assert why in text_of(answer)


def test_a_field_that_unpacks_to_more_than_a_journey_is_refused(admin: Client) -> None:
    answer = admin.post("/journeys/import", {"held": uploads.as_field(b" " * (uploads.MAX_FILE_BYTES + 10))})
    assert answer.status_code == 400
    assert admin.post("/journeys/import", {"held": "no base64"}).status_code == 400
    assert admin.post("/journeys/import").status_code == 400


def test_a_file_too_large_for_a_field_is_asked_for_again(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_FIELD", 10)
    key, made = Ed25519PrivateKey.generate(), journey()
    asked = send(admin, packed(made, key)).content.decode()
    assert 'name="held"' not in asked
    assert 'type="file"' in asked
    assert send(admin, packed(made, key), key=public_hex(key), is_givers="1").status_code == 302


def test_the_learner_brings_files_on_their_own_computer(clock: Clock) -> None:
    made = journey()
    assert send(Client(), packed(made, journey_key(settings.DATA))).headers["Location"] == f"/journeys/{made.id}"


def test_a_candidate_brings_nothing_where_others_use_the_site(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IS_LOCAL", False)
    assert 'action="/journeys/import"' not in reader.get("/journeys").content.decode()
    assert send(reader, packed(journey(), journey_key(settings.DATA))).status_code == 403
    assert not LibraryJourney.objects.exists()


def test_the_builder_writes_what_the_program_reads() -> None:
    made = journey(name="Mina")
    assert json.loads(packed(made))["name"] == journey_as_dict(made)["name"]

"""Reports, hiding, showing again and closing: a hidden journey is gone at once, and every deed is written down."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from bedside.errors import ConflictError, NotAllowedError, NotFoundError, UsageError
from bedside.journeys import Note, Start
from bedside.site.accounts.models import AuditEntry, User
from bedside.site.accounts.roles import Role
from bedside.site.journeys.models import JourneyReport, LibraryJourney
from bedside.site.journeys.moderating import MAX_A_DAY, cases, close, hide, report_journey, show
from bedside.site.problems import TooOftenError
from tests.support.journeys import journey, put_in_library
from tests.support.people import browser_of, person
from tests.support.site import Clock
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(clock: Clock) -> None:
    """The clock stands still."""


@pytest.fixture
def reader(user: User) -> Client:
    return browser_of(user)


@pytest.fixture
def root() -> User:
    return person("root", Role.ADMINISTRATOR)


@pytest.fixture
def admin(root: User) -> Client:
    return browser_of(root)


@pytest.fixture
def one() -> UUID:
    return put_in_library(journey(name="Mina Mustermann"))[0]


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("at", "pk").values_list("verb", flat=True))


def text_of(client: Client, address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).content.decode()).split())


# --- reports --------------------------------------------------------------------------------------------------------------


def test_everybody_who_is_signed_in_may_report_with_a_reason(reader: Client, user: User, one: UUID) -> None:
    answer = reader.post(f"/journeys/{one}/report", {"reason": "It names\nmy  patient."})
    assert answer.headers["Location"] == f"/journeys/{one}"
    row = JourneyReport.objects.get()
    assert (row.user, row.reason, row.closed_at) == (user, "It names my patient.", None)
    entry = AuditEntry.objects.get(verb="journey_reported")
    assert (entry.actor, entry.subject, entry.detail) == (user, str(one), {"report": str(row.pk)})  # not the words


def test_a_report_without_words_or_with_too_many_is_asked_for_again(reader: Client, one: UUID) -> None:
    for reason in ("", "  ", "x" * 501):
        answer = reader.post(f"/journeys/{one}/report", {"reason": reason})
        assert answer.status_code == 400
        assert "reason" in answer.content.decode()
    assert not JourneyReport.objects.exists()


def test_while_a_report_is_open_a_second_of_the_same_person_changes_nothing(user: User, one: UUID) -> None:
    first = report_journey(user, one, reason="once", at=T0)
    assert report_journey(user, one, reason="twice", at=T0) == first
    assert report_journey(person("eve"), one, reason="me too", at=T0) != first


def test_one_person_reports_so_many_a_day(reader: Client, user: User) -> None:
    ids = put_in_library(*(journey() for _ in range(MAX_A_DAY + 1)))
    for name in ids[:-1]:
        report_journey(user, name, reason="x", at=T0)
    with pytest.raises(TooOftenError):
        report_journey(user, ids[-1], reason="x", at=T0)
    assert reader.post(f"/journeys/{ids[-1]}/report", {"reason": "x"}).status_code == 429
    report_journey(user, ids[-1], reason="x", at=T0 + timedelta(days=1))


@pytest.mark.parametrize("gone", ["hidden", "withdrawn", "unknown"])
def test_what_is_not_shown_can_not_be_reported(reader: Client, root: User, one: UUID, gone: str) -> None:
    if gone == "hidden":
        hide(root, one, reason="x", at=T0)
    if gone == "withdrawn":
        LibraryJourney.objects.update(withdrawn_at=T0, story={})
    name = uuid4() if gone == "unknown" else one
    assert reader.post(f"/journeys/{name}/report", {"reason": "x"}).status_code == 404
    assert reader.get(f"/journeys/{one}/report").status_code == 405


# --- the office -----------------------------------------------------------------------------------------------------------


def test_hiding_takes_a_journey_away_at_once_and_showing_brings_it_back(admin: Client, reader: Client, one: UUID) -> None:
    assert admin.post(f"/office/journeys/{one}/hide", {"reason": "names a patient"}).headers["Location"] == "/office/journeys"
    for client in (reader, admin):
        assert client.get(f"/journeys/{one}").status_code == 404
        listed = client.get("/journeys").content.decode()
        assert str(one) not in listed
        assert "Mustermann" not in listed
        assert client.get("/journeys/group").context["n_library"] == 0
    entry = AuditEntry.objects.get(verb="journey_hidden")
    assert (entry.subject, entry.detail["reason"]) == (str(one), "names a patient")

    admin.post(f"/office/journeys/{one}/show", {"reason": "it was another name"})
    assert reader.get(f"/journeys/{one}").status_code == 200
    assert AuditEntry.objects.get(verb="journey_shown").detail == {"reason": "it was another name"}


@pytest.mark.parametrize("gone", ["hidden", "withdrawn"])
def test_no_page_has_anything_of_a_journey_that_is_gone(reader: Client, admin: Client, root: User, gone: str) -> None:
    put_in_library(*(journey() for _ in range(20)))
    (one,) = put_in_library(
        journey(name="Mina Mustermann", start=Start("under 25", "IS"), notes=(Note(1, "Reykjavik nights"),))
    )
    addresses = (
        "/journeys",
        "/journeys?age=under+25",
        "/journeys?country=IS",
        "/journeys/group",
        "/journeys/group?age=under+25",
    )
    before = {address: reader.get(address).content.decode() for address in addresses}
    assert "Iceland" in before["/journeys"]
    assert "Mina Mustermann" in before["/journeys?country=IS"]
    assert "Mina Mustermann" in before["/journeys?age=under+25"]
    if gone == "hidden":
        hide(root, one, reason="x", at=T0)
    else:
        LibraryJourney.objects.filter(pk=one).update(withdrawn_at=T0, story={})
    for client in (reader, admin):
        for address in (*addresses, f"/journeys/{one}"):
            said = client.get(address).content.decode()
            assert not any(word in said for word in ("Mina Mustermann", "Reykjavik", "Iceland", f'/journeys/{one}"'))
        assert client.get("/journeys").context["found"].n_all == 20
        assert client.get("/journeys/group").context["told"].group.n == 20


def test_nothing_of_what_is_hidden_stands_in_the_choices_of_the_library(admin: Client, reader: Client, one: UUID) -> None:
    put_in_library(journey(step="second"))
    admin.post(f"/office/journeys/{one}/hide", {"reason": "x"})
    LibraryJourney.objects.filter(hidden_at__isnull=True).update(withdrawn_at=T0, story={})
    answer = reader.get("/journeys")
    assert answer.context["found"].n_all == 0
    assert all(not answer.context["choices"][name] for name in ("step", "country"))


def test_open_reports_stand_first_then_the_hidden_then_the_rest(root: User, user: User) -> None:
    plain, hidden, late, early = put_in_library(*(journey() for _ in range(4)))
    report_journey(user, late, reason="x", at=T0 + timedelta(hours=1))
    report_journey(user, early, reason="x", at=T0)
    hide(root, hidden, reason="x", at=T0)
    assert [case.row.pk for case in cases()] == [early, late, hidden, plain]


def test_hiding_closes_the_reports_and_closing_leaves_the_journey(root: User, user: User, one: UUID) -> None:
    report_journey(user, one, reason="x", at=T0)
    close(root, one, reason="nothing is wrong", at=T0)
    assert cases()[0].open == ()
    assert LibraryJourney.objects.get().hidden_at is None
    with pytest.raises(ConflictError):
        close(root, one, reason="again", at=T0)

    report_journey(user, one, reason="still", at=T0)
    hide(root, one, reason="it is", at=T0)
    assert [len(part) for part in (cases()[0].open, cases()[0].closed)] == [0, 2]
    assert AuditEntry.objects.get(verb="journey_hidden").detail == {"reason": "it is", "reports_closed": 1}
    assert verbs().count("journey_report_closed") == 1


def test_a_deed_needs_a_reason_and_a_state_in_which_it_can_be_done(admin: Client, one: UUID) -> None:
    for deed, reason, status in (("hide", "", 400), ("show", "x", 409), ("close", "x", 409), ("burn", "x", 404)):
        assert admin.post(f"/office/journeys/{one}/{deed}", {"reason": reason}).status_code == status
    assert admin.post(f"/office/journeys/{uuid4()}/hide", {"reason": "x"}).status_code == 404
    assert admin.post(f"/office/journeys/{one}/hide", {"reason": "x"}).status_code == 302
    assert admin.post(f"/office/journeys/{one}/hide", {"reason": "x"}).status_code == 409
    assert [verb for verb in verbs() if verb.startswith("journey")] == ["journey_hidden"]


def test_who_is_no_administrator_hides_nothing(user: User, one: UUID) -> None:
    for do in (hide, show, close):
        with pytest.raises(NotAllowedError):
            do(user, one, reason="x", at=T0)
    with pytest.raises(NotAllowedError):
        hide(person("pat", Role.PROCTOR, Role.REVIEWER), one, reason="x", at=T0)


def test_a_withdrawn_journey_is_gone_from_the_office_too(admin: Client, root: User, user: User, one: UUID) -> None:
    report_journey(user, one, reason="it names me", at=T0)
    LibraryJourney.objects.update(withdrawn_at=T0, story={})
    assert "Mustermann" not in text_of(admin, "/office/journeys")
    assert cases() == []
    with pytest.raises(NotFoundError):
        hide(root, one, reason="x", at=T0)


def test_the_office_shows_the_words_of_a_journey_and_its_reports(admin: Client, user: User, one: UUID) -> None:
    report_journey(user, one, reason="It names <b>me</b>.", at=T0)
    said = admin.get("/office/journeys").content.decode()
    for words in ("Mina Mustermann", "The mornings before work were mine.", "It names &lt;b&gt;me&lt;/b&gt;.", "ada"):
        assert words in said
    assert "1 journey has open reports." in said
    assert 'href="/office/journeys"' in admin.get("/office/people").content.decode()


def test_a_report_outlives_the_person_who_made_it(admin: Client, user: User, one: UUID) -> None:
    report_journey(user, one, reason="words", at=T0)
    JourneyReport.objects.update(user=None)
    assert "somebody who is gone" in text_of(admin, "/office/journeys")


def test_a_reason_is_cut_nowhere(root: User, one: UUID) -> None:
    with pytest.raises(UsageError):
        hide(root, one, reason="x" * 501, at=T0)
    hide(root, one, reason="x" * 500, at=T0)
    assert LibraryJourney.objects.get().hidden_reason == "x" * 500

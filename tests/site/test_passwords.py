"""What another password does to the ways in that were open before."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from bedside.site.accounts.actions import create_token, revoke_token, set_password
from bedside.site.accounts.models import ApiToken, AuditEntry, User
from tests.support.people import person
from tests.support.site import Clock, get
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db


def test_a_new_password_makes_every_token_of_the_person_worthless_and_is_audited(
    user: User, client: Client, clock: Clock
) -> None:
    token = ApiToken.objects.get(user=user)
    other = create_token(person("eve"), at=T0)
    get(client, "/api/programmes")

    set_password(user, "a long new pass 42", at=T0)

    assert get(client, "/api/programmes", expect=401)["code"] == "not_signed_in"
    get(Client(headers={"Authorization": f"Bearer {other.secret}"}), "/api/programmes")
    entry = AuditEntry.objects.get(verb="token_revoked")
    assert (entry.subject, entry.detail) == (str(user.pk), {"token": str(token.pk)})


def test_a_token_that_was_revoked_before_keeps_its_time(user: User, clock: Clock) -> None:
    first, second = create_token(user, at=T0), create_token(user, at=T0)
    revoke_token(UUID(first.id), at=T0)
    clock.pass_s(60)

    set_password(user, "a long new pass 42", at=clock.at)

    revoked = dict(ApiToken.objects.values_list("pk", "revoked_at"))
    assert (revoked[UUID(first.id)], revoked[UUID(second.id)]) == (T0, clock.at)


# --- people change their own --------------------------------------------------------------------------------------------

OLD, NEW = "correct horse battery", "another long pass 42"


def _change(browser: Client, *, old: str = OLD, new: str = NEW, again: str = NEW) -> HttpResponse:
    fields = {"old_password": old, "new_password1": new, "new_password2": again}
    answer = browser.post(reverse("accounts:password"), fields)
    assert isinstance(answer, HttpResponse)
    return answer


def _signed_in(name: str) -> Client:
    browser = Client()
    assert browser.login(username=name, password=OLD)
    return browser


def test_people_change_their_own_password_and_stay_signed_in_there_only(clock: Clock) -> None:
    eve = person("eve", password=OLD)
    here, elsewhere = _signed_in("eve"), _signed_in("eve")
    program = Client(headers={"Authorization": f"Bearer {create_token(eve, at=T0).secret}"})

    assert _change(here).status_code == 302

    page = here.get("/me").content.decode()
    assert "You are signed in as eve." in page
    assert "Your password is changed." in page
    assert "You are signed in as eve." not in elsewhere.get("/me").content.decode()
    get(program, "/api/programmes", expect=401)
    assert not Client().login(username="eve", password=OLD)
    assert Client().login(username="eve", password=NEW)
    entry = AuditEntry.objects.get(verb="password_changed")
    assert (entry.actor, entry.subject, entry.detail) == (eve, str(eve.pk), {})
    assert not AuditEntry.objects.filter(verb="password_set").exists()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"old": "a guess"}, "This is not your password."),
        ({"old": ""}, "This field is required."),
        ({"again": "another long pass 43"}, "The two password fields didn’t match."),
        ({"new": "short", "again": "short"}, "at least 10 characters"),
        ({"new": "eve-lastname", "again": "eve-lastname"}, "too similar to the username"),
    ],
)
def test_what_does_not_hold_is_said_beside_its_field_and_changes_nothing(
    clock: Clock, fields: dict[str, str], why: str
) -> None:
    person("eve-lastname", password=OLD)
    browser = _signed_in("eve-lastname")

    answer = _change(browser, **fields)

    assert answer.status_code == 400
    assert why in answer.content.decode()
    assert OLD not in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="password_changed").exists()
    assert Client().login(username="eve-lastname", password=OLD)


def test_the_learner_of_this_computer_has_no_password_to_change(clock: Clock) -> None:
    address = reverse("accounts:password")
    browser = Client()
    assert browser.get(address).status_code == 400
    assert _change(browser).status_code == 400
    assert address not in browser.get("/me").content.decode()


def test_the_page_is_kept_by_no_cache_and_reached_from_me(clock: Clock) -> None:
    person("eve", password=OLD)
    browser = _signed_in("eve")
    assert reverse("accounts:password") in browser.get("/me").content.decode()
    answer = browser.get(reverse("accounts:password"))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]

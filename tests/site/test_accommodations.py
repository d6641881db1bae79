"""Accommodations: one's own in practice, the approved ones in a proctored exam, and who approves."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from bedside.errors import ConflictError, NotAllowedError, UsageError
from bedside.site.accounts.accommodations import (
    NO_ACCOMMODATION,
    Accommodation,
    accommodation_of,
    approve_accommodation,
    approved_of,
)
from bedside.site.accounts.actions import update_profile
from bedside.site.accounts.models import ApprovedAccommodation, AuditEntry, Profile, User
from bedside.site.accounts.queries import local_learner, profile_of
from bedside.site.accounts.roles import Role
from tests.support.days import make_small_exam
from tests.support.people import browser_of, person, program_of
from tests.support.site import Clock, get, new_player, post
from tests.support.sittings import T0, minutes

pytestmark = pytest.mark.django_db

DOUBLE: dict[str, Any] = {"time_factor": "2", "extra_break_minutes": 30, "stop_clock_minutes": 15}


@pytest.fixture
def ada(clock: Clock) -> User:
    return person("ada", Role.CANDIDATE)


@pytest.fixture
def pat(clock: Clock) -> User:
    return person("pat", Role.PROCTOR)


def test_a_person_sets_their_own_and_it_holds_in_practice_only(ada: User) -> None:
    update_profile(ada, at=T0, **DOUBLE)
    assert accommodation_of(ada, is_proctored=False) == Accommodation(Fraction(2), 30 * 60, 15 * 60)
    assert accommodation_of(ada, is_proctored=True) == NO_ACCOMMODATION


def test_a_proctored_exam_has_what_was_approved_and_the_newest_of_it(ada: User, pat: User) -> None:
    approve_accommodation(ada, **DOUBLE, reason="letter 17", actor=pat, at=T0)
    newest = approve_accommodation(
        ada, time_factor="3/2", extra_break_minutes=0, stop_clock_minutes=0, reason="letter 18", actor=pat, at=minutes(1)
    )
    assert accommodation_of(ada, is_proctored=True) == Accommodation(Fraction(3, 2), 0, 0, str(newest.pk))
    assert accommodation_of(ada, is_proctored=False) == NO_ACCOMMODATION  # practice stays the person's own
    assert accommodation_of(ada, is_proctored=True).as_dict()["time_factor"] == "3/2"
    found = AuditEntry.objects.filter(verb="accommodation_approved").order_by("at")
    assert [(entry.actor, entry.subject, entry.detail["reason"]) for entry in found] == [
        (pat, str(ada.pk), "letter 17"),
        (pat, str(ada.pk), "letter 18"),
    ]


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.AUTHOR, Role.REVIEWER])
def test_only_a_proctor_or_an_administrator_approves(ada: User, role: Role) -> None:
    with pytest.raises(NotAllowedError, match="proctor or administrator"):
        approve_accommodation(ada, **DOUBLE, reason="x", actor=person("sam", role), at=T0)
    approve_accommodation(ada, **DOUBLE, reason="x", actor=person("root", Role.ADMINISTRATOR), at=T0)


def test_nobody_approves_their_own_not_even_past_the_pages(pat: User) -> None:
    with pytest.raises(NotAllowedError, match="of their own"):
        approve_accommodation(pat, **DOUBLE, reason="x", actor=pat, at=T0)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApprovedAccommodation.objects.create(user=pat, approved_by=pat, approved_at=T0, reason="x", **DOUBLE)
    assert approved_of(pat) is None


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"time_factor": "3"}, "must be one of 1, 5/4, 3/2, 2"),
        ({"extra_break_minutes": 241}, "0 to 240 minutes"),
        ({"stop_clock_minutes": -1}, "0 to 240 minutes"),
        ({"reason": "  "}, "give a reason"),
        ({"reason": "x" * 501}, "at most 500"),
    ],
)
def test_what_cant_be_approved_says_why_and_leaves_nothing(ada: User, pat: User, wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        approve_accommodation(ada, **{**DOUBLE, "reason": "x", **wrong}, actor=pat, at=T0)
    assert not ApprovedAccommodation.objects.exists()
    assert not AuditEntry.objects.filter(verb="accommodation_approved").exists()


def test_nothing_is_approved_for_whoever_sits_at_this_computer(pat: User) -> None:
    with pytest.raises(UsageError, match="add a user"):
        approve_accommodation(local_learner(), **DOUBLE, reason="x", actor=pat, at=T0)


def test_what_was_approved_is_never_changed(ada: User, pat: User) -> None:
    made = approve_accommodation(ada, **DOUBLE, reason="x", actor=pat, at=T0)
    made.time_factor = "1"
    with pytest.raises(ConflictError):
        made.save()
    with pytest.raises(ConflictError):
        ApprovedAccommodation.objects.update(time_factor="1")


# --- the pages ----------------------------------------------------------------------------------------------------------


def _me(**changes: str) -> dict[str, str]:
    return {"theme": "system", "text_size": "normal", "has_letter_keys": "1", **changes}


def test_me_keeps_the_accommodations_and_the_next_block_has_them(clock: Clock) -> None:
    browser = Client()
    browser.post("/welcome", {"skip": "1"})
    wish = _me(time_factor="3/2", extra_break_minutes="20", stop_clock_minutes="10", is_reader_safe="1", is_motion_reduced="1")
    assert browser.post("/me", wish).status_code == 302
    profile = profile_of(local_learner())
    assert (profile.time_factor, profile.extra_break_minutes, profile.stop_clock_minutes) == ("3/2", 20, 10)
    page = browser.get("/me").content.decode()
    assert 'data-motion="reduced" data-reader="safe"' in page
    assert '"letters": false' in page  # although single letters were left on
    player = new_player(browser, clock, minutes=10)
    assert player.state()["outline"]["blocks"][0]["minutes"] == 15


@pytest.mark.parametrize(
    ("field", "value"), [("extra_break_minutes", "241"), ("stop_clock_minutes", "-1"), ("time_factor", "9")]
)
def test_me_refuses_what_is_out_of_range_and_keeps_nothing(clock: Clock, field: str, value: str) -> None:
    browser = Client()
    browser.post("/welcome", {"skip": "1"})
    assert browser.post("/me", _me(**{field: value})).status_code == 400
    assert Profile.objects.get().extra_break_minutes == 0


def test_me_says_what_is_approved_for_proctored_exams(ada: User, pat: User) -> None:
    browser = browser_of(ada)
    assert "Nothing is approved for you." in browser.get("/me").content.decode()
    approve_accommodation(ada, **DOUBLE, reason="x", actor=pat, at=T0)
    assert "more time: double time; extra break: 30 min; clock may be stopped: 15 min" in browser.get("/me").content.decode()


def test_a_candidate_cant_approve_through_the_office(ada: User) -> None:
    bob = person("bob", Role.CANDIDATE)
    answer = browser_of(ada).post(reverse("office:accommodation", args=[bob.pk]), {**DOUBLE, "reason": "x"})
    assert answer.status_code == 403
    assert approved_of(bob) is None


def test_a_proctor_approves_through_the_office(ada: User, pat: User) -> None:
    browser, address = browser_of(pat), reverse("office:accommodation", args=[ada.pk])
    assert "nothing approved" in browser.get("/office/accommodations").content.decode()
    answer = browser.post(address, {**DOUBLE, "extra_break_minutes": "many", "reason": "letter 17"})
    assert answer.status_code == 400
    assert 'value="letter 17"' in answer.content.decode()
    assert browser.post(address, {**DOUBLE, "reason": "letter 17"}).status_code == 302
    assert accommodation_of(ada, is_proctored=True).time_factor == 2
    assert "double time" in browser.get("/office/accommodations").content.decode()
    own = browser.post(reverse("office:accommodation", args=[pat.pk]), {**DOUBLE, "reason": "x"})
    assert own.status_code == 403


def test_a_proctored_day_has_what_was_approved_and_a_rehearsal_what_was_chosen(
    ada: User, pat: User, clock: Clock, own_content: Path
) -> None:
    make_small_exam(own_content)
    program = program_of(ada)
    update_profile(ada, at=T0, **DOUBLE)
    approve_accommodation(
        ada, time_factor="5/4", extra_break_minutes=10, stop_clock_minutes=0, reason="letter 17", actor=pat, at=T0
    )
    day = {"programme": "exam", "step": "first", "form": "full", "mode": "exam"}
    proctored = post(program, "/api/sittings", {**day, "proctored": True}, expect=201)
    rehearsed = post(program, "/api/sittings", day, expect=201)
    found = [get(program, f"/api/sittings/{made['id']}")["accommodation"] for made in (proctored, rehearsed)]
    assert found == [
        {"time_factor": "5/4", "extra_break_s": 600, "stop_clock_s": 0},
        {"time_factor": "2", "extra_break_s": 1800, "stop_clock_s": 900},
    ]

"""Registrations: who may be registered, who says so, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bedside.errors import ConflictError, NotAllowedError, UsageError
from bedside.pathway import record_as_json
from bedside.site.accounts.models import AuditEntry, User
from bedside.site.accounts.queries import local_learner
from bedside.site.accounts.roles import Role
from bedside.site.exam.models import Sitting
from bedside.site.pathway.models import PathwayRecord
from bedside.site.registration.models import Registration
from bedside.site.registration.registering import NotEligibleError
from bedside.site.registration.required import is_required, require_registration
from tests.site.registration.desk import make, refused, wish
from tests.support.people import person
from tests.support.registering import (
    READY,
    TODAY,
    enrol,
    failed,
    know,
    passed,
    record,
    require,
)
from tests.support.site import Clock, post
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db

# --- whether it is required ---------------------------------------------------------------------------------------------


def test_a_school_that_only_rehearses_is_asked_for_nothing(program: Client, clock: Clock) -> None:
    make(program, clock).open_block()


def test_where_it_is_required_nobody_makes_a_proctored_sitting_without_one(root: User, program: Client, clock: Clock) -> None:
    require(root)
    assert "needs a registration" in refused(program)
    assert Sitting.objects.count() == 0
    post(program, "/api/sittings", wish("third", proctored=False), expect=201)  # a rehearsal stays open


def test_only_an_administrator_says_that_it_is_required_and_gives_a_reason(root: User, ada: User, clock: Clock) -> None:
    with pytest.raises(NotAllowedError):
        require_registration(ada, "exam", True, reason="x", at=T0)
    with pytest.raises(UsageError, match="give a reason"):
        require_registration(root, "exam", True, reason=" ", at=T0)
    require(root)
    assert is_required("exam")
    with pytest.raises(ConflictError, match="so already"):
        require(root)
    require_registration(root, "exam", False, reason="over", at=T0)
    assert not is_required("exam")
    found = AuditEntry.objects.filter(verb="registration_required").order_by("detail__required")
    assert [(entry.actor, entry.subject, entry.detail["required"]) for entry in found] == [
        (root, "exam", False),
        (root, "exam", True),
    ]


# --- registering --------------------------------------------------------------------------------------------------------


def test_who_is_eligible_is_registered_for_the_programmes_own_period_and_the_answer_is_kept(root: User, ada: User) -> None:
    version = know(root, ada, **READY)
    made = enrol(root, ada)
    assert (made.state, made.first_day, made.last_day) == ("standing", TODAY, TODAY.replace(month=6, day=1))
    deed = made.deeds.get()
    assert deed.record == version
    assert [day["status"] for day in deed.answer["days"]] == ["eligible", "eligible"]
    assert {one["rule"]: one["as_of"] for one in deed.answer["rules"]}["exam.third.degree"] == "2026-01-01"
    entry = AuditEntry.objects.get(verb="registration_made")
    assert (entry.actor, entry.subject) == (root, str(ada.pk))
    assert entry.detail["record"] == version.digest
    assert entry.detail["reason"] == "applied"


def test_who_is_not_eligible_is_refused_with_every_reason_and_the_first_day(root: User, ada: User) -> None:
    know(root, ada, person={"degree": {"date": "2026-05-30"}, "identity_established": True}, attempts=[failed("first")])
    with pytest.raises(NotEligibleError) as caught:
        enrol(root, ada)
    judgement = caught.value.judgement
    assert {one.rule for one in judgement.against} == {"exam.third.degree", "exam.third.first"}
    assert all("A page" in one.source for one in judgement.against)
    assert judgement.earliest is None  # nothing in the record says when the first step will be passed
    assert not judgement.can_be_decided
    assert not Registration.objects.exists()


def test_the_first_and_the_last_day_are_both_asked(root: User, ada: User) -> None:
    know(root, ada, **{**READY, "person": {"degree": {"date": "2026-03-20"}, "identity_established": True}})
    with pytest.raises(NotEligibleError) as caught:
        enrol(root, ada)
    assert caught.value.judgement.earliest is not None
    assert caught.value.judgement.earliest.isoformat() == "2026-03-20"
    assert enrol(root, ada, first=caught.value.judgement.earliest).state == "standing"


def test_a_step_that_is_passed_or_closed_for_good_is_refused(root: User, ada: User) -> None:
    know(root, ada, attempts=[passed("first"), failed("third"), failed("third", "2025-09-02")])
    with pytest.raises(NotEligibleError, match="passed this step"):
        enrol(root, ada, "first")
    with pytest.raises(NotEligibleError) as caught:
        enrol(root, ada)
    assert caught.value.judgement.is_never


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"first": TODAY - timedelta(days=1)}, "or later"),
        ({"last": TODAY - timedelta(days=1)}, "before the first"),
        ({"last": TODAY + timedelta(days=120)}, "at most"),
        ({"step": "fourth"}, "no step"),
        ({"reason": " "}, "give a reason"),
    ],
)
def test_a_period_that_cant_be_is_refused(root: User, ada: User, changes: dict[str, Any], said: str) -> None:
    know(root, ada, **READY)
    with pytest.raises(UsageError, match=said):
        enrol(root, ada, **changes)


def test_nobody_registers_themselves_and_only_administrators_register(root: User, ada: User) -> None:
    both = person("both", Role.ADMINISTRATOR, Role.CANDIDATE)
    know(root, both, **READY)
    know(root, ada, **READY)
    with pytest.raises(NotAllowedError, match="your own"):
        enrol(both, both)
    with pytest.raises(NotAllowedError, match="your own"):
        know(both, both, **READY)
    for other in (ada, person("pat", Role.PROCTOR)):
        with pytest.raises(NotAllowedError):
            enrol(other, both)
        with pytest.raises(NotAllowedError):
            know(other, both)
    with pytest.raises(UsageError, match="sits at this computer"):
        enrol(root, local_learner())
    with pytest.raises(UsageError, match="not a candidate"):
        enrol(root, person("nobody"))


def test_a_step_has_one_open_registration_of_a_candidate(root: User, ada: User) -> None:
    know(root, ada, **READY)
    first = enrol(root, ada)
    with pytest.raises(ConflictError, match="already"):
        enrol(root, ada)
    later = T0 + timedelta(days=100)
    second = enrol(root, ada, first=later.date(), at=later)  # the first one is over
    first.refresh_from_db()
    assert (first.state, second.state) == ("ended", "standing")


def test_what_candidates_write_of_themselves_admits_them_to_nothing(root: User, ada: User) -> None:
    PathwayRecord.objects.create(user=ada, record=record_as_json(record(**READY)), changed_at=T0)
    with pytest.raises(NotEligibleError):
        enrol(root, ada)


# --- what is not certain ------------------------------------------------------------------------------------------------


def test_of_what_is_not_certain_an_administrator_decides_rule_by_rule_with_a_reason(root: User, ada: User) -> None:
    know(root, ada, **{**READY, "attempts": [passed("first")]})
    with pytest.raises(NotEligibleError) as caught:
        enrol(root, ada, "second")
    assert caught.value.judgement.can_be_decided
    assert {one.rule for one in caught.value.judgement.doubtful} == {"exam.second.old"}
    made = enrol(root, ada, "second", overridden=["exam.second.old"], reason="the board said by letter that it is gone")
    assert made.overridden == ["exam.second.old"]
    deed = made.deeds.get()
    assert (deed.by, deed.overridden, deed.reason) == (root, ["exam.second.old"], "the board said by letter that it is gone")


def test_a_rule_that_is_surely_not_met_cant_be_decided_on(root: User, ada: User) -> None:
    know(root, ada, person={"degree": {"date": "2025-05-30"}})
    with pytest.raises(NotEligibleError) as caught:
        enrol(root, ada, overridden=["exam.third.first", "exam.third.identity"])
    assert [one.rule for one in caught.value.judgement.against] == ["exam.third.first"]
    know(root, ada, person={"degree": {"date": "2025-05-30"}}, attempts=[passed("first")])
    for wrong in ([], ["exam.third.degree"], ["exam.third.identity", "exam.third.degree"]):
        with pytest.raises(NotEligibleError):
            enrol(root, ada, overridden=wrong)
    assert enrol(root, ada, overridden=["exam.third.identity"]).state == "standing"


def test_the_order_of_the_steps_is_not_decided_away_however_old_its_fact_is(root: User, ada: User, clock: Clock) -> None:
    know(root, ada, person={"degree": {"date": "2025-05-30"}, "identity_established": True})
    clock.pass_s(3 * 366 * 86_400)  # the facts are of 2026-01-01
    with pytest.raises(NotEligibleError) as caught:
        enrol(root, ada, first=clock.at.date(), at=clock.at, overridden=["exam.third.first"])
    assert [one.rule for one in caught.value.judgement.against] == ["exam.third.first"]
    assert not caught.value.judgement.can_be_decided


@pytest.mark.parametrize(
    "awaited",
    [
        {"result": "pending"},
        {"validity": "under_review", "validity_from": "2026-01-10"},
        {"validity": "indeterminate"},
        {"reported": "2026-04-01"},
    ],
)
def test_a_result_that_is_awaited_or_under_review_cant_be_decided_on(root: User, ada: User, awaited: dict[str, str]) -> None:
    know(root, ada, **{**READY, "attempts": [{**passed("first"), **awaited}]})
    with pytest.raises(NotEligibleError) as caught:
        enrol(root, ada, overridden=["exam.third.first"])
    assert [one.rule for one in caught.value.judgement.against] == ["exam.third.first"]
    with pytest.raises(NotEligibleError):
        enrol(root, ada, "first", overridden=["exam.no_retake"])  # it may be a pass

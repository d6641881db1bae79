"""Registrations afterwards: extended, withdrawn, suspended by a changed record, and used up by a result."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from bedside.errors import ConflictError, NotAllowedError, NotFoundError, UsageError
from bedside.site.accounts.models import AuditEntry, User
from bedside.site.accounts.roles import Role
from bedside.site.registration.models import OfficeRecord, Registration
from bedside.site.registration.records import keep_record
from bedside.site.registration.registering import NotEligibleError, ask_again, extend, register, withdraw
from bedside.site.registration.results import certify, change_validity
from tests.site.registration.desk import make, refused, sit
from tests.support.people import person, program_of
from tests.support.registering import (
    READY,
    TODAY,
    day_after,
    enrol,
    failed,
    know,
    passed,
    record,
    require,
)
from tests.support.site import Clock
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db

# --- extending, withdrawing ---------------------------------------------------------------------------------------------


def test_a_registration_is_extended_once_by_one_period(root: User, ada: User) -> None:
    know(root, ada, **READY)
    made = enrol(root, ada)
    with pytest.raises(UsageError, match="at most"):
        extend(root, made.pk, last=day_after(300), at=T0, reason="ill")
    longer = extend(root, made.pk, last=None, at=T0, reason="ill")
    assert (made.last_day.isoformat(), longer.last_day.isoformat()) == ("2026-06-01", "2026-09-01")
    with pytest.raises(ConflictError, match="one extension"):
        extend(root, made.pk, last=None, at=T0, reason="ill again")
    assert [deed.verb for deed in made.deeds.order_by("number")] == ["made", "extended"]
    assert AuditEntry.objects.filter(verb="registration_extended", actor=root).count() == 1


def test_an_extension_asks_for_its_last_day_too(root: User, ada: User) -> None:
    know(root, ada, **{**READY, "attempts": [passed("first", validity="invalidated", validity_from="2026-07-01")]})
    made = enrol(root, ada)
    with pytest.raises(NotEligibleError, match="against it"):
        extend(root, made.pk, last=None, at=T0, reason="ill")
    made.refresh_from_db()
    assert (made.last_day, made.n_extensions) == (TODAY.replace(month=6, day=1), 0)


def test_what_is_withdrawn_stays_so_and_another_can_be_made(root: User, ada: User) -> None:
    know(root, ada, **READY)
    made = enrol(root, ada)
    withdraw(root, made.pk, at=T0, reason="asked for it")
    for deed in (withdraw, ask_again):
        with pytest.raises(ConflictError):
            deed(root, made.pk, at=T0, reason="again")
    with pytest.raises(ConflictError):
        extend(root, made.pk, last=None, at=T0, reason="again")
    assert enrol(root, ada).state == "standing"


# --- when the record changes --------------------------------------------------------------------------------------------


def test_a_pass_that_is_invalidated_suspends_what_rested_on_it_and_its_return_lets_it_stand_again(
    root: User, ada: User, program: Client, clock: Clock
) -> None:
    require(root)
    know(root, ada, **READY)
    made = enrol(root, ada)
    change: dict[str, Any] = {
        "programme": "exam",
        "step": "first",
        "on": TODAY.replace(year=2025),
        "reason": "a letter",
        "at": T0,
    }
    change_validity(root, ada, validity="invalidated", since=TODAY, **change)
    made.refresh_from_db()
    assert made.state == "suspended"
    assert "The third step needs the first." in made.deeds.get(verb="suspended").reason
    assert "suspended" in refused(program)
    with pytest.raises(NotEligibleError):
        ask_again(root, made.pk, at=T0, reason="please")
    change_validity(root, ada, validity="valid", since=TODAY, **change)
    made.refresh_from_db()
    assert made.state == "suspended"  # a person lets it stand again
    assert ask_again(root, made.pk, at=T0, reason="the letter was wrong").state == "standing"
    make(program, clock)


def test_a_registration_that_a_decision_rests_on_stays_when_something_else_changes(root: User, ada: User) -> None:
    know(root, ada, attempts=[passed("first")])
    made = enrol(root, ada, "second", overridden=["exam.second.old"])
    know(root, ada, attempts=[passed("first")], person={"degree": {"date": "2025-05-30"}})
    made.refresh_from_db()
    assert made.state == "standing"
    know(root, ada, attempts=[passed("first"), failed("second", "2025-04-01"), failed("second", "2025-09-01")])
    made.refresh_from_db()
    assert made.state == "suspended"


def test_of_two_who_change_a_record_at_once_the_second_is_told(root: User, ada: User) -> None:
    keep_record(root, ada, record(**READY), how="form", reason="x", at=T0, after=0)
    with pytest.raises(ConflictError, match="meanwhile"):
        keep_record(root, ada, record(), how="form", reason="x", at=T0, after=0)
    with pytest.raises(ConflictError, match="already"):
        keep_record(root, ada, record(**READY), how="form", reason="x", at=T0, after=1)
    assert OfficeRecord.objects.count() == 1


def test_versions_of_a_record_are_never_changed(root: User, ada: User) -> None:
    version = know(root, ada, **READY)
    version.reason = "another"
    for deed in (version.save, version.delete, OfficeRecord.objects.all().delete):
        with pytest.raises(ConflictError):
            deed()


# --- results ------------------------------------------------------------------------------------------------------------


def test_a_result_that_is_certified_becomes_an_attempt_and_uses_the_registration_up(
    root: User, ada: User, program: Client, clock: Clock
) -> None:
    require(root)
    know(root, ada, person=READY["person"])
    made = enrol(root, ada, "first")
    sitting = sit(make(program, clock, "first"))
    withdraw(root, made.pk, at=clock.at, reason="again")
    with pytest.raises(ConflictError, match="no certified result"):
        enrol(root, ada, "first", at=clock.at)
    found = certify(root, sitting, result="pass", reason="as scored", at=clock.at)
    assert (found.result, found.on) == ("pass", TODAY)
    assert OfficeRecord.objects.filter(candidate=ada).latest("number").record["attempts"] == [
        {"programme": "exam", "step": "first", "date": TODAY.isoformat(), "result": "pass"}
    ]
    with pytest.raises(ConflictError, match="certified already"):
        certify(root, sitting, result="fail", reason="no", at=clock.at)
    assert enrol(root, ada, "third", at=clock.at).state == "standing"
    entry = AuditEntry.objects.get(verb="result_certified")
    assert (entry.actor, entry.subject, entry.detail["result"]) == (root, str(sitting), "pass")


def test_a_fail_that_is_certified_suspends_a_registration_that_no_longer_holds(
    root: User, ada: User, program: Client, clock: Clock
) -> None:
    know(root, ada, attempts=[failed("second", "2025-09-01")])
    enrol(root, ada, "second", overridden=["exam.second.old"])
    sitting = sit(make(program, clock, "second"))
    first = Registration.objects.get()
    certify(root, sitting, result="fail", reason="as scored", at=clock.at)
    first.refresh_from_db()
    assert first.state == "used"
    with pytest.raises(NotEligibleError) as caught:
        enrol(root, ada, "second", at=clock.at, overridden=["exam.second.old"])
    assert caught.value.judgement.is_never


def test_of_a_step_with_two_days_both_are_needed_and_count_as_one_attempt(
    root: User, ada: User, program: Client, clock: Clock
) -> None:
    know(root, ada, **READY)
    enrol(root, ada)
    first = sit(make(program, clock))
    with pytest.raises(ConflictError, match="day 2"):
        certify(root, first, result="pass", reason="as scored", at=clock.at)
    clock.pass_s(86400)
    second = sit(make(program, clock, day=2))
    made = certify(root, second, result="pass", reason="as scored", at=clock.at)
    assert made.on == TODAY
    assert {one.sitting_id for one in made.sittings.all()} == {first, second}
    attempts = OfficeRecord.objects.filter(candidate=ada).latest("number").record["attempts"]
    assert [one["step"] for one in attempts].count("third") == 1


def test_what_has_not_ended_or_is_a_rehearsal_is_not_certified(root: User, ada: User, program: Client, clock: Clock) -> None:
    player = make(program, clock, "first")
    player.open_block()
    with pytest.raises(ConflictError, match="not ended"):
        certify(root, UUID(player.sitting), result="fail", reason="x", at=clock.at)
    player.do("block_closed", block=1)
    with pytest.raises(ConflictError, match="late answers"):
        certify(root, UUID(player.sitting), result="fail", reason="x", at=clock.at)
    clock.pass_s(3600)
    half = make(program, clock, "second", clock="compressed")
    sit(half)
    with pytest.raises(ConflictError, match="rehearsal"):
        certify(root, UUID(half.sitting), result="fail", reason="x", at=clock.at)
    with pytest.raises(UsageError, match="one of"):
        certify(root, UUID(player.sitting), result="great", reason="x", at=clock.at)


def test_nobody_certifies_their_own(root: User, clock: Clock) -> None:
    both = person("both", Role.ADMINISTRATOR, Role.CANDIDATE)
    sitting = sit(make(program_of(both), clock, "first"))
    with pytest.raises(NotAllowedError, match="your own"):
        certify(both, sitting, result="pass", reason="x", at=clock.at)
    assert certify(root, sitting, result="pass", reason="x", at=clock.at).result == "pass"


def test_a_certified_result_stays_in_the_record(root: User, ada: User, program: Client, clock: Clock) -> None:
    sitting = sit(make(program, clock, "first"))
    certify(root, sitting, result="fail", reason="x", at=clock.at)
    for fields in ({}, {"attempts": [passed("first", TODAY.isoformat())]}):
        with pytest.raises(ConflictError, match="certified here"):
            know(root, ada, at=clock.at, **fields)
    change_validity(
        root,
        ada,
        programme="exam",
        step="first",
        on=TODAY,
        validity="invalidated",
        since=TODAY,
        reason="a letter",
        at=clock.at,
    )


def test_a_result_that_contradicts_the_record_is_not_certified(root: User, ada: User, program: Client, clock: Clock) -> None:
    know(root, ada, attempts=[passed("first", TODAY.isoformat())])
    sitting = sit(make(program, clock, "first"))
    with pytest.raises(ConflictError, match="something else"):
        certify(root, sitting, result="fail", reason="x", at=clock.at)
    assert certify(root, sitting, result="pass", reason="x", at=clock.at).result == "pass"
    assert OfficeRecord.objects.count() == 1  # it said so already


def test_register_is_refused_in_the_programme_that_is_not_there(root: User, ada: User) -> None:
    with pytest.raises(NotFoundError):
        register(root, ada, programme="none", step="x", first=TODAY, last=None, at=T0, reason="x")

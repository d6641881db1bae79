"""Results of proctored sittings that the office stands for. Each becomes an attempt in the candidate's record.

A pass or a fail needs every day of the step, each sat whole and on the real clock; what is less can be certified as an
incomplete attempt.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.pathway import Record
from bedside.site.accounts.accommodations import read_reason
from bedside.site.accounts.audit import audit
from bedside.site.accounts.models import User
from bedside.site.content import current_content
from bedside.site.database import one_write
from bedside.site.exam.actions import settle
from bedside.site.exam.day import days_of
from bedside.site.exam.models import Sitting, SittingEvent
from bedside.site.exam.sealed import sealing_sitting
from bedside.site.registration.models import OPEN, USED, CertifiedResult, CertifiedSitting, OfficeRecord, Registration
from bedside.site.registration.record_rows import lock, newest_record, read_plain, record_in, see_may_act
from bedside.site.registration.records import write_version
from bedside.site.registration.standing import write_deed

RESULTS = ("pass", "fail", "incomplete")
VALIDITIES = ("valid", "under_review", "indeterminate", "invalidated")


def certify(actor: User, sitting_id: UUID, *, result: str, reason: str, at: datetime) -> CertifiedResult:
    """Stand for the result of an ended sitting, with the other days of the same attempt.

    Raises:
        NotAllowedError: not an administrator, or the sitting is their own.
        NotFoundError: there is no such proctored sitting.
        UsageError: no such result, or no reason.
        ConflictError: it has not ended, answers may still come in, it is certified, it is no whole form on the real clock, a
            day is missing, or the record says something else of that day.
        StoreError: the store refused; nothing was kept.
    """
    row = Sitting.objects.select_related("user").filter(pk=sitting_id, is_proctored=True).first()
    if row is None:
        raise NotFoundError(f"there is no proctored sitting {sitting_id}")
    candidate = row.user
    see_may_act(actor, candidate)
    why = read_reason(reason)
    if result not in RESULTS:
        raise UsageError(f"the result must be one of {', '.join(RESULTS)}")
    settle(candidate, row.pk, at=at)
    with one_write():
        lock(candidate)
        row.refresh_from_db()
        _see_over(row, at)
        days = _days(row)
        if result != "incomplete":
            _see_whole(row, days)
        on = min(_begun_on(one) for one in days.values())
        before = newest_record(candidate)
        record = _with_attempt(record_in(before), row.programme, row.step, on, result)
        made: CertifiedResult = CertifiedResult.objects.create(
            candidate=candidate,
            programme=row.programme,
            step=row.step,
            on=on,
            result=result,
            reason=why,
            certified_by=actor,
            certified_at=at,
        )
        CertifiedSitting.objects.bulk_create(CertifiedSitting(sitting=one, result=made) for one in days.values())
        detail = {"result": result, "step": f"{row.programme}/{row.step}", "on": on.isoformat(), "reason": why}
        audit(actor=actor, verb="result_certified", subject=str(row.pk), at=at, detail=detail)
        _use_up(row, actor, before, at)
        if record != record_in(before):
            write_version(actor, candidate, record, before=before, how="result", reason=why, at=at)
    return made


def change_validity(
    actor: User,
    candidate: User,
    *,
    programme: str,
    step: str,
    on: date,
    validity: str,
    since: date,
    reason: str,
    at: datetime,
) -> OfficeRecord:
    """Say that a result of the record stands, is under review, or is invalidated, since a day.

    Raises:
        NotAllowedError: not an administrator, or the record is their own.
        NotFoundError: the record has no such attempt.
        UsageError: no such standing, a day before the attempt, or no reason.
        ConflictError: it is so already.
        StoreError: the store refused; nothing was kept.
    """
    see_may_act(actor, candidate)
    why = read_reason(reason)
    if validity not in VALIDITIES:
        raise UsageError(f"the standing must be one of {', '.join(VALIDITIES)}")
    if since < on:
        raise UsageError(f"the attempt was on {on}, and can't have lost its standing before")
    with one_write():
        lock(candidate)
        before = newest_record(candidate)
        plain = before.record if before else {}
        attempts = [dict(one) for one in plain.get("attempts", [])]
        found = [one for one in attempts if (one["programme"], one["step"], one["date"]) == (programme, step, on.isoformat())]
        if not found:
            raise NotFoundError(f"the record has no attempt at {step[:60]} on {on}")
        found[0].pop("validity", None)
        found[0].pop("validity_from", None)
        if validity != "valid":
            found[0].update(validity=validity, validity_from=since.isoformat())
        record = read_plain({**plain, "attempts": attempts})
        return write_version(actor, candidate, record, before=before, how="validity", reason=why, at=at)


def uncertified(candidate: User, programme: str, step: str) -> list[Sitting]:
    """Sittings of a step that were begun since the first registration for it, and whose result nobody has certified."""
    first = Registration.objects.filter(candidate=candidate, programme=programme, step=step).order_by("registered_at").first()
    if first is None:
        return []
    rows = Sitting.objects.filter(
        user=candidate,
        programme=programme,
        step=step,
        is_proctored=True,
        kind="full",
        clock="real",
        created_at__gte=first.registered_at,
        certified__isnull=True,
    )
    return list(rows.exclude(state__in=["created", "voided"]).order_by("created_at").defer("form"))


def _see_over(row: Sitting, at: datetime) -> None:
    if CertifiedSitting.objects.filter(sitting=row).exists():
        raise ConflictError("the result of this sitting is certified already")
    if row.kind != "full" or row.clock != "real":
        raise ConflictError("a rehearsal, half a form or on a compressed clock, has no result to certify")
    if row.state != "finished":
        raise ConflictError("the sitting has not ended, or is void")
    sealing = sealing_sitting(row.user_id, at)
    if sealing is not None and sealing.pk == row.pk:
        raise ConflictError("late answers may still come in; certify the result when the grace of the sitting is over")


def _days(row: Sitting) -> dict[int, Sitting]:
    """The sittings of one attempt by the day of the step: this one, and of each other day the latest that nobody certified."""
    rows = Sitting.objects.filter(
        user_id=row.user_id,
        programme=row.programme,
        step=row.step,
        is_proctored=True,
        state="finished",
        kind="full",
        clock="real",
        certified__isnull=True,
    )
    registration = _registration_of(row)
    if registration is not None:
        rows = rows.filter(created_at__gte=registration.registered_at)
    return {**{one.day: one for one in rows.order_by("created_at").defer("form")}, row.day: row}


def _see_whole(row: Sitting, days: dict[int, Sitting]) -> None:
    programme = current_content().programme(row.programme)
    edition = programme.on(row.created_at.date()).step(row.step)
    missing = sorted(set(days_of(edition)) - days.keys()) if edition else [row.day]
    if missing:
        named = ", ".join(map(str, missing))
        raise ConflictError(f"day {named} of the step has not been sat to its end; certify the attempt as incomplete, or wait")


def _begun_on(row: Sitting) -> date:
    started = SittingEvent.objects.filter(sitting=row, type="started", outcome="accepted").order_by("effective_at").first()
    return (started.effective_at if started else row.created_at).date()


def _with_attempt(record: Record, programme: str, step: str, on: date, result: str) -> Record:
    """The record with an attempt; one of that day whose result it awaits takes the result that came."""
    new = read_plain({"attempts": [{"programme": programme, "step": step, "date": on.isoformat(), "result": result}]}).attempts[
        0
    ]
    same = [one for one in record.attempts if (one.programme, one.step, one.date) == (programme, step, on)]
    for one in same:
        if one.result not in ("pending", new.result):
            raise ConflictError(f"the record says something else: {step} on {on} is {one.result.value} there")
    if any(one.result == new.result for one in same):
        return record
    attempts = [*(one for one in record.attempts if one not in same), new]
    return replace(record, attempts=tuple(sorted(attempts, key=lambda one: one.date)))


def _registration_of(row: Sitting) -> Registration | None:
    """The registration under which a sitting was made."""
    rows = Registration.objects.filter(
        candidate_id=row.user_id, programme=row.programme, step=row.step, registered_at__lte=row.created_at
    )
    return rows.order_by("-registered_at").first()


def _use_up(row: Sitting, actor: User, record: OfficeRecord | None, at: datetime) -> None:
    """A registration is for one attempt."""
    found = _registration_of(row)
    if found is not None and found.state in OPEN:
        found.state = USED
        found.save(update_fields=["state"])
        write_deed(found, actor, "used", reason="its attempt has a result", record=record, answer={}, at=at)

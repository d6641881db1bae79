"""Registrations asked anew when what the office knows has changed, and the deeds that are written of each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from bedside.site.accounts.audit import audit
from bedside.site.accounts.models import User
from bedside.site.registration.judging import Judgement, judge
from bedside.site.registration.models import STANDING, SUSPENDED, OfficeRecord, Registration, RegistrationDeed
from bedside.site.registration.record_rows import record_in
from bedside.site.registration.rules import NoRulesError, step_rules


def ask_anew(actor: User, candidate: User, record: OfficeRecord, *, at: datetime) -> list[Registration]:
    """Suspend the standing registrations that no longer hold; answers them. Inside the caller's transaction and lock."""
    suspended = []
    today = at.date()
    for row in Registration.objects.filter(candidate=candidate, state=STANDING, last_day__gte=today).order_by("registered_at"):
        try:
            judgement = judgement_of(row, record, on=today)
        except NoRulesError as error:
            suspend(row, actor, record=record, reason=str(error), answer={}, at=at)
            suspended.append(row)
            continue
        if not judgement.holds(row.overridden):
            suspend(row, actor, record=record, reason=_why(judgement), answer=judgement.as_dict(), at=at)
            suspended.append(row)
    return suspended


def judgement_of(row: Registration, record: OfficeRecord | None, *, on: date) -> Judgement:
    """What the rules say of what is left of a registration.

    Raises:
        NoRulesError: the rules do not load.
    """
    return judge(step_rules(row.programme), record_in(record), row.step, max(row.first_day, on), max(row.last_day, on))


def suspend(row: Registration, actor: User, *, record: OfficeRecord, reason: str, answer: dict[str, Any], at: datetime) -> None:
    """It admits to nothing until it is asked again and holds."""
    row.state = SUSPENDED
    row.save(update_fields=["state"])
    write_deed(row, actor, "suspended", reason=reason, record=record, answer=answer, at=at)


def write_deed(
    row: Registration,
    actor: User,
    verb: str,
    *,
    reason: str,
    record: OfficeRecord | None,
    answer: dict[str, Any],
    at: datetime,
    overridden: Collection[str] = (),
) -> RegistrationDeed:
    """Write down what was done, in the caller's transaction, with its entry in the audit log."""
    newest = row.deeds.order_by("-number").first()
    short = reason[: RegistrationDeed._meta.get_field("reason").max_length]
    deed: RegistrationDeed = RegistrationDeed.objects.create(
        registration=row,
        number=1 + (newest.number if newest else 0),
        verb=verb,
        first_day=row.first_day,
        last_day=row.last_day,
        reason=short,
        overridden=sorted(overridden),
        record=record,
        answer=answer,
        by=actor,
        at=at,
    )
    detail: dict[str, Any] = {
        "registration": str(row.pk),
        "step": f"{row.programme}/{row.step}",
        "first": row.first_day.isoformat(),
        "last": row.last_day.isoformat(),
        "record": record.digest if record else "",
        "overridden": sorted(overridden),
        "reason": short,
    }
    audit(actor=actor, verb=f"registration_{verb}", subject=str(row.candidate_id), at=at, detail=detail)
    return deed


def _why(judgement: Judgement) -> str:
    """Why it no longer holds, short; the whole of it stands in the answer."""
    if judgement.is_passed:
        return "the step is passed"
    if judgement.until is not None:
        return f"eligible until {judgement.until} only"
    return " ".join(one.text for one in (*judgement.against, *judgement.doubtful))

"""New versions of what the office knows of a candidate, each with the reason that was given for it."""

from __future__ import annotations

from datetime import datetime

from bedside.errors import ConflictError
from bedside.pathway import Record, record_as_json
from bedside.site.accounts.accommodations import read_reason
from bedside.site.accounts.audit import audit
from bedside.site.accounts.models import User
from bedside.site.database import one_write
from bedside.site.registration.models import CertifiedResult, OfficeRecord
from bedside.site.registration.record_rows import digest_of, lock, newest_record, see_may_act
from bedside.site.registration.standing import ask_anew


def keep_record(
    actor: User, candidate: User, record: Record, *, how: str, reason: str, at: datetime, after: int | None = None
) -> OfficeRecord:
    """Keep a new version of what the office knows; registrations that no longer hold are suspended.

    `after` is the version that the writer had before them, where they had one.

    Raises:
        NotAllowedError: not an administrator, or the file is their own.
        UsageError: no reason.
        ConflictError: somebody kept another version meanwhile; it says nothing new; or it leaves out a certified result.
        StoreError: the store refused; nothing was kept.
    """
    see_may_act(actor, candidate)
    why = read_reason(reason)
    with one_write():
        lock(candidate)
        before = newest_record(candidate)
        if after is not None and after != (before.number if before else 0):
            raise ConflictError("somebody has changed this record meanwhile; look at it again, and then change it")
        return write_version(actor, candidate, record, before=before, how=how, reason=why, at=at)


def write_version(
    actor: User, candidate: User, record: Record, *, before: OfficeRecord | None, how: str, reason: str, at: datetime
) -> OfficeRecord:
    """Write the next version, inside the caller's transaction and lock. Raises as `keep_record` does."""
    plain = record_as_json(record)
    digest = digest_of(plain)
    if before is not None and digest == before.digest:
        raise ConflictError("this is what the record says already; nothing was changed")
    _see_certified(candidate, record)
    number = 1 + (before.number if before else 0)
    made: OfficeRecord = OfficeRecord.objects.create(
        candidate=candidate,
        number=number,
        record=plain,
        digest=digest,
        how=how,
        reason=reason,
        changed_by=actor,
        changed_at=at,
    )
    detail = {"version": number, "how": how, "digest": digest, "reason": reason}
    audit(actor=actor, verb="office_record_changed", subject=str(candidate.pk), at=at, detail=detail)
    ask_anew(actor, candidate, made, at=at)
    return made


def _see_certified(candidate: User, record: Record) -> None:
    """What was certified here stays in the record; it can lose its standing, and is never left out."""
    there = {(one.programme, one.step, one.date, one.result.value) for one in record.attempts}
    for one in CertifiedResult.objects.filter(candidate=candidate):
        if (one.programme, one.step, one.on, one.result) not in there:
            raise ConflictError(
                f"the {one.result} at {one.step} on {one.on} was certified here and can't be left out or changed; say that "
                "it is invalidated instead"
            )

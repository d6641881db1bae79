"""What a person does to their record: save it, part by part or whole, and mark the states that they aim at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from bedside.errors import ConflictError, UsageError
from bedside.findings import Finding
from bedside.pathway import Pathway, Record, record_as_json, record_from
from bedside.site.accounts.models import User
from bedside.site.database import one_write
from bedside.site.pathway.models import PathwayRecord, PathwayRecordVersion
from bedside.site.pathway.queries import Kept
from bedside.site.pathway.shapes import limit_passed


def read_plain(data: Mapping[str, Any], rules: Pathway) -> tuple[Record | None, list[Finding]]:
    """The record of plain values, or what is wrong with it."""
    return record_from(data, steps=rules.steps_of_records, certificates=rules.certificate_names)


def keep_record(user: User, record: Record, *, at: datetime, seen: str | None = None) -> PathwayRecord:
    """Keep a record, and what it said now. The same again changes nothing. `seen` is the stamp of what was changed; None: any.

    Raises:
        UsageError: it is over a limit.
        ConflictError: it was changed meanwhile.
        StoreError: the store refused; nothing was kept.
    """
    kept = record_as_json(record)
    problem = limit_passed(kept)
    if problem:
        raise UsageError(problem)
    with one_write():
        row = PathwayRecord.objects.select_for_update().filter(user=user).first()
        if seen is not None and seen != stamp_of(row):
            raise ConflictError(_("the record was changed elsewhere since this page was opened"))
        if row is not None and row.record == kept:
            return row
        # the later wins on two machines, so a change is never older than what it changes
        changed_at = at if row is None else max(at, row.changed_at + timedelta(microseconds=1))
        row = row or PathwayRecord(user=user)
        row.record, row.changed_at = kept, changed_at
        row.save()
        PathwayRecordVersion(user=user, record=kept, at=changed_at).save(force_insert=True)
    return row


def stamp_of(row: PathwayRecord | None) -> str:
    """Which state of the record a page shows."""
    return row.changed_at.isoformat() if row else ""


def aim_at(user: User, rules: Pathway, state: str, *, aims: bool, at: datetime) -> None:
    """Aim at a state, or no longer.

    Raises:
        UsageError: there is no such state, or the record that is kept has a mistake.
        StoreError: the store refused; nothing was kept.
    """
    if state not in {place.code for place in rules.places}:
        raise UsageError(_("there is no such state"))
    row = PathwayRecord.objects.filter(user=user).first()
    kept: Kept = dict(row.record) if row else {}
    goals = dict(kept.get("goals", {}))
    others = [one for one in goals.get("states", []) if one != state]
    goals["states"] = [*others, state] if aims else others
    record, findings = read_plain({**kept, "goals": goals}, rules)
    if record is None:
        raise UsageError(first_of(findings))
    keep_record(user, record, at=at)


def first_of(findings: Sequence[Finding]) -> str:
    """The first thing that is wrong."""
    return findings[0].text if findings else _("the record can't be read")

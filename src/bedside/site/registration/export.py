"""What the office keeps of a candidate, as tables for the file of all that is theirs. They are for reading: nothing is taken
back from them, since nobody brings a registration along."""

from __future__ import annotations

import json

from bedside.site.accounts.models import User
from bedside.site.exam.export import Table
from bedside.site.registration.models import OfficeRecord, RegistrationDeed


def registration_table(user: User) -> Table:
    """All that was done to a person's registrations, oldest first."""
    columns = ("registration", "programme", "step", "at", "what", "first_day", "last_day", "reason", "overridden")
    deeds = RegistrationDeed.objects.filter(registration__candidate=user).select_related("registration")
    rows = [
        {
            "registration": str(deed.registration_id),
            "programme": deed.registration.programme,
            "step": deed.registration.step,
            "at": deed.at.isoformat(),
            "what": deed.verb,
            "first_day": deed.first_day.isoformat(),
            "last_day": deed.last_day.isoformat(),
            "reason": deed.reason,
            "overridden": " ".join(deed.overridden),
        }
        for deed in deeds.order_by("registration__registered_at", "number")
    ]
    return Table(columns, rows)


def office_record_table(user: User) -> Table:
    """All versions of what the office knows of a person, oldest first."""
    rows = [
        {
            "version": row.number,
            "at": row.changed_at.isoformat(),
            "from": row.how,
            "reason": row.reason,
            "record": json.dumps(row.record, ensure_ascii=False),
        }
        for row in OfficeRecord.objects.filter(candidate=user).order_by("number")
    ]
    return Table(("version", "at", "from", "reason", "record"), rows)

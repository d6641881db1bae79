"""What the office knows of a candidate: versions of a record, each entered by somebody with a reason.

It is not the record that candidates keep for themselves, in which they may write what they like.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter

from bedside.errors import NotAllowedError, UsageError
from bedside.pathway import Record
from bedside.site.accounts.models import LOCAL_LEARNER, User
from bedside.site.accounts.roles import Role, require_role
from bedside.site.content import current_content
from bedside.site.registration.models import OfficeRecord
from bedside.site.registration.rules import all_rules

HOW: Mapping[str, str | Promise] = {
    "form": _("form"),
    "yaml": _("file of a record"),
    "transcript": _("transcript"),
    "result": _("certified result"),
    "validity": _("standing of a result"),
}
_RECORD = TypeAdapter(Record)


def see_may_act(actor: User, candidate: User) -> None:
    """This administrator may do something to this candidate's file.

    Raises:
        NotAllowedError: not an administrator, or the file is their own.
        UsageError: it is the learner of this computer.
    """
    require_role(actor, Role.ADMINISTRATOR)
    if actor == candidate:
        raise NotAllowedError("this file is your own; another administrator must do this")
    if candidate.username == LOCAL_LEARNER:
        raise UsageError(
            f'"{LOCAL_LEARNER}" is whoever sits at this computer; add a user for a person who sits a proctored exam'
        )


def newest_record(candidate: User) -> OfficeRecord | None:
    """The version that holds; None where the office knows nothing of them."""
    newest: OfficeRecord | None = OfficeRecord.objects.filter(candidate=candidate).order_by("-number").first()
    return newest


def record_in(row: OfficeRecord | None) -> Record:
    """The record of a version; an empty one where there is none."""
    return Record() if row is None else _RECORD.validate_python(row.record)


def names_of_records() -> dict[str, Any]:
    """The steps and certificates that a record may name: what `record_from` and `read_record` want to be told.

    Raises:
        ConflictError: the rules do not load, so that nobody knows which certificates there are.
    """
    found = all_rules()
    steps = {name: frozenset(step.name for step in one.steps) for name, one in current_content().programmes.items()}
    certificates: frozenset[str] = frozenset()
    for pathway in found:
        steps |= pathway.steps_of_records
        certificates |= pathway.certificate_names
    return {"steps": steps, "certificates": certificates}


def lock(candidate: User) -> None:
    """Whatever else is done to this candidate's file waits until the transaction ends."""
    User.objects.select_for_update().get(pk=candidate.pk)


def digest_of(plain: Mapping[str, Any]) -> str:
    """SHA-256 of a record as canonical JSON."""
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_plain(plain: Mapping[str, Any]) -> Record:
    """The record that plain values say, which were checked before."""
    return _RECORD.validate_python(plain)

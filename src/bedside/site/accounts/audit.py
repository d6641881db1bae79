"""The audit log: who did what that may have to be answered for later, written in the transaction of the deed.

What an entry may hold: ids, names of roles, counts, times and the reason that was given. Never a key, an answer or a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bedside.site.accounts.models import AuditEntry, User

VERBS: Mapping[str, str | Promise] = {
    "user_added": _("user added"),
    "password_set": _("password set"),
    "password_changed": _("own password changed"),
    "user_closed": _("user closed"),
    "user_opened": _("user opened again"),
    "roles_changed": _("roles changed"),
    "signed_in": _("signed in"),
    "token_created": _("token made"),
    "token_revoked": _("token revoked"),
    "accommodation_approved": _("accommodation approved"),
    "sitting_granted": _("time granted"),
    "sitting_suspended": _("sitting suspended"),
    "sitting_reopened": _("sitting reopened"),
    "sitting_voided": _("sitting made void"),
    "sitting_message": _("message sent"),
    "sitting_accommodated": _("accommodated during the sitting"),
    "sitting_merged": _("sitting merged from a file"),
    "sitting_exported": _("sitting written to a file, with its keys"),
    "sitting_bundled": _("result written to a file"),
    "key_changed": _("key of an item changed"),
    "person_exported": _("a person's data written to a file"),
    "person_brought_back": _("a person's data brought back from a file"),
    "item_report_answered": _("reported error answered"),
    "item_report_closed": _("reported error closed"),
    "registration_required": _("registration required, or no longer"),
    "office_record_changed": _("office record changed"),
    "result_certified": _("result certified"),
    "registration_made": _("registered for a step"),
    "registration_extended": _("registration extended"),
    "registration_suspended": _("registration suspended"),
    "registration_reinstated": _("registration stands again"),
    "registration_withdrawn": _("registration withdrawn"),
    "registration_used": _("registration used up"),
    "registration_ended": _("registration ended"),
    "journey_imported": _("journey brought into the library"),
    "journey_withdrawn": _("journey withdrawn by its owner"),
    "journey_removed": _("journey taken out of the library"),
    "journey_reported": _("journey reported"),
    "journey_report_closed": _("report of a journey closed"),
    "journey_hidden": _("journey hidden"),
    "journey_shown": _("journey shown again"),
}


def audit(*, actor: User | None, verb: str, subject: str, at: datetime, detail: Mapping[str, Any] | None = None) -> None:
    """Write down a deed; call it inside the deed's transaction.

    `actor` None is the command line: whoever holds the data folder. `subject` is the id of the row it was done to.
    """
    AuditEntry.objects.create(actor=actor, verb=verb, subject=subject, at=at, detail=dict(detail or {}))


def verb_text(verb: str) -> str:
    """A verb in the words of the page; one that is not in the table is shown as it is written."""
    return str(VERBS.get(verb, verb.replace("_", " ")))

"""Whether a programme's proctored sittings need a registration. They don't, until an administrator says so."""

from __future__ import annotations

from datetime import datetime

from bedside.errors import ConflictError
from bedside.site.accounts.accommodations import read_reason
from bedside.site.accounts.audit import audit
from bedside.site.accounts.models import User
from bedside.site.accounts.roles import Role, require_role
from bedside.site.content import current_content
from bedside.site.database import one_write
from bedside.site.registration.models import RegistrationRule


def rule_of(programme: str) -> RegistrationRule | None:
    """What holds for a programme; None where nobody ever said anything."""
    newest: RegistrationRule | None = RegistrationRule.objects.filter(programme=programme).order_by("-number").first()
    return newest


def is_required(programme: str) -> bool:
    """Do proctored sittings of this programme need a registration?"""
    found = rule_of(programme)
    return found is not None and found.is_required


def require_registration(actor: User, programme: str, is_required_: bool, *, reason: str, at: datetime) -> RegistrationRule:
    """Say whether proctored sittings of a programme need a registration, from now on.

    Raises:
        NotAllowedError: not an administrator.
        NotFoundError: there is no such programme.
        UsageError: no reason.
        ConflictError: it is so already, or somebody else changed it at the same time.
        StoreError: the store refused; nothing was kept.
    """
    require_role(actor, Role.ADMINISTRATOR)
    why = read_reason(reason)
    if is_required_:  # what is gone from the content can still be let go
        current_content().programme(programme)
    with one_write():
        found = rule_of(programme)
        if (found is not None and found.is_required) == is_required_:
            raise ConflictError("that is so already; nothing was changed")
        number = 1 + (found.number if found else 0)
        made: RegistrationRule = RegistrationRule.objects.create(
            programme=programme, number=number, is_required=is_required_, reason=why, changed_by=actor, changed_at=at
        )
        detail = {"required": is_required_, "reason": why}
        audit(actor=actor, verb="registration_required", subject=programme, at=at, detail=detail)
    return made

"""The five roles, and who has them. A person can have several; what they may do is checked here, on the server.

Practice and a person's own pages are open to everybody who is signed in. Everything under `/office` and `/api/office` is closed
to everybody unless its view names the roles that may enter (`guard.py`); what names none is refused.

The learner of a local site needs no password, so that every program of that computer can act as the learner. The learner is
therefore a candidate, an author and a reviewer, whose work lies in files of that computer anyway, and is never a proctor or an
administrator: who watches an exam or changes roles signs in with a password, on a local site too.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bedside.errors import NotAllowedError, UsageError

if TYPE_CHECKING:  # the rows name the roles
    from bedside.site.accounts.models import User


class Role(StrEnum):
    """What a person may do beside practising."""

    CANDIDATE = "candidate"
    AUTHOR = "author"
    REVIEWER = "reviewer"
    PROCTOR = "proctor"
    ADMINISTRATOR = "administrator"


ROLE_NAMES: Mapping[Role, str | Promise] = {
    Role.CANDIDATE: _("candidate"),
    Role.AUTHOR: _("author"),
    Role.REVIEWER: _("reviewer"),
    Role.PROCTOR: _("proctor"),
    Role.ADMINISTRATOR: _("administrator"),
}
ROLE_TEXTS: Mapping[Role, str | Promise] = {
    Role.CANDIDATE: _("sits exams"),
    Role.AUTHOR: _("writes items and sees them as delivered"),
    Role.REVIEWER: _("checks items that others wrote"),
    Role.PROCTOR: _("watches exams, approves accommodations"),
    Role.ADMINISTRATOR: _("gives roles, reads the audit log, approves accommodations"),
}
NEW_USER_ROLES = frozenset({Role.CANDIDATE})  # of a user for whom nothing else was said
LEARNER_ROLES = frozenset({Role.CANDIDATE, Role.AUTHOR, Role.REVIEWER})
BANK_ROLES = frozenset({Role.AUTHOR, Role.REVIEWER, Role.ADMINISTRATOR})  # see the bank as a whole, and what was reported in it


def roles_of(user: User) -> frozenset[Role]:
    """The roles of a user; none where the user is not active."""
    if not user.is_active:
        return frozenset()
    return frozenset(Role(name) for name in user.role_grants.values_list("role", flat=True))


def has_role(user: User, *roles: Role) -> bool:
    """Has the user at least one of these roles?"""
    return not roles_of(user).isdisjoint(roles)


def require_role(user: User, *roles: Role) -> None:
    """See to it that the user has at least one of these roles.

    Raises:
        NotAllowedError: none of them; names them.
    """
    if not has_role(user, *roles):
        wanted = " or ".join(role.value for role in roles)
        raise NotAllowedError(f"this needs the role {wanted}")


def read_roles(names: list[str] | tuple[str, ...]) -> frozenset[Role]:
    """Roles by their names.

    Raises:
        UsageError: a name that is none; says which there are.
    """
    for name in names:
        if name not in set(Role):
            raise UsageError(f'there is no role "{name}"; the roles are {", ".join(Role)}')
    return frozenset(Role(name) for name in names)

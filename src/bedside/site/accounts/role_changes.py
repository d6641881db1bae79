"""Changing who has which roles, and who may sign in at all. One administrator always stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bedside.errors import ConflictError, UsageError
from bedside.site.accounts.audit import audit
from bedside.site.accounts.models import LOCAL_LEARNER, RoleGrant, User
from bedside.site.accounts.roles import LEARNER_ROLES, Role, roles_of
from bedside.site.database import one_write


def change_roles(user: User, roles: Iterable[Role], *, at: datetime, actor: User | None, reason: str = "") -> frozenset[Role]:
    """Give the user these roles and no others; answers them. `actor` None is the command line.

    Raises:
        ConflictError: nobody would be left who is an administrator.
        UsageError: a role that the learner of this computer, who needs no password, can't have.
        StoreError: the store refused; nothing was kept.
    """
    wanted = frozenset(roles)
    if user.username == LOCAL_LEARNER and wanted - LEARNER_ROLES:
        refused = ", ".join(sorted(wanted - LEARNER_ROLES))
        raise UsageError(
            f'"{LOCAL_LEARNER}" is whoever sits at this computer, without a password, and can\'t be {refused}; '
            "add a user with a password for that"
        )
    with one_write():
        administrators = _locked_administrators()
        had = roles_of(user) if user.is_active else frozenset(Role(one.role) for one in user.role_grants.all())
        if wanted == had:
            return wanted
        if Role.ADMINISTRATOR in had - wanted:
            _see_that_one_stays(administrators, user)
        user.role_grants.filter(role__in=had - wanted).delete()
        RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role, given_at=at) for role in sorted(wanted - had))
        detail = {"added": sorted(wanted - had), "removed": sorted(had - wanted), **({"reason": reason} if reason else {})}
        audit(actor=actor, verb="roles_changed", subject=str(user.pk), at=at, detail=detail)
    return wanted


def set_active(user: User, is_active: bool, *, at: datetime, actor: User | None, reason: str = "") -> None:
    """Close a user, who then can't sign in or use a token, or open them again. What they did stays.

    Raises:
        ConflictError: nobody would be left who is an administrator.
        UsageError: the learner of this computer can't be closed.
        StoreError: the store refused; nothing was kept.
    """
    if user.username == LOCAL_LEARNER:
        raise UsageError(f'"{LOCAL_LEARNER}" is whoever sits at this computer and can\'t be closed')
    if user.is_active == is_active:
        return
    with one_write():
        administrators = _locked_administrators()
        if not is_active and any(grant.user_id == user.pk for grant in administrators):
            _see_that_one_stays(administrators, user)
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        verb = "user_opened" if is_active else "user_closed"
        audit(actor=actor, verb=verb, subject=str(user.pk), at=at, detail={"reason": reason} if reason else {})


def _locked_administrators() -> list[RoleGrant]:
    """Who can change roles now. Locked, so that two administrators can't take the role from each other at once."""
    return list(RoleGrant.objects.select_for_update(of=("self",)).filter(role=Role.ADMINISTRATOR, user__is_active=True))


def _see_that_one_stays(administrators: list[RoleGrant], leaver: User) -> None:
    if all(grant.user_id == leaver.pk for grant in administrators) and leaver.is_active:
        raise ConflictError(
            f'"{leaver.username}" is the last administrator; make somebody else an administrator first, '
            "since nobody could give roles otherwise"
        )

"""What pages and calls ask about people."""

from __future__ import annotations

import hashlib

from django.db import transaction

from bedside.errors import NotFoundError
from bedside.site import clock
from bedside.site.accounts.models import LOCAL_LEARNER, Profile, RoleGrant, User
from bedside.site.accounts.roles import LEARNER_ROLES
from bedside.site.statements import select


def local_learner() -> User:
    """The learner of this computer, made on the first call; has no password, so nobody can sign in with one."""
    learner = User.objects.filter(username=LOCAL_LEARNER).first()
    if learner is not None:
        return learner
    with transaction.atomic():
        learner, created = User.objects.get_or_create(username=LOCAL_LEARNER)
        if created:
            learner.set_unusable_password()
            learner.save(update_fields=["password"])
            at = clock.now()
            RoleGrant.objects.bulk_create(RoleGrant(user=learner, role=role, given_at=at) for role in sorted(LEARNER_ROLES))
    return learner


def user_named(name: str) -> User:
    """The user of that name; the local learner is made if it is missing.

    Raises:
        NotFoundError: there is none.
    """
    if name == LOCAL_LEARNER:
        return local_learner()
    try:
        return User.objects.get(username=name)
    except User.DoesNotExist:
        raise NotFoundError(f'no user is named "{name}"; `bedside user add {name}` makes one') from None


def profile_of(user: User) -> Profile:
    """The user's profile; one that is not kept yet where they never changed it."""
    return Profile.objects.filter(user=user).first() or Profile(user=user)


def digest_of(secret: str) -> str:
    """The hash under which a token is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def user_of_token(secret: str) -> User | None:
    """Whose token this is, or None where it is unknown, revoked or its user inactive.

    Asked with each saved answer, so by one small statement that needs no compiling.
    """
    tail = "WHERE is_active AND id = (SELECT user_id FROM api_tokens WHERE digest = %s AND revoked_at IS NULL)"
    users = select(User, _USER, tail, [digest_of(secret)])
    return users[0] if users else None


_USER = tuple(field.name for field in User._meta.concrete_fields if field.name != "password")

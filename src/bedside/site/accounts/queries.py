"""What pages and calls ask about people."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from bedside.errors import NotFoundError, StoreError
from bedside.site import clock
from bedside.site.accounts.models import LOCAL_LEARNER, ApiToken, Profile, RoleGrant, User
from bedside.site.accounts.roles import LEARNER_ROLES
from bedside.site.gathering import ask
from bedside.site.statements import among, later, one_trip


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


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever a token belongs to, by the token's hash; who that is has yet to be asked."""

    digest: str


def owners_later(bearers: Sequence[Bearer]) -> Callable[[], dict[Bearer, UUID]]:
    """The users of these tokens that are known, not revoked, and of somebody active; asked for now and read when what this
    answers is called (`statements.later`)."""
    if not bearers:
        return dict
    condition, digests = among("digest", [bearer.digest for bearer in bearers])
    # not `IN (SELECT …)`, for which SQLite reads all users
    active = "SELECT 1 FROM accounts_user AS owner WHERE owner.id = api_tokens.user_id AND owner.is_active"
    tail = f"WHERE {condition} AND revoked_at IS NULL AND EXISTS ({active})"
    tokens = later(ApiToken, ("digest", "user"), tail, digests)
    return lambda: {Bearer(token.digest): token.user_id for token in tokens()}


@dataclass(slots=True, eq=False)
class _Asked:
    """A token by its hash, and in the end whose it is."""

    digest: str
    user: User | None = None
    is_answered: bool = False


def user_of_token(secret: str) -> User | None:
    """Whose token this is, or None where it is unknown, revoked or its user inactive.

    Asked with each saved answer: for all calls of a round together, by small statements that need no compiling.

    Raises:
        StoreError: the store could not be asked.
    """
    asked = _Asked(digest_of(secret))
    ask(asked, _tell_users)
    if not asked.is_answered:
        raise StoreError("the store could not say whose token this is, and nothing was kept; send it again")
    return asked.user


def _tell_users(asked: Sequence[_Asked]) -> None:
    condition, digests = among("digest", [one.digest for one in asked])
    held = f"{condition} AND revoked_at IS NULL"
    with one_trip():
        tokens = later(ApiToken, ("digest", "user"), f"WHERE {held}", digests)
        owners = f"SELECT user_id FROM api_tokens WHERE {held}"  # noqa: S608 - placeholders only
        users = later(User, _USER, f"WHERE is_active AND id IN ({owners})", digests)
    by_id = {user.pk: user for user in users()}
    by_digest = {token.digest: by_id.get(token.user_id) for token in tokens()}
    for one in asked:
        one.user, one.is_answered = by_digest.get(one.digest), True


_USER = tuple(field.name for field in User._meta.concrete_fields if field.name != "password")

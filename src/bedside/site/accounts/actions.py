"""What can be done to people's rows: one function a verb, each in one transaction that is on the disk before it answers."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.site.accounts.audit import audit
from bedside.site.accounts.days import FIRST_DAY, LAST_DAY
from bedside.site.accounts.models import LOCAL_LEARNER, ApiToken, Profile, RoleGrant, User
from bedside.site.accounts.queries import digest_of, profile_of
from bedside.site.accounts.roles import NEW_USER_ROLES, Role
from bedside.site.database import one_write

TOKEN_PREFIX = "bedside_"  # noqa: S105 - by which a leaked token is recognised; no secret itself


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made; the only time that its secret is seen."""

    id: str
    user: str
    secret: str


def add_user(
    name: str,
    *,
    password: str | None,
    at: datetime,
    roles: Iterable[Role] = NEW_USER_ROLES,
    actor: User | None = None,
) -> User:
    """Make a user; without a password they can use tokens only. `actor` None is the command line.

    Raises:
        UsageError: the name is empty, too long, or holds other characters than letters, digits and @.+-_; or the password
            is weak, in which case the message says why.
        ConflictError: the name is taken.
        StoreError: the store refused; nothing was kept.
    """
    user = User(username=name)
    given = sorted(set(roles))
    try:
        if not name or name != name.strip():
            raise ValidationError("blank")
        UnicodeUsernameValidator()(name)
        user.clean_fields(exclude=["password"])
    except ValidationError:
        raise UsageError(f'"{name}" is no user name: up to 150 letters, digits and @ . + - _') from None
    _set_password(user, password)
    with one_write():
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError:
            raise ConflictError(f'a user named "{name}" exists already') from None
        RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role, given_at=at) for role in given)
        audit(actor=actor, verb="user_added", subject=str(user.pk), at=at, detail={"roles": [role.value for role in given]})
    return user


def set_password(user: User, password: str, *, at: datetime, actor: User | None = None) -> None:
    """Give a user another password; whoever is signed in as them must sign in again, and their tokens are worth nothing.

    A password is changed where the old one may be known to others, and so may be a token that was made with it. The audit log
    tells apart whether people changed their own or were given another.

    Raises:
        UsageError: the password is weak, the message says why; or the user is the learner of this computer, who has none.
        StoreError: the store refused; nothing was kept.
    """
    if user.username == LOCAL_LEARNER:
        raise UsageError(f'"{LOCAL_LEARNER}" is whoever sits at this computer and has no password; add a user for a person')
    _set_password(user, password)
    with one_write():
        user.save(update_fields=["password"])
        audit(actor=actor, verb="password_changed" if actor == user else "password_set", subject=str(user.pk), at=at)
        for token in user.tokens.select_for_update().filter(revoked_at__isnull=True):
            _revoke(token, at=at, actor=actor)


def _set_password(user: User, password: str | None) -> None:
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise UsageError(f"the password is not strong enough: {' '.join(error.messages)}") from None
    user.set_password(password)


def create_token(user: User, *, name: str = "", at: datetime, actor: User | None = None) -> NewToken:
    """Make a token for programs that act as `user`, with the user's roles. `actor` None is the command line.

    Raises:
        StoreError: the store refused; nothing was kept.
    """
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    with one_write():
        token = ApiToken.objects.create(user=user, digest=digest_of(secret), name=name, created_at=at)
        audit(actor=actor, verb="token_created", subject=str(user.pk), at=at, detail={"token": str(token.pk), "name": name})
    return NewToken(str(token.pk), user.username, secret)


def revoke_token(token_id: UUID, *, at: datetime, actor: User | None = None) -> ApiToken:
    """Make a token worth nothing, for good; once more changes nothing.

    Raises:
        NotFoundError: there is no such token.
        StoreError: the store refused; nothing was kept.
    """
    with one_write():
        token = ApiToken.objects.select_for_update().filter(pk=token_id).first()
        if token is None:
            raise NotFoundError(f"there is no token {token_id}; `bedside token list` names those that there are")
        if token.revoked_at is None:
            _revoke(token, at=at, actor=actor)
    return token


def _revoke(token: ApiToken, *, at: datetime, actor: User | None) -> None:
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    audit(actor=actor, verb="token_revoked", subject=str(token.user_id), at=at, detail={"token": str(token.pk)})


def see_exam_day(day: date | None) -> None:
    """It is a day that plans and calendars can reckon with.

    Raises:
        UsageError: it lies centuries away.
    """
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        raise UsageError(f"exam_on: the day of an exam lies between {FIRST_DAY} and {LAST_DAY}, not on {day}")


def update_profile(
    user: User,
    *,
    at: datetime,
    first_name: str | None = None,
    **changes: str | int | bool | date | dict[str, Any] | None,
) -> Profile:
    """Change fields of the profile, and the user's own name where one is given, and mark the first run as done.

    Raises:
        UsageError: an unknown field, or a value that the field does not take; names the field.
        StoreError: the store refused; nothing was kept.
    """
    known = {field.name for field in Profile._meta.fields} - {"user", "welcomed_at", "changed_at"}
    unknown = next((field for field in changes if field not in known), None)
    if unknown is not None:
        raise UsageError(f'the profile has no field "{unknown}"')
    exam_on = changes.get("exam_on")
    see_exam_day(exam_on if isinstance(exam_on, date) else None)
    with one_write():
        profile = profile_of(user)
        for field, value in changes.items():
            setattr(profile, field, value)
        profile.welcomed_at = profile.welcomed_at or at
        profile.changed_at = at
        try:
            profile.full_clean(validate_unique=False)
        except ValidationError as error:
            field, messages = next(iter(error.message_dict.items()))
            raise UsageError(f"{field}: {messages[0]}") from None
        profile.save()
        if first_name is not None:
            user.first_name = first_name
            user.save(update_fields=["first_name"])
    return profile

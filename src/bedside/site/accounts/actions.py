"""What can be done to people's rows: one function a verb, each in one transaction that is on the disk before it answers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bedside.errors import ConflictError, UsageError
from bedside.site.accounts.models import ApiToken, AuditEntry, Profile, User
from bedside.site.accounts.queries import digest_of, profile_of
from bedside.site.database import one_write

TOKEN_PREFIX = "bedside_"  # noqa: S105 - by which a leaked token is recognised; no secret itself


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made; the only time that its secret is seen."""

    id: str
    user: str
    secret: str


def audit(*, actor: User | None, verb: str, subject: str, at: datetime, detail: dict[str, Any] | None = None) -> None:
    """Write down a deed; call it inside the deed's transaction."""
    AuditEntry.objects.create(actor=actor, verb=verb, subject=subject, at=at, detail=detail or {})


def add_user(name: str, *, password: str | None, at: datetime) -> User:
    """Make a user; without a password they can use tokens only.

    Raises:
        UsageError: the name is empty, too long, or holds other characters than letters, digits and @.+-_; or the password
            is weak, in which case the message says why.
        ConflictError: the name is taken.
        StoreError: the store refused; nothing was kept.
    """
    user = User(username=name)
    user.set_password(password)
    try:
        if not name or name != name.strip():
            raise ValidationError("blank")
        UnicodeUsernameValidator()(name)
        user.clean_fields(exclude=["password"])
    except ValidationError:
        raise UsageError(f'"{name}" is no user name: up to 150 letters, digits and @ . + - _') from None
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise UsageError(f"the password is not strong enough: {' '.join(error.messages)}") from None
    with one_write():
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError:
            raise ConflictError(f'a user named "{name}" exists already') from None
        audit(actor=None, verb="user_added", subject=str(user.pk), at=at)
    return user


def create_token(user: User, *, name: str = "", at: datetime) -> NewToken:
    """Make a token for programs that act as `user`.

    Raises:
        StoreError: the store refused; nothing was kept.
    """
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    with one_write():
        token = ApiToken.objects.create(user=user, digest=digest_of(secret), name=name, created_at=at)
        audit(actor=user, verb="token_created", subject=str(token.pk), at=at)
    return NewToken(str(token.pk), user.username, secret)


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
    known = {field.name for field in Profile._meta.fields} - {"user", "welcomed_at"}
    unknown = next((field for field in changes if field not in known), None)
    if unknown is not None:
        raise UsageError(f'the profile has no field "{unknown}"')
    with one_write():
        profile = profile_of(user)
        for field, value in changes.items():
            setattr(profile, field, value)
        profile.welcomed_at = profile.welcomed_at or at
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

"""Whose session a call brings, asked for all calls of a round together.

The same answer as Django's own (`django.contrib.auth.get_user`), which asks for one session and then for one user: the session
is not over, its user may come in, and the password is still the one with which it was begun. Where any of that is in doubt the
answer is nobody, and whoever asked leaves it to Django.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.gathering import ask
from bedside.site.statements import among, key, select


@dataclass(slots=True, eq=False)
class _Asked:
    """A session by its key, and in the end whose it is."""

    session: str
    user: User | None = None


def user_of_session(session: str) -> User | None:
    """Whose session this is, or None where that is nobody, or not certain."""
    asked = _Asked(session)
    ask(asked, _tell_users)
    return asked.user


def _tell_users(asked: Sequence[_Asked]) -> None:
    among_keys, keys = among("session_key", [one.session for one in asked])
    rows = select(Session, ("session_key", "session_data", "expire_date"), f"WHERE {among_keys}", keys)
    now = clock.now()
    signed_in = {row.session_key: SessionStore().decode(row.session_data) for row in rows if row.expire_date > now}
    users = _users([user_id for data in signed_in.values() if (user_id := _user_id(data)) is not None])
    for one in asked:
        data = signed_in.get(one.session, {})
        user = users.get(_user_id(data))
        if user is not None and data.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS and _is_of(data, user):
            one.user = user


def _users(ids: Sequence[UUID]) -> dict[UUID | None, User]:
    if not ids:
        return {}
    among_ids, values = among("id", [key(one) for one in ids])
    fields = [field.name for field in User._meta.concrete_fields]
    return {user.pk: user for user in select(User, fields, f"WHERE is_active AND {among_ids}", values)}


def _user_id(data: dict[str, Any]) -> UUID | None:
    try:
        return UUID(data[SESSION_KEY])
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def _is_of(data: dict[str, Any], user: User) -> bool:
    """Was the session begun with the password that the user has now?"""
    return constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())

"""Sign-ins with a password are written into the audit log. The learner of a local site signs in without, and is not in it."""

from __future__ import annotations

from typing import Any

from bedside.site import clock
from bedside.site.accounts.audit import audit
from bedside.site.accounts.models import User
from bedside.site.database import one_write


def note_sign_in(sender: object, user: User, **_: Any) -> None:
    """Receives Django's `user_logged_in`."""
    with one_write():
        audit(actor=user, verb="signed_in", subject=str(user.pk), at=clock.now())

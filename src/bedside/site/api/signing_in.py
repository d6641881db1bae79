"""Who calls: by the token that the call brings, else by the site's session."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from bedside.site.accounts.models import User
from bedside.site.accounts.queries import user_of_token
from bedside.site.accounts.roles import Role, require_role


class BearerToken(HttpBearer):
    """`Authorization: Bearer TOKEN`. No forgery token is asked for: no browser sends this header by itself.

    Where roles are named, the token's user must have one of them.
    """

    def __init__(self, *roles: Role) -> None:
        super().__init__()
        self.roles = frozenset(roles)

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = user_of_token(token)
        if user is not None and self.roles:
            require_role(user, *sorted(self.roles))
        return user


class SiteSession(APIKeyCookie):
    """The site's session (in local mode the learner of this computer). A call that writes needs the forgery token."""

    param_name = "bedside_session"

    def __init__(self, *roles: Role) -> None:
        super().__init__(csrf=True)
        self.roles = frozenset(roles)

    def __call__(self, request: HttpRequest) -> Any:
        # a call that brings a token is who the token says, or nobody
        if "Authorization" in request.headers or not request.user.is_authenticated:
            return None
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        if self.roles:
            require_role(cast("User", request.user), *sorted(self.roles))
        return request.user


def signed_in_as(*roles: Role) -> tuple[BearerToken, SiteSession]:
    """For calls that need at least one of these roles: nobody gets 401, somebody without the role 403."""
    return BearerToken(*roles), SiteSession(*roles)


SIGNED_IN = (BearerToken(), SiteSession())

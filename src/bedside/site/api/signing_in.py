"""Who calls: by the token that the call brings, else by the site's session."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from bedside.site.accounts.models import User
from bedside.site.accounts.queries import user_of_token


class BearerToken(HttpBearer):
    """`Authorization: Bearer TOKEN`. No forgery token is asked for: no browser sends this header by itself."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return user_of_token(token)


class SiteSession(APIKeyCookie):
    """The site's session (in local mode the learner of this computer). A call that writes needs the forgery token."""

    param_name = "bedside_session"

    def __init__(self) -> None:
        super().__init__(csrf=True)

    def __call__(self, request: HttpRequest) -> Any:
        # a call that brings a token is who the token says, or nobody
        if "Authorization" in request.headers or not request.user.is_authenticated:
            return None
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return request.user


SIGNED_IN = (BearerToken(), SiteSession())

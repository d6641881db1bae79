"""The door of the office. Everything behind `/office` is closed unless its view names the roles that may enter."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from bedside.site.accounts.roles import Role, require_role
from bedside.site.pages import View, page, user_of

OFFICE = "/office"


def only(*roles: Role) -> Callable[[View], View]:
    """A page for somebody who is signed in and has at least one of these roles."""

    def guarded(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require_role(user_of(request), *roles)
            return view(request, *args, **kwargs)

        door = page(shown)
        door.roles = frozenset(roles)  # type: ignore[attr-defined]  # what `OfficeDoor` and the tests look for
        return door

    return guarded


class OfficeDoor:
    """Refuses every page behind `/office` whose view names no role: who forgets the guard closes the page, not opens it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, *_: Any) -> None:
        """Django calls this before each view."""
        path = request.path_info
        if (path == OFFICE or path.startswith(f"{OFFICE}/")) and not getattr(view, "roles", None):
            raise PermissionDenied("this page names no role that may enter")

"""What all page views share: who may see them, and which page an error becomes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from bedside.errors import ConflictError, NotAllowedError, NotFoundError, UsageError
from bedside.site.problems import TooOftenError, status_of

if TYPE_CHECKING:  # the apps import this module
    from bedside.site.accounts.models import User

View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """A page for somebody who is signed in. Refusals become pages that say what to do; nothing was changed then.

    What it shows is one person's, so no cache keeps it, unless the view says otherwise. (The service worker keeps the player's
    page by itself; what it stores does not follow this header.) A store that refuses is answered by the middleware.
    """

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFoundError as error:
            raise Http404(str(error)) from error
        except NotAllowedError as error:
            raise PermissionDenied(str(error)) from error
        except (UsageError, ConflictError, TooOftenError) as error:
            return render(request, "refused.html", {"why": str(error)}, status=status_of(error)[0])

    guarded = cast("View", login_required(shown))

    @wraps(view)
    def kept_by_nobody(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = guarded(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return kept_by_nobody


def user_of(request: HttpRequest) -> User:
    """Who asks; `page` has seen to it that somebody does."""
    assert request.user.is_authenticated
    return request.user

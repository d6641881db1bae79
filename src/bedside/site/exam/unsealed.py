"""Pages that are shut while a proctored sitting of who asks is under way."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bedside.site import clock
from bedside.site.exam.sealed import sealing_sitting
from bedside.site.pages import page, user_of

View = Callable[..., HttpResponse]


def unsealed(template: str) -> Callable[[View], View]:
    """A page that is shut while a proctored sitting is under way; `template` says so."""

    def guarded(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            sealing = sealing_sitting(user_of(request).pk, clock.now())
            if sealing is not None:
                return render(request, template, {"sealing": sealing}, status=409)
            return view(request, *args, **kwargs)

        return page(shown)

    return guarded

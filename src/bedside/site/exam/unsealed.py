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
from bedside.site.problems import TooOftenError, status_of

View = Callable[..., HttpResponse]


def unsealed(template: str) -> Callable[[View], View]:
    """A page that is shut while a proctored sitting is under way; `template` says so. What is asked too often is refused."""

    def guarded(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            sealing = sealing_sitting(user_of(request).pk, clock.now())
            if sealing is not None:
                return render(request, template, {"sealing": sealing}, status=409)
            try:
                return view(request, *args, **kwargs)
            except TooOftenError as error:
                return render(request, "refused.html", {"why": str(error)}, status=status_of(error)[0])

        return page(shown)

    return guarded

"""The progress pages. While a proctored sitting is under way they are shut, with everything that says how answers went."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bedside.site import clock
from bedside.site.content import current_content
from bedside.site.exam.sealed import sealing_sitting
from bedside.site.pages import page, user_of
from bedside.site.progress import pages
from bedside.site.progress.base import Base, base_of
from bedside.site.study.parts import take_in


@require_GET
@page
def progress(request: HttpRequest) -> HttpResponse:
    """Readiness over time, the days, and the next step."""
    return _shown(request, "progress", pages.readiness_page)


@require_GET
@page
def blueprint(request: HttpRequest) -> HttpResponse:
    """The map of the blueprint."""
    return _shown(request, "blueprint", pages.blueprint_page)


@require_GET
@page
def memory(request: HttpRequest) -> HttpResponse:
    """What will be remembered, and what falls due."""
    return _shown(request, "memory", pages.memory_page)


@require_GET
@page
def answers(request: HttpRequest) -> HttpResponse:
    """Confidence, time and reasons for errors."""
    return _shown(request, "answers", pages.answers_page)


def _shown(request: HttpRequest, name: str, made: Callable[[Base], pages.Page]) -> HttpResponse:
    user, at = user_of(request), clock.now()
    sealing = sealing_sitting(user.pk, at)
    if sealing is not None:
        return render(request, "progress/sealed.html", {"sealing": sealing})
    content = current_content()
    take_in(user, content, at=at)
    shown = made(base_of(user, content, at=at))
    return render(request, f"progress/{name}.html", {"tabs": pages.tabs(name), **shown})

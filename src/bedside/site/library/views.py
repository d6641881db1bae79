"""Pages about the exams: all side by side, and one in full, as they are on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bedside.errors import UsageError
from bedside.site import clock
from bedside.site.content import current_content
from bedside.site.library.page_queries import in_full, side_by_side
from bedside.site.pages import page


@require_GET
@page
def programmes(request: HttpRequest) -> HttpResponse:
    """The exams side by side."""
    on = _day(request)
    content = current_content()
    return render(
        request,
        "library/programmes.html",
        {**_as_of(request, on), "rows": side_by_side(content, on=on), "n_problems": len(content.problems)},
    )


@require_GET
@page
def programme(request: HttpRequest, name: str) -> HttpResponse:
    """One exam in full."""
    on = _day(request)
    exam = in_full(current_content().programme(name), on=on)
    return render(request, "library/programme.html", {**_as_of(request, on), "exam": exam})


def _as_of(request: HttpRequest, on: date) -> dict[str, Any]:
    """The day, whether the person asked for it, and what carries it along in the links to other exams."""
    is_asked = bool(request.GET.get("on"))
    return {"on": on, "is_asked": is_asked, "carried": f"?on={on}" if is_asked else ""}


def _day(request: HttpRequest) -> date:
    text = request.GET.get("on", "")
    if not text:
        return clock.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f'"{text[:20]}" is not a day; write it as 2026-05-14') from None

"""The planning pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bedside.site.pages import page


@require_GET
@page
def plan(request: HttpRequest) -> HttpResponse:
    """The page."""
    return render(request, "planning/plan.html")

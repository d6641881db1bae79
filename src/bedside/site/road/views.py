"""The timeline: the road as a picture, days set and taken back, and the days as a calendar."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bedside.errors import UsageError
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.calendar_text import MEDIA_TYPE, calendar_text
from bedside.site.pages import page, user_of
from bedside.site.road import actions
from bedside.site.road.calendar import events_of_road
from bedside.site.road.queries import has_plan, road_of
from bedside.site.road.showing import road_page

FRAGMENT = "X-Bedside-Part"  # the script asks for the part of the page that a move changes


@require_GET
@page
def timeline(request: HttpRequest) -> HttpResponse:
    """How long is the road, what comes next, and how late may it be?"""
    return _page(request, user_of(request), at=clock.now())


@require_POST
@page
def move(request: HttpRequest) -> HttpResponse:
    """Set the day of a milestone, or take it back. The script gets the part of the page that changed."""
    user, at = user_of(request), clock.now()
    is_part = FRAGMENT in request.headers
    milestone = request.POST.get("milestone", "")
    if "take_back" in request.POST:
        actions.take_back(user, request.POST["take_back"], at=at)
    else:
        actions.set_day(user, milestone, _day(request.POST.get("day", "")), at=at)
        if not is_part:
            messages.success(request, _("The day is set, and the road was made again."))
    return _page(request, user, at=at, template="road/part.html") if is_part else redirect("road:timeline")


@require_POST
@page
def choose(request: HttpRequest) -> HttpResponse:
    """Take a way where the road forks."""
    actions.choose(user_of(request), request.POST.get("choice", ""), request.POST.get("way", ""), at=clock.now())
    return redirect("road:timeline")


@require_GET
@page
def calendar(request: HttpRequest) -> HttpResponse:
    """The days that are left, as a file for a calendar."""
    user, at = user_of(request), clock.now()
    response = HttpResponse(calendar_text(_("Bedside: pathway"), events_of_road(user, at=at)), content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="pathway.ics"'
    return response


def _page(request: HttpRequest, user: User, *, at: datetime, template: str = "road/timeline.html") -> HttpResponse:
    if not has_plan():
        return render(request, "road/no_road.html")
    road = road_of(user, at=at)
    if road is None:
        return render(request, "road/first.html")
    return render(request, template, road_page(road))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(_("write the day as 2026-05-14")) from None

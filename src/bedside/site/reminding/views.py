"""Pages of the calendar and of the daily line, and the feed itself."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bedside.errors import UsageError
from bedside.site import clock
from bedside.site.calendar_text import MEDIA_TYPE
from bedside.site.content import current_content
from bedside.site.pages import page, user_of
from bedside.site.problems import TooOftenError
from bedside.site.reminding.actions import begin_days_at, close_feed, open_feed
from bedside.site.reminding.calendars import SomebodysCalendar, calendar_of
from bedside.site.reminding.mailboxes import HOURS, NotSentError, ask_for_line, stop_line
from bedside.site.reminding.queries import daily_line_of, feed_of, owner_of_feed

FILE_NAME = "bedside.ics"
USUAL_HOUR = 7


@require_GET
@page
def reminders(request: HttpRequest) -> HttpResponse:
    """The calendar and the daily line: what is on, and how to have it."""
    return _shown(request)


@require_POST
@page
def feed_address(request: HttpRequest) -> HttpResponse:
    """Make the feed's address, or another one, and show it this once; or let it lead nowhere."""
    user = user_of(request)
    if "close" in request.POST:
        close_feed(user)
        messages.success(request, _("The address leads nowhere now."))
        return redirect("reminding:reminders")
    secret = open_feed(user, at=clock.now())
    return _shown(request, address=request.build_absolute_uri(reverse("reminding:feed", args=[secret])))


@require_POST
@page
def study_hour(request: HttpRequest) -> HttpResponse:
    """Keep the time at which a day of study begins."""
    told = request.POST.get("begins_at", "").strip()
    begin_days_at(user_of(request), _time(told) if told else None)
    messages.success(request, _("Saved."))
    return redirect("reminding:reminders")


@require_GET
@page
def download(request: HttpRequest) -> HttpResponse:
    """The calendar as a file."""
    calendar = calendar_of(user_of(request), current_content(), at=clock.now())
    return HttpResponse(
        calendar.text(), content_type=MEDIA_TYPE, headers={"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    )


@require_http_methods(["GET", "HEAD"])
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar for a program that has its address; nobody is signed in, and no cookie is set or read."""
    user = owner_of_feed(secret)
    if user is None:
        raise Http404
    calendar = calendar_of(user, current_content(), at=clock.now())
    response = get_conditional_response(request, etag=f'"{calendar.tag}"', response=None) or _feed_response(calendar)
    response.headers["ETag"] = f'"{calendar.tag}"'
    response.headers["Cache-Control"] = "private, no-cache"  # kept by the program that asks, and asked for anew
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_POST
@page
def line(request: HttpRequest) -> HttpResponse:
    """Ask for the daily line, change its hour, or stop it."""
    user = user_of(request)
    if "stop" in request.POST:
        stop_line(user)
        messages.success(request, _("No more mails come, and your address is forgotten."))
        return redirect("reminding:reminders")
    address, hour = request.POST.get("address", ""), request.POST.get("hour", "")
    try:
        is_asked = ask_for_line(user, address, int(hour) if hour in {str(one) for one in HOURS} else -1, at=clock.now())
    except (UsageError, TooOftenError, NotSentError) as error:
        status = 429 if isinstance(error, TooOftenError) else 409 if isinstance(error, NotSentError) else 400
        return _shown(request, status=status, problem=str(error), told={"address": address, "hour": hour})
    messages.success(request, _("A mail is on its way. Follow its link to confirm.") if is_asked else _("Saved."))
    return redirect("reminding:reminders")


def _shown(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    user = user_of(request)
    kept, wish = feed_of(user), daily_line_of(user)
    told = more.get("told") or {
        "address": wish.address if wish else user.email,
        "hour": str(wish.hour if wish else USUAL_HOUR),
    }
    context = {
        "feed": kept,
        "begins_at": kept.begins_at.strftime("%H:%M") if kept.begins_at else "",
        "wish": wish,
        "hours": [(str(hour), f"{hour:02}:00") for hour in HOURS],
        "can_mail": settings.CAN_MAIL,
        "is_local": settings.IS_LOCAL,
        **more,
        "told": told,
    }
    return render(request, "reminding/reminders.html", context, status=status)


def _feed_response(calendar: SomebodysCalendar) -> HttpResponse:
    return HttpResponse(
        calendar.text(), content_type=MEDIA_TYPE, headers={"Content-Disposition": f'inline; filename="{FILE_NAME}"'}
    )


def _time(told: str) -> time:
    try:
        return time.fromisoformat(told)
    except ValueError:
        raise UsageError(_("write the time as 18:30, or leave it empty")) from None

"""The proctor's pages: the list of who sits where, one sitting with its log, and what a proctor does to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bedside.delivery import as_of
from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.site import clock
from bedside.site.accounts.accommodations import MAX_REASON_CHARACTERS
from bedside.site.accounts.guard import only
from bedside.site.accounts.models import MAX_EXTRA_MINUTES, TIME_FACTORS, User
from bedside.site.accounts.page_queries import step_title
from bedside.site.accounts.roles import BANK_ROLES, Role
from bedside.site.content import Content, current_content
from bedside.site.exam import proctoring
from bedside.site.exam.log import folded
from bedside.site.exam.models import Sitting
from bedside.site.exam.queries import Standing
from bedside.site.office.places import FIRST, places_for
from bedside.site.office.queries import SHOWS, Seat, Show, log_lines, seat, seats
from bedside.site.office.words import SHOW_TEXTS, SeatLine, log_text, seat_line
from bedside.site.pages import user_of

LOG_LINES = 200
NO_ID = UUID(int=0)
Deed = Callable[[User, UUID, QueryDict, datetime], Any]


@require_GET
@only(Role.PROCTOR, *BANK_ROLES)
def office(request: HttpRequest) -> HttpResponse:
    """The first page of the office that is open to who asks."""
    mine = {place.name for place in places_for(user_of(request))}
    return redirect(next(name for name in FIRST if name in mine))


@require_GET
@only(Role.PROCTOR)
def proctor(request: HttpRequest) -> HttpResponse:
    """Who sits where."""
    return render(request, "office/proctor.html", _list(request))


@require_GET
@only(Role.PROCTOR)
def proctor_live(request: HttpRequest) -> HttpResponse:
    """The part of the list that changes, for the script that puts it in place."""
    return render(request, "office/seats.html", _list(request))


@require_POST
@only(Role.PROCTOR)
def message_all(request: HttpRequest) -> HttpResponse:
    """Say something to everybody whose proctored sitting has not ended."""
    text, reason = request.POST.get("text", ""), request.POST.get("reason", "")
    try:
        sent = proctoring.send_message_to_all(user_of(request), text=text, reason=reason, at=clock.now())
    except UsageError as error:
        context = {**_list(request), "problem": str(error), "text": text, "reason": reason}
        return render(request, "office/proctor.html", context, status=400)
    messages.success(request, _("Sent to %(n)d.") % {"n": sent.n_sent})
    if sent.failed:
        messages.warning(request, _("Not sent to %(n)d, whose sittings can take no message now.") % {"n": len(sent.failed)})
    return redirect("office:proctor")


@require_GET
@only(Role.PROCTOR)
def sitting(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """One proctored sitting: how it stands, what can be done to it, and its log."""
    return render(request, "office/sitting.html", _one(request, sitting_id))


@require_GET
@only(Role.PROCTOR)
def sitting_live(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """The part of the page that changes, for the script that puts it in place."""
    return render(request, "office/sitting_live.html", _one(request, sitting_id))


@require_POST
@only(Role.PROCTOR)
def act(request: HttpRequest, sitting_id: UUID, deed: str) -> HttpResponse:
    """Do one thing to a sitting."""
    if deed not in DEEDS:
        raise NotFoundError(f'there is no deed "{deed}"')
    try:
        DEEDS[deed](user_of(request), sitting_id, request.POST, clock.now())
    except (UsageError, ConflictError) as error:
        status = 409 if isinstance(error, ConflictError) else 400
        context = {**_one(request, sitting_id), "problem": str(error), "open": deed, "values": request.POST}
        return render(request, "office/sitting.html", context, status=status)
    messages.success(request, _DONE[deed]())
    return redirect("office:sitting", sitting_id)


def _grant(who: User, sitting_id: UUID, data: QueryDict, at: datetime) -> None:
    seconds = _number(data, "minutes", most=proctoring.MAX_GRANT_S // 60) * 60
    proctoring.grant_time(who, sitting_id, seconds=seconds, reason=data.get("reason", ""), at=at)


def _accommodate(who: User, sitting_id: UUID, data: QueryDict, at: datetime) -> None:
    """Minutes are those of the room; a compressed sitting's own clock runs faster, and its seconds are fewer."""
    row = Sitting.objects.filter(pk=sitting_id, is_proctored=True).first()
    pace = row.delivery_form().pace if row else Fraction(1)
    proctoring.accommodate(
        who,
        sitting_id,
        time_factor=data.get("time_factor", ""),
        extra_break_s=int(_number(data, "extra_break_minutes", most=MAX_EXTRA_MINUTES) * 60 / pace),
        stop_clock_s=int(_number(data, "stop_clock_minutes", most=MAX_EXTRA_MINUTES) * 60 / pace),
        reason=data.get("reason", ""),
        at=at,
    )


def _void(who: User, sitting_id: UUID, data: QueryDict, at: datetime) -> None:
    if "sure" not in data:
        raise UsageError(_("tick the box to say that it is meant; a void sitting can't be brought back"))
    proctoring.void(who, sitting_id, reason=data.get("reason", ""), at=at)


DEEDS: Mapping[str, Deed] = {
    "grant": _grant,
    "suspend": lambda who, one, data, at: proctoring.suspend(who, one, reason=data.get("reason", ""), at=at),
    "reopen": lambda who, one, data, at: proctoring.reopen(who, one, reason=data.get("reason", ""), at=at),
    "message": lambda who, one, data, at: proctoring.send_message(
        who, one, text=data.get("text", ""), reason=data.get("reason", ""), at=at
    ),
    "accommodate": _accommodate,
    "void": _void,
}
_DONE: Mapping[str, Callable[[], str]] = {
    "grant": lambda: _("Time is granted."),
    "suspend": lambda: _("The clock is stopped."),
    "reopen": lambda: _("The clock runs again."),
    "message": lambda: _("The message is sent."),
    "accommodate": lambda: _("The accommodation is changed."),
    "void": lambda: _("The sitting is void."),
}


def _list(request: HttpRequest) -> dict[str, Any]:
    at, asked, name = clock.now(), request.GET.get("show", "now"), request.GET.get("name", "").strip()[:150]
    show: Show = next((one for one in SHOWS if one == asked), "now")
    found = seats(at=at, show=show, name=name)
    content = current_content()
    return {
        "at": at,
        "show": show,
        "name": name,
        "shows": [{"name": one, "text": SHOW_TEXTS[one]} for one in SHOWS],
        "lines": [_line(one, content) for one in found],
        "places": reverse("office:sitting", args=[NO_ID]).removesuffix(str(NO_ID)),
        "n_unseen": sum(one.is_unseen for one in found),
        "n_stopped": sum(one.state == "suspended" for one in found),
        "max_message": proctoring.MAX_MESSAGE_CHARACTERS,
        "max_reason": MAX_REASON_CHARACTERS,
        "query": request.GET.urlencode(),
    }


def _line(found: Seat, content: Content) -> SeatLine:
    return seat_line(found, step_title(content, found.programme, found.step))


def _one(request: HttpRequest, sitting_id: UUID) -> dict[str, Any]:
    at = clock.now()
    found = seat(sitting_id, at=at)
    if found is None:
        raise NotFoundError(f"there is no proctored sitting {sitting_id}")
    row = Sitting.objects.select_related("user").get(pk=sitting_id)
    form = row.delivery_form()
    now = max(at, row.clock_at)
    standing = Standing(row, form, as_of(form, folded(row, form), now), now)
    in_force = standing.state.accommodation
    # beside the list's figures: what is left while the clock is stopped
    found = replace(found, remaining_ms=standing.remaining_ms)
    return {
        "at": at,
        "line": _line(found, current_content()),
        "is_own": row.user == request.user,
        "is_over": found.state in proctoring.ENDED,
        "log": [log_text(line) for line in log_lines(sitting_id, limit=LOG_LINES)],
        "n_log": LOG_LINES,
        "n_events": row.n_arrivals,
        "factors": TIME_FACTORS,
        "factor": in_force.time_factor,
        "factor_text": dict(TIME_FACTORS).get(in_force.time_factor, in_force.time_factor),
        "extra_break_minutes": _minutes(in_force.extra_break_s, form.pace),
        "stop_clock_minutes": _minutes(in_force.stop_clock_s, form.pace),
        "max_minutes": MAX_EXTRA_MINUTES,
        "max_message": proctoring.MAX_MESSAGE_CHARACTERS,
        "max_reason": MAX_REASON_CHARACTERS,
        "values": {},
    }


def _minutes(seconds: int, pace: Fraction) -> int:
    return round(seconds * pace / 60)


def _number(data: QueryDict, name: str, *, most: int) -> int:
    text = data.get(name, "").strip() or "0"
    if not text.isascii() or not text.isdigit() or len(text) > 6 or int(text) > most:
        raise UsageError(_("write a whole number of minutes from 0 to %(most)d") % {"most": most})
    return int(text)

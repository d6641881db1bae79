"""The office's pages on registrations: all of them, one with its history, and which programmes require them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.site import clock
from bedside.site.accounts.accommodations import MAX_REASON_CHARACTERS
from bedside.site.accounts.guard import only
from bedside.site.accounts.models import User
from bedside.site.accounts.page_queries import step_title
from bedside.site.accounts.roles import Role, has_role
from bedside.site.content import current_content
from bedside.site.pages import user_of
from bedside.site.registration.models import OPEN, STANDING, SUSPENDED, Registration
from bedside.site.registration.queries import (
    DEED_WORDS,
    SHOWS,
    STATE_WORDS,
    candidates,
    programmes,
    refusal_of,
    registrations,
    said_days,
)
from bedside.site.registration.registering import (
    NotEligibleError,
    ask_again,
    extend,
    registration_named,
    withdraw,
)
from bedside.site.registration.required import require_registration
from bedside.site.registration.rules import MOST_EXTENSIONS, window_of

READERS = (Role.PROCTOR, Role.ADMINISTRATOR)
Deed = Callable[[User, UUID, QueryDict, datetime], Registration]


@require_GET
@only(*READERS)
def everybody(request: HttpRequest) -> HttpResponse:
    """Who is registered, who may be, and which programmes require it."""
    return render(request, "registration/list.html", _everybody(request))


@require_POST
@only(Role.ADMINISTRATOR)
def required(request: HttpRequest) -> HttpResponse:
    """Require registrations for a programme, or no longer."""
    data = request.POST
    try:
        require_registration(
            user_of(request),
            data.get("programme", ""),
            data.get("required") == "1",
            reason=data.get("reason", ""),
            at=clock.now(),
        )
    except (UsageError, ConflictError) as error:
        context = {**_everybody(request), "problem": str(error), "values": data, "open": data.get("programme", "")}
        return render(request, "registration/list.html", context, status=status_of_page(error))
    messages.success(request, _("Saved."))
    return redirect("registration:list")


@require_GET
@only(*READERS)
def one(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    """One registration with all that was done to it."""
    return render(request, "registration/one.html", _one(request, registration_id))


@require_POST
@only(Role.ADMINISTRATOR)
def act(request: HttpRequest, registration_id: UUID, deed: str) -> HttpResponse:
    """Do one thing to a registration."""
    if deed not in DEEDS:
        raise NotFoundError(f'there is no deed "{deed}"')
    try:
        DEEDS[deed](user_of(request), registration_id, request.POST, clock.now())
    except (UsageError, ConflictError) as error:
        context = {**_one(request, registration_id), "problem": str(error), "values": request.POST, "open": deed}
        if isinstance(error, NotEligibleError):
            context |= {"refusal": refusal_of(str(error), error.judgement), "problem": ""}
        return render(request, "registration/one.html", context, status=status_of_page(error))
    messages.success(request, _("Done."))
    return redirect("registration:one", registration_id)


def _extend(who: User, registration_id: UUID, data: QueryDict, at: datetime) -> Registration:
    last = read_day(data, "last")
    overridden = data.getlist("override")
    return extend(who, registration_id, last=last, at=at, reason=data.get("reason", ""), overridden=overridden)


DEEDS: Mapping[str, Deed] = {
    "extend": _extend,
    "withdraw": lambda who, one_, data, at: withdraw(who, one_, at=at, reason=data.get("reason", "")),
    "ask": lambda who, one_, data, at: ask_again(
        who, one_, at=at, reason=data.get("reason", ""), overridden=data.getlist("override")
    ),
}


def read_day(data: QueryDict, name: str) -> date | None:
    """A day of a form, or None where it was left empty.

    Raises:
        UsageError: no day.
    """
    text = data.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(_("write the day as 2027-03-14")) from None


def status_of_page(error: Exception) -> int:
    """The status of a page that says why something was not done."""
    return 409 if isinstance(error, ConflictError) else 400


def _everybody(request: HttpRequest) -> dict[str, Any]:
    on, content = clock.now().date(), current_content()
    asked, name = request.GET.get("show", "open"), request.GET.get("name", "").strip()[:150]
    show = asked if asked in SHOWS else "open"
    lines = registrations(content, show=show, name=name, on=on)
    return {
        "lines": lines,
        "n_suspended": sum(line.needs_a_look for line in lines),
        "candidates": candidates(name=name),
        "programmes": programmes(content, on=on),
        "show": show,
        "shows": SHOWS,
        "name": name,
        "may_act": has_role(user_of(request), Role.ADMINISTRATOR),
        "max_reason": MAX_REASON_CHARACTERS,
        "values": {},
    }


def _one(request: HttpRequest, registration_id: UUID) -> dict[str, Any]:
    row, on, user = registration_named(registration_id), clock.now().date(), user_of(request)
    window = window_of(row.programme, on)
    may_act = has_role(user, Role.ADMINISTRATOR) and user != row.candidate
    is_current = row.state in OPEN and row.last_day >= on
    can_extend = row.state == STANDING and is_current and (window is None or row.n_extensions < MOST_EXTENSIONS)
    deeds = [
        {"row": deed, "text": DEED_WORDS[deed.verb], "days": said_days(deed.answer), "rules": deed.answer.get("rules", [])}
        for deed in row.deeds.select_related("by", "record").order_by("-number")
    ]
    return {
        "row": row,
        "step": step_title(current_content(), row.programme, row.step),
        "state": STATE_WORDS[row.state],
        "is_over": row.state in OPEN and not is_current,
        "deeds": deeds,
        "is_own": user == row.candidate,
        "may_act": may_act,
        "can_extend": may_act and can_extend,
        "can_withdraw": may_act and row.state in OPEN,
        "can_ask": may_act and row.state == SUSPENDED and is_current,
        "window": window,
        "last": window.last_day(row.last_day + timedelta(days=1)) if window else None,
        "max_reason": MAX_REASON_CHARACTERS,
        "values": {},
    }

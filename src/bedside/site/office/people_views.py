"""Pages on people: who has which roles, what was approved for whose exams, and the audit log of all that."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bedside.errors import ConflictError, UsageError
from bedside.site import clock
from bedside.site.accounts.accommodations import MAX_REASON_CHARACTERS, approve_accommodation, approved_of, read_reason
from bedside.site.accounts.actions import add_user
from bedside.site.accounts.audit import VERBS
from bedside.site.accounts.guard import only
from bedside.site.accounts.models import LOCAL_LEARNER, MAX_EXTRA_MINUTES, TIME_FACTORS, User
from bedside.site.accounts.role_changes import change_roles, set_active
from bedside.site.accounts.roles import LEARNER_ROLES, ROLE_NAMES, ROLE_TEXTS, Role, read_roles
from bedside.site.office.people_queries import MAX_PEOPLE, AuditFilter, audit_lines, people, person, read_audit_filter
from bedside.site.pages import user_of


@require_http_methods(["GET", "POST"])
@only(Role.ADMINISTRATOR)
def everybody(request: HttpRequest) -> HttpResponse:
    """Everybody with their roles; POST adds a person."""
    problem, status = "", 200
    if request.method == "POST":
        try:
            added = _add(request)
        except (UsageError, ConflictError) as error:
            problem, status = str(error), 409 if isinstance(error, ConflictError) else 400
        else:
            messages.success(request, _("%(name)s is added.") % {"name": added.username})
            return redirect("office:person", added.pk)
    name, asked = request.GET.get("name", "").strip()[:150], request.GET.get("role", "")
    role = Role(asked) if asked in set(Role) else None
    context = {
        "people": people(name=name, role=role),
        "name": name,
        "role": asked if role else "",
        "roles": _role_choices(frozenset(request.POST.getlist("role")) or {Role.CANDIDATE}),
        "max_people": MAX_PEOPLE,
        "problem": problem,
        "values": request.POST,
    }
    return render(request, "office/people.html", context, status=status)


@require_http_methods(["GET", "POST"])
@only(Role.ADMINISTRATOR)
def one_person(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """The roles of one person, and whether they may sign in; POST changes them."""
    user, problem, status = person(user_id), "", 200
    if request.method == "POST":
        try:
            _change(request, user)
        except (UsageError, ConflictError) as error:
            problem, status = str(error), 409 if isinstance(error, ConflictError) else 400
            user = person(user_id)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:person", user.pk)
    held = set(user.role_grants.values_list("role", flat=True))
    is_learner = user.username == LOCAL_LEARNER
    context = {
        "person": user,
        "roles": _role_choices(set(request.POST.getlist("role")) if problem else held, is_learner=is_learner),
        "is_learner": is_learner,
        "tokens": user.tokens.filter(revoked_at__isnull=True).order_by("created_at"),
        "problem": problem,
        "reason": request.POST.get("reason", ""),
        "max_reason": MAX_REASON_CHARACTERS,
    }
    return render(request, "office/person.html", context, status=status)


@require_GET
@only(Role.PROCTOR, Role.ADMINISTRATOR)
def accommodations(request: HttpRequest) -> HttpResponse:
    """What was approved for whose proctored exams."""
    name = request.GET.get("name", "").strip()[:150]
    found = [one for one in people(name=name, role=Role.CANDIDATE) if not one.is_learner]
    context = {"people": found, "name": name, "factors": dict(TIME_FACTORS)}
    return render(request, "office/accommodations.html", context)


@require_http_methods(["GET", "POST"])
@only(Role.PROCTOR, Role.ADMINISTRATOR)
def accommodation(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """What was approved for one person; POST approves anew."""
    user, problem = person(user_id), ""
    if request.method == "POST":
        try:
            _approve(request, user)
        except UsageError as error:
            problem = str(error)
        else:
            messages.success(request, _("Approved."))
            return redirect("office:accommodations")
    approved = approved_of(user)
    context = {
        "person": user,
        "is_own": user == request.user,
        "approved": approved,
        "history": user.approved_accommodations.select_related("approved_by").order_by("-approved_at"),
        "factors": TIME_FACTORS,
        "factor": request.POST.get("time_factor") or (approved.time_factor if approved else "1"),
        "extra_break_minutes": request.POST.get("extra_break_minutes", approved.extra_break_minutes if approved else 0),
        "stop_clock_minutes": request.POST.get("stop_clock_minutes", approved.stop_clock_minutes if approved else 0),
        "max_minutes": MAX_EXTRA_MINUTES,
        "max_reason": MAX_REASON_CHARACTERS,
        "reason": request.POST.get("reason", ""),
        "problem": problem,
    }
    return render(request, "office/accommodation.html", context, status=400 if problem else 200)


@require_GET
@only(Role.ADMINISTRATOR)
def audit(request: HttpRequest) -> HttpResponse:
    """Who did what, the newest first."""
    problem = ""
    try:
        wanted = read_audit_filter(request.GET.dict())
    except UsageError as error:
        problem, wanted = str(error), AuditFilter()
    lines, before = audit_lines(wanted)
    asked = {name: request.GET.get(name, "") for name in ("verb", "who", "since", "until")}
    older = (
        urlencode({**{name: value for name, value in asked.items() if value}, "before": before.isoformat()}) if before else ""
    )
    context = {
        "lines": lines,
        "older": older,
        "verbs": VERBS,
        "asked": asked,
        "is_newest": not request.GET.get("before"),
        "problem": problem,
    }
    return render(request, "office/audit.html", context, status=400 if problem else 200)


def _add(request: HttpRequest) -> User:
    return add_user(
        request.POST.get("username", ""),
        password=request.POST.get("password") or None,
        at=clock.now(),
        roles=read_roles(request.POST.getlist("role")),
        actor=user_of(request),
    )


def _change(request: HttpRequest, user: User) -> None:
    reason, actor, at = read_reason(request.POST.get("reason", "")), user_of(request), clock.now()
    if "close" in request.POST or "open" in request.POST:
        set_active(user, "open" in request.POST, at=at, actor=actor, reason=reason)
        return
    change_roles(user, read_roles(request.POST.getlist("role")), at=at, actor=actor, reason=reason)


def _approve(request: HttpRequest, user: User) -> None:
    data = request.POST
    approve_accommodation(
        user,
        time_factor=data.get("time_factor", ""),
        extra_break_minutes=_minutes(data, "extra_break_minutes"),
        stop_clock_minutes=_minutes(data, "stop_clock_minutes"),
        reason=data.get("reason", ""),
        actor=user_of(request),
        at=clock.now(),
    )


def _minutes(data: QueryDict, name: str) -> int:
    text = data.get(name, "").strip() or "0"
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise UsageError(_("write a whole number of minutes from 0 to %(most)d") % {"most": MAX_EXTRA_MINUTES})
    return int(text)


def _role_choices(held: frozenset[str] | set[Any], *, is_learner: bool = False) -> list[dict[str, Any]]:
    return [
        {
            "role": role.value,
            "name": ROLE_NAMES[role],
            "text": ROLE_TEXTS[role],
            "is_held": role.value in held,
            "is_barred": is_learner and role not in LEARNER_ROLES,
        }
        for role in Role
    ]

"""Pages of a person: the first run, and what they told and chose."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bedside.errors import UsageError
from bedside.site import clock
from bedside.site.accounts.accommodations import approved_of
from bedside.site.accounts.actions import update_profile
from bedside.site.accounts.forms import ExamForm, MeForm
from bedside.site.accounts.models import LOCAL_LEARNER, MAX_EXTRA_MINUTES, TIME_FACTORS, Profile
from bedside.site.accounts.page_queries import step_choices
from bedside.site.accounts.queries import profile_of
from bedside.site.accounts.roles import ROLE_NAMES, roles_of
from bedside.site.content import current_content
from bedside.site.pages import page, user_of

DISPLAY_FIELDS = frozenset({"theme", "text_size"})  # what the player may change by itself

SWITCHES = ("has_letter_keys", "is_motion_reduced", "is_reader_safe")


@require_http_methods(["GET", "POST"])
@page
def welcome(request: HttpRequest) -> HttpResponse:
    """The first run: three questions, each of which can be skipped."""
    content = current_content()
    user = user_of(request)
    form = ExamForm(request.POST or None, content=content)
    if request.method == "POST":
        if "skip" in request.POST:
            update_profile(user, at=clock.now())
            return redirect("today:today")
        if form.is_valid():
            update_profile(user, at=clock.now(), **form.changes())
            return redirect("today:today")
    profile = profile_of(user)
    return render(
        request,
        "accounts/welcome.html",
        {"form": form, "choices": step_choices(content), "values": _values(form, profile)},
        status=400 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@page
def me(request: HttpRequest) -> HttpResponse:
    """What a person told and chose, and the way to take their data out."""
    content = current_content()
    user = user_of(request)
    form = MeForm(request.POST or None, content=content)
    if request.method == "POST" and form.is_valid():
        update_profile(user, at=clock.now(), first_name=form.cleaned_data["first_name"], **form.changes())
        messages.success(request, _("Saved."))
        return redirect("accounts:me")
    profile = profile_of(user)
    context = {
        "form": form,
        "profile": profile,
        "values": _values(form, profile) | {"first_name": form.data.get("first_name", user.first_name)},
        "choices": step_choices(content),
        "themes": Profile.THEMES,
        "text_sizes": Profile.TEXT_SIZES,
        "language": get_language(),
        "n_responses": user.responses.count(),
        "time_factors": TIME_FACTORS,
        "max_extra_minutes": MAX_EXTRA_MINUTES,
        "approved": approved_of(user),
        "is_learner": user.username == LOCAL_LEARNER,
        "roles": [ROLE_NAMES[role] for role in sorted(roles_of(user))],
    }
    return render(request, "accounts/me.html", context, status=400 if form.errors else 200)


@require_POST
@page
def display(request: HttpRequest) -> HttpResponse:
    """Keep the look that was chosen in the player."""
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):  # the second: brackets within brackets, thousands deep
        raise UsageError("the body is not JSON") from None
    except RequestDataTooBig:
        raise UsageError("the body is too large") from None
    if not isinstance(told, dict) or not told or not told.keys() <= DISPLAY_FIELDS:
        raise UsageError(f"the body must be an object with {' or '.join(sorted(DISPLAY_FIELDS))}")
    if not all(isinstance(value, str) for value in told.values()):
        raise UsageError("each value must be a text")
    update_profile(user_of(request), at=clock.now(), **told)
    return JsonResponse({"kept": sorted(told)})


def _values(form: ExamForm, profile: Profile) -> dict[str, Any]:
    """What stands in the fields: what was sent, else what is kept."""
    kept = {
        "step": f"{profile.programme}/{profile.step}" if profile.programme else "",
        "exam_on": profile.exam_on.isoformat() if profile.exam_on else "",
        "minutes_a_day": profile.minutes_a_day or "",
        "theme": profile.theme,
        "text_size": profile.text_size,
        "time_factor": profile.time_factor,
        "extra_break_minutes": profile.extra_break_minutes,
        "stop_clock_minutes": profile.stop_clock_minutes,
    }
    switches = {name: getattr(profile, name) for name in SWITCHES}
    if not form.is_bound:
        return kept | switches
    return {name: form.data.get(name, "") for name in kept} | {name: name in form.data for name in SWITCHES}

"""The plan: the weeks ahead, what can be said about them, and blocks of what is due."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bedside.errors import StoreError, UsageError
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.accounts.page_queries import step_choices, step_title
from bedside.site.accounts.queries import profile_of
from bedside.site.content import Content, current_content
from bedside.site.pages import page, user_of
from bedside.site.planning import actions
from bedside.site.planning.blocks import block_of_due
from bedside.site.planning.calendars import WEEK_DAYS, Times, times_of
from bedside.site.planning.forms import DaysOffForm, GoalForm, PlanForm
from bedside.site.planning.nightly import first_look
from bedside.site.planning.page_queries import plan_page
from bedside.site.planning.planned import goals_of, keep_plan
from bedside.site.planning.queries import plan_of
from bedside.site.problems import NoItemsError

SEED_BITS = 62  # fits the database's signed integer


@require_http_methods(["GET", "POST"])
@page
def plan(request: HttpRequest) -> HttpResponse:
    """The weeks ahead; POST changes the exam and the minutes."""
    user, content, at = user_of(request), current_content(), clock.now()
    form = PlanForm(request.POST or None, content=content)
    if request.method == "POST" and form.is_valid():
        programme, step = form.cleaned_data["step"]
        exam_on = form.cleaned_data["exam_on"]
        actions.set_exam(user, content, programme=programme, step=step, exam_on=exam_on, at=at)
        actions.set_week(user, form.week, at=at)
        messages.success(request, _("Saved, and the plan was made again."))
        return redirect("planning:plan")
    return _page(request, user, content, at=at, form=form, days_form=None, goal_form=None)


@require_POST
@page
def days_off(request: HttpRequest) -> HttpResponse:
    """A stretch of days off more, or one less."""
    user, content, at = user_of(request), current_content(), clock.now()
    if "remove" in request.POST:
        first, last = _range(request.POST["remove"])
        actions.remove_days_off(user, first, last, at=at)
        return redirect("planning:plan")
    form = DaysOffForm(request.POST)
    if form.is_valid():
        first = form.cleaned_data["first"]
        try:
            actions.add_days_off(user, first, form.cleaned_data["last"] or first, at=at)
            return redirect("planning:plan")
        except UsageError as error:
            form.add_error("last", str(error))
    return _page(request, user, content, at=at, form=None, days_form=form, goal_form=None)


@require_POST
@page
def goals(request: HttpRequest) -> HttpResponse:
    """An exam after the next one more, or one less."""
    user, content, at = user_of(request), current_content(), clock.now()
    if "remove" in request.POST:
        actions.remove_goal(user, _key(request.POST["remove"]), at=at)
        return redirect("planning:plan")
    form = GoalForm(request.POST, content=content)
    if form.is_valid():
        programme, step = form.cleaned_data["step"]
        try:
            exam_on = form.cleaned_data["exam_on"]
            actions.add_goal(user, content, programme=programme, step=step, exam_on=exam_on, at=at)
            return redirect("planning:plan")
        except UsageError as error:
            form.add_error("step", str(error))
    return _page(request, user, content, at=at, form=None, days_form=None, goal_form=form)


@require_POST
@page
def due_block(request: HttpRequest) -> HttpResponse:
    """A block of the unseen items that test what is due."""
    try:
        made = block_of_due(user_of(request), current_content(), seed=secrets.randbits(SEED_BITS), at=clock.now())
    except NoItemsError:
        return redirect("study:study")  # they were done elsewhere meanwhile
    return redirect("exam:sit", made.sitting.pk)


def _page(
    request: HttpRequest,
    user: User,
    content: Content,
    *,
    at: datetime,
    form: PlanForm | None,
    days_form: DaysOffForm | None,
    goal_form: GoalForm | None,
) -> HttpResponse:
    try:
        first_look(user, content, at=at)
        keep_plan(user, content, at=at)
    except StoreError:
        pass  # it is made for this page all the same
    profile = profile_of(user)
    times = times_of(user, profile)
    found = plan_of(user, content, at=at)
    shown = {
        **plan_page(found),
        "form": form,
        "days_form": days_form,
        "goal_form": goal_form,
        "choices": step_choices(content),
        "values": _values(form, profile.programme, profile.step, profile.exam_on),
        "week": _week(form, times),
        "ranges": [_range_row(first, last) for first, last in times.ranges_off if last >= found.on],
        "goals": [(goal, step_title(content, goal.programme, goal.step)) for goal in goals_of(user)],
        "problem_title": _title(content, found.told["road_problem"]),
        "is_over": profile.exam_on is not None and profile.exam_on < found.on,
        "profile": profile,
    }
    is_wrong = any(one is not None and one.errors for one in (form, days_form, goal_form))
    return render(request, "planning/plan.html", shown, status=400 if is_wrong else 200)


def _values(form: PlanForm | None, programme: str, step: str, exam_on: date | None) -> dict[str, str]:
    if form is not None and form.is_bound:
        return {name: form.data.get(name, "") for name in ("step", "exam_on")}
    return {"step": f"{programme}/{step}" if programme else "", "exam_on": exam_on.isoformat() if exam_on else ""}


def _week(form: PlanForm | None, times: Times) -> list[dict[str, object]]:
    names = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
    kept = [str(round(minutes)) for minutes in times.calendar.weekday_minutes]
    is_bound = form is not None and form.is_bound
    return [
        {
            "id": f"minutes_{day}",
            "name": names[day],
            "value": form.data.get(f"minutes_{day}", "") if form is not None and is_bound else kept[day],
            "problems": form.errors.get(f"minutes_{day}", []) if form is not None and is_bound else [],
        }
        for day in range(WEEK_DAYS)
    ]


def _range_row(first: date, last: date) -> dict[str, object]:
    return {"first": first, "last": last, "value": f"{first.isoformat()}/{last.isoformat()}"}


def _range(text: str) -> tuple[date, date]:
    first, _slash, last = text.partition("/")
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise UsageError("say which days off, as 2027-01-02/2027-01-09") from None


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UsageError("say which exam, by its key") from None


def _title(content: Content, name: str) -> str:
    programme, _slash, step = name.partition("/")
    return step_title(content, programme, step) if name else ""

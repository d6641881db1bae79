"""The first page: what to do now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from bedside.site import clock
from bedside.site.accounts.page_queries import step_title
from bedside.site.accounts.queries import profile_of
from bedside.site.content import current_content
from bedside.site.pages import page, user_of
from bedside.site.practice.choice import kept_choice
from bedside.site.practice.page_queries import offer, past_blocks
from bedside.site.practice.pool import history_of
from bedside.site.study.parts import today_part
from bedside.site.today.queries import last_week

SHOWN_BLOCKS = 5


@require_GET
@page
def today(request: HttpRequest) -> HttpResponse:
    """Go on with what is open, else start the next block."""
    user, at = user_of(request), clock.now()
    profile = profile_of(user)
    if profile.welcomed_at is None:
        return redirect("accounts:welcome")
    content = current_content()
    past = past_blocks(user, content, at=at)
    choice = kept_choice(profile, content, on=at.date())
    return render(
        request,
        "today/today.html",
        {
            "open": next((block for block in past if block.is_open), None),
            "choice": choice,
            "choice_title": step_title(content, choice.programme, choice.step) if choice else "",
            "offer": offer(content, choice, history_of(user), on=at.date()) if choice else None,
            "week": last_week(user, at=at),
            "past": past[:SHOWN_BLOCKS],
            "exam_title": step_title(content, profile.programme, profile.step) if profile.programme else "",
            "exam_on": profile.exam_on,
            "days_left": (profile.exam_on - at.date()).days if profile.exam_on else None,
            "n_problems": len(content.problems),
            **today_part(user, content, at=at),
        },
    )

"""The page of whole days: choose one, see what the bank can carry of it, and sit it."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from bedside.errors import ConflictError, UsageError
from bedside.site import clock
from bedside.site.content import Content, current_content
from bedside.site.exam.day import COMPRESSED_PACE, MAX_ITEMS_A_BLOCK
from bedside.site.exam.day_choice import asked_wish, exam_options, kept_wish, value_of
from bedside.site.exam.day_queries import day_page, past_days
from bedside.site.exam.drawing import DayWish, create_day
from bedside.site.exam.sealed import sealing_sitting
from bedside.site.pages import page, user_of
from bedside.site.problems import TooOftenError, status_of

SEED_BITS = 62  # fits the database's signed integer


@require_http_methods(["GET", "POST"])
@page
def exam(request: HttpRequest) -> HttpResponse:
    """Choose a day; POST draws its form and starts it."""
    content, user, at = current_content(), user_of(request), clock.now()
    kept = kept_wish(user, content, on=at.date())
    if kept is None:
        return render(request, "exam/no_exam.html", {"n_problems": len(content.problems)})
    wish, problem, status = kept, "", 200
    data = request.POST if request.method == "POST" else request.GET
    try:
        wish = asked_wish(data, content, kept=kept, on=at.date()) if data else kept
        if request.method == "POST" and "show" not in request.POST:
            return _start(request, wish, content)
    except (UsageError, ConflictError, TooOftenError) as error:
        problem, status = str(error), status_of(error)[0]
    try:
        shown = day_page(user, content, wish, at=at)
    except UsageError as error:  # a number of items that doesn't belong to this day
        wish = DayWish(wish.programme, wish.step, wish.day, wish.kind, clock=wish.clock, collection=wish.collection)
        problem, status = problem or str(error), 400
        shown = day_page(user, content, wish, at=at)
    context = {
        "wish": wish,
        "value": value_of(wish),
        "options": exam_options(content, on=at.date()),
        "day": shown,
        "pace": COMPRESSED_PACE,
        "max_items": MAX_ITEMS_A_BLOCK,
        "is_hosted": not settings.IS_LOCAL,
        "past": past_days(user, content, at=at),
        "problem": problem,
        "sealing": sealing_sitting(user.pk, at),
    }
    return render(request, "exam/exam.html", context, status=status)


def _start(request: HttpRequest, wish: DayWish, content: Content) -> HttpResponse:
    made = create_day(user_of(request), wish, content=content, seed=secrets.randbits(SEED_BITS), at=clock.now())
    return redirect("exam:sit", made.sitting.pk)

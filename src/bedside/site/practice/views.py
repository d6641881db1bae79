"""The practice page: choose a block, start it, and find those that were sat."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from bedside.errors import ConflictError, UsageError
from bedside.site import clock
from bedside.site.accounts.page_queries import step_choices
from bedside.site.accounts.queries import profile_of
from bedside.site.content import current_content
from bedside.site.exam.sealed import sealing_sitting
from bedside.site.pages import page, user_of
from bedside.site.practice.actions import MAX_ITEMS, create_practice_block
from bedside.site.practice.choice import Choice, asked, kept_choice
from bedside.site.practice.page_queries import offer, past_blocks
from bedside.site.practice.pool import history_of
from bedside.site.problems import NoItemsError, TooOftenError, status_of

SEED_BITS = 62  # fits the database's signed integer
STATE_TEXTS = {
    "any": _("Any"),
    "unused": _("Not seen yet"),
    "missed": _("Missed last time"),
    "flagged": _("Flagged"),
}


@require_http_methods(["GET", "POST"])
@page
def practice(request: HttpRequest) -> HttpResponse:
    """Choose a block; POST starts it."""
    content, user, at = current_content(), user_of(request), clock.now()
    kept = kept_choice(profile_of(user), content, on=at.date())
    if kept is None:
        return render(request, "practice/empty.html", {"n_problems": len(content.problems)})
    choice, problem, status = kept, None, 200
    try:
        data = request.POST if request.method == "POST" else request.GET
        choice = asked(data, content, on=at.date(), kept=kept) if data else kept
        if request.method == "POST" and "count" not in request.POST:
            return _start(request, choice)
    except (UsageError, NoItemsError) as error:
        problem, status = str(error), 400
    except (ConflictError, TooOftenError) as error:
        problem, status = str(error), status_of(error)[0]
    return render(
        request,
        "practice/practice.html",
        {
            "choice": choice,
            "choices": step_choices(content),
            "offer": offer(content, choice, history_of(user), on=at.date()),
            "state_texts": STATE_TEXTS,
            "max_items": MAX_ITEMS,
            "past": past_blocks(user, content, at=at),
            "problem": problem,
            "sealing": sealing_sitting(user.pk, at),
        },
        status=status,
    )


@require_POST
@page
def again(request: HttpRequest) -> HttpResponse:
    """Start a block with the last choice."""
    content = current_content()
    kept = kept_choice(profile_of(user_of(request)), content, on=clock.today())
    if kept is None:
        return redirect("practice:practice")
    try:
        return _start(request, kept)
    except (UsageError, NoItemsError):
        return redirect("practice:practice")


def _start(request: HttpRequest, choice: Choice) -> HttpResponse:
    made = create_practice_block(
        user_of(request),
        choice.wish(),
        content=current_content(),
        seed=secrets.randbits(SEED_BITS),
        at=clock.now(),
    )
    return redirect("exam:sit", made.sitting.pk)

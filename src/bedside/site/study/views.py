"""The study queue: one takeaway at a time."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from bedside.errors import UsageError
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.content import Content, current_content
from bedside.site.exam.sealed import sealing_sitting
from bedside.site.pages import page, user_of
from bedside.site.problems import NoItemsError, TooOftenError, status_of
from bedside.site.study import actions
from bedside.site.study.blocks import block_of_due
from bedside.site.study.parts import take_in
from bedside.site.study.queries import DueOne, due_today, front_of, name_of, topic_of
from bedside.site.study.words import grade_name
from bedside.site.study.zones import keep_zone
from bedside.study import Grade

SEED_BITS = 62  # fits the database's signed integer


@require_GET
@page
def study(request: HttpRequest) -> HttpResponse:
    """The first takeaway that is due; while a proctored sitting is under way, none."""
    user, at, content = user_of(request), clock.now(), current_content()
    sealing = sealing_sitting(user.pk, at)
    if sealing is not None:
        return render(request, "study/sealed.html", {"sealing": sealing})
    take_in(user, content, at=at)
    due = due_today(user, content, at=at)
    shown = {"due": due, "card": _card(due.ones[0]) if due.ones else None, "last": _last(user, content, at=at)}
    return render(request, "study/study.html", shown)


@require_POST
@page
def grade(request: HttpRequest) -> HttpResponse:
    """Keep how well a takeaway was recalled, and go on to the next."""
    text = request.POST.get("grade", "")
    if text not in {str(one.value) for one in Grade}:
        raise UsageError("the grade must be 1, 2, 3 or 4")
    actions.grade_card(
        user_of(request),
        request.POST.get("takeaway", ""),
        Grade(int(text)),
        review=_uuid(request),
        content=current_content(),
        at=clock.now(),
    )
    return redirect("study:study")


@require_POST
@page
def undo(request: HttpRequest) -> HttpResponse:
    """Take a grade back; its takeaway is due again."""
    actions.take_back(user_of(request), _uuid(request), at=clock.now())
    return redirect("study:study")


@require_POST
@page
def block(request: HttpRequest) -> HttpResponse:
    """A block of the unseen items that test what is due."""
    try:
        made = block_of_due(user_of(request), current_content(), seed=secrets.randbits(SEED_BITS), at=clock.now())
    except NoItemsError:
        return redirect("study:study")  # they were done elsewhere meanwhile
    except TooOftenError as error:
        return render(request, "refused.html", {"why": str(error)}, status=status_of(error)[0])
    return redirect("exam:sit", made.sitting.pk)


@require_POST
@page
def zone(request: HttpRequest) -> HttpResponse:
    """The time zone of the browser, by which study days begin."""
    keep_zone(user_of(request), request.POST.get("zone", ""))
    return HttpResponse(status=204)


def _card(one: DueOne) -> dict[str, object]:
    """The flashcard, with an id for this recall: however often the form is sent, it counts once."""
    return {
        "one": one,
        "front": front_of(one.takeaway),
        "review": uuid4(),
        "grades": [(each.value, grade_name(each)) for each in Grade],
    }


def _last(user: User, content: Content, *, at: datetime) -> dict[str, object] | None:
    row = actions.last_graded(user, at=at)
    if row is None:
        return None
    known = content.bank.takeaways.get(name_of(row.subject))
    topic = str(topic_of(known, content)) if known else row.subject
    return {"review": row.pk, "topic": topic, "grade": grade_name(row.grade)}


def _uuid(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("review", ""))
    except ValueError:
        raise UsageError("say which review, by its id") from None

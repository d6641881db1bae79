"""The study queue: one thing at a time, and the next ones at hand in the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bedside.errors import UsageError
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.cards.queries import card_of
from bedside.site.cards.showing import gist_of
from bedside.site.content import Content, current_content
from bedside.site.exam.sealed import sealing_sitting, see_unsealed
from bedside.site.pages import page, user_of
from bedside.site.study import actions
from bedside.site.study.parts import take_in
from bedside.site.study.pieces import pieces_of
from bedside.site.study.queries import is_card, name_of, topic_of
from bedside.site.study.queue import MOST_ASKED, Queue, State, queue_of
from bedside.site.study.words import grade_name
from bedside.site.study.zones import keep_zone
from bedside.study import Grade, Subject

SEED_BITS = 62  # fits the database's signed integer
AHEAD = 12  # pieces that come with a page
MOST_DONE = 30  # reviews of the day that the page can take back one after the other


@require_GET
@page
def study(request: HttpRequest) -> HttpResponse:
    """The first thing that waits, with the next ones; while a proctored sitting is under way, none."""
    user, at, content = user_of(request), clock.now(), current_content()
    sealing = sealing_sitting(user.pk, at)
    if sealing is not None:
        return render(request, "study/sealed.html", {"sealing": sealing})
    take_in(user, content, at=at)
    ask = _ask(request)
    queue = queue_of(user, content, at=at, ask=ask)
    pieces = pieces_of(user, content, queue, most=AHEAD)
    shown = {
        "queue": queue,
        "due": queue.due,
        "piece": pieces[0] if pieces else None,
        "ahead": pieces[1:],
        "counts": _counts(queue),
        "query": _query(ask),
        "last": _last(user, content, at=at),
        "words": _words(),
        "play": _told(queue, user),
    }
    return render(request, "study/study.html", shown)


@require_GET
@page
def ahead(request: HttpRequest) -> HttpResponse:
    """The next things that wait, as JSON with a piece of the page for each."""
    user, at, content = user_of(request), clock.now(), current_content()
    see_unsealed(user.pk, at)
    ask = _ask(request)
    queue = queue_of(user, content, at=at, ask=ask)
    pieces = pieces_of(user, content, queue, most=AHEAD)
    drawn = [
        {"id": piece.waiting.id, "html": render_to_string("study/piece.html", {"piece": piece, "query": _query(ask)}, request)}
        for piece in pieces
    ]
    return JsonResponse({**_told(queue, user), "pieces": drawn})


@require_POST
@page
def grade(request: HttpRequest) -> HttpResponse:
    """Keep how well something was recalled, and go on to the next."""
    text = request.POST.get("grade", "")
    if text not in {str(one.value) for one in Grade}:
        raise UsageError("the grade must be 1, 2, 3 or 4")
    actions.grade_subject(
        user_of(request),
        Subject(request.POST.get("subject", "")),
        Grade(int(text)),
        review=_uuid(request),
        content=current_content(),
        at=clock.now(),
    )
    return redirect(_back(request))


@require_POST
@page
def undo(request: HttpRequest) -> HttpResponse:
    """Take a grade back; what was graded comes first again."""
    taken = actions.take_back(user_of(request), _uuid(request), content=current_content(), at=clock.now())
    return redirect(_back(request, first=taken))


@require_POST
@page
def aside(request: HttpRequest) -> HttpResponse:
    """Set the card aside, and go on to the next."""
    try:
        card = UUID(request.POST.get("card", ""))
    except ValueError:
        raise UsageError("say which card, by its key") from None
    actions.set_aside(user_of(request), card, content=current_content(), at=clock.now())
    return redirect(_back(request))


@require_POST
@page
def zone(request: HttpRequest) -> HttpResponse:
    """The time zone of the browser, by which study days begin."""
    keep_zone(user_of(request), request.POST.get("zone", ""), at=clock.now())
    return HttpResponse(status=204)


# --- parts ------------------------------------------------------------------------------------------------------------------


def _ask(request: HttpRequest) -> list[str]:
    return request.GET.getlist("ask")[:MOST_ASKED]


def _query(ask: Sequence[str]) -> str:
    return "?" + urlencode([("ask", one) for one in ask]) if ask else ""


def _back(request: HttpRequest, *, first: str | None = None) -> str:
    ask = _ask(request)
    return reverse("study:study") + _query([first, *(one for one in ask if one != first)] if first else ask)


def _counts(queue: Queue) -> dict[str, int]:
    return {
        "due": queue.count(State.DUE) + queue.count(State.ASKED),
        "new": queue.count(State.NEW),
        "again": queue.count(State.AGAIN),
    }


def _told(queue: Queue, user: User) -> dict[str, object]:
    """What the script of the page is told of the queue."""
    return {
        "user": str(user.pk),
        "n": queue.n_all,
        "minutes": round(queue.exact_minutes, 2),
        "done": [{"review": str(review), "subject": subject} for review, subject in queue.done[:MOST_DONE]],
    }


def _last(user: User, content: Content, *, at: datetime) -> dict[str, object] | None:
    row = actions.last_graded(user, at=at)
    if row is None:
        return None
    return {"review": row.pk, "topic": _name(user, content, row.subject), "grade": grade_name(row.grade)}


def _name(user: User, content: Content, subject: str) -> str:
    if is_card(subject):
        return gist_of(card_of(user, UUID(name_of(subject))).front)[:60] or _("a card")
    known = content.bank.takeaways.get(name_of(subject))
    return str(topic_of(known, content)) if known else subject


def _words() -> dict[str, str]:
    return {
        "left_one": _("{n} to review"),
        "left_other": _("{n} to review"),
        "minutes_one": _(", about {n} minute."),
        "minutes_other": _(", about {n} minutes."),
        "unsent_one": _("{n} grade is on this computer and will be sent when the network is back."),
        "unsent_other": _("{n} grades are on this computer and will be sent when the network is back."),
        "unkept_one": _("{n} grade is not sent yet, and this browser keeps nothing: leave the page open."),
        "unkept_other": _("{n} grades are not sent yet, and this browser keeps nothing: leave the page open."),
        "signed_out": _("You are signed out here. Your grades are on this computer; sign in again in another tab."),
        "closed": _("Your proctored sitting is under way: what you graded waits on this computer until it has ended."),
        "waiting": _("What comes next is fetched when the network is back."),
        "refused": _("A grade was not taken: {why}"),
        "taken_back": _("Taken back."),
        "set_aside": _("Set aside. u takes it up again."),
        "nothing_to_undo": _("There is nothing of today to take back."),
        "editing_waits": _("The card can be changed when the network is back."),
    }


def _uuid(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("review", ""))
    except ValueError:
        raise UsageError("say which review, by its id") from None

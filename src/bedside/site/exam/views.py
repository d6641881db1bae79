"""The player's page, the learner's answers as a file, and the service worker."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from bedside.site import clock
from bedside.site.accounts.models import Profile
from bedside.site.accounts.queries import profile_of
from bedside.site.exam.actions import settle
from bedside.site.exam.admission import see_admitted
from bedside.site.exam.export import responses_csv
from bedside.site.exam.words import player_words
from bedside.site.exam.worker import worker_script
from bedside.site.keyboard import alt_keys
from bedside.site.pages import page, user_of

NO_ID = UUID(int=0)


@require_GET
@never_cache
@ensure_csrf_cookie
@page
def sit(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """The player. The page is the same for every sitting; the script reads the id from the address."""
    user = user_of(request)
    row = settle(user, sitting_id, at=clock.now())
    see_admitted(row, clock.now())
    is_over = row.state == "finished"
    if is_over and request.GET.get("from") != "case":  # whose day ends in a case sees its last page, which keeps nothing here
        return redirect("exam:report", sitting_id)
    profile = profile_of(user)
    player = {
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "report_url": reverse("exam:report", args=[NO_ID]).replace(str(NO_ID), "ID"),
        "error_url": reverse("reflection:report_error", args=[NO_ID, 0]).replace(str(NO_ID), "ID"),
        "library_url": reverse("shelf:about", args=["ID"]),
        "case_url": reverse("cases:of-sitting", args=[NO_ID]).replace(str(NO_ID), "ID"),
        "display_url": reverse("accounts:display"),
        "alt_keys": alt_keys(),
        "letters": profile.letters_are_keys,
    }
    answer = render(
        request,
        "exam/sit.html",
        {
            "player": player,
            "words": player_words(),
            "profile": profile,
            "themes": Profile.THEMES,
            "text_sizes": Profile.TEXT_SIZES,
        },
    )
    answer["Bedside-Page"] = "player"  # by which the service worker knows the page it may keep
    return answer


@require_GET
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that it may serve the player's page."""
    answer = HttpResponse(worker_script(), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = "/"
    answer["Cache-Control"] = "no-cache"
    return answer


@require_GET
@page
def responses(request: HttpRequest) -> HttpResponse:
    """The answers of this person whose keys were given out, one a row."""
    answer = HttpResponse(responses_csv(user_of(request), at=clock.now()), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="bedside-responses.csv"'
    answer["Cache-Control"] = "no-store"
    return answer

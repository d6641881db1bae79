"""The player's page, the report, the learner's answers as a file, and the service worker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from bedside.site import clock
from bedside.site.accounts.models import Profile
from bedside.site.accounts.page_queries import step_title
from bedside.site.accounts.queries import profile_of
from bedside.site.content import current_content
from bedside.site.exam.actions import open_report, settle
from bedside.site.exam.charts import chart
from bedside.site.exam.export import responses_csv
from bedside.site.exam.report import report_json
from bedside.site.exam.words import player_words
from bedside.site.exam.worker import worker_script
from bedside.site.keyboard import alt_keys
from bedside.site.pages import page, user_of
from bedside.site.problems import NotFinishedError

NO_ID = UUID(int=0)
SHOWS = ("all", "missed", "flagged", "changed")


@require_GET
@never_cache
@ensure_csrf_cookie
@page
def sit(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """The player. The page is the same for every sitting; the script reads the id from the address."""
    user = user_of(request)
    if settle(user, sitting_id, at=clock.now()).state == "finished":
        return redirect("exam:report", sitting_id)
    profile = profile_of(user)
    player = {
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "report_url": reverse("exam:report", args=[NO_ID]).replace(str(NO_ID), "ID"),
        "display_url": reverse("accounts:display"),
        "alt_keys": alt_keys(),
        "letters": profile.has_letter_keys,
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
@page
def report(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """The report on a sitting that has ended; one that has not goes on."""
    user, content = user_of(request), current_content()
    now = clock.now()
    open_report(user, sitting_id, at=now)
    try:
        told = report_json(user, sitting_id, programmes=content.programmes, at=now)
    except NotFinishedError:
        return redirect("exam:sit", sitting_id)
    show = request.GET.get("show", "all")
    show = show if show in SHOWS else "all"
    total = {"label": _("All items"), **told["score"]}
    return render(
        request,
        "exam/report.html",
        {
            "report": told,
            "ended_at": datetime.fromisoformat(told["ended_at"]),
            "title": step_title(content, told["programme"], told["step"]),
            "total": chart("total", _("Share of right answers, with its interval"), [total]),
            "axes": [
                chart(
                    axis["axis"],
                    axis["title"],
                    axis["rows"],
                    n_left_out=axis["n_without_code"] if axis["is_partition"] else 0,
                )
                for axis in told["axes"]
            ],
            "items": [item for item in told["items"] if _is_shown(item, show)],
            "filters": _filters(told["items"], show),
            "n_missed": sum(_is_shown(item, "missed") for item in told["items"]),
        },
    )


@require_GET
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that it may serve the player's page."""
    answer = HttpResponse(worker_script(), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = "/"
    answer["Cache-Control"] = "no-cache"
    return answer


def _is_shown(item: Mapping[str, Any], show: str) -> bool:
    match show:
        case "missed":
            return not item["is_correct"]
        case "flagged":
            return bool(item["is_flagged"])
        case "changed":
            return item["change"] is not None
        case _:
            return True


def _filters(items: list[dict[str, Any]], show: str) -> list[dict[str, Any]]:
    texts = {"all": _("All"), "missed": _("Missed"), "flagged": _("Flagged"), "changed": _("Changed")}
    return [
        {"name": name, "text": text, "n": sum(_is_shown(item, name) for item in items), "is_here": name == show}
        for name, text in texts.items()
    ]


@require_GET
@page
def responses(request: HttpRequest) -> HttpResponse:
    """All answers of this person, one a row."""
    answer = HttpResponse(responses_csv(user_of(request)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="bedside-responses.csv"'
    answer["Cache-Control"] = "no-store"
    return answer

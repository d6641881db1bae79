"""The report: its page, and as a PDF to keep or to hand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.accounts.page_queries import step_title
from bedside.site.content import current_content
from bedside.site.exam.actions import open_report
from bedside.site.exam.charts import chart
from bedside.site.exam.pdf import Wanted, report_pdf
from bedside.site.exam.report import report_json
from bedside.site.exam.report_parts import axis_charts, form_name, marking_words, part_charts
from bedside.site.pages import page, user_of
from bedside.site.problems import NotFinishedError

SHOWS = ("all", "missed", "flagged", "changed")
ITEMS_A_PAGE = 20

Told = dict[str, Any]


@require_GET
@page
def report(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """The report on a sitting that has ended; one that has not goes on."""
    try:
        told = _told(user_of(request), sitting_id)
    except NotFinishedError:
        return redirect("exam:sit", sitting_id)
    show = request.GET.get("show", "all")
    show = show if show in SHOWS else "all"
    items = [item for item in told["items"] if _is_shown(item, show)]
    number = _page_number(request, len(items))
    return render(
        request,
        "exam/report.html",
        {
            "report": told,
            "ended_at": datetime.fromisoformat(told["ended_at"]),
            "title": step_title(current_content(), told["programme"], told["step"]),
            "form_name": form_name(told),
            "marking": marking_words(told),
            "total": chart("total", _("Right answers, with the interval"), [{"label": _("All items"), **told["score"]}]),
            "axes": axis_charts(told),
            "parts": part_charts(told),
            "items": items[(number - 1) * ITEMS_A_PAGE : number * ITEMS_A_PAGE],
            "item_pages": _pages(items, show, number),
            "filters": _filters(told["items"], show),
            "n_missed": sum(_is_shown(item, "missed") for item in told["items"]),
        },
    )


@require_GET
@page
def as_pdf(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """The report as PDF. The name and the accommodation are in it only where the candidate asks for them."""
    user = user_of(request)
    try:
        told = _told(user, sitting_id)
    except NotFinishedError:
        return redirect("exam:sit", sitting_id)
    wanted = Wanted(
        name=(user.get_full_name() or user.get_username()) if "name" in request.GET else None,
        accommodation="accommodation" in request.GET,
    )
    title = step_title(current_content(), told["programme"], told["step"])
    answer = HttpResponse(report_pdf(told, wanted, title=title, form=form_name(told)), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="report-{told["ended_at"][:10]}-{str(sitting_id)[:8]}.pdf"'
    return answer


def _told(user: User, sitting_id: UUID) -> Told:
    """The report's JSON, once it is written down that its keys are given out."""
    now = clock.now()
    open_report(user, sitting_id, at=now)
    return report_json(user, sitting_id, programmes=current_content().programmes, at=now)


def _is_shown(item: Mapping[str, Any], show: str) -> bool:
    match show:
        case "missed":
            return item["is_counted"] and not item["is_correct"]
        case "flagged":
            return bool(item["is_flagged"])
        case "changed":
            return item["change"] is not None
        case _:
            return True


def _filters(items: Sequence[Mapping[str, Any]], show: str) -> list[dict[str, Any]]:
    texts = {"all": _("All"), "missed": _("Missed"), "flagged": _("Flagged"), "changed": _("Changed")}
    return [
        {"name": name, "text": text, "n": sum(_is_shown(item, name) for item in items), "is_here": name == show}
        for name, text in texts.items()
    ]


def _page_number(request: HttpRequest, n_items: int) -> int:
    """Which page of items is asked for, from 1; what is no such page is the first."""
    text = request.GET.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return number if 1 <= number <= -(-n_items // ITEMS_A_PAGE) else 1


def _pages(items: Sequence[Mapping[str, Any]], show: str, here: int) -> list[dict[str, Any]]:
    """The pages of items by the positions of their first and last; none where one page holds all."""
    starts = range(0, len(items), ITEMS_A_PAGE)
    if len(starts) < 2:
        return []
    return [
        {
            "address": "?" + urlencode({"show": show, "page": number}) + "#items",
            "text": f"{items[start]['position']}–{items[min(start + ITEMS_A_PAGE, len(items)) - 1]['position']}",
            "is_here": number == here,
        }
        for number, start in enumerate(starts, start=1)
    ]

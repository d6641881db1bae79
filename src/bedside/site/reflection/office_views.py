"""The office's page of reported errors: for who writes items, checks them, or looks after the site."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from bedside.errors import ConflictError, UsageError
from bedside.site import clock
from bedside.site.accounts.guard import only
from bedside.site.accounts.roles import BANK_ROLES
from bedside.site.exam.sealed import see_unsealed
from bedside.site.pages import user_of
from bedside.site.reflection.item_reports import MAX_CHARACTERS, answer_report, report_named, reports

SHOWS = {"open": lazy("To be answered or closed"), "closed": lazy("Closed"), "all": lazy("All")}


@require_GET
@only(*BANK_ROLES)
def office_reports(request: HttpRequest) -> HttpResponse:
    """Errors that were reported."""
    see_unsealed(user_of(request).pk, clock.now())  # a report may say what the key is
    asked = request.GET.get("show", "open")
    show = asked if asked in SHOWS else "open"
    return render(request, "reflection/office_reports.html", {"reports": reports(show=show), "show": show, "shows": SHOWS})


@require_http_methods(["GET", "POST"])
@only(*BANK_ROLES)
def office_report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One report with its item; POST answers it."""
    who, at, problem, status = user_of(request), clock.now(), "", 200
    see_unsealed(who.pk, at)
    text = request.POST.get("text", "")
    if request.method == "POST":
        try:
            answer_report(who, report_id, text=text, closes="closes" in request.POST, at=at)
        except (UsageError, ConflictError) as error:
            problem, status = str(error), 409 if isinstance(error, ConflictError) else 400
        else:
            messages.success(request, _("The answer is kept, and the reporter can read it."))
            return redirect("reflection:office_reports")
    found = report_named(report_id)
    context = {"one": found, "text": text or found.row.answer, "max": MAX_CHARACTERS, "problem": problem}
    return render(request, "reflection/office_report.html", context, status=status)

"""The page of the papers, the form of each, and all of it on paper."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bedside.errors import NotFoundError
from bedside.pathway import KeptAs
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.pages import page, user_of
from bedside.site.papers import queries
from bedside.site.papers.editing import edit
from bedside.site.papers.forms import OwnPaperForm, PaperForm
from bedside.site.papers.models import Paper
from bedside.site.papers.rows import experience_rows, letter_rows, removed_rows, statement_rows
from bedside.site.papers.standing import Cited, page_of
from bedside.site.study.zones import zone_of

OWN = "own-"


@require_GET
@page
def papers(request: HttpRequest) -> HttpResponse:
    """Which papers are here, which run out, and what comes next."""
    user = user_of(request)
    shown = {**page_of(user, today(user)), "removed": removed_rows(user)}
    return render(request, "papers/papers.html", shown)


@require_GET
@page
def on_paper(request: HttpRequest) -> HttpResponse:
    """Everything that is kept, in tables."""
    user = user_of(request)
    on = today(user)
    kept = queries.kept_by(user)
    shown = {
        **page_of(user, on),
        "letters": letter_rows(kept, on),
        "experiences": experience_rows(kept),
        "statements": statement_rows(user, kept),
    }
    return render(request, "papers/print.html", shown)


@require_http_methods(["GET", "POST"])
@page
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """How one paper stands."""
    user = user_of(request)
    found = queries.papers_of_content()
    known, row = found.paper(key), queries.paper_row(user, key)
    if (known is None and row is None) or (known is not None and known.kept_as is not KeptAs.PAPER):
        raise NotFoundError("there is no such paper")
    title = known.title if known else row.title if row else ""
    on = today(user)
    shown = {
        "heading": title,
        "about": known.text if known else "",
        "cited": Cited.of(known, found, on) if known else None,
        "says": [Cited.of(one, found, on) for one in known.says] if known else [],
        "is_own": known is None,
        "back": reverse("papers:papers"),
    }
    to = f"{reverse('papers:papers')}#{key}"
    if known is None and row is not None:
        return edit(request, row, OwnPaperForm, to=to, shown=shown)
    row = row or Paper(user=user, key=key, title=title)
    return edit(request, row, PaperForm, to=to, shown=shown, fixed={"title": title})


@require_http_methods(["GET", "POST"])
@page
def own_paper(request: HttpRequest) -> HttpResponse:
    """A paper that is not on the list."""
    user = user_of(request)
    row = Paper(user=user, key=f"{OWN}{uuid4().hex}", title="")
    shown = {"heading": _("A paper of your own"), "back": reverse("papers:papers")}
    return edit(request, row, OwnPaperForm, to=f"{reverse('papers:papers')}#{row.key}", shown=shown)


def today(user: User) -> date:
    """The day where the person is."""
    return clock.now().astimezone(zone_of(user.pk)).date()

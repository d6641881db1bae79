"""The pages of letters and of experience, and taking rows away and putting them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bedside.errors import NotFoundError
from bedside.pathway import KeptAs
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.pages import page, user_of
from bedside.site.papers import actions, queries, standing, telling
from bedside.site.papers.editing import edit
from bedside.site.papers.forms import ExperienceForm, LetterForm
from bedside.site.papers.models import Experience, Letter, OwnRow, Paper, Statement
from bedside.site.papers.rows import experience_rows, letter_rows
from bedside.site.papers.standing import Cited
from bedside.site.papers.views import OWN, today

MODELS: Mapping[str, type[OwnRow]] = {"letter": Letter, "experience": Experience, "statement": Statement, "paper": Paper}
LISTS: Mapping[str, str] = {
    "letter": "papers:letters",
    "experience": "papers:experiences",
    "statement": "papers:statements",
    "paper": "papers:papers",
}


@require_GET
@page
def letters(request: HttpRequest) -> HttpResponse:
    """Who writes, since when they were asked, and what has come."""
    user = user_of(request)
    on, kept = today(user), queries.kept_by(user)
    shown = {"lead": telling.letters_told(kept.letters, on), "letters": letter_rows(kept, on), **said_of(KeptAs.LETTER, user)}
    return render(request, "papers/letters.html", shown)


@require_http_methods(["GET", "POST"])
@page
def new_letter(request: HttpRequest) -> HttpResponse:
    """One letter more."""
    row = Letter(user=user_of(request))
    return edit(request, row, LetterForm, to=reverse("papers:letters"), shown=_shown(_("A letter"), "papers:letters"))


@require_http_methods(["GET", "POST"])
@page
def letter(request: HttpRequest, row_id: UUID) -> HttpResponse:
    """One letter."""
    row = queries.own(Letter, user_of(request), row_id)
    return edit(request, row, LetterForm, to=reverse("papers:letters"), shown=_shown(row.writer, "papers:letters"))


@require_GET
@page
def experiences(request: HttpRequest) -> HttpResponse:
    """What was done, newest first."""
    user = user_of(request)
    kept = queries.kept_by(user)
    lead = telling.entries_told(len(kept.experiences), queries.papers_of_content().limit(standing.EXPERIENCES))
    shown = {"lead": lead, "experiences": experience_rows(kept), **said_of(KeptAs.EXPERIENCE, user)}
    return render(request, "papers/experiences.html", shown)


@require_http_methods(["GET", "POST"])
@page
def new_experience(request: HttpRequest) -> HttpResponse:
    """One experience more."""
    row, to = Experience(user=user_of(request)), reverse("papers:experiences")
    return edit(request, row, ExperienceForm, to=to, shown=_shown(_("An experience"), "papers:experiences"))


@require_http_methods(["GET", "POST"])
@page
def experience(request: HttpRequest, row_id: UUID) -> HttpResponse:
    """One experience."""
    row, to = queries.own(Experience, user_of(request), row_id), reverse("papers:experiences")
    return edit(request, row, ExperienceForm, to=to, shown=_shown(row.place, "papers:experiences"))


@require_POST
@page
def away(request: HttpRequest) -> HttpResponse:
    """Take a row away."""
    name, model, row_id = _asked(request)
    row = queries.own(model, user_of(request), row_id)
    if isinstance(row, Paper) and not row.key.startswith(OWN):
        raise NotFoundError("a paper of the list is marked as not needed, and not taken away")
    actions.take_away(model, user_of(request), row_id, at=clock.now())
    messages.success(request, _("Taken away. Under “Taken away” on the page of the papers it can be put back."))
    return redirect(LISTS[name])


@require_POST
@page
def back(request: HttpRequest) -> HttpResponse:
    """Put back what was taken away."""
    name, model, row_id = _asked(request)
    actions.put_back(model, user_of(request), row_id, at=clock.now())
    messages.success(request, _("It is back."))
    return redirect(LISTS[name])


def said_of(kept_as: KeptAs, user: User) -> dict[str, Any]:
    """What the content says of one kind, with its limits."""
    found, on = queries.papers_of_content(), today(user)
    papers = [one for one in found.papers if one.kept_as is kept_as]
    return {
        "abouts": [Cited.of(one, found, on) for one in papers],
        "says": [Cited.of(said, found, on) for one in papers for said in one.says],
        "limits": [(telling.limit_told(one), Cited.of(one, found, on)) for one in found.limits if one.of is kept_as],
    }


def _shown(heading: str, back_to: str) -> dict[str, str]:
    return {"heading": heading, "back": reverse(back_to)}


def _asked(request: HttpRequest) -> tuple[str, type[OwnRow], UUID]:
    name, _space, text = request.POST.get("row", "")[:80].partition(" ")
    try:
        return name, MODELS[name], UUID(text)
    except (KeyError, ValueError):
        raise NotFoundError("there is no such row") from None

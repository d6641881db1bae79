"""Statements: their list, the newest draft to write on, and what differs between two drafts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bedside.errors import NotFoundError, UsageError
from bedside.pathway import KeptAs
from bedside.site import clock
from bedside.site.pages import page, user_of
from bedside.site.papers import actions, queries, telling
from bedside.site.papers.drafts import difference
from bedside.site.papers.editing import edit
from bedside.site.papers.forms import DraftForm, StatementForm
from bedside.site.papers.models import Statement, StatementDraft
from bedside.site.papers.row_views import said_of
from bedside.site.papers.rows import statement_rows
from bedside.site.papers.standing import STATEMENT_CHARACTERS


@require_GET
@page
def statements(request: HttpRequest) -> HttpResponse:
    """Every statement with how long it is."""
    user = user_of(request)
    shown = {"statements": statement_rows(user, queries.kept_by(user)), **said_of(KeptAs.STATEMENT, user)}
    return render(request, "papers/statements.html", shown)


@require_http_methods(["GET", "POST"])
@page
def new_statement(request: HttpRequest) -> HttpResponse:
    """One statement more: its title first, then its words."""
    row = Statement(user=user_of(request))
    shown = {"heading": _("A statement"), "back": reverse("papers:statements")}
    return edit(request, row, StatementForm, to=reverse("papers:statement", args=[row.pk]), shown=shown)


@require_http_methods(["GET", "POST"])
@page
def title(request: HttpRequest, row_id: UUID) -> HttpResponse:
    """The title of a statement, and for what it is."""
    row = queries.own(Statement, user_of(request), row_id)
    address = reverse("papers:statement", args=[row.pk])
    return edit(request, row, StatementForm, to=address, shown={"heading": row.title, "back": address})


@require_http_methods(["GET", "POST"])
@page
def statement(request: HttpRequest, row_id: UUID) -> HttpResponse:
    """The words of a statement; POST keeps them as a new draft."""
    row = queries.own(Statement, user_of(request), row_id)
    drafts = queries.drafts_of(row)
    if request.method != "POST":
        begun = _draft(drafts, request.GET["from"]) if "from" in request.GET else next(iter(drafts), None)
        return _page(request, row, drafts, DraftForm(initial={"text": begun.text if begun else ""}), begun)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _page(request, row, drafts, form, None, status=400)
    try:
        kept = actions.add_draft(row, form.cleaned_data["text"], at=clock.now())
    except UsageError as error:
        form.add_error("text", str(error))
        return _page(request, row, drafts, form, None, status=400)
    said = _("Saved as a new draft.") if kept else _("These are the words of the newest draft; nothing was added.")
    messages.success(request, said)
    return redirect("papers:statement", row.pk)


@require_GET
@page
def compare(request: HttpRequest, row_id: UUID) -> HttpResponse:
    """What differs between two drafts; without a choice, between the newest two."""
    row = queries.own(Statement, user_of(request), row_id)
    drafts = queries.drafts_of(row)
    if len(drafts) < 2:
        raise NotFoundError("there are no two drafts to compare")
    before = _draft(drafts, request.GET.get("before", str(drafts[1].pk)))
    after = _draft(drafts, request.GET.get("after", str(drafts[0].pk)))
    found = difference(before.text, after.text)
    shown = {
        "statement": row,
        "drafts": _rows(drafts),
        "before": before,
        "after": after,
        "pieces": found.pieces,
        "n_gone": found.n_gone,
        "n_new": found.n_new,
    }
    return render(request, "papers/compare.html", shown)


def _page(
    request: HttpRequest,
    row: Statement,
    drafts: list[StatementDraft],
    form: DraftForm,
    begun: StatementDraft | None,
    *,
    status: int = 200,
) -> HttpResponse:
    limit = queries.papers_of_content().limit(STATEMENT_CHARACTERS)
    newest = drafts[0] if drafts else None
    shown: dict[str, Any] = {
        "statement": row,
        "drafts": _rows(drafts),
        "newest": newest,
        "length": telling.counted(newest.text, limit) if newest else "",
        "is_over": limit is not None and newest is not None and len(newest.text) > limit.most,
        "begun": begun if begun is not None and begun != newest else None,
        "cells": form.cells(),
        **said_of(KeptAs.STATEMENT, row.user),
    }
    return render(request, "papers/statement.html", shown, status=status)


def _rows(drafts: list[StatementDraft]) -> list[dict[str, Any]]:
    return [{"row": one, "length": telling.counted(one.text, None)} for one in drafts]


def _draft(drafts: list[StatementDraft], text: str) -> StatementDraft:
    found = next((one for one in drafts if str(one.pk) == text), None)
    if found is None:
        raise NotFoundError("the statement has no such draft")
    return found

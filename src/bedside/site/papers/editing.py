"""A form for one row: shown, sent, kept, or shown again with what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bedside.errors import ConflictError
from bedside.site import clock
from bedside.site.papers import actions
from bedside.site.papers.forms import RowForm
from bedside.site.papers.models import OwnRow

TEMPLATE = "papers/form.html"


def edit(
    request: HttpRequest,
    row: OwnRow,
    form_class: type[RowForm],
    *,
    to: str,
    shown: Mapping[str, Any],
    fixed: Mapping[str, Any] = {},
) -> HttpResponse:
    """GET shows the form, POST keeps what was typed and goes `to` an address. `fixed` is kept beside what was typed."""
    if request.method != "POST":
        return _form(request, row, form_class.of(row), shown, seen=actions.stamp_of(row))
    form, seen = form_class(request.POST), request.POST.get("seen", "")
    if not form.is_valid():
        return _form(request, row, form, shown, seen=seen, status=400)
    try:
        actions.keep(row, {**form.cleaned_data, **fixed}, at=clock.now(), seen=seen)
    except ConflictError as error:
        note = _("Nothing was saved: %(why)s. Below is what you typed; save once more to keep it.") % {"why": error}
        return _form(request, row, form, shown, seen=actions.stamp_of(_now(row)), note=note, status=409)
    messages.success(request, _("Saved."))
    return redirect(to)


def _form(
    request: HttpRequest, row: OwnRow, form: RowForm, shown: Mapping[str, Any], *, seen: str, note: str = "", status: int = 200
) -> HttpResponse:
    more = {"cells": form.cells(), "is_wrong": form.is_bound and bool(form.errors), "seen": seen, "note": note}
    kept = {"row": None if row._state.adding else row, "model": row._meta.model_name}
    return render(request, TEMPLATE, {**shown, **kept, **more}, status=status)


def _now(row: OwnRow) -> OwnRow | None:
    return type(row)._default_manager.filter(user=row.user, pk=row.pk).first()

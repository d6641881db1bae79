"""The pages of the record: what it says, a form for each part, and the ways in and out as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.pathway import Pathway, Record, record_as_yaml
from bedside.site import clock
from bedside.site.content import current_content
from bedside.site.pages import page, user_of
from bedside.site.pathway import actions, queries
from bedside.site.pathway.bringing import Brought, read_brought
from bedside.site.pathway.forms import PartForm
from bedside.site.pathway.models import PathwayRecordVersion
from bedside.site.pathway.no_rules import no_rules
from bedside.site.pathway.parts import PARTS, part_of, score_cells
from bedside.site.pathway.record_page import record_page
from bedside.site.pathway.shapes import record_from_kept

FILE_NAME = "record.yaml"
COMMAND = f"bedside pathway check {FILE_NAME}"


@require_GET
@page
def record(request: HttpRequest) -> HttpResponse:
    """What the record says."""
    return _shown(request)


@require_POST
@page
def begin(request: HttpRequest) -> HttpResponse:
    """The first words of a record: the three things that decide most. What was not said is left out."""
    user, rules = user_of(request), queries.rules()
    kind, degree = request.POST.get("kind", "")[:20], request.POST.get("degree", "").strip()[:20]
    states = [one.upper() for one in request.POST.get("states", "")[:300].replace(",", " ").split()]
    person: dict[str, Any] = {"kind": kind} if kind else {}
    person |= {"degree": {"date": degree}} if degree else {}
    data = {"person": person, "goals": {"states": states}}
    kept = queries.row_of(user)
    if kept is not None:  # two windows were open: nothing that was said is lost
        return redirect("pathway:record")
    found, findings = actions.read_plain(data, rules)
    if found is None:
        raise UsageError(actions.first_of(findings))
    actions.keep_record(user, found, at=clock.now(), seen="")
    messages.success(request, _("Saved. Now the steps that you sat; with none sat there is nothing to write."))
    return redirect("pathway:part", "attempts")


@require_http_methods(["GET", "POST"])
@page
def part(request: HttpRequest, name: str) -> HttpResponse:
    """One part of the record; POST saves it, or asks for a row more or less."""
    if name not in PARTS:
        raise NotFoundError("the record has no such part")
    if not queries.can_answer():
        return no_rules(request)
    user, content, rules = user_of(request), current_content(), queries.rules()
    row = queries.row_of(user)
    kept = row.record if row else {}
    asked = part_of(name, rules, content)
    if request.method == "GET":
        return _form(request, PartForm.of_kept(asked, rules, kept), actions.stamp_of(row))
    form = PartForm.of_sent(asked, rules, kept, request.POST)
    seen = request.POST.get("seen", "")
    if "more" in request.POST:
        form.add_empty()
        return _form(request, form, seen, note=_("Nothing is saved yet."))
    if "remove" in request.POST:
        number = request.POST["remove"]
        form.take_out(int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1)
        return _form(request, form, seen, note=_("It is taken out below. Save to keep it so."))
    return _save(request, form, rules, seen)


def _save(request: HttpRequest, form: PartForm, rules: Pathway, seen: str) -> HttpResponse:
    user = user_of(request)
    changed = form.changed()
    if not form.is_wrong:
        found, findings = actions.read_plain(changed, rules)
        form.blame(findings)
        if found is not None and not form.is_wrong:
            try:
                actions.keep_record(user, found, at=clock.now(), seen=seen)
            except ConflictError as error:
                text = _("Nothing was saved: %(why)s. Below is what you typed; save once more to keep it.") % {"why": error}
                return _form(request, form, actions.stamp_of(queries.row_of(user)), note=text, status=409)
            except UsageError as error:
                form.others.append(str(error))
            else:
                return _saved(request, form, found)
    if form.part.is_rows and not form.rows:
        form.add_empty()
    return _form(request, form, seen, status=400)


def _saved(request: HttpRequest, form: PartForm, found: Record) -> HttpResponse:
    without_scores = any(score_cells(form.rules, one.name) and not one.scores for one in found.certificates)
    if form.part.name == "certificates" and without_scores:
        messages.success(request, _("Saved. The scores can be written now."))
        return redirect("pathway:part", "certificates")
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('pathway:record')}#{form.part.name}")


def _form(request: HttpRequest, form: PartForm, seen: str, *, note: str = "", status: int = 200) -> HttpResponse:
    shown = {"form": form, "part": form.part, "rows": form.shown(), "seen": seen, "note": note}
    return render(request, "pathway/part.html", shown, status=status)


@require_POST
@page
def bring(request: HttpRequest) -> HttpResponse:
    """A record from a file, or the attempts of a transcript."""
    user, rules = user_of(request), queries.rules()
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        return _shown(request, problems=[_("choose the file first")], status=400)
    brought = read_brought(sent, queries.record_of(user), rules)
    if brought.record is None:
        return _shown(request, problems=list(brought.problems), status=400)
    try:
        actions.keep_record(user, brought.record, at=clock.now())
    except UsageError as error:
        return _shown(request, problems=[str(error)], status=400)
    return _shown(request, brought=brought)


@require_GET
@page
def take(request: HttpRequest) -> HttpResponse:
    """The record as a file that `bedside pathway check` takes."""
    return _as_file(queries.record_of(user_of(request)), FILE_NAME)


@require_GET
@page
def take_version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """An earlier state of the record as a file."""
    row = PathwayRecordVersion.objects.filter(user=user_of(request), pk=version_id).first()
    if row is None:
        raise NotFoundError("your record has no such earlier state")
    return _as_file(record_from_kept(row.record), f"record-{row.at:%Y-%m-%d}.yaml")


def _as_file(found: Record, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(record_as_yaml(found), content_type="application/yaml; charset=utf-8", headers=headers)


def _shown(
    request: HttpRequest, *, brought: Brought | None = None, problems: list[str] | None = None, status: int = 200
) -> HttpResponse:
    if not queries.can_answer():
        return no_rules(request)
    shown = {
        **record_page(user_of(request), queries.rules(), current_content()),
        "file_name": FILE_NAME,
        "command": COMMAND,
        "brought": brought,
        "problems": problems or [],
    }
    return render(request, "pathway/record.html", shown, status=status)

"""The pages of the pathway: where a person stands, the states, what if, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bedside.errors import UsageError
from bedside.pathway import Pathway, check, compare
from bedside.pathway import states as ranked_states
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import profile_of
from bedside.site.content import Content, current_content
from bedside.site.pages import page, user_of
from bedside.site.pathway import queries
from bedside.site.pathway.actions import aim_at
from bedside.site.pathway.changing import changes_page
from bedside.site.pathway.differences import difference_groups
from bedside.site.pathway.no_rules import no_rules
from bedside.site.pathway.parts import part_of
from bedside.site.pathway.reasons import Telling
from bedside.site.pathway.shapes import record_from_kept
from bedside.site.pathway.showing import pathway_page
from bedside.site.pathway.states_page import states_page
from bedside.site.pathway.supposing import supposed_rows, what_if_page
from bedside.site.pathway.visits import last_visit, note_visit
from bedside.site.study.zones import zone_of


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asks, when, and about which exam."""

    user: User
    content: Content
    rules: Pathway
    on: date
    choices: list[dict[str, Any]]

    @property
    def telling(self) -> Telling:
        return Telling.of(self.rules, self.content, self.on)

    @property
    def shown(self) -> dict[str, Any]:
        """What every page shows of it."""
        return {"programmes": self.choices, "programme": self.rules.exam.programme, "on": self.on}


def _asked(request: HttpRequest, *, of_licence: bool = False) -> _Asked:
    user, content = user_of(request), current_content()
    asked = "" if of_licence else request.GET.get("programme", "")
    name = queries.pathways().licensing if of_licence else queries.programme_asked(asked, profile_of(user))
    choices = [
        {"name": one, "title": content.programmes[one].title if one in content.programmes else one, "is_here": one == name}
        for one in queries.programmes_with_rules()
    ]
    return _Asked(user, content, queries.rules(name), clock.now().astimezone(zone_of(user.pk)).date(), choices)


@require_GET
@page
def pathway(request: HttpRequest) -> HttpResponse:
    """What stands between me and the licence? The next day to keep, then each step with every reason."""
    if not queries.can_answer():
        return no_rules(request)
    asked = _asked(request)
    row = queries.row_of(asked.user)
    if row is None:
        cells = {cell.key: cell for cell in part_of("person", asked.rules, asked.content).cells}
        return render(request, "pathway/first.html", {**asked.shown, "kinds": cells["kind"].choices})
    record = record_from_kept(row.record)
    answer = check(asked.rules, record, asked.on)
    before = last_visit(asked.user, answer.programme, asked.on)
    note_visit(asked.user, answer)
    since = difference_groups(compare(before.answer, answer), asked.telling) if before else []
    shown = {
        **asked.shown,
        **pathway_page(answer, record, asked.rules, asked.telling),
        "changed_at": row.changed_at,
        "since": before.on if before else None,
        "n_changed": sum(len(group.rows) for group in since),
    }
    return render(request, "pathway/pathway.html", shown)


@require_http_methods(["GET", "POST"])
@page
def states(request: HttpRequest) -> HttpResponse:
    """The states, ranked by what is known; POST marks one that is aimed at, or no longer."""
    if not queries.can_answer():
        return no_rules(request)
    asked = _asked(request, of_licence=True)
    chosen = request.GET.get("status", "")
    if request.method == "POST":
        aims = "aim" in request.POST
        code = request.POST.get("aim") or request.POST.get("leave") or ""
        aim_at(asked.user, asked.rules, code, aims=aims, at=clock.now())
        query = f"?{urlencode({'status': chosen})}" if chosen else ""
        return redirect(f"{reverse('pathway:states')}{query}#{code}")
    row = queries.row_of(asked.user)
    ranked = ranked_states(asked.rules, record_from_kept(row.record if row else {}), asked.on)
    shown = {**asked.shown, **states_page(ranked, asked.telling, chosen), "has_record": row is not None}
    return render(request, "pathway/states.html", shown)


@require_GET
@page
def what_if(request: HttpRequest) -> HttpResponse:
    """What would follow of something that has not happened."""
    if not queries.can_answer():
        return no_rules(request)
    asked = _asked(request)
    rows = supposed_rows(request.GET, asked.rules, asked.content)
    shown = {
        **asked.shown,
        **what_if_page(rows, asked.rules, queries.record_of(asked.user), asked.content, asked.on),
    }
    is_wrong = any(row.problem for row in rows)
    return render(request, "pathway/what_if.html", shown, status=400 if is_wrong else 200)


@require_GET
@page
def changes(request: HttpRequest) -> HttpResponse:
    """What changed since a day: by the rules, and by the record."""
    if not queries.can_answer():
        return no_rules(request)
    asked = _asked(request)
    seen = last_visit(asked.user, asked.rules.exam.programme, asked.on)
    since = _since(request.GET.get("since", ""), asked.on) or (seen.on if seen else None)
    shown: dict[str, Any] = {**asked.shown, "since": since, "is_default": "since" not in request.GET}
    if since is not None:
        shown |= changes_page(asked.user, asked.rules, asked.content, since=since, on=asked.on, seen=seen)
    return render(request, "pathway/changes.html", shown)


def _since(text: str, on: date) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError(_("write the day as 2026-05-14")) from None
    if not date(2000, 1, 1) <= day <= on:
        raise UsageError(_("the day lies between 2000-01-01 and today"))
    return day

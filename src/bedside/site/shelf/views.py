"""The library: topics, what is found by words and filters, and the reference values. Shut while a proctored sitting is on."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from bedside.site import clock
from bedside.site.accounts.page_queries import step_choices
from bedside.site.accounts.roles import BANK_ROLES, has_role
from bedside.site.blueprint import step_of_person
from bedside.site.content import current_content
from bedside.site.exam.sealed import sealing_sitting
from bedside.site.pages import page, user_of
from bedside.site.shelf.actions import begin_item
from bedside.site.shelf.finding import Results, results
from bedside.site.shelf.person import met_by
from bedside.site.shelf.rows import rows_of, values_by_group
from bedside.site.shelf.stock import current_shelf
from bedside.site.shelf.topics import axes_of, topics_of
from bedside.site.shelf.wanted import KINDS, MEETINGS, STATUSES, Wanted, asked

SEED_BITS = 62  # fits the database's signed integer


@require_GET
@page
def library(request: HttpRequest) -> HttpResponse:
    """The topics; with words or filters what fits them."""
    user, at = user_of(request), clock.now()
    sealing = sealing_sitting(user.pk, at)
    if sealing is not None:
        return render(request, "shelf/sealed.html", {"sealing": sealing})
    shelf = current_shelf()
    if shelf is None:
        return render(request, "shelf/later.html")
    wanted = asked(request.GET, shelf.content)
    if (wanted.is_open or wanted.system) and not wanted.step:
        step = step_of_person(user, shelf.content, on=at.date())
        wanted = asked({**request.GET.dict(), "step": "/".join(step)}, shelf.content) if step else wanted
    axes = axes_of(shelf.content, wanted.pair, on=at.date())
    met = met_by(user)
    shown: dict[str, Any] = {
        "wanted": wanted,
        "steps": step_choices(shelf.content),
        "kinds": KINDS,
        "statuses": STATUSES,
        "meetings": MEETINGS,
        "topics": topics_of(shelf, wanted, met, axes),
        "system_title": axes.system.codes.get(wanted.system, wanted.system) if axes.system else wanted.system,
        "area_title": axes.area.codes.get(wanted.area, wanted.area) if axes.area else wanted.area,
        "axes": axes,
        "n_cases": len(shelf.cases),
        "n_values": len(shelf.values),
        "is_writer": has_role(user, *BANK_ROLES),
    }
    if not wanted.is_open:
        found = results(shelf, wanted, met, axes)
        shown |= {"results": found, "rows": rows_of(shelf, found.hits, met, found.found, wanted.pair)}
        shown |= {"pages": _pages(wanted, found), "by_kind": _by_kind(wanted, found)}
    return render(request, "shelf/library.html", shown)


@require_GET
@page
def values(request: HttpRequest) -> HttpResponse:
    """All reference values."""
    sealing = sealing_sitting(user_of(request).pk, clock.now())
    if sealing is not None:
        return render(request, "shelf/sealed.html", {"sealing": sealing})
    content = current_content()
    sources = {analyte.source for analyte in content.analytes.by_id.values()}
    return render(request, "shelf/values.html", {"groups": values_by_group(content), "has_source": bool(sources)})


@require_GET
@page
def about(request: HttpRequest, item_id: str) -> HttpResponse:
    """From an explanation to the topic of its item, or of the model that made it: the same system."""
    user = user_of(request)
    shelf = None if sealing_sitting(user.pk, clock.now()) else current_shelf()
    item = shelf.question(item_id) if shelf else None
    if shelf is None or item is None:
        return redirect("shelf:library")
    step = step_of_person(user, shelf.content, on=clock.today())
    entry = next((one for one in item.blueprint if (one.programme, one.step) == step), item.blueprint[0])
    pair = entry.programme, entry.step
    axes = axes_of(shelf.content, pair, on=clock.today())
    systems = entry.codes.get(axes.system.name, ()) if axes.system else ()
    wanted = Wanted(step="/".join(pair), system=systems[0] if systems else "")
    return redirect(f"{reverse('shelf:library')}?{wanted.query()}")


@require_POST
@page
def practise(request: HttpRequest) -> HttpResponse:
    """Begin one item in tutor mode."""
    programme, _slash, step = request.POST.get("step", "").partition("/")
    made = begin_item(
        user_of(request),
        request.POST.get("item", ""),
        (programme, step),
        content=current_content(),
        seed=secrets.randbits(SEED_BITS),
        at=clock.now(),
    )
    return redirect("exam:sit", made.sitting.pk)


def _pages(wanted: Wanted, found: Results) -> list[dict[str, Any]]:
    """The pages beside this one, the first and the last; none where one holds all."""
    if found.n_pages < 2:
        return []
    numbers = sorted({1, *range(max(1, found.page - 2), min(found.n_pages, found.page + 2) + 1), found.n_pages})
    return [{"n": n, "query": wanted.query(page=n), "is_here": n == found.page} for n in numbers]


def _by_kind(wanted: Wanted, found: Results) -> list[dict[str, Any]]:
    """The kinds that fit, where nothing is searched for and no kind is chosen."""
    if wanted.kind:
        return []
    kinds = [(kind, n) for kind, n in found.n_by_kind.items() if n]
    return [{"text": KINDS[kind], "n": n, "query": wanted.query(kind=kind)} for kind, n in kinds] if len(kinds) > 1 else []

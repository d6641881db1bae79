"""The office's page of journeys: what was reported, and hiding, showing again and closing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.site import clock
from bedside.site.accounts.guard import only
from bedside.site.accounts.roles import Role
from bedside.site.content import current_content
from bedside.site.exam.sealed import see_unsealed
from bedside.site.journeys.finding import headline
from bedside.site.journeys.models import MAX_REASON
from bedside.site.journeys.moderating import cases, close, hide, show
from bedside.site.journeys.stock import read_row
from bedside.site.pages import user_of
from bedside.site.problems import status_of

PAGE = 50
DEEDS: Mapping[str, tuple[Callable[..., None], str | Promise]] = {
    "hide": (hide, _("The journey is hidden.")),
    "show": (show, _("The journey is shown again.")),
    "close": (close, _("The reports are closed.")),
}


@require_GET
@only(Role.ADMINISTRATOR)
def moderate(request: HttpRequest) -> HttpResponse:
    """The journeys of the library: those with open reports first."""
    return _shown(request)


@require_POST
@only(Role.ADMINISTRATOR)
def act(request: HttpRequest, journey_id: UUID, deed: str) -> HttpResponse:
    """Hide a journey, show it again, or close its reports; each with a reason."""
    if deed not in DEEDS:
        raise NotFoundError(f'there is no deed "{deed}"')
    do, said = DEEDS[deed]
    try:
        do(user_of(request), journey_id, reason=request.POST.get("reason", ""), at=clock.now())
    except (UsageError, ConflictError) as error:
        open_ = {"problem": str(error), "open_journey": journey_id, "open": deed, "values": request.POST}
        return _shown(request, open_, status=status_of(error)[0])
    messages.success(request, str(said))
    return redirect("journeys:office")


def _shown(request: HttpRequest, more: Mapping[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    see_unsealed(user_of(request).pk, clock.now())
    content = current_content()
    every = cases()
    number = request.GET.get("page", "1")
    n_pages = max(1, -(-len(every) // PAGE))
    page = min(max(1, int(number)), n_pages) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    rows = []
    for case in every[(page - 1) * PAGE : page * PAGE]:
        journey = read_row(case.row)
        words = headline(journey, content) if journey else str(case.row.pk)  # one that can't be read can still be hidden
        rows.append({"case": case, "row": case.row, "journey": journey, "headline": words})
    shown = {
        "rows": rows,
        "n": len(every),
        "n_open": sum(bool(case.open) for case in every),
        "older": page + 1 if page < n_pages else 0,
        "newer": page - 1,
        "max_reason": MAX_REASON,
    }
    return render(request, "journeys/office.html", {**shown, **(more or {})}, status=status)

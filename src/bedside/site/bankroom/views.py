"""The office's pages about the bank, for who writes items, checks them, or looks after the site."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from bedside.bank import SIZES, AreaTrust, Grid, Item, Model, Outcome, Overview, Reread, Review, Share, Standing, record_of
from bedside.errors import NotFoundError
from bedside.site import clock
from bedside.site.accounts.guard import only
from bedside.site.accounts.page_queries import step_title
from bedside.site.accounts.roles import BANK_ROLES
from bedside.site.bankroom.counting import counted, own_bank
from bedside.site.bankroom.pictures import difficulty_picture, heat_map
from bedside.site.content import Content, current_content
from bedside.site.exam.sealed import see_unsealed
from bedside.site.pages import user_of
from bedside.site.reflection.item_reports import n_open

MOST_GOAL = 2000  # items a step, for targets
MOST_NEXT = 12  # cells a step in what to write next
STANDINGS = {Standing.SHORT: lazy("below"), Standing.WITHIN: lazy("within"), Standing.OVER: lazy("above"), Standing.UNKNOWN: ""}
BECAME = {
    Outcome.CHANGED: lazy("the text was changed"),
    Outcome.HELD: lazy("the text was held, and the reviewer agreed later"),
    Outcome.OPEN: lazy("open: the text stands, and nothing was said since"),
}
REREAD = {
    Reread.READ: lazy("read again after it"),
    Reread.UNREAD: lazy("not read again"),
    Reread.UNREAD_AGAIN: lazy("asked for by a second check, not read again"),
}


@require_GET
@only(*BANK_ROLES)
def bank(request: HttpRequest) -> HttpResponse:
    """What the bank has beside what it should have, and what to write next."""
    asked = request.GET.get("goal", "")
    goal = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    content, on = current_content(), clock.today()
    found = counted(content, on=on, goal=min(goal, MOST_GOAL) or None)
    context = {
        "on": on,
        "goal": goal or "",
        "most_goal": MOST_GOAL,
        "found": found,
        "facts": _facts(found),
        "steps": [_step(content, found, grid) for grid in found.grids],
        "sizes": SIZES,
        "areas": [_area(area) for area in found.areas],
        "judged": difficulty_picture(found.difficulty) if found.difficulty.n_items else None,
        "rules": [(rule, sum(of.values()), ", ".join(of)) for rule, of in (found.rules or {}).items()],
        "n_left_out": len(content.whole.left_out),
        "n_withheld": content.n_withheld,
    }
    return render(request, "bankroom/bank.html", context)


@require_GET
@only(*BANK_ROLES)
def reviews(request: HttpRequest) -> HttpResponse:
    """How far reviewers agreed, by area, and every disagreement with what became of it."""
    see_unsealed(user_of(request).pk, clock.now())  # reviews say what the key is
    trust = counted(current_content(), on=clock.today()).trust
    context = {
        "total": _trust(trust.total),
        "models": _trust(trust.models),
        "areas": [_trust(area) for area in trust.areas],
        "disagreements": [
            {"review": one.review, "key": one.key, "became": BECAME[one.outcome], "is_open": one.outcome is Outcome.OPEN}
            for one in trust.disagreements
        ],
    }
    return render(request, "bankroom/reviews.html", context)


@require_GET
@only(*BANK_ROLES)
def item(request: HttpRequest, name: str) -> HttpResponse:
    """All that is on file of one item or question model."""
    see_unsealed(user_of(request).pk, clock.now())
    bank = own_bank(current_content())
    known: dict[str, Item | Model] = {**{one.id: one for one in bank.all_items}, **bank.models}
    found = known.get(name)
    if found is None:
        raise NotFoundError(f'there is no item or question model "{name}" of our own')
    record = record_of(found, bank.reviews.get(name, ()))
    became = {one.review.line: BECAME[one.outcome] for one in record.disagreements}
    rereads = {one.review.line: REREAD[one.reread] for one in record.changes}
    rows = [_row(one, found.content_hash, became, rereads) for one in record.reviews]
    return render(request, "bankroom/item.html", {"item": found, "record": record, "rows": rows})


def _row(review: Review, present: str, became: dict[int, Any], rereads: dict[int, Any]) -> dict[str, Any]:
    return {
        "review": review,
        "is_present": review.hash == present,
        "members": ", ".join(f"{seed}: {letter}" for seed, letter in review.members.items()),
        "percent": None if review.confidence is None else round(100 * review.confidence),
        "became": became.get(review.line),
        "reread": rereads.get(review.line),
    }


def _facts(found: Overview) -> list[tuple[str, str]]:
    stats, trust = found.stats, found.trust.total
    sizes = found.family_sizes
    facts = [
        (_("Items"), f"{stats.n_items:,} ({_listed(stats.by_status)})" if stats.n_items else "0"),
        (_("Question models"), f"{found.models.n:,}"),
        (_("Takeaways"), f"{stats.n_takeaways:,}"),
        (_("Families: takeaways by their items"), ", ".join(f"{size}: {sizes.get(size, 0):,}" for size in SIZES)),
        (_("Key at"), _listed(stats.key_places)),
        (_("Reviews"), _("%(blind)d blind, %(facts)d of facts") % {"blind": trust.n_blind, "facts": trust.n_facts}),
        (_("First reading agreed"), _share(trust.first)),
        (_("Readers' reports open"), f"{n_open():,}"),
    ]
    return [(name, text) for name, text in facts if text]


def _listed(numbers: Any) -> str:
    return ", ".join(f"{name} {n:,}" for name, n in numbers.items())


def _share(share: Share) -> str:
    if share.value is None:
        return "–"
    low, high = share.interval
    told = {"k": share.k, "n": share.n, "low": round(100 * low), "high": round(100 * high)}
    return _("%(k)d of %(n)d (between %(low)d%% and %(high)d%%)") % told


def _step(content: Content, found: Overview, grid: Grid) -> dict[str, Any]:
    title = step_title(content, grid.programme, grid.step)
    covered = next(one for one in found.stats.steps if (one.programme, one.step) == (grid.programme, grid.step))
    return {
        "title": title,
        "name": f"{grid.programme}-{grid.step}",
        "n_items": covered.n_items,
        "n_models": found.models.by_step.get((grid.programme, grid.step), 0),
        "picture": heat_map(grid, title),
        "rows": [{"row": row, "standing": STANDINGS[row.standing], "is_out": _is_out(row.standing)} for row in covered.rows],
        "open": covered.n_open.items(),
        "next": [
            {
                "codes": f"{'+'.join(grid.rows[cell.row].covers)} × {'+'.join(grid.columns[cell.column].covers)}",
                "n": cell.n_items,
                "target": f"{cell.target:.1f}",
                "short": cell.in_short,
            }
            for cell in grid.wanted[:MOST_NEXT]
        ],
    }


def _is_out(standing: Standing) -> bool:
    return standing in (Standing.SHORT, Standing.OVER)


def _area(area: Any) -> dict[str, Any]:
    return {
        "area": area.area,
        "weight": "" if area.weight is None else f"{area.weight:.1f}%",
        "n": len(area.families),
        "sizes": list(area.by_items.values()),
        "n_models": sum(bool(family.models) for family in area.families),
        "n_cases": sum(bool(family.cases) for family in area.families),
    }


def _trust(area: AreaTrust) -> dict[str, Any]:
    return {
        "name": area.area,
        "area": area,
        "first": _share(area.first),
        "covered": _share(area.covered),
        "against": sum(area.n_disagreements.values()),
        "changes": [(REREAD[one], area.n_changes[one.value]) for one in Reread],
        "n_changes": sum(area.n_changes.values()),
        "unread": area.n_changes[Reread.UNREAD.value],
    }

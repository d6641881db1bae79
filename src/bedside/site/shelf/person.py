"""What one person met of the library: decides what a page may show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from bedside.bank import base_id
from bedside.site.accounts.models import User
from bedside.site.cases.models import CaseRun
from bedside.site.exam.models import SittingItem
from bedside.site.exam.report_views import ITEMS_A_PAGE
from bedside.site.exam.stock import seen_by
from bedside.site.reflection.queries import revealed


@dataclass(frozen=True)
class Met:
    """Items that were given in a sitting that has begun, those whose key was shown, and cases that were played to the end."""

    given: frozenset[str]
    told: Mapping[str, UUID]  # item → the last sitting in which its key was shown
    played: Mapping[str, UUID]  # case → the last run that has a debrief

    def state_of(self, item: str) -> str:
        """ "new", "open" (given, its key not shown) or "told"; of a model by its members."""
        if item in self.models:
            return "told" if self.models[item] else "open"
        return "told" if item in self.told else "open" if item in self.given else "new"

    @cached_property
    def models(self) -> Mapping[str, tuple[str, ...]]:
        """The question models of which members were given, each with those whose key was shown, the last one at the end."""
        found: dict[str, list[str]] = {base_id(item): [] for item in self.given if ":" in item}
        for item in self.told:
            if ":" in item:
                found.setdefault(base_id(item), []).append(item)
        return {name: tuple(members) for name, members in found.items()}


def met_by(user: User) -> Met:
    """What this person met; three statements."""
    told = revealed(user).order_by("answered_at").values_list("item", "sitting_id")
    runs = CaseRun.objects.filter(user=user, percent__isnull=False).order_by("started_at").values_list("case_id", "id")
    return Met(frozenset(seen_by(user)), dict(told), dict(runs))


def explanation_addresses(met: Met, items: Iterable[str]) -> Mapping[str, str]:
    """Where the explanation of each item stands, of those whose key was shown; one statement."""
    wanted = {item: met.told[item] for item in items if item in met.told}
    if not wanted:
        return {}
    rows = SittingItem.objects.filter(item__in=wanted, sitting__in=set(wanted.values()))
    return {
        row.item: _address(row.sitting_id, row.position)
        for row in rows.only("item", "sitting_id", "position")
        if wanted[row.item] == row.sitting_id
    }


def _address(sitting: UUID, position: int) -> str:
    page = (position - 1) // ITEMS_A_PAGE + 1
    query = f"?{urlencode({'page': page})}" if page > 1 else ""
    return f"{reverse('exam:report', args=[sitting])}{query}#item-{position}"

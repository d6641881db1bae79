"""What the road costs, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bedside.pathway.timeline import Grounds, Timeline


@dataclass(frozen=True, slots=True)
class CostRow:
    """One thing to pay; `amount` empty where no source states it."""

    title: str
    what: str
    amount: str
    on: date
    sources: tuple[tuple[str, str], ...]
    as_of: date
    confidence: str
    note: str


def cost_rows(found: Timeline) -> Iterator[CostRow]:
    """The costs of what is left, in the order of the road."""
    for one in sorted(found.milestones, key=lambda one: one.start or date.max):
        if one.start is None or one.is_optional:
            continue
        for cost in one.costs:
            amount = f"{cost.amount:,} {cost.currency}" if cost.amount is not None else ""
            sources = links_of(cost.grounds)
            note = cost.grounds.note or ""
            confidence = cost.grounds.confidence.value
            yield CostRow(one.title, cost.what, amount, one.start, sources, cost.grounds.as_of, confidence, note)


def links_of(grounds: Grounds) -> tuple[tuple[str, str], ...]:
    """Sources as titles and addresses."""
    return tuple((one.title, one.url or "") for one in grounds.sources)


def totals(found: Timeline) -> tuple[list[str], list[tuple[int, str]]]:
    """The sums by currency, and by year."""
    sums = [f"{amount:,} {currency}" for currency, amount in found.costs.items()]
    return sums, [(year, f"{amount:,} {currency}") for (year, currency), amount in found.costs_by_year.items()]

"""What must hold of a sitting in the database whatever happened to it: log, ledger, snapshot and projections agree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bedside.delivery import fold
from bedside.site.exam.actions import rebuild
from bedside.site.exam.ledger import verify_sitting
from bedside.site.exam.log import events_of, folded
from bedside.site.exam.models import Response
from bedside.site.exam.models import Sitting as SittingRow

_STATE = ("state", "block", "deadline", "ended_at", "n_answered", "n_arrivals", "is_disclosed")
_RESPONSE = ("item", "choice", "correct", "ms", "changes", "confidence", "answered_at")


def assert_sound(sitting: str, *, heads: Iterable[str] = ()) -> None:
    """Nothing half-written: as many events as rows of the ledger, and all that is made of the events is what they make.

    `heads` are heads of the ledger that were acknowledged; each must occur in the chain.
    """
    row = SittingRow.objects.get(pk=sitting)
    assert row.events.count() == row.ledger.count() == row.n_arrivals
    assert list(row.events.order_by("arrival").values_list("arrival", flat=True)) == list(range(1, row.n_arrivals + 1))
    for writer in row.writers.all():
        kept = list(writer.events.order_by("seq").values_list("seq", flat=True))
        assert kept == list(range(1, writer.last_seq + 1))
    assert folded(row, row.delivery_form()) == fold(row.delivery_form(), events_of(row))
    for head in [None, *heads]:
        assert verify_sitting(row, head=head).problems == ()
    before = projected(sitting)
    rebuild(row.pk)
    assert projected(sitting) == before


def projected(sitting: str) -> dict[str, list[Any]]:
    """All that `rebuild` makes again."""
    row = SittingRow.objects.get(pk=sitting)
    return {
        "sitting": list(SittingRow.objects.filter(pk=sitting).values_list(*_STATE)),
        "responses": list(Response.objects.filter(sitting=row).order_by("position").values_list(*_RESPONSE)),
        "flags": list(row.items.order_by("position").values_list("item", "is_flagged")),
        "outcomes": list(row.events.order_by("arrival").values_list("arrival", "outcome", "reason")),
    }

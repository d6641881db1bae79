"""What the player and the report show of what was said after the answers of one sitting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bedside.site.accounts.models import User
from bedside.site.exam.log import folded
from bedside.site.reflection.models import ErrorReason, ItemReport
from bedside.site.reflection.notes import Note, notes_on
from bedside.site.reflection.queries import said_in
from bedside.site.reflection.seen import disclosed_sitting


@dataclass(frozen=True, slots=True)
class AfterAnswer:
    """What stands of one item: the reason that counts, the note, and the errors that this person reported in it."""

    reason: ErrorReason | None
    note: Note | None
    reports: tuple[ItemReport, ...] = ()


def after_answers(user: User, sitting_id: UUID, *, at: datetime) -> Mapping[str, AfterAnswer]:
    """What was said of the items of a sitting whose keys were shown, by item, in the order of the form.

    Raises:
        NotFoundError: this person has no such sitting.
        NotFinishedError: its keys have not been given out.
        SealedError: a proctored sitting of theirs is under way.
    """
    row = disclosed_sitting(user, sitting_id, at=at)
    shown = folded(row, row.delivery_form()).disclosed
    items = [name for name in row.items.order_by("position").values_list("item", flat=True) if name in shown]
    said, notes = said_in(user, sitting_id), notes_on(user, items)
    reports: dict[str, list[ItemReport]] = {}
    for report in ItemReport.objects.filter(user=user, item__in=items).order_by("at"):
        reports.setdefault(report.item, []).append(report)
    return {name: AfterAnswer(said.get(name), notes.get(name), tuple(reports.get(name, ()))) for name in items}

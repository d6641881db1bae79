"""An item whose key and explanations a person has been shown: only of such an item is anything said, noted or reported here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bedside.delivery import ItemWork, Key, Mode, worked_items
from bedside.errors import NotFoundError
from bedside.site.accounts.models import User
from bedside.site.exam.log import folded
from bedside.site.exam.marked import NO_WORK
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.queries import own_sitting
from bedside.site.exam.scores import keys_in_force
from bedside.site.exam.sealed import see_unsealed
from bedside.site.library.delivered import Delivered, delivered_from_text
from bedside.site.problems import NotFinishedError


@dataclass(frozen=True, slots=True)
class Seen:
    """One item of a sitting, with what was done on it. `key` is None where the item no longer counts."""

    row: SittingRow
    item: Delivered
    hash: str  # of the text that was delivered
    position: int
    key: Key | None
    work: ItemWork
    is_right: bool

    @property
    def key_letters(self) -> tuple[str, ...]:
        return self.key.options if self.key else self.item.key

    @property
    def chosen(self) -> str:
        """The option that was taken for another: the first chosen one that is no part of the key; "" where there is none."""
        answer = self.work.answer
        return next((letter for letter in (answer.choice if answer else ()) if letter not in self.key_letters), "")

    @property
    def missed(self) -> str:
        """The first option of the key that was not chosen; "" where there is none."""
        chosen = self.work.answer.choice if self.work.answer else ()
        return next((letter for letter in self.key_letters if letter not in chosen), "")

    @property
    def was_right_before(self) -> bool:
        """Does the log show that the right option was chosen before, and changed?

        In tutor mode the log holds only what was confirmed; there the player knows what stood before.
        """
        answer = self.work.answer
        right = sorted(self.key_letters)
        return bool(answer and right) and any(sorted(choice) == right for choice in (answer.history[:-1] if answer else ()))


def seen(user: User, sitting_id: UUID, item: str, *, at: datetime) -> Seen:
    """The item as the person saw it and answered it.

    Raises:
        NotFoundError: this person has no such sitting, or it has no such item.
        NotFinishedError: its key has not been shown to them yet.
        SealedError: a proctored sitting of theirs is under way.
    """
    row = disclosed_sitting(user, sitting_id, at=at)
    held = row.items.select_related("item_version").filter(item=item).first()
    if held is None:
        raise NotFoundError(f"sitting {sitting_id} has no such item")
    form = row.delivery_form()
    state = folded(row, form)
    if item not in state.disclosed:
        raise NotFinishedError("the key of this item has not been shown yet")
    verdicts = keys_in_force(row)
    worked = {one.item: one.is_right for one in worked_items(form, state, verdicts.keys, dropped=verdicts.dropped)}
    return Seen(
        row=row,
        item=delivered_from_text(held.item_version.text),
        hash=held.item_version.hash,
        position=held.position,
        key=verdicts.keys.get(item) if item in worked else None,
        work=state.work.get(item, NO_WORK),
        is_right=worked.get(item, False),
    )


def disclosed_sitting(user: User, sitting_id: UUID, *, at: datetime) -> SittingRow:
    """The person's sitting, whose keys are given out as it goes on (tutor mode) or were with its report.

    Raises:
        NotFoundError: this person has no such sitting.
        NotFinishedError: its keys have not been given out.
        SealedError: a proctored sitting of theirs is under way.
    """
    row = own_sitting(user, sitting_id)
    see_unsealed(user.pk, at)
    if row.mode != Mode.TUTOR.value and not row.is_disclosed:
        raise NotFinishedError("what an item teaches is shown with the report, once the sitting has ended")
    return row

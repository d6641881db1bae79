"""What can be done to a sitting: one function a verb, each in one transaction that is on the disk before it answers.

Load, fold and append happen under one lock (on SQLite BEGIN IMMEDIATE, on PostgreSQL the sitting's row). Nothing else writes
a sitting. An event is kept with its outcome whatever the rules say to it; what is not kept is named in the answer.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from bedside.delivery import Ended, Form, FormFixed, fold
from bedside.errors import ConflictError, NotFoundError
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import Bearer
from bedside.site.database import one_write
from bedside.site.exam.admission import Wanted, admission
from bedside.site.exam.case_port import cases
from bedside.site.exam.desk import Arrival, Desk
from bedside.site.exam.keeping import project_all
from bedside.site.exam.log import events_of, form_digest
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.models import SittingItem, Writer
from bedside.site.exam.scores import last_version, score_version
from bedside.site.exam.sealed import see_no_other_proctored, see_unsealed
from bedside.site.exam.together import LINE, Acknowledgement, Call
from bedside.site.library.actions import keep_versions
from bedside.site.library.delivered import Delivered
from bedside.site.library.models import ItemVersion


@dataclass(frozen=True, slots=True)
class Plan:
    """A sitting to be made: its form, the items of the form as they will be delivered, and how they were chosen."""

    programme: str
    step: str
    kind: str
    form: Form
    items: Sequence[Delivered]  # in the order of the form
    n_asked: int
    seed: int
    filter: Mapping[str, Any] = field(default_factory=dict)
    day: int = 1  # of the step
    clock: str = "real"  # or "compressed"
    is_proctored: bool = False
    marking: Mapping[str, Any] = field(default_factory=dict)  # by kind of item, as `marking_as_dict` writes it
    case_texts: Sequence[str] = ()  # of the cases of the form


@dataclass(frozen=True, slots=True)
class Issued:
    """A sitting and the writer that may add events to it."""

    sitting: SittingRow
    writer: UUID


def create_sitting(user: User, plan: Plan, *, at: datetime) -> Issued:
    """Make a sitting with its first writer, and keep the exact text of every item in it.

    Raises:
        ConflictError: it is proctored, and the user has another of the step that has not ended, or the register does not
            admit them.
    """
    with one_write():
        if plan.is_proctored:
            User.objects.select_for_update().get(pk=user.pk)  # of two at once the second sees the first
            see_no_other_proctored(user, programme=plan.programme, step=plan.step, at=at)
            wanted = Wanted(user.pk, plan.programme, plan.step, plan.day, plan.kind, plan.clock)
            admission().see_may_make(wanted, at=at)
        versions = keep_versions(plan.items, at=at)
        cases().keep_texts(plan.case_texts, at=at)
        row = SittingRow.objects.create(
            user=user,
            programme=plan.programme,
            step=plan.step,
            day=plan.day,
            kind=plan.kind,
            clock=plan.clock,
            is_proctored=plan.is_proctored,
            marking=dict(plan.marking),
            mode=plan.form.mode.value,
            form=plan.form.as_dict(),
            salt=secrets.token_hex(32),
            filter=dict(plan.filter),
            seed=plan.seed,
            n_asked=plan.n_asked,
            n_items=len(plan.items),
            created_at=at,
            clock_at=at,
        )
        _keep_items(row, plan, versions)
        Writer.objects.create(sitting=row, kind="server", issued_at=at, last_at=at)
        desk = Desk.open(row, at)
        desk.add_own(FormFixed(form_digest(row)), at)
        return Issued(row, desk.issue_writer())


def _keep_items(row: SittingRow, plan: Plan, versions: Mapping[str, ItemVersion]) -> None:
    SittingItem.objects.bulk_create(
        SittingItem(
            sitting=row,
            position=position,
            block=plan.form.block_of(item.id) or 1,
            item=item.id,
            item_version=versions[item.id],
            key=item.scoring_key.as_text(),
        )
        for position, item in enumerate(plan.items, start=1)
    )


def take_over(user: User, sitting_id: UUID, *, at: datetime, supersedes: UUID | None = None) -> Issued:
    """Give the sitting to a new player; the older one is superseded. With `supersedes`, only while that is the older one: a
    call that was given up, repeated, and handled after its repetition then takes the sitting from nobody.

    Raises:
        NotFoundError: this user has no such sitting.
        ConflictError: another player than `supersedes` has it now.
    """
    with one_write():
        row = locked(user, sitting_id)
        if supersedes is not None and not row.writers.filter(pk=supersedes, superseded_at__isnull=True).exists():
            raise ConflictError(f"writer {supersedes} is not the one that has sitting {row.pk} now; read its state again")
        return Issued(row, Desk.open(row, at).issue_writer())


def append_events(
    who: User | Bearer, sitting_id: UUID, writer_id: UUID, arrivals: Sequence[Arrival], *, at: datetime
) -> Acknowledgement:
    """Keep what a player sends, fold it, and say what counts. Sending the same events again changes nothing.

    Raises:
        NotFoundError: this user, or whoever the token belongs to, has no such sitting, or the sitting no such writer.
        EventDiffersError: an event differs from the one kept under its number; nothing was kept.
        LogFullError: the sitting can take no more; nothing was kept.
        TooOftenError: the whole log had to be folded too often; nothing was kept.
        StoreError: the store refused, and nothing was kept; or it is unknown whether, which the text says.
    """
    return LINE.keep(Call(who if isinstance(who, Bearer) else who.pk, sitting_id, writer_id, arrivals, at))


def settle(user: User, sitting_id: UUID, *, at: datetime) -> SittingRow:
    """Write down that the clock has run out, where it has; the close is provisional while the grace lasts.

    Raises:
        NotFoundError: this user has no such sitting.
    """
    row = SittingRow.objects.filter(user=user, pk=sitting_id).first()
    if row is None:
        raise NotFoundError(f"there is no sitting {sitting_id}")
    if row.deadline is None or row.deadline > max(at, row.clock_at):
        return row
    with one_write():
        row = locked(user, sitting_id)
        desk = Desk.open(row, at)
        desk.close_expired()
        desk.keep()
    return row


def open_report(user: User, sitting_id: UUID, *, at: datetime) -> None:
    """Write down that the keys of an ended sitting are given out, before they are, and its score: no later answer counts.

    A sitting that has not ended stays as it is; its report is refused by who reads it.

    Raises:
        NotFoundError: this user has no such sitting.
        SealedError: another sitting of theirs, a proctored one, is under way.
    """
    row = settle(user, sitting_id, at=at)
    see_unsealed(row.user_id, at, but=row.pk)
    if row.state != "finished" or (row.is_disclosed and last_version(row) is not None):
        return
    with one_write():
        row = locked(user, sitting_id)
        desk = Desk.open(row, at)
        if isinstance(desk.state.phase, Ended):
            desk.disclose(item.id for block in desk.form.blocks for item in block.items)
            desk.keep()
            score_version(row, at=desk.at)
            cases().score(row)


def rebuild(sitting_id: UUID) -> None:
    """Make every projection of a sitting again from its events.

    Raises:
        NotFoundError: there is no such sitting.
    """
    with one_write():
        row = SittingRow.objects.select_for_update().filter(pk=sitting_id).first()
        if row is None:
            raise NotFoundError(f"there is no sitting {sitting_id}")
        form = row.delivery_form()
        project_all(row, form, fold(form, events_of(row)))
        row.save()


def locked(user: User, sitting_id: UUID) -> SittingRow:
    """The user's sitting, locked until the transaction ends.

    Raises:
        NotFoundError: this user has no such sitting.
    """
    row = SittingRow.objects.select_for_update().filter(user=user, pk=sitting_id).first()
    if row is None:
        raise NotFoundError(f"there is no sitting {sitting_id}")
    return row

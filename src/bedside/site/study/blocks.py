"""A block in tutor mode of items that test what is due; its answers come into the log of reviews like those of any block."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from bedside.bank import Item
from bedside.delivery import Form, Mode, marking_as_dict
from bedside.site.accounts.accommodations import accommodation_of
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import profile_of
from bedside.site.content import Content
from bedside.site.exam.actions import Issued, Plan, create_sitting
from bedside.site.exam.blocks import form_block
from bedside.site.exam.marks import marking_of
from bedside.site.exam.sealed import see_may_make
from bedside.site.exam.stock import serves
from bedside.site.library.delivering import deliver
from bedside.site.practice.choice import kept_choice
from bedside.site.problems import NoItemsError
from bedside.site.study.queries import due_today

MOST_ITEMS = 40  # in one block; what is due beyond them is due afterwards still


def block_of_due(user: User, content: Content, *, seed: int, at: datetime) -> Issued:
    """Make a block of the unseen items by which something due today can be tested, the least remembered first.

    Raises:
        NoItemsError: there are none.
        SealedError: a proctored sitting of the user is under way.
        TooOftenError: they made too many sittings in the last hour.
    """
    items = [content.items[name] for name in due_today(user, content, at=at).items]
    chosen = kept_choice(profile_of(user), content, on=at.date())
    programme, step, fitting = _of_one_step(items, (chosen.programme, chosen.step) if chosen else None)
    see_may_make(user, programme=programme, step=step, is_proctored=False, at=at)
    delivered = [deliver(content, item, programme=programme, step=step) for item in fitting[:MOST_ITEMS]]
    edition = content.programmes[programme].on(at.date()).step(step)
    form = Form(
        id=str(uuid4()),
        mode=Mode.TUTOR,
        blocks=(form_block(delivered, None),),
        grace_s=None,
        time_factor=accommodation_of(user, is_proctored=False).time_factor,
        stop_clock_s=0,
    )
    plan = Plan(
        programme=programme,
        step=step,
        kind="block",
        form=form,
        items=delivered,
        n_asked=len(delivered),
        seed=seed,
        marking=marking_as_dict(marking_of(edition)[0]),
    )
    return create_sitting(user, plan, at=at)


def _of_one_step(items: Sequence[Item], wanted: tuple[str, str] | None) -> tuple[str, str, list[Item]]:
    """A block is of one step: the one that the person practises, where an item serves it, else that of the first item."""
    if not items:
        raise NoItemsError("no item that you have not seen tests what is due today")
    if wanted is None or not any(serves(item, *wanted) for item in items):
        entry = items[0].blueprint[0]
        wanted = entry.programme, entry.step
    return *wanted, [item for item in items if serves(item, *wanted)]

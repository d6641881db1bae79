"""A block in tutor mode of items that were chosen already: those of a day, those that are due, one of the library."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from bedside.bank import Item
from bedside.delivery import Form, Mode, marking_as_dict
from bedside.site.accounts.accommodations import accommodation_of
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.exam.actions import Issued, Plan, create_sitting
from bedside.site.exam.blocks import form_block
from bedside.site.exam.marks import marking_of
from bedside.site.library.delivering import deliver


def create_tutor_block(
    user: User, content: Content, items: Sequence[Item], step: tuple[str, str], *, seed: int, at: datetime
) -> Issued:
    """Make the block of these items of a step, in their order. Whether the user may make one is asked before it."""
    programme, name = step
    delivered = [deliver(content, item, programme=programme, step=name) for item in items]
    edition = content.programmes[programme].on(at.date()).step(name)
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
        step=name,
        kind="block",
        form=form,
        items=delivered,
        n_asked=len(delivered),
        seed=seed,
        marking=marking_as_dict(marking_of(edition)[0]),
    )
    return create_sitting(user, plan, at=at)

"""Beginning one item of the library in practice."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from bedside.delivery import Form, Mode, marking_as_dict
from bedside.errors import NotFoundError, UsageError
from bedside.site.accounts.accommodations import accommodation_of
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.exam.actions import Issued, Plan, create_sitting
from bedside.site.exam.blocks import form_block
from bedside.site.exam.marks import marking_of
from bedside.site.exam.sealed import see_may_make
from bedside.site.exam.stock import items_of_step
from bedside.site.library.delivering import deliver
from bedside.site.practice.pool import sets_of


def begin_item(user: User, item_id: str, step: tuple[str, str], *, content: Content, seed: int, at: datetime) -> Issued:
    """Make a block in tutor mode of this item; of an item of a set the whole set.

    Raises:
        NotFoundError: no such item can be practised.
        UsageError: it does not serve that step.
        SealedError: a proctored sitting of the user is under way.
        TooOftenError: they made too many sittings in the last hour.
    """
    programme, name = step
    known = content.programmes.get(programme)
    if known is None or known.step(name) is None:
        raise UsageError(f'there is no step "{programme}/{name}"')
    see_may_make(user, programme=programme, step=name, is_proctored=False, at=at)
    offered = {item.id: item for item in items_of_step(content, programme, name, None)}
    if item_id not in offered:
        raise NotFoundError(f'no item "{item_id[:200]}" can be practised for {programme} {name}')
    chosen = sets_of(offered.values()).get(item_id, (item_id,))
    items = [deliver(content, offered[one], programme=programme, step=name) for one in chosen]
    form = Form(
        id=str(uuid4()),
        mode=Mode.TUTOR,
        blocks=(form_block(items, None),),
        grace_s=None,
        time_factor=accommodation_of(user, is_proctored=False).time_factor,
        stop_clock_s=0,
    )
    plan = Plan(
        programme=programme,
        step=name,
        kind="block",
        form=form,
        items=items,
        n_asked=len(items),
        seed=seed,
        marking=marking_as_dict(marking_of(known.on(at.date()).step(name))[0]),
    )
    return create_sitting(user, plan, at=at)

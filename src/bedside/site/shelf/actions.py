"""Beginning one item of the library in practice."""

from __future__ import annotations

from datetime import datetime

from bedside.bank import Item
from bedside.errors import NotFoundError, UsageError
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.exam.actions import Issued
from bedside.site.exam.members import members_met, models_of_step, shown_items
from bedside.site.exam.sealed import see_may_make
from bedside.site.exam.stock import items_of_step
from bedside.site.exam.tutor_block import create_tutor_block
from bedside.site.practice.pool import sets_of


def begin_item(user: User, item_id: str, step: tuple[str, str], *, content: Content, seed: int, at: datetime) -> Issued:
    """Make a block in tutor mode of this item; of an item of a set the whole set, of a question model a member not yet met.

    Raises:
        NotFoundError: no such item can be practised, or the model makes no further member.
        UsageError: it does not serve that step.
        SealedError: a proctored sitting of the user is under way.
        TooOftenError: they made too many sittings in the last hour.
    """
    programme, name = step
    known = content.programmes.get(programme)
    if known is None or known.step(name) is None:
        raise UsageError(f'there is no step "{programme}/{name}"')
    see_may_make(user, programme=programme, step=name, is_proctored=False, at=at)
    items = _chosen(user, item_id, step, content, seed)
    if not items:
        raise NotFoundError(f'no item "{item_id[:200]}" can be practised for {programme} {name}')
    return create_tutor_block(user, content, items, step, seed=seed, at=at)


def _chosen(user: User, item_id: str, step: tuple[str, str], content: Content, seed: int) -> list[Item]:
    if item_id in {head.id for head in models_of_step(content, *step, None)}:
        return shown_items(content, [item_id], met=members_met(user), seed=seed)
    offered = {item.id: item for item in items_of_step(content, *step, None)}
    if item_id not in offered:
        return []
    return [offered[one] for one in sets_of(offered.values()).get(item_id, (item_id,))]

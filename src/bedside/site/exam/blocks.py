"""A block of a form out of the items that it delivers."""

from __future__ import annotations

from collections.abc import Sequence

from bedside.delivery import FixedBreak, FormBlock, FormItem, FormSet, Navigation, SetKind
from bedside.site.library.delivered import Delivered


def form_block(
    items: Sequence[Delivered],
    limit_s: int | None,
    *,
    navigation: Navigation = Navigation.FREE,
    section: str | None = None,
    break_after: FixedBreak | None = None,
) -> FormBlock:
    """The block with these items in this order; those of a set stand next to each other already."""
    sets = {item.set.id: FormSet(item.set.id, SetKind(item.set.kind)) for item in items if item.set}
    return FormBlock(
        items=tuple(_form_item(item) for item in items),
        limit_s=limit_s,
        navigation=navigation,
        section=section,
        break_after=break_after,
        sets=tuple(sets.values()),
    )


def _form_item(item: Delivered) -> FormItem:
    letters = tuple(option.letter for option in item.options)
    return FormItem(item.id, item.version, item.kind, letters, item.set.id if item.set else None)

"""The bank without its drafts: what nobody but its author has read is shown to authors and reviewers, not to candidates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bedside.bank.folder import Bank
from bedside.bank.item import Item, Status


def without_drafts(bank: Bank, *, collection: str, is_taught_elsewhere: Callable[[str], bool]) -> Bank:
    """The bank without the items and question models of this collection that are drafts.

    A set with a draft in it goes whole, since its parts can't do without each other. A takeaway goes where drafts alone teach
    it, unless `is_taught_elsewhere`, such as by a case.
    """
    drafts = {item.id for item in bank.items.values() if _is_draft(item, bank, collection)}
    drafts |= {name for name, model in bank.models.items() if _is_draft(model.head, bank, collection)}
    if not drafts:
        return bank
    sets = {name: parts for name, parts in bank.sets.items() if drafts.isdisjoint(parts)}
    drafts |= {part for name, parts in bank.sets.items() if name not in sets for part in parts}
    items = {name: item for name, item in bank.items.items() if name not in drafts}
    models = {name: model for name, model in bank.models.items() if name not in drafts}
    shown = {name for item in items.values() for name in item.takeaways}
    shown |= {name for model in models.values() for name in model.head.takeaways}
    every = {name for item in bank.items.values() for name in item.takeaways}
    every |= {name for model in bank.models.values() for name in model.head.takeaways}
    hidden = {name for name in every - shown if not is_taught_elsewhere(name)}
    takeaways = {name: one for name, one in bank.takeaways.items() if name not in hidden}
    return replace(bank, items=items, models=models, sets=sets, takeaways=takeaways)


def _is_draft(item: Item, bank: Bank, collection: str) -> bool:
    return item.status is Status.DRAFT and bank.collection_of[item.id] == collection

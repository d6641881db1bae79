"""Question models where items are chosen: a model is one entry, and a person gets a member of it that they have not met."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterable
from itertools import chain

from bedside.bank import N_MEMBERS, Item, MemberError, make_member, member_id
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.exam.models import SittingItem
from bedside.site.exam.stock import OWN, items_of_step, serves

logger = logging.getLogger(__name__)

MOST_SEEDS = 100_000  # looked through for one that is not met; nobody meets as many


def models_of_step(content: Content, programme: str, step: str, collection: str | None) -> list[Item]:
    """What the members of each model that serves the step have in common: an item without options, under the model's id."""
    return [
        model.head
        for model in content.bank.models.values()
        if content.bank.collection_of[model.id] == (collection or OWN) and serves(model.head, programme, step)
    ]


def entries_of_step(content: Content, programme: str, step: str, collection: str | None) -> list[Item]:
    """The items of a step, and its models, each as one entry."""
    return [*items_of_step(content, programme, step, collection), *models_of_step(content, programme, step, collection)]


def members_met(user: User) -> frozenset[str]:
    """The members that this person was ever given, in whatever sitting."""
    return frozenset(SittingItem.objects.filter(sitting__user=user, item__contains=":").values_list("item", flat=True))


def shown_items(content: Content, names: Iterable[str], *, met: Collection[str], seed: int) -> list[Item]:
    """The items of these entries in their order: an item as it is, a model as a member that is not met.

    The seed decides which member. An entry that the bank no longer has, or a model that makes no member, is left out.
    """
    found = (content.items.get(name) or _fresh(content, name, met, seed) for name in names)
    return [item for item in found if item is not None]


def _fresh(content: Content, name: str, met: Collection[str], seed: int) -> Item | None:
    """A member whose seed is among those that `bedside bank model check` judges, as long as one of them is left."""
    model = content.bank.models.get(name)
    if model is None:
        return None
    first = int.from_bytes(hashlib.sha256(f"{seed}\n{name}".encode()).digest()) % N_MEMBERS
    judged = (1 + (first + n) % N_MEMBERS for n in range(N_MEMBERS))
    for number in chain(judged, range(N_MEMBERS + 1, MOST_SEEDS)):
        if member_id(name, number) in met:
            continue
        try:
            return make_member(model, number).item
        except MemberError as error:
            logger.warning("no member: %s", error)
            if number > N_MEMBERS:
                break
    return None

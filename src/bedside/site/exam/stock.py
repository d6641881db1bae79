"""The items that a step can be made of, with their codes; and what of them was given before, and to whom."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Count, Max

from bedside.assembly import PoolItem, SetPlace
from bedside.bank import Item
from bedside.errors import UsageError
from bedside.programme import Step
from bedside.reading import did_you_mean
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.exam.models import SittingItem

OWN = "bedside"  # the collection of the bank's own items
EXPOSURE_DAYS = 365  # how far back it counts that an item was given; assumed, a year of forms
RECENT_DAYS = 365  # of what this candidate saw, the older is taken first where some of it must be


def items_of_step(content: Content, programme: str, step: str, collection: str | None) -> list[Item]:
    """The items of a collection that serve a step.

    Without a name the bank's own are meant. In an imported collection an item that names no blueprint belongs to every step.
    """
    found = [
        item
        for item in content.items.values()
        if content.bank.collection_of[item.id] == (collection or OWN)
        and (serves(item, programme, step) or (collection is not None and not item.blueprint))
    ]
    # a set is taken whole, so that one of which a part serves another step alone can't be taken
    whole = Counter(item.set.id for item in content.items.values() if item.set)
    here = Counter(item.set.id for item in found if item.set)
    return [item for item in found if item.set is None or here[item.set.id] == whole[item.set.id]]


def step_of(content: Content, programme: str, step: str) -> Step:
    """The step that a request names.

    Raises:
        UsageError: there is no such programme or step.
    """
    if programme not in content.programmes:
        raise UsageError(f'there is no programme "{programme}"{did_you_mean(programme, list(content.programmes))}')
    found = content.programmes[programme].step(step)
    if found is None:
        known = [one.name for one in content.programmes[programme].steps]
        raise UsageError(f'the programme "{programme}" has no step "{step}"{did_you_mean(step, known)}')
    return found


def see_collection(content: Content, collection: str | None) -> None:
    """See that there is a collection of that name.

    Raises:
        UsageError: there is none.
    """
    collections = set(content.bank.collection_of.values())
    if collection is not None and collection not in collections:
        near = did_you_mean(collection, sorted(collections))
        raise UsageError(f'there is no collection "{collection}"{near}')


def serves(item: Item, programme: str, step: str) -> bool:
    """Does its blueprint name the step?"""
    return any((entry.programme, entry.step) == (programme, step) for entry in item.blueprint)


def codes_of(item: Item, programme: str, step: str) -> Mapping[str, tuple[str, ...]]:
    """Its codes in the step: axis → codes."""
    return next((entry.codes for entry in item.blueprint if (entry.programme, entry.step) == (programme, step)), {})


def collections_for(content: Content, programme: str, step: str) -> dict[str, int]:
    """Each collection with the number of its items that can be used for the step; the bank's own first."""
    counts = {OWN: 0}
    for item in content.items.values():
        collection = content.bank.collection_of[item.id]
        if serves(item, programme, step) or (collection != OWN and not item.blueprint):
            counts[collection] = counts.get(collection, 0) + 1
    return {OWN: counts.pop(OWN), **dict(sorted(counts.items()))}


def seen_by(user: User) -> dict[str, datetime]:
    """The items that this person was given in a sitting that has begun, and when that sitting was made."""
    rows = (
        SittingItem.objects.filter(sitting__user=user)
        .exclude(sitting__state="created")
        .values("item")
        .annotate(last=Max("sitting__created_at"))
    )
    return {row["item"]: row["last"] for row in rows}


def exposure_of(items: Iterable[Item], *, at: datetime) -> dict[str, int]:
    """How often each was given to anybody in a whole form, lately."""
    rows = (
        SittingItem.objects.filter(sitting__kind__in=["full", "half"], sitting__created_at__gte=at - timedelta(EXPOSURE_DAYS))
        .values("item")
        .annotate(n=Count("id"))
    )
    counts = {row["item"]: row["n"] for row in rows}
    return {item.id: counts.get(item.id, 0) for item in items}


def pool_of(
    items: Iterable[Item],
    *,
    programme: str,
    step: str,
    seen: Mapping[str, datetime],
    exposure: Mapping[str, int],
    at: datetime | None,
) -> list[PoolItem]:
    """The items as a form is drawn from them; without a person and a date where it is asked what the bank can carry."""
    return [
        PoolItem(
            id=item.id,
            kind=item.kind.value,
            codes=codes_of(item, programme, step),
            families=families_of(item),
            n_given=exposure.get(item.id, 0),
            reluctance=_recency(seen.get(item.id), at),
            set=SetPlace(item.set.id, item.set.kind.value, item.set.part) if item.set else None,
        )
        for item in items
    ]


def families_of(item: Item) -> tuple[str, ...]:
    """What it shares with items that should not stand in the same form: takeaways, the model that made it, its whole stem.

    The parts of a set are one family by themselves, and kept together.
    """
    model, colon, _seed = item.id.rpartition(":")
    words = " ".join(item.stem.casefold().split())
    stem = hashlib.sha256(words.encode()).hexdigest()
    return (
        *(f"takeaway {name}" for name in item.takeaways),
        *((f"model {model}",) if colon else ()),
        *((f"stem {stem}",) if words else ()),
    )


def _recency(last: datetime | None, at: datetime | None) -> float:
    """From 0, never or long ago, to 1, just now."""
    if last is None or at is None:
        return 0.0
    return max(0.0, 1.0 - (at - last) / timedelta(RECENT_DAYS))

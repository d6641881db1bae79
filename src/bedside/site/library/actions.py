"""Keeping what is delivered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bedside.site.library.delivered import Delivered, hash_of
from bedside.site.library.models import ItemVersion, VersionMedia


def keep_versions(items: Sequence[Delivered], *, at: datetime) -> dict[str, ItemVersion]:
    """The kept rows of these items by item id; those that are new are added. Call it inside the transaction that delivers."""
    texts = {hash_of(text): (item, text) for item in items for text in (item.as_text(),)}
    known = set(ItemVersion.objects.filter(hash__in=texts).values_list("hash", flat=True))
    ItemVersion.objects.bulk_create(
        [
            ItemVersion(item=item.id, version=item.version, hash=digest, text=text, kept_at=at)
            for digest, (item, text) in texts.items()
            if digest not in known
        ],
        ignore_conflicts=True,  # another sitting may keep the same text at the same moment
    )
    rows = list(ItemVersion.objects.filter(hash__in=texts))
    VersionMedia.objects.bulk_create(
        [
            VersionMedia(item_version=row, name=name)
            for row in rows
            if row.hash not in known
            for name in texts[row.hash][0].media
        ],
        ignore_conflicts=True,
    )
    return {row.item: row for row in rows}

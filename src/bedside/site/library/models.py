"""The exact text of every item version that was ever delivered: rows that are added and never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bedside.site.append_only import AppendOnly


class ItemVersion(AppendOnly):
    """One item in one version, as it was delivered.

    `text` is the canonical JSON of `delivered.Delivered`, key and explanations included, and `hash` its SHA-256. A version
    has several rows where its sources, takeaways or status of review changed without a change of meaning.
    """

    item = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    hash = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "item_versions"
        indexes: ClassVar = [models.Index(fields=["item", "version"], name="item_versions_item_version")]

    def __str__(self) -> str:
        return f"{self.item} version {self.version}"


class VersionMedia(AppendOnly):
    """A picture or a sound that a delivered version shows, by the name of its kept file: who may see it rests on these rows."""

    item_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="media")
    name = models.CharField(max_length=80)

    class Meta:
        db_table = "item_version_media"
        indexes: ClassVar = [models.Index(fields=["name"], name="item_version_media_name")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["item_version", "name"], name="item_version_media_once")]

    def __str__(self) -> str:
        return f"{self.name} of version {self.item_version_id}"

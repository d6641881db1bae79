"""Rows of cards of one's own: notes, the cards that are made of them, their pictures and sounds.

Each row that a person makes has a key that is the same on every machine; what changes carries `changed_at`, and the later wins.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from bedside.site.accounts.models import User
from bedside.site.append_only import AppendOnly

NEW_A_DAY = 10  # new cards, where the person said nothing
MOST_NEW_A_DAY = 999


class NoteType(models.Model):
    """A kind of note of Anki's, as it was read: the names of its fields and the templates that make cards of them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="card_notetypes", db_index=False)
    key = models.UUIDField()
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=10)
    fields: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    # each with its name and its two sides, as "name", "front", "back"
    templates: models.JSONField[list[dict[str, str]], list[dict[str, str]]] = models.JSONField(default=list)
    anki_id = models.BigIntegerField(null=True, blank=True)  # by which Anki knows its own notes again after an export
    css = models.TextField(default="", blank=True)  # given back in an export, never shown
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "card_notetypes"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="card_notetypes_key_once"),
            models.CheckConstraint(condition=Q(kind__in=["standard", "cloze", "occlusion"]), name="card_notetypes_kind_known"),
        ]

    def __str__(self) -> str:
        return f"note type {self.name}"


class Note(models.Model):
    """What is to be remembered, as it was written; its cards ask for it. What was removed stays as removed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="card_notes", db_index=False)
    key = models.UUIDField()
    kind = models.CharField(max_length=10)
    notetype = models.ForeignKey(NoteType, null=True, blank=True, on_delete=models.PROTECT, related_name="notes")
    fields: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(default=list)  # [name, text]
    tags: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    deck = models.CharField(max_length=300, default="", blank=True)
    guid = models.CharField(max_length=100, default="", blank=True)  # Anki's
    words = models.TextField(default="", blank=True)  # what a search looks through: its text, tags and deck, in small letters
    origin = models.CharField(max_length=10, default="own")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "card_notes"
        indexes: ClassVar = [
            models.Index(fields=["user", "-made_at"], name="card_notes_user_newest"),
            models.Index(fields=["user", "guid"], name="card_notes_user_guid"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="card_notes_key_once"),
            models.CheckConstraint(condition=Q(kind__in=["basic", "reversed", "cloze", "anki"]), name="card_notes_kind_known"),
            models.CheckConstraint(condition=Q(origin__in=["own", "anki", "contrast"]), name="card_notes_origin_known"),
        ]

    def __str__(self) -> str:
        return f"note {self.key}"


class Card(models.Model):
    """One question of a note. `bedside.study.card(card.key)` is its subject of memory.

    `front` and `back` are HTML, made of the note when it was written; a page shows them through `showing.shown` only.
    `imported` is what Anki said of its schedule, `due_on` the day it had set: that holds until the card's first review here.
    A card whose gap or side is gone from its note is removed, and comes back with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="cards", db_index=False)
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="cards")
    key = models.UUIDField()  # uuid5 of the note's key and `ord`
    ord = models.PositiveSmallIntegerField()
    front = models.TextField()
    back = models.TextField()
    suspended_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)  # also set while its note is removed
    imported: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    due_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "cards"
        indexes: ClassVar = [  # whether anything of them changed is asked with every page, and answered from this alone
            models.Index(fields=["user", "changed_at", "removed_at", "suspended_at"], name="cards_user_changed"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="cards_key_once"),
            models.UniqueConstraint(fields=["note", "ord"], name="cards_ord_once"),
        ]

    def __str__(self) -> str:
        return f"card {self.key}"


class CardMedia(AppendOnly):
    """A picture or a sound under the name by which notes call it. The file lies below the data folder, by its hash.

    Of two rows of one name the newer is meant; the older stays, since cards that were made with it show it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="card_media", db_index=False)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)  # by what the bytes are; application/octet-stream: kept, and never shown
    n_bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)  # pixels of a picture, where its file tells
    height = models.PositiveIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "card_media"
        indexes: ClassVar = [models.Index(fields=["user", "sha256"], name="card_media_user_sha256")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "name", "sha256"], name="card_media_once"),
        ]

    def __str__(self) -> str:
        return f"picture or sound {self.name}"


class CardSettings(models.Model):
    """How a person wants new cards to come."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="card_settings")
    new_a_day = models.PositiveSmallIntegerField(default=NEW_A_DAY)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "card_settings"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(new_a_day__lte=MOST_NEW_A_DAY), name="card_settings_new_a_day_in_range"),
        ]

    def __str__(self) -> str:
        return f"card settings of {self.user_id}"

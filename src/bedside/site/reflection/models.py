"""Rows of what a person says after an answer.

Each has an id of its own, and none needs the sitting to be here: a sitting is named by its id alone. So the rows of two
machines are merged by union. Of reasons on the same answer the latest counts; of notes on the same item the one that was
changed last.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from bedside.site.accounts.models import User
from bedside.site.append_only import AppendOnly


class ErrorReason(AppendOnly):
    """Why an answer was wrong, as the person says. Said anew, it is another row, and the latest by `at`, then by `id`, counts.

    `chosen` and `confused_with` are letters of options of the item in this version: what was chosen, and with what it was
    confused; "" where there are no options, or nothing was confused.
    """

    REASONS: ClassVar = ["did_not_know", "misread", "confused", "changed_from_right"]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="error_reasons", db_index=False)
    sitting = models.UUIDField()
    item = models.CharField(max_length=200)
    item_version = models.PositiveIntegerField()
    reason = models.CharField(max_length=20)
    chosen = models.CharField(max_length=1, default="", blank=True)
    confused_with = models.CharField(max_length=1, default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "error_reasons"
        indexes: ClassVar = [
            models.Index(fields=["user", "at"], name="error_reasons_user_at"),
            models.Index(fields=["user", "sitting"], name="error_reasons_user_sitting"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reason__in=["did_not_know", "misread", "confused", "changed_from_right"]),
                name="error_reasons_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(reason="confused") | Q(confused_with=""), name="error_reasons_with_where_confused"
            ),
        ]

    def __str__(self) -> str:
        return f"reason for {self.item} in sitting {self.sitting}"


class ItemNote(models.Model):
    """A person's own note on an item, written outside a sitting; "" where it was removed.

    What was noted in a sitting stays in its log; of both the later counts (`queries.notes_of`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="item_notes", db_index=False)
    item = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "item_notes"
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "item"], name="item_notes_one_an_item")]

    def __str__(self) -> str:
        return f"note on {self.item}"


class ItemReport(models.Model):
    """What somebody says is wrong with an item, in the version and the text that they saw, and what was answered.

    It is open until it is closed; an answer may come before that, and be put better until then.
    """

    PARTS: ClassVar = ["key", "explanation", "text", "picture", "other"]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="item_reports", db_index=False)
    sitting = models.UUIDField()
    item = models.CharField(max_length=200)
    item_version = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)  # of the text that was seen, as `ItemVersion.hash`
    part = models.CharField(max_length=20)  # of the item that is wrong
    text = models.TextField()
    at = models.DateTimeField()
    answer = models.TextField(default="", blank=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "item_reports"
        indexes: ClassVar = [
            models.Index(fields=["user", "-at"], name="item_reports_user_at"),
            models.Index(fields=["-at"], condition=Q(closed_at__isnull=True), name="item_reports_open"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(part__in=["key", "explanation", "text", "picture", "other"]), name="item_reports_part_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(answered_at__isnull=False), name="item_reports_closed_with_an_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"report on {self.item}"

    @property
    def state(self) -> str:
        """ "open", "answered" or "closed"."""
        if self.closed_at is not None:
            return "closed"
        return "open" if self.answered_at is None else "answered"

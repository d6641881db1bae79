"""Rows of the pathway: a person's record, what it said before, and the answers that they last saw.

A record and its versions are theirs and go with them; an answer that was shown is made again at any time.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from bedside.site.accounts.models import User
from bedside.site.append_only import AppendOnly


class PathwayRecord(models.Model):
    """What a person is, sat, holds and aims at, as a record of `record/1`. What it leaves out is not known."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="pathway_record")
    record: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "pathway_records"

    def __str__(self) -> str:
        return f"record of {self.user_id}"


class PathwayRecordVersion(AppendOnly):
    """The record as it was saved at an instant: what was said then can be told apart from what is said now."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="pathway_record_versions", db_index=False)
    record: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        db_table = "pathway_record_versions"
        indexes: ClassVar = [models.Index(fields=["user", "at"], name="pathway_versions_user_at")]

    def __str__(self) -> str:
        return f"record of {self.user_id} at {self.at:%Y-%m-%d %H:%M}"


class PathwayVisit(models.Model):
    """The answer that a person saw on the day of their last visit, and that of the visit before, each packed.

    On a day of visits the newest is kept, and the one of the day before it stays: so a second look on one day still says what
    changed since the visit before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="pathway_visits", db_index=False)
    programme = models.CharField(max_length=100)
    on = models.DateField()
    answer = models.BinaryField()
    on_before = models.DateField(null=True, blank=True)
    answer_before = models.BinaryField(null=True, blank=True)

    class Meta:
        db_table = "pathway_visits"
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "programme"], name="pathway_visits_once")]

    def __str__(self) -> str:
        return f"visit of {self.on}"

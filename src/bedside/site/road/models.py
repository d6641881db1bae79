"""Rows of the timeline: the days that a person set, and the ways they chose. Both are theirs; the later change wins.

The road itself is made anew of the record, the rules and these rows each time it is shown.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from bedside.site.accounts.models import User

LONGEST_NAME = 80


class RoadMove(models.Model):
    """A day set for a milestone: it is not before, or was done then. What was taken back stays as taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="road_moves", db_index=False)
    milestone = models.CharField(max_length=LONGEST_NAME)
    day = models.DateField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "road_moves"
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "milestone"], name="road_moves_milestone_once")]

    def __str__(self) -> str:
        return f"{self.milestone} on {self.day}"


class RoadChoice(models.Model):
    """The way taken where the road forks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="road_choices", db_index=False)
    choice = models.CharField(max_length=LONGEST_NAME)
    way = models.CharField(max_length=LONGEST_NAME)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "road_choices"
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "choice"], name="road_choices_choice_once")]

    def __str__(self) -> str:
        return f"{self.choice}: {self.way}"

"""Rows of readiness: what a person typed in of practice tests that they sat elsewhere."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from bedside.site.accounts.models import User


class PracticeScore(models.Model):
    """A practice test's score, with what its makers say of its scale. What was removed stays; the later change wins."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="practice_scores", db_index=False)
    key = models.UUIDField(default=uuid.uuid4)
    programme = models.CharField(max_length=100)
    step = models.CharField(max_length=100)
    name = models.CharField(max_length=80)  # of the test, in the person's words
    on = models.DateField()  # the study day on which it was sat
    score = models.FloatField()
    cut = models.FloatField()  # what passes on the same scale
    error = models.FloatField()  # standard error of measurement, in points of it
    spread = models.FloatField()  # standard deviation between candidates, in points of it
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "practice_scores"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="practice_scores_key"),
            models.CheckConstraint(condition=Q(spread__gt=0) & Q(error__gte=0), name="practice_scores_scale"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.user_id} on {self.on}"

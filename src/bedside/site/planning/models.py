"""Rows of the plan: when a person can study, what they mean to sit, minutes spent elsewhere, and what was made of all that.

A calendar and goals are theirs and carry `changed_at`, the later wins; `StudySpent` only grows. A kept session and a kept plan
are projections: they are made again of the log at any time.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from bedside.site.accounts.models import User
from bedside.site.append_only import AppendOnly


class StudyCalendar(models.Model):
    """When a person can study.

    `weekday_minutes` holds seven numbers from Monday on, or none: then the profile's minutes count on each day. They
    count while `minutes_a_day` is still what the profile says; who changes that afterwards means every day.
    """

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="study_calendar")
    weekday_minutes: models.JSONField[list[int], list[int]] = models.JSONField(default=list, blank=True)
    minutes_a_day = models.PositiveSmallIntegerField(null=True, blank=True)
    days_off: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(default=list, blank=True)  # [first, last]
    extra_minutes = models.PositiveSmallIntegerField(default=0)  # a day of study, from a catch-up that was accepted
    extra_from = models.DateField(null=True, blank=True)
    extra_until = models.DateField(null=True, blank=True)
    put_away_on = models.DateField(null=True, blank=True)  # the day on which a catch-up was put away
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "study_calendars"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(extra_minutes__lte=1440), name="study_calendars_extra_in_a_day"),
        ]

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"


class StudyGoal(models.Model):
    """An exam that is to be sat after the one of the profile. What was removed stays as removed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="study_goals", db_index=False)
    key = models.UUIDField(default=uuid.uuid4)
    programme = models.CharField(max_length=100)
    step = models.CharField(max_length=100)
    exam_on = models.DateField(null=True, blank=True)
    not_before = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "study_goals"
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="study_goals_key_once")]

    def __str__(self) -> str:
        return f"goal {self.programme}/{self.step} of {self.user_id}"


class StudySpent(AppendOnly):
    """Time spent on something that was done elsewhere and told to `bedside study answer`. `on` is its study day."""

    KINDS: ClassVar = ["review", "new", "case", "block"]

    id = models.UUIDField(primary_key=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="study_spent", db_index=False)
    on = models.DateField()
    kind = models.CharField(max_length=10)
    seconds = models.PositiveIntegerField()
    of = models.CharField(max_length=200)  # the item, the subject or the case
    at = models.DateTimeField()
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "study_spent"
        indexes: ClassVar = [models.Index(fields=["user", "at"], name="study_spent_user_at")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["review", "new", "case", "block"]), name="study_spent_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.seconds} s of {self.of}"


class DaySession(models.Model):
    """The session of a study day as it was made; `number` 2 and on are further ones of the same day.

    `inputs` says what it was made of: as long as nothing of it is done, a session is made again where that has changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="day_sessions", db_index=False)
    on = models.DateField()
    number = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField()
    inputs = models.CharField(max_length=64)
    minutes = models.FloatField()
    session: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    finished_at = models.DateTimeField(null=True, blank=True)
    is_idle = models.BooleanField(default=False)  # there was nothing to do that day

    class Meta:
        db_table = "day_sessions"
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "on", "number"], name="day_sessions_numbered")]

    def __str__(self) -> str:
        return f"session {self.number} of {self.on}"


class KeptPlan(models.Model):
    """The plan of a study day as it was made that day, and what it was made of."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="kept_plans", db_index=False)
    on = models.DateField()
    made_at = models.DateTimeField()
    inputs = models.CharField(max_length=64)
    plan: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()

    class Meta:
        db_table = "kept_plans"
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "on"], name="kept_plans_one_a_day")]

    def __str__(self) -> str:
        return f"plan of {self.on}"

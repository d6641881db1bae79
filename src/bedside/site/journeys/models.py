"""Rows of journeys: where a person began and what they wrote on the way, what they shared, and the library of others."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from bedside.journeys import AGES, CAREERS, COACHING, MAX_NAME, MAX_NOTE, TRIES, WORK_HOURS, YEARS_SINCE_GRADUATION
from bedside.site.accounts.models import User

MAX_REASON = 500


class JourneyStart(models.Model):
    """Where a person began, as they tell it; an empty field is not told."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="journey_start")
    age = models.CharField(max_length=20, blank=True, default="")
    trained_in = models.CharField(max_length=2, blank=True, default="")  # ISO 3166-1
    years_since_graduation = models.CharField(max_length=20, blank=True, default="")
    work_hours = models.CharField(max_length=20, blank=True, default="")
    language = models.CharField(max_length=3, blank=True, default="")  # ISO 639
    coaching = models.CharField(max_length=20, blank=True, default="")
    career = models.CharField(max_length=20, blank=True, default="")
    tries = models.CharField(max_length=20, blank=True, default="")
    name = models.CharField(max_length=MAX_NAME, blank=True, default="")  # for the story, where its owner lets one go along
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "journey_starts"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(age__in=["", *AGES]), name="journey_starts_age_known"),
            models.CheckConstraint(
                condition=Q(years_since_graduation__in=["", *YEARS_SINCE_GRADUATION]), name="journey_starts_years_known"
            ),
            models.CheckConstraint(condition=Q(work_hours__in=["", *WORK_HOURS]), name="journey_starts_work_known"),
            models.CheckConstraint(condition=Q(coaching__in=["", *COACHING]), name="journey_starts_coaching_known"),
            models.CheckConstraint(condition=Q(career__in=["", *CAREERS]), name="journey_starts_career_known"),
            models.CheckConstraint(condition=Q(tries__in=["", *TRIES]), name="journey_starts_tries_known"),
        ]

    def __str__(self) -> str:
        return f"start of {self.user_id}"


class JourneyNote(models.Model):
    """What a person wrote on a day of their way. What was removed stays, without its text; the later change holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="journey_notes", db_index=False)
    key = models.UUIDField(default=uuid.uuid4)
    on = models.DateField()  # the study day that it is about
    text = models.CharField(max_length=MAX_NOTE, blank=True)
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "journey_notes"
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="journey_notes_key")]

    def __str__(self) -> str:
        return f"note of {self.user_id} on {self.on}"


class JourneyShare(models.Model):
    """A journey that a person wrote to a file: under which id, how often, and whether it was withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # that of the journey
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="journey_shares", db_index=False)
    programme = models.CharField(max_length=100)
    step = models.CharField(max_length=100)
    public_key = models.CharField(max_length=64, blank=True, default="")  # that signed it; empty: written before this was kept
    revision = models.PositiveIntegerField()
    shared_at = models.DateTimeField()  # the last time
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "journey_shares"
        indexes: ClassVar = [models.Index(fields=["user", "-shared_at"], name="journey_shares_newest")]

    def __str__(self) -> str:
        return f"share {self.id} of {self.user_id}"


class LibraryJourney(models.Model):
    """A journey that came as a file. What was withdrawn stays as a name without a story, so that an old copy is refused."""

    id = models.UUIDField(primary_key=True, editable=False)
    public_key = models.CharField(max_length=64)
    revision = models.PositiveIntegerField()
    story: models.JSONField[dict[str, object], dict[str, object]] = models.JSONField(default=dict, blank=True)
    imported_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=MAX_REASON, blank=True, default="")

    class Meta:
        db_table = "library_journeys"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(story={}), name="library_journeys_withdrawn_empty"
            )
        ]

    def __str__(self) -> str:
        return f"journey {self.id}"


class UnknownWithdrawal(models.Model):
    """A withdrawal of a journey that never came here, so that a copy that comes later is refused.

    It is kept by journey and key: whoever knows an id and has another key can't keep the owner's file out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    journey = models.UUIDField()
    public_key = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField()

    class Meta:
        db_table = "unknown_withdrawals"
        constraints: ClassVar = [models.UniqueConstraint(fields=["journey", "public_key"], name="unknown_withdrawals_once")]

    def __str__(self) -> str:
        return f"withdrawal of {self.journey}"


class JourneyReport(models.Model):
    """Somebody says that a journey should not be shown. It is open until a moderator closed it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    journey = models.ForeignKey(LibraryJourney, on_delete=models.CASCADE, related_name="reports")
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="journey_reports")
    reason = models.CharField(max_length=MAX_REASON)
    reported_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "journey_reports"
        indexes: ClassVar = [models.Index(fields=["closed_at", "reported_at"], name="journey_reports_open")]

    def __str__(self) -> str:
        return f"report of {self.journey_id}"

"""Rows of people."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from bedside.site.accounts.roles import Role
from bedside.site.append_only import AppendOnly

LOCAL_LEARNER = "learner"  # the user name of the one who sits at this computer in local mode
TIME_FACTORS = [("1", "none"), ("5/4", "25% more time"), ("3/2", "50% more time"), ("2", "double time")]
MAX_EXTRA_MINUTES = 240  # of breaks or of a stopped clock; `assumed`: half of the longest day of an exam


class User(AbstractUser):
    """A person who signs in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)


class RoleGrant(models.Model):
    """A role that a person has. A person can have several."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=20)
    given_at = models.DateTimeField()

    class Meta:
        db_table = "role_grants"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "role"], name="role_grants_a_role_once"),
            models.CheckConstraint(condition=models.Q(role__in=[role.value for role in Role]), name="role_grants_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"


class Profile(models.Model):
    """What a person told us about their exam, and how they like the site. Every answer can be skipped.

    The accommodations hold in practice and in exams of one's own; a proctored exam has those that were approved
    (`accommodations.py`).
    """

    TIME_FACTORS: ClassVar = TIME_FACTORS
    THEMES: ClassVar = [("system", "as the computer"), ("light", "light"), ("dark", "dark"), ("contrast", "high contrast")]
    TEXT_SIZES: ClassVar = [("small", "small"), ("normal", "normal"), ("large", "large"), ("largest", "largest")]

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="profile")
    programme = models.CharField(max_length=100, blank=True, default="")
    step = models.CharField(max_length=100, blank=True, default="")
    exam_on = models.DateField(null=True, blank=True)
    minutes_a_day = models.PositiveSmallIntegerField(null=True, blank=True)
    time_factor = models.CharField(max_length=5, choices=TIME_FACTORS, default="1")
    extra_break_minutes = models.PositiveSmallIntegerField(default=0)  # added to the break bank of a day
    stop_clock_minutes = models.PositiveSmallIntegerField(default=0)  # for which the clock may be stopped inside blocks
    is_motion_reduced = models.BooleanField(default=False)
    is_reader_safe = models.BooleanField(default=False)  # the pages leave the keys to a screen reader
    theme = models.CharField(max_length=10, choices=THEMES, default="system")
    text_size = models.CharField(max_length=10, choices=TEXT_SIZES, default="normal")
    has_letter_keys = models.BooleanField(default=True)
    last_practice: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    welcomed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)  # of two machines' profiles the later holds

    class Meta:
        db_table = "profiles"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(minutes_a_day__isnull=True) | models.Q(minutes_a_day__range=(1, 1440)),
                name="profiles_minutes_a_day_in_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(time_factor__in=["1", "5/4", "3/2", "2"]), name="profiles_time_factor_known"
            ),
            models.CheckConstraint(
                condition=models.Q(extra_break_minutes__lte=MAX_EXTRA_MINUTES, stop_clock_minutes__lte=MAX_EXTRA_MINUTES),
                name="profiles_extra_minutes_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"profile of {self.user_id}"

    @property
    def letters_are_keys(self) -> bool:
        """Do single letters and numbers act? Not where a screen reader needs them."""
        return self.has_letter_keys and not self.is_reader_safe


class ApprovedAccommodation(AppendOnly):
    """What somebody's proctored exams are to be like; the newest row of a person holds, the older ones stay to be read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="approved_accommodations")
    time_factor = models.CharField(max_length=5, choices=TIME_FACTORS, default="1")
    extra_break_minutes = models.PositiveSmallIntegerField(default=0)
    stop_clock_minutes = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=500)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    class Meta:
        db_table = "approved_accommodations"
        indexes: ClassVar = [models.Index(fields=["user", "-approved_at"], name="approved_accommodations_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(time_factor__in=["1", "5/4", "3/2", "2"]), name="approved_time_factor_known"
            ),
            models.CheckConstraint(
                condition=models.Q(extra_break_minutes__lte=MAX_EXTRA_MINUTES, stop_clock_minutes__lte=MAX_EXTRA_MINUTES),
                name="approved_extra_minutes_in_range",
            ),
            models.CheckConstraint(condition=~models.Q(user=models.F("approved_by")), name="approved_by_another"),
        ]

    def __str__(self) -> str:
        return f"accommodation of {self.user_id}"


class ApiToken(models.Model):
    """A secret that signs in a program as its user. Only its hash is kept; the secret is shown once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)  # hex SHA-256; the secret has 256 random bits, so no salt is needed
    name = models.CharField(max_length=100, blank=True, default="")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "api_tokens"

    def __str__(self) -> str:
        return f"token {self.id}"


class AuditEntry(AppendOnly):
    """What somebody did that may have to be answered for later; written in the transaction of the deed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # null: the command line
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    detail: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_entries"
        indexes: ClassVar = [
            models.Index(fields=["subject", "at"], name="audit_entries_subject_at"),
            models.Index(fields=["-at"], name="audit_entries_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"

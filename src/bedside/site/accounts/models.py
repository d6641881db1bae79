"""Rows of people."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

LOCAL_LEARNER = "learner"  # the user name of the one who sits at this computer in local mode


class User(AbstractUser):
    """A person who signs in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)


class Profile(models.Model):
    """What a person told us about their exam, and how they like the site. Every answer can be skipped."""

    TIME_FACTORS: ClassVar = [("1", "none"), ("5/4", "25% more time"), ("3/2", "50% more time"), ("2", "double time")]
    THEMES: ClassVar = [("system", "as the computer"), ("light", "light"), ("dark", "dark")]
    TEXT_SIZES: ClassVar = [("small", "small"), ("normal", "normal"), ("large", "large"), ("largest", "largest")]

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="profile")
    programme = models.CharField(max_length=100, blank=True, default="")
    step = models.CharField(max_length=100, blank=True, default="")
    exam_on = models.DateField(null=True, blank=True)
    minutes_a_day = models.PositiveSmallIntegerField(null=True, blank=True)
    time_factor = models.CharField(max_length=5, choices=TIME_FACTORS, default="1")
    theme = models.CharField(max_length=10, choices=THEMES, default="system")
    text_size = models.CharField(max_length=10, choices=TEXT_SIZES, default="normal")
    has_letter_keys = models.BooleanField(default=True)
    last_practice: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    welcomed_at = models.DateTimeField(null=True, blank=True)

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
        ]

    def __str__(self) -> str:
        return f"profile of {self.user_id}"


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


class AuditEntry(models.Model):
    """What somebody did that may have to be answered for later; written in the transaction of the deed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    detail: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_entries"
        indexes: ClassVar = [models.Index(fields=["subject", "at"], name="audit_entries_subject_at")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"

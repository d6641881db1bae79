"""Rows of reminders. They belong to the server that sends them: a feed's address and a confirmed mailbox hold only there."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from bedside.site.accounts.models import User


class CalendarFeed(models.Model):
    """What somebody's calendar is to be like, and what it said last."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="calendar_feed")
    # hex SHA-256 of the secret in the address; it has 256 random bits, so no salt is needed. None: no feed
    digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    made_at = models.DateTimeField(null=True, blank=True)
    begins_at = models.TimeField(null=True, blank=True)  # when a day of study begins; None: it fills the day
    entries: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)  # `keeping.py`

    class Meta:
        db_table = "calendar_feeds"

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"


class DailyLine(models.Model):
    """Where and when somebody wants the daily line. Gone when they want it no more."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="daily_line")
    address = models.EmailField()
    hour = models.PositiveSmallIntegerField()  # local
    key = models.UUIDField(default=uuid.uuid4, editable=False)  # of this wish for this address; links name it
    asked_at = models.DateTimeField()  # when the newest confirmation was sent
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "daily_lines"
        constraints: ClassVar = [models.CheckConstraint(condition=Q(hour__range=(4, 23)), name="daily_lines_hour_in_a_day")]

    def __str__(self) -> str:
        return f"daily line of {self.user_id}"


class SentLine(models.Model):
    """One line of one study day, kept before it is sent: so that two senders at once send one."""

    STATES: ClassVar = [("sending", "being sent"), ("sent", "sent"), ("failed", "failed")]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sent_lines", db_index=False)
    on = models.DateField()
    state = models.CharField(max_length=10, choices=STATES)
    n_tries = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()  # of the last try

    class Meta:
        db_table = "sent_lines"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "on"], name="sent_lines_one_a_day"),
            models.CheckConstraint(condition=Q(state__in=["sending", "sent", "failed"]), name="sent_lines_state_known"),
        ]

    def __str__(self) -> str:
        return f"line of {self.on} to {self.user_id}"


class AskedConfirmation(models.Model):
    """A confirmation that was sent. The page that sends them is braked by these: it could reach any mailbox."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="asked_confirmations", db_index=False)
    mailbox = models.CharField(max_length=64)  # hex SHA-256 of the address in small letters
    at = models.DateTimeField()

    class Meta:
        db_table = "asked_confirmations"
        indexes: ClassVar = [
            models.Index(fields=["user", "at"], name="asked_confirmations_user_at"),
            models.Index(fields=["mailbox", "at"], name="asked_confirmations_box_at"),
        ]

    def __str__(self) -> str:
        return f"confirmation asked of {self.user_id}"

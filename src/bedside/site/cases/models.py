"""Rows of cases that are played. `case_commands` is the truth; what a run is like now is always its commands done again."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from bedside.site.accounts.models import User
from bedside.site.append_only import AppendOnly

FINAL_S = 120  # of real time, for final orders
FINAL = timedelta(seconds=FINAL_S)


class CaseText(AppendOnly):
    """The text of a case that stands in a sitting's form, as it was when the form was made. `hash` is its SHA-256."""

    hash = models.CharField(max_length=64, primary_key=True)
    text = models.TextField()  # YAML
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "case_texts"

    def __str__(self) -> str:
        return f"text {self.hash}"


class CaseRun(models.Model):
    """One person playing one case once.

    A run of a `sitting` is a projection of its events, which are the truth: it has no commands of its own, its times are what
    the fold says, and its score is written when the sitting's keys are given out. `sat.project` makes it again at any time.

    The case is kept as it was played, whatever its file says later. `ended_at`, `end_reason`, `diagnosis`, `percent` and
    `band` are written once, when it ends. `closing_at` is when the candidate went to the final orders; time can take them
    there too. A run that was forked has its parent's first `forked_after` commands as its own.
    """

    MODES: ClassVar = ["practice", "exam"]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="case_runs")
    case_id = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    case_hash = models.CharField(max_length=64)  # SHA-256 of the case as the engine reads it
    case_text = models.TextField()  # YAML
    catalogue_digest = models.CharField(max_length=64)
    semantics = models.CharField(max_length=20)  # of the engine
    seed = models.BigIntegerField()
    variant = models.CharField(max_length=100, default="", blank=True)  # the one that the seed chose; "" where there is none
    mode = models.CharField(max_length=10)
    limit_minutes = models.PositiveSmallIntegerField(null=True)  # of real time; null: none
    started_at = models.DateTimeField()
    closing_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, default="", blank=True)  # died, met, time, candidate, limit
    diagnosis = models.CharField(max_length=300, default="", blank=True)
    percent = models.FloatField(null=True)
    band = models.CharField(max_length=20, default="", blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="forks")
    forked_after = models.PositiveIntegerField(null=True)  # commands of the parent that this run begins with
    sitting = models.ForeignKey("exam.Sitting", null=True, on_delete=models.PROTECT, related_name="case_runs", db_index=False)
    block = models.PositiveSmallIntegerField(null=True)  # of the sitting, from 1

    class Meta:
        db_table = "case_runs"
        indexes: ClassVar = [models.Index(fields=["user", "-started_at"], name="case_runs_user_started")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "block"], name="case_runs_one_a_block"),
            models.CheckConstraint(
                condition=Q(sitting__isnull=True, block__isnull=True) | Q(sitting__isnull=False, block__isnull=False),
                name="case_runs_block_of_a_sitting",
            ),
            models.CheckConstraint(condition=Q(mode__in=["practice", "exam"]), name="case_runs_mode_known"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="case_runs_end_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.id} of {self.case_id}"

    @property
    def limit_at(self) -> datetime | None:
        """When the real time for anything but final orders is over, None where there is no limit or it binds nobody."""
        if self.mode != "exam" or self.limit_minutes is None:
            return None
        return self.started_at + timedelta(minutes=self.limit_minutes)

    def closes_at(self) -> datetime | None:
        """When final orders began or will begin, by the candidate's word or by time; None: not yet known."""
        known = [at for at in (self.closing_at, self.limit_at) if at is not None]
        return min(known, default=None)

    def is_closing(self, at: datetime) -> bool:
        """Are only final orders taken at that instant?"""
        closes_at = self.closes_at()
        return closes_at is not None and at >= closes_at

    def shuts_at(self) -> datetime | None:
        """When the two minutes of an exam are over; None in practice, where they take as long as they take."""
        closes_at = self.closes_at()
        return closes_at + FINAL if self.mode == "exam" and closes_at is not None else None


class CaseCommand(AppendOnly):
    """One command of a run, in the order in which they were done; never changed.

    `at_s` is the virtual time at which it was done, `real_ms` the real time since the run began as the page measured it,
    `typed` what was typed to find an order.
    """

    run = models.ForeignKey(CaseRun, on_delete=models.PROTECT, related_name="commands", db_index=False)
    seq = models.PositiveIntegerField()  # from 1, without gaps
    command: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    at_s = models.PositiveBigIntegerField()
    real_ms = models.PositiveBigIntegerField(default=0)
    typed = models.CharField(max_length=200, default="", blank=True)
    received_at = models.DateTimeField()

    class Meta:
        db_table = "case_commands"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "seq"], name="case_commands_numbered"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="case_commands_seq_from_1"),
        ]

    def __str__(self) -> str:
        return f"command {self.seq} of run {self.run_id}"

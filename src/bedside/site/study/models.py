"""Rows of what was learned. The log of reviews is the truth; what is remembered is always the log replayed."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from bedside.site.accounts.models import User
from bedside.site.append_only import AppendOnly


class StudyReview(AppendOnly):
    """One recall of one subject, as `bedside.study.Review` has it. `at` is when it was, `kept_at` when it came here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="study_reviews", db_index=False)
    subject = models.CharField(max_length=150)  # "takeaway:ID" or "card:UUID"
    grade = models.PositiveSmallIntegerField()  # 1 again, 2 hard, 3 good, 4 easy
    at = models.DateTimeField()
    origin = models.CharField(max_length=10)
    shown = models.CharField(max_length=200, default="", blank=True)  # the item, the case; "" for the subject itself
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "study_reviews"
        indexes: ClassVar = [models.Index(fields=["user", "at"], name="study_reviews_user_at")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(grade__range=(1, 4)), name="study_reviews_grade_known"),
            models.CheckConstraint(
                condition=Q(origin__in=["item", "card", "case", "imported"]), name="study_reviews_origin_known"
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.id} of {self.subject}"


class StudyWithdrawal(AppendOnly):
    """A review that was taken back, as `bedside.study.Withdrawal` has it; the review stays in the log."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.OneToOneField(StudyReview, on_delete=models.PROTECT, related_name="withdrawal")
    at = models.DateTimeField()

    class Meta:
        db_table = "study_withdrawals"

    def __str__(self) -> str:
        return f"withdrawal of review {self.review_id}"


class StudyIntake(models.Model):
    """How many answers of a sitting are in the log of reviews already; a sitting with more has something to take in."""

    sitting = models.OneToOneField("exam.Sitting", primary_key=True, on_delete=models.CASCADE, related_name="study_intake")
    n_answered = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "study_intakes"

    def __str__(self) -> str:
        return f"{self.n_answered} answers of sitting {self.sitting_id}"


class StudyZone(models.Model):
    """The time zone by which a person's study days begin, as their browser says it."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="study_zone")
    name = models.CharField(max_length=80)  # of the IANA database

    class Meta:
        db_table = "study_zones"

    def __str__(self) -> str:
        return f"{self.name} of {self.user_id}"

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
        indexes: ClassVar = [
            models.Index(fields=["user", "at"], name="study_reviews_user_at"),
            models.Index(fields=["user", "subject"], name="study_reviews_user_subject"),
            models.Index(fields=["user", "kept_at"], name="study_reviews_user_kept"),
            # when somebody's own work began, without a walk over the years of a deck that they brought
            models.Index(fields=["user", "at"], name="study_reviews_own_at", condition=~Q(origin="imported")),
        ]
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
    changed_at = models.DateTimeField(null=True)  # of two machines the later holds

    class Meta:
        db_table = "study_zones"

    def __str__(self) -> str:
        return f"{self.name} of {self.user_id}"


class StudyFit(AppendOnly):
    """One trial of parameters of memory on a person's own reviews, as `bedside.study.Fit` has it.

    `parameters` are those to use from then on; empty where the trial did not predict better than what was in use.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="study_fits", db_index=False)
    fitted_on = models.DateField()  # a study day
    n_reviews = models.PositiveIntegerField()
    parameters: models.JSONField[list[float], list[float]] = models.JSONField(default=list)  # the 21 of FSRS-6, or none
    loss_before = models.FloatField(null=True)  # nats a held-out review; null: all lay on one day, and nothing was tried
    loss_after = models.FloatField(null=True)

    class Meta:
        db_table = "study_fits"
        indexes: ClassVar = [models.Index(fields=["user", "-fitted_on"], name="study_fits_newest")]

    def __str__(self) -> str:
        return f"fit of {self.user_id} on {self.fitted_on}"


class StudySnapshot(models.Model):
    """What a person remembered after so many entries of the log, so that it need not be replayed whole; replay would equal it.

    It may be dropped at any time. What came to the log since is found by when it was kept, and checked by the numbers.
    """

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="study_snapshot")
    zone = models.CharField(max_length=80)
    parameters: models.JSONField[list[float], list[float]] = models.JSONField()
    n_reviews = models.PositiveIntegerField()
    n_withdrawals = models.PositiveIntegerField()
    kept_up_to = models.DateTimeField(null=True)
    withdrawn_up_to = models.DateTimeField(null=True)
    memories = models.BinaryField()  # as `snapshots.packed` writes them

    class Meta:
        db_table = "study_snapshots"

    def __str__(self) -> str:
        return f"snapshot of {self.user_id} after {self.n_reviews} reviews"

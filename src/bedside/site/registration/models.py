"""Rows of the programme's office: what it requires, what it knows of a candidate, and whom it has registered.

All but `Registration` are never changed. A registration's own row says how it stands now; its deeds say how it came to that.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from bedside.site.accounts.models import User
from bedside.site.append_only import AppendOnly
from bedside.site.exam.models import Sitting

STANDING, SUSPENDED, WITHDRAWN, USED, ENDED = "standing", "suspended", "withdrawn", "used", "ended"
STATES = (STANDING, SUSPENDED, WITHDRAWN, USED, ENDED)
OPEN = (STANDING, SUSPENDED)


class RegistrationRule(AppendOnly):
    """Whether a programme's proctored sittings need a registration; the newest row of a programme holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.CharField(max_length=100)
    number = models.PositiveIntegerField()  # from 1
    is_required = models.BooleanField()
    reason = models.CharField(max_length=500)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "registration_rules"
        constraints: ClassVar = [models.UniqueConstraint(fields=["programme", "number"], name="registration_rules_numbered")]

    def __str__(self) -> str:
        return f"registration rule {self.number} of {self.programme}"


class OfficeRecord(AppendOnly):
    """What the office knows of a candidate, in the shape of `record/1`. The newest version holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    candidate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="office_records", db_index=False)
    number = models.PositiveIntegerField()  # from 1
    record: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    digest = models.CharField(max_length=64)  # SHA-256 of the record as canonical JSON
    how = models.CharField(max_length=20)  # how it was entered: see `records.HOW`
    reason = models.CharField(max_length=500)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "office_records"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["candidate", "number"], name="office_records_numbered"),
            models.CheckConstraint(condition=~Q(candidate=F("changed_by")), name="office_records_by_another"),
        ]

    def __str__(self) -> str:
        return f"office record {self.number} of {self.candidate_id}"


class Registration(models.Model):
    """A candidate may sit a step from a first to a last day. One of a step is open at a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    candidate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="registrations", db_index=False)
    programme = models.CharField(max_length=100)
    step = models.CharField(max_length=100)
    first_day = models.DateField()
    last_day = models.DateField()  # the day itself included
    state = models.CharField(max_length=20)
    n_extensions = models.PositiveSmallIntegerField(default=0)
    overridden: models.JSONField[list[str], list[str]] = models.JSONField(default=list)  # rules decided on by a person
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        db_table = "registrations"
        indexes: ClassVar = [models.Index(fields=["state", "last_day"], name="registrations_state")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["candidate", "programme", "step"], condition=Q(state__in=OPEN), name="registrations_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="registrations_state_known"),
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="registrations_days_in_order"),
            models.CheckConstraint(condition=~Q(candidate=F("registered_by")), name="registrations_by_another"),
        ]

    def __str__(self) -> str:
        return f"registration of {self.candidate_id} for {self.programme} {self.step}"


class RegistrationDeed(AppendOnly):
    """What was done to a registration, with the answer of the rules as it was then."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="deeds", db_index=False)
    number = models.PositiveIntegerField()  # from 1
    verb = models.CharField(max_length=20)
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=500, blank=True, default="")
    overridden: models.JSONField[list[str], list[str]] = models.JSONField(default=list)  # by this deed
    record = models.ForeignKey(OfficeRecord, null=True, on_delete=models.PROTECT, related_name="+")  # that was asked about
    answer: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)  # `Judgement.as_dict`
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "registration_deeds"
        constraints: ClassVar = [models.UniqueConstraint(fields=["registration", "number"], name="registration_deeds_numbered")]

    def __str__(self) -> str:
        return f"deed {self.number} of registration {self.registration_id}"


class CertifiedResult(AppendOnly):
    """The result of an attempt that was sat here under a proctor, as the office stands for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    candidate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="certified_results")
    programme = models.CharField(max_length=100)
    step = models.CharField(max_length=100)
    on = models.DateField()  # the first test day
    result = models.CharField(max_length=20)
    reason = models.CharField(max_length=500)
    certified_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    certified_at = models.DateTimeField()

    class Meta:
        db_table = "certified_results"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(result__in=["pass", "fail", "incomplete"]), name="certified_results_known"),
            models.CheckConstraint(condition=~Q(candidate=F("certified_by")), name="certified_results_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.result} of {self.candidate_id} at {self.programme} {self.step}"


class CertifiedSitting(AppendOnly):
    """A sitting whose result was certified; of a step with two days both. It is certified once."""

    sitting = models.OneToOneField(Sitting, primary_key=True, on_delete=models.PROTECT, related_name="certified")
    result = models.ForeignKey(CertifiedResult, on_delete=models.PROTECT, related_name="sittings")

    class Meta:
        db_table = "certified_sittings"

    def __str__(self) -> str:
        return f"certified sitting {self.sitting_id}"

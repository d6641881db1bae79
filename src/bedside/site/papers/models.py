"""Rows of the papers: how each stands, letters, experience, and statements with every draft. All are one person's alone.

A row that is taken away keeps its place with `removed_at`, so that it can be put back and does not come again from a file.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bedside.site.accounts.models import User
from bedside.site.append_only import AppendOnly
from bedside.site.papers.limits import MOST_NAME


class State(models.TextChoices):
    """How a paper stands."""

    TO_DO = "to_do", _("to do")
    ASKED = "asked", _("asked for")
    HERE = "here", _("here")
    SENT = "sent", _("sent")
    VERIFIED = "verified", _("verified")
    NOT_NEEDED = "not_needed", _("not needed")


class ExperienceKind(models.TextChoices):
    """What somebody did."""

    CLINICAL = "clinical", _("clinical, with patients")
    OBSERVERSHIP = "observership", _("observership")
    RESEARCH = "research", _("research")
    VOLUNTEER = "volunteer", _("volunteer")
    WORK = "work", _("work")
    OTHER = "other", _("something else")


class OwnRow(models.Model):
    """What every row has."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="%(class)s_rows")
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.pk}"  # never its words: this stands in logs


class Paper(OwnRow):
    """How a paper stands: one of the content, by its id, or one's own."""

    key = models.CharField(max_length=100)  # the id of the content, or `own-` and a number of its own
    title = models.CharField(max_length=MOST_NAME)  # as it was called: the content may no longer have it
    state = models.CharField(max_length=20, choices=State, default=State.TO_DO)
    wanted_on = models.DateField(null=True, blank=True)
    asked_on = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    whom = models.CharField(max_length=MOST_NAME, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        db_table = "papers"
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["user", "key"], name="papers_once")]


class Letter(OwnRow):
    """A letter of recommendation."""

    writer = models.CharField(max_length=MOST_NAME)
    relation = models.CharField(max_length=MOST_NAME, blank=True)
    specialty = models.CharField(max_length=MOST_NAME, blank=True)
    asked_on = models.DateField(null=True, blank=True)
    promised_on = models.DateField(null=True, blank=True)
    arrived_on = models.DateField(null=True, blank=True)
    waived = models.BooleanField(null=True, blank=True)  # the right to see it; None: not said
    note = models.TextField(blank=True)

    class Meta:
        db_table = "paper_letters"


class Experience(OwnRow):
    """Something that a person did, in their own words."""

    kind = models.CharField(max_length=20, choices=ExperienceKind)
    place = models.CharField(max_length=MOST_NAME)
    country = models.CharField(max_length=MOST_NAME, blank=True)
    begun_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    hours = models.PositiveSmallIntegerField(null=True, blank=True)  # a week
    supervisor = models.CharField(max_length=MOST_NAME, blank=True)
    done = models.TextField(blank=True)
    may_give_letter = models.BooleanField(null=True, blank=True)  # None: not said

    class Meta:
        db_table = "paper_experiences"


class Statement(OwnRow):
    """A personal statement; its words stand in its drafts."""

    title = models.CharField(max_length=MOST_NAME)
    specialty = models.CharField(max_length=MOST_NAME, blank=True)

    class Meta:
        db_table = "paper_statements"


class StatementDraft(AppendOnly):
    """The words of a statement as they were saved at an instant. None is ever changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="drafts", db_index=False)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "paper_statement_drafts"
        indexes: ClassVar = [models.Index(fields=["statement", "at"], name="paper_drafts_statement_at")]

    def __str__(self) -> str:
        return f"draft {self.pk}"

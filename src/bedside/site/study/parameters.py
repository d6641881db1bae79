"""The parameters by which what a person remembers is reckoned: those fitted to them, else the published ones."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from bedside.site.study.models import StudyFit
from bedside.study import DEFAULTS, Parameters


def parameters_of(user_id: UUID) -> Parameters:
    """What a person's memory is reckoned with: what their last successful trial found, else the defaults of FSRS-6."""
    row = newest(StudyFit.objects.filter(user_id=user_id).exclude(parameters=[]))
    return Parameters(tuple(row.parameters), row.n_reviews, row.fitted_on) if row else DEFAULTS


def newest(rows: QuerySet[StudyFit]) -> StudyFit | None:
    """The trial that comes last, the same on every machine that holds the same rows."""
    return rows.order_by("-fitted_on", "-n_reviews", "-id").first()

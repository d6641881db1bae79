"""Rows of what was brought here and can only be kept as a record."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from bedside.site.accounts.models import User


class KeptSitting(models.Model):
    """A sitting of another server that this one does not merge: its key is not trusted here, so it can't be told from an
    invention. The file is kept as it was signed, to be looked at, taken elsewhere, and merged once its key is trusted.

    The file lies below the data folder by its hash. Of two files of one sitting and one key the one made later is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="kept_sittings", db_index=False)
    sitting = models.UUIDField()
    public_key = models.CharField(max_length=64)  # that signed it
    exported_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    n_bytes = models.PositiveIntegerField()
    facts: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)  # programme, step, mode, …

    class Meta:
        db_table = "kept_sittings"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "sitting", "public_key"], name="kept_sittings_one_a_key"),
        ]

    def __str__(self) -> str:
        return f"record of sitting {self.sitting}"

"""Rows that are added, read, and nothing else: what has to be answered for later can't be put right afterwards."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from bedside.errors import ConflictError


class AppendOnlyQuerySet(models.QuerySet["Any"]):
    """Rows that are added, read, and nothing else."""

    def update(self, **_: Any) -> NoReturn:
        raise ConflictError(f"{self.model._meta.db_table}: rows are never changed")

    def delete(self) -> NoReturn:
        raise ConflictError(f"{self.model._meta.db_table}: rows are never deleted")


class AppendOnly(models.Model):
    """A row that is never changed and never deleted once it is there."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ConflictError(f"{self}: this row is never changed")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        raise ConflictError(f"{self}: this row is never deleted")

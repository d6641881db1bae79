"""Answers as a table in the long format: one row for each item answered, for any program that measures.

The axes of the blueprints are columns of their own. What a page gives out holds only answers whose key was given out already,
by the report or in tutor mode, and nothing while a proctored sitting is under way. That a sitting has ended is not enough:
a late answer may still count. The command of whoever runs the server holds all.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from bedside.bank import base_id
from bedside.site.accounts.models import User
from bedside.site.exam.models import Response, at_or_none
from bedside.site.exam.sealed import see_unsealed
from bedside.site.library.delivered import Delivered, delivered_from_text
from bedside.site.library.models import ItemVersion

HEAD = ("person", "item", "version", "programme", "step")
TAIL = (
    "options",
    "choice",
    "key",
    "correct",
    "ms",
    "changes",
    "confidence",
    "mode",
    "at",
    "sitting",
    "position",
    "value",  # of a numeric item, as it was given
    "model",  # of a member of a question model; empty of an item
)
BETWEEN = ";"  # between several codes or letters in one cell

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, and rows that are read while they are written."""

    columns: tuple[str, ...]
    rows: Iterable[dict[str, Cell]]


def response_table(user: User | None = None) -> Table:
    """All answers, or those of one user that are shown to be right or wrong already."""
    found = Response.objects.all() if user is None else _revealed(user)
    delivered = _delivered(found)
    axes = tuple(sorted({axis for item in delivered.values() for axis in item.codes} - {*HEAD, *TAIL}))
    return Table((*HEAD, *axes, *TAIL), _rows(found, axes, delivered))


def with_models(table: Table) -> Table:
    """The same with each question model as one item: under its id, of each person the first answer to a member of it."""
    return Table(table.columns, _first_of_models(table.rows))


def _first_of_models(rows: Iterable[dict[str, Cell]]) -> Iterator[dict[str, Cell]]:
    met: set[tuple[Cell, Cell]] = set()
    for row in rows:
        if not row["model"]:
            yield row
        elif (one := (row["person"], row["model"])) not in met:
            met.add(one)
            yield {**row, "item": row["model"]}


def responses_csv(user: User, *, at: datetime) -> str:
    """The user's answers as CSV.

    Raises:
        SealedError: a proctored sitting of theirs is under way.
    """
    see_unsealed(user.pk, at)
    return csv_text(response_table(user))


def csv_text(table: Table) -> str:
    """A table as CSV that no spreadsheet takes for formulas."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.rows:
        # a value is a number and nothing else, and no formula with its sign before it
        writer.writerow([row[column] if column == "value" else neutral(row[column]) for column in table.columns])
    return out.getvalue()


def neutral(cell: Cell) -> Cell:
    """The cell, with an apostrophe before what a spreadsheet would take for a formula."""
    if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"}:
        return "'" + cell
    return cell


def _revealed(user: User) -> QuerySet[Response]:
    return Response.objects.filter(Q(sitting__is_disclosed=True) | Q(mode="tutor"), user=user)


def _delivered(found: QuerySet[Response]) -> dict[int, Delivered]:
    texts = ItemVersion.objects.filter(pk__in=found.values("item_version")).values_list("pk", "text")
    return {pk: delivered_from_text(text) for pk, text in texts.iterator()}


def _rows(found: QuerySet[Response], axes: Sequence[str], delivered: Mapping[int, Delivered]) -> Iterator[dict[str, Cell]]:
    for row in found.select_related("sitting").order_by("answered_at", "sitting_id", "position").iterator(chunk_size=2000):
        item = delivered[row.item_version_id]
        yield {
            "person": str(row.user_id),
            "item": row.item,
            "version": row.version,
            "programme": row.sitting.programme,
            "step": row.sitting.step,
            **{axis: BETWEEN.join(item.codes.get(axis, ())) for axis in axes},
            "options": BETWEEN.join(row.options),
            "choice": BETWEEN.join(row.choice),
            "key": BETWEEN.join(item.key) if item.answer is None else item.scoring_key.as_text(),
            "correct": int(row.correct),
            "ms": row.ms,
            "changes": row.changes,
            "confidence": row.confidence,
            "mode": row.mode,
            "at": at_or_none(row.answered_at),
            "sitting": str(row.sitting_id),
            "position": row.position,
            "value": row.value,
            "model": base if (base := base_id(row.item)) != row.item else "",
        }

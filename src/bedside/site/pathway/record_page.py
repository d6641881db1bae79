"""The page of the record: what it says, part by part, and its earlier states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bedside.pathway import Pathway
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.pathway.forms import PartForm
from bedside.site.pathway.models import PathwayRecordVersion
from bedside.site.pathway.parts import PARTS, How, part_of
from bedside.site.pathway.queries import row_of
from bedside.site.pathway.words import day_words

VERSIONS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class SaidPart:
    """A part with what it says: its fields with their values, or a line for each row."""

    name: str
    title: str
    row_title: str
    fields: list[tuple[str, str]]
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A state of the record that is no longer the newest."""

    id: UUID
    at: datetime


def record_page(user: User, rules: Pathway, content: Content) -> dict[str, Any]:
    """The record as its page reads it."""
    row = row_of(user)
    kept = row.record if row else {}
    return {
        "parts": [_said(PartForm.of_kept(part_of(name, rules, content), rules, kept)) for name in PARTS],
        "changed_at": row.changed_at if row else None,
        "earlier": _earlier(user) if row else [],
    }


def _said(form: PartForm) -> SaidPart:
    cells = [[one for one in row["all_cells"] if one["value"]] for row in form.shown()]
    fields = [] if form.part.is_rows else [(one["cell"].label, _words(one)) for row in cells for one in row]
    lines = [", ".join(_in_line(one) for one in row) for row in cells if row] if form.part.is_rows else []
    return SaidPart(form.part.name, form.part.title, form.part.row_title, fields, lines)


def _in_line(shown: dict[str, Any]) -> str:
    """A value; with its name where that does not go without saying."""
    words = _words(shown)
    return words if shown["cell"].is_required else f"{shown['cell'].label}: {words}"


def _words(shown: dict[str, Any]) -> str:
    if shown["cell"].how is How.DAY:
        return day_words(date.fromisoformat(shown["value"]))
    return str(dict(shown["choices"]).get(shown["value"], shown["value"]))


def _earlier(user: User) -> list[Earlier]:
    rows = PathwayRecordVersion.objects.filter(user=user).order_by("-at", "-pk").values_list("pk", "at")
    return [Earlier(*one) for one in rows[1 : VERSIONS_SHOWN + 1]]

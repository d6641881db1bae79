"""A part of the record as it is typed: fields to values, and what is wrong back to its field.

Works without a script: a row more or less is asked of the server, which answers the page with what was typed so far.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from bedside.findings import Finding
from bedside.pathway import Pathway
from bedside.site.pathway.parts import MOST_SIGNS, Cell, How, Part, put, score_cells, text_at
from bedside.site.pathway.shapes import MOST_ROWS

Texts = dict[str, str]  # of one row: what stands in each field, by the field's key


@dataclass(slots=True)
class PartForm:
    """A part of the record with what stands in its fields, and what is wrong with it.

    `whole` is the record as it is kept, of which this part is changed. `problems` are by row and key, `others` what belongs
    to no field here.
    """

    part: Part
    rules: Pathway
    whole: Mapping[str, Any]
    rows: list[Texts]
    problems: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)

    @classmethod
    def of_kept(cls, part: Part, rules: Pathway, whole: Mapping[str, Any]) -> PartForm:
        """The form with what is kept."""
        kept = whole.get(part.name, [] if part.is_rows else {})
        rows: Sequence[Mapping[str, Any]] = kept if part.is_rows else [kept]
        form = cls(part, rules, whole, [])
        form.rows = [{cell.key: text_at(row, cell) for cell in form.cells(row.get("name", ""))} for row in rows]
        form.add_empty()
        return form

    @classmethod
    def of_sent(cls, part: Part, rules: Pathway, whole: Mapping[str, Any], sent: Mapping[str, str]) -> PartForm:
        """The form with what was sent."""
        form = cls(part, rules, whole, [])
        for number in range(_n_rows(sent.get("rows", "")) if part.is_rows else 1):
            name = sent.get(f"name-{number}", "") if part.name == "certificates" else ""
            form.rows.append({cell.key: _cut(sent.get(f"{cell.key}-{number}", "")) for cell in form.cells(name)})
        return form

    def cells(self, name: str = "") -> tuple[Cell, ...]:
        """The fields of a row; of a certificate its scores too."""
        return (*self.part.cells, *(score_cells(self.rules, name) if self.part.name == "certificates" and name else ()))

    def add_empty(self) -> None:
        """Another row to write into, where there is room for one."""
        if self.part.is_rows and len(self.rows) <= MOST_ROWS:
            self.rows.append({cell.key: "" for cell in self.cells()})

    def take_out(self, number: int) -> None:
        """A row less."""
        if 0 <= number < len(self.rows):
            del self.rows[number]

    def changed(self) -> dict[str, Any]:
        """The whole record with this part as it was typed. Fields that must be there and are not are among the problems."""
        whole = deepcopy(dict(self.whole))
        if not self.part.is_rows:
            row = self._row(0, whole.get(self.part.name, {}))
            return _with(whole, self.part.name, _without_empty(row))
        rows = [self._row(number, {}) for number in self._written()]
        return _with(whole, self.part.name, rows)

    def blame(self, findings: Sequence[Finding]) -> None:
        """Put what is wrong beside the fields that it is about."""
        written = self._written() if self.part.is_rows else [0]
        for finding in findings:
            path, _colon, said = finding.text.partition(": ")
            name, _point, inner = path.partition(".")
            number, key = 0, inner
            if self.part.is_rows:
                place, _point, key = inner.partition(".")
                number = written[int(place)] if place.isdigit() and int(place) < len(written) else 0
            cell = self._cell_at(number, key) if name == self.part.name and self.rows else None
            if cell is None:
                self.others.append(finding.text)
            else:
                words = _in_words(cell) if finding.rule == "record-format" else said
                self.problems.setdefault((number, cell.key), []).append(words)

    @property
    def is_wrong(self) -> bool:
        return bool(self.problems or self.others)

    def shown(self) -> list[dict[str, Any]]:
        """The rows as the template reads them."""
        return [self._row_shown(number, row) for number, row in enumerate(self.rows)]

    def _row_shown(self, number: int, row: Texts) -> dict[str, Any]:
        cells = [self._shown(number, cell, row.get(cell.key, "")) for cell in self.cells(row.get("name", ""))]
        rare = [one for one in cells if one["cell"].is_rare]
        return {
            "number": number,
            "is_empty": not any(row.values()),
            "all_cells": cells,
            "cells": [one for one in cells if not one["cell"].is_rare],
            "rare": rare,
            "is_rare_said": any(one["value"] or one["problems"] for one in rare),
        }

    def _shown(self, number: int, cell: Cell, text: str) -> dict[str, Any]:
        choices = (("yes", _("yes")), ("no", _("no"))) if cell.how is How.FLAG else cell.choices
        if text and choices and text not in {value for value, _words in choices}:
            choices = (*choices, (text, text))  # what is kept stays, also where nothing knows it any longer
        return {
            "id": f"{cell.key}-{number}",
            "cell": cell,
            "kind": {How.DAY: "date", How.NUMBER: "number"}.get(cell.how, "text"),
            "value": text,
            "choices": choices,
            "nothing": _("not said") if not cell.is_required else _("Choose"),
            "problems": self.problems.get((number, cell.key), []),
        }

    def _row(self, number: int, kept: dict[str, Any]) -> dict[str, Any]:
        texts = self.rows[number] if self.rows else {}
        for cell in self.cells(texts.get("name", "")):
            text = texts.get(cell.key, "")
            if cell.is_required and not text:
                words = _("Write the day as 2027-03-14.") if cell.how is How.DAY else _("Choose one.")
                self.problems.setdefault((number, cell.key), []).append(words)
            put(kept, cell, text)
        return _without_empty(kept)

    def _written(self) -> list[int]:
        return [number for number, row in enumerate(self.rows) if any(row.values())]

    def _cell_at(self, number: int, path: str) -> Cell | None:
        """The field that a path leads to or into."""
        if path == "programme" and self.part.name == "attempts":
            path = "step"
        cells = self.cells(self.rows[number].get("name", ""))
        return next((cell for cell in cells if path == cell.key or path.startswith(f"{cell.key}.")), None)


def _in_words(cell: Cell) -> str:
    """What a field takes."""
    return {
        How.DAY: _("Write the day as 2027-03-14."),
        How.NUMBER: _("Write a number."),
        How.CODE: _("Write two letters."),
        How.CODES: _("Write two letters each, with commas between them."),
        How.NAME: _("Write it in plain letters."),
    }.get(cell.how, _("Choose one from the list."))


def _n_rows(text: str) -> int:
    return min(int(text), MOST_ROWS + 1) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _cut(text: str) -> str:
    return text.strip()[:MOST_SIGNS]


def _with(whole: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    if value in ([], {}):
        whole.pop(name, None)
    else:
        whole[name] = value
    return whole


def _without_empty(row: dict[str, Any]) -> dict[str, Any]:
    """Without mappings in which nothing is said. A list in which nothing stands says that there is nothing."""
    inner = {key: _without_empty(value) if isinstance(value, dict) else value for key, value in row.items()}
    return {key: value for key, value in inner.items() if value != {}}

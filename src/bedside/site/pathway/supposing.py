"""The form of a what-if: up to three things that are supposed to happen, each on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from bedside.findings import Finding
from bedside.pathway import Pathway, Record, Supposed, WhatIf, what_if
from bedside.site.content import Content
from bedside.site.pathway.differences import difference_groups
from bedside.site.pathway.parts import step_titles
from bedside.site.pathway.reasons import Telling
from bedside.site.pathway.shapes import FIRST_DAY, LAST_DAY
from bedside.site.pathway.words import day_words

MOST_SUPPOSED = 3
ERROR = "error"


@dataclass(slots=True)
class SupposedRow:
    """What was chosen and typed in one line of the form. `problem` says what is wrong with it."""

    number: int
    what: str
    day: str
    supposed: Supposed | None = None
    problem: str = ""
    problem_of: str = ""  # the field: `what` or `day`


def supposed_rows(asked: Mapping[str, str], rules: Pathway, content: Content) -> list[SupposedRow]:
    """The lines of the form with what was asked."""
    known = {value for _group, choices in supposed_choices(rules, content) for value, _words in choices}
    rows = []
    for number in range(MOST_SUPPOSED):
        row = SupposedRow(number, asked.get(f"what-{number}", "")[:100], asked.get(f"day-{number}", "").strip()[:20])
        if row.what and row.what not in known:
            row.problem, row.problem_of, row.what = _("Choose one from the list."), "what", ""
        elif row.what or row.day:
            _read(row)
        rows.append(row)
    return rows


def _read(row: SupposedRow) -> None:
    day = _day(row.day)
    if not row.what:
        row.problem, row.problem_of = _("Choose what happens."), "what"
    elif day is None:
        row.problem, row.problem_of = _("Write the day as 2027-03-14."), "day"
    else:
        kind, _colon, name = row.what.partition(":")
        row.supposed = Supposed(kind, name, day)  # type: ignore[arg-type]  # a plain word is taken for the kind


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-05-14") else None
    except ValueError:
        return None
    return day if day and FIRST_DAY <= day <= LAST_DAY else None


def supposed_choices(rules: Pathway, content: Content) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be supposed, by kind."""
    titles = step_titles(rules.exam.programme, content)
    steps = [(step, titles.get(step, step)) for step in rules.exam.steps]
    kinds = (
        ("pass", _("A step is passed"), _("%(step)s passed")),
        ("fail", _("A step is failed"), _("%(step)s failed")),
        ("incomplete", _("A step is not completed"), _("%(step)s incomplete")),
    )
    groups = [(group, [(f"{kind}:{step}", words % {"step": title}) for step, title in steps]) for kind, group, words in kinds]
    if rules.certificates:
        groups.append((_("A certificate is there"), [(f"certificate:{one.name}", one.title) for one in rules.certificates]))
    others = [("degree:", _("The medical degree is awarded")), ("training:", _("Training accredited by the ACGME begins"))]
    return [*groups, (_("Something else"), others)]


def what_if_page(rows: list[SupposedRow], rules: Pathway, record: Record, content: Content, today: date) -> dict[str, Any]:
    """The form, and what follows of what was supposed, where nothing is wrong with it."""
    shown: dict[str, Any] = {"rows": rows, "choices": supposed_choices(rules, content), "is_asked": False}
    supposed = [row.supposed for row in rows if row.supposed]
    if not supposed or any(row.problem for row in rows):
        return shown
    on = max(today, max(one.on for one in supposed) + timedelta(days=1))
    found: WhatIf = what_if(rules, record, supposed, on)
    words = dict(pair for _group, choices in supposed_choices(rules, content) for pair in choices)
    said = [(words[row.what], day_words(row.supposed.on)) for row in rows if row.supposed]
    objections = [(one.severity.value == ERROR, _in_words(one, said)) for one in found.objections]
    is_refused = any(is_error for is_error, _text in objections)
    return {
        **shown,
        "is_asked": True,
        "on": on,
        "said": said,
        "objections": [text for is_error, text in objections if is_error],
        "doubts": [text for is_error, text in objections if not is_error],
        "groups": [] if is_refused else difference_groups(found.differences, Telling.of(rules, content, on)),
        "is_refused": is_refused,
    }


def _in_words(objection: Finding, said: list[tuple[str, str]]) -> str:
    """What is said against one of the things, which are numbered from 1."""
    what, day = said[objection.line - 1]
    return f"{what}, {day}: {objection.text.partition(': ')[2]}"

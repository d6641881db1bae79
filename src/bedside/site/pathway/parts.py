"""The parts of a record as forms: which fields each has, by which name, and how what is typed becomes a value.

The fields are those of `bedside.pathway.Record`; a test takes every record through these forms and back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from django.utils.translation import gettext as _

from bedside.pathway import Pathway
from bedside.site.content import Content
from bedside.site.pathway.words import kind_words

MOST_SIGNS = 300  # of one field
NONE = "none"  # how a list is written in which nothing stands; an empty field says nothing


class How(Enum):
    """How a field is written."""

    TEXT = auto()
    NAME = auto()  # small letters and underscores
    DAY = auto()
    FLAG = auto()  # yes, no, or not said
    NUMBER = auto()
    CODE = auto()  # two capital letters
    CODES = auto()
    CHOICE = auto()
    STEP = auto()  # programme and step as one choice


@dataclass(frozen=True, slots=True)
class Cell:
    """One field. `key` is its place in the part, with points between the levels."""

    key: str
    label: str
    how: How
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_required: bool = False
    is_rare: bool = False  # folded away until it says something


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the record. One with rows is a list; `row_title` names one of its rows."""

    name: str
    title: str
    about: str
    cells: tuple[Cell, ...]
    row_title: str = ""

    @property
    def is_rows(self) -> bool:
        return bool(self.row_title)


PARTS = ("person", "attempts", "certificates", "training", "goals", "permits", "bars")


def part_of(name: str, rules: Pathway, content: Content) -> Part:
    """A part of the record by its name."""
    match name:
        case "person":
            return _person()
        case "attempts":
            return _attempts(rules, content)
        case "certificates":
            return _certificates(rules)
        case "training":
            return _training()
        case "goals":
            return _goals(rules, content)
        case "permits":
            return _permits(rules, content)
        case _:
            return _bars(rules, content)


def score_cells(rules: Pathway, certificate: str) -> tuple[Cell, ...]:
    """The scores of a certificate, as fields."""
    known = next((one for one in rules.certificates if one.name == certificate), None)
    return tuple(
        Cell(f"scores.{name}", name.replace("_", " ").capitalize(), How.NUMBER) for name in (known.scores if known else ())
    )


def _person() -> Part:
    kinds = tuple((kind, kind_words(kind)) for kind in ("us_md", "us_do", "canadian", "img"))
    directory = _("The World Directory of Medical Schools lists it")
    note = _("Its entry carries the sponsor note for your year of graduation")
    return Part(
        "person",
        _("You and your school"),
        _("All of it can be left out. What is left out is not known, and the answer says so."),
        (
            Cell("kind", _("Where you studied medicine"), How.CHOICE, choices=kinds),
            Cell("citizenship", _("Citizenship"), How.CODES, _("Countries by two letters, as PK, US; or none.")),
            Cell("us_permanent_resident", _("Lawful permanent resident of the United States"), How.FLAG),
            Cell("born", _("Born on"), How.DAY),
            Cell("school.name", _("Medical school"), How.TEXT),
            Cell("school.country", _("Its country"), How.CODE, _("Two letters, as PK.")),
            Cell("school.in_world_directory", directory, How.FLAG),
            Cell("school.sponsor_note", note, How.FLAG),
            Cell("school.lcme", _("The LCME accredited it"), How.FLAG),
            Cell("degree.name", _("Medical degree"), How.TEXT, _("As on the diploma: MBBS, MD, DO.")),
            Cell("degree.date", _("Degree awarded on"), How.DAY, _("Or the day on which it will be.")),
            Cell("degree.verified", _("The school itself verified diploma and transcript"), How.FLAG),
            Cell("identity_established", _("Your identity is established with Intealth"), How.FLAG),
            Cell("credit_years", _("Years of medical education taken for credit"), How.NUMBER),
            Cell("mdphd", _("Joint degree MD and PhD"), How.FLAG),
            Cell("school_leaving_on", _("Final school examination passed on"), How.DAY, is_rare=True),
            Cell("internship_completed_on", _("Internship after the degree complete on"), How.DAY, is_rare=True),
        ),
    )


def _attempts(rules: Pathway, content: Content) -> Part:
    results = (
        ("pass", _("passed")),
        ("fail", _("failed")),
        ("incomplete", _("incomplete")),
        ("pending", _("not reported yet")),
    )
    standings = (
        ("valid", _("stands")),
        ("under_review", _("under review")),
        ("indeterminate", _("indeterminate")),
        ("invalidated", _("invalidated")),
    )
    return Part(
        "attempts",
        _("Steps that you sat"),
        _("Every attempt, also one that was not completed. With none written there is none."),
        (
            Cell("step", _("Step"), How.STEP, choices=step_choices(rules, content), is_required=True),
            Cell("date", _("Day, the first of two"), How.DAY, is_required=True),
            Cell("result", _("Result"), How.CHOICE, choices=results, is_required=True),
            Cell("reported", _("Reported on"), How.DAY, _("Empty: known since the test day."), is_rare=True),
            Cell("validity", _("Does it stand?"), How.CHOICE, choices=standings, is_rare=True),
            Cell("validity_from", _("Since, where it does not"), How.DAY, is_rare=True),
        ),
        _("Attempt"),
    )


def _certificates(rules: Pathway) -> Part:
    names = tuple((one.name, one.title) for one in rules.certificates)
    return Part(
        "certificates",
        _("Certificates"),
        _("With none written there is none. Scores are asked for once a certificate that has some is saved."),
        (
            Cell("name", _("Certificate"), How.CHOICE, choices=names, is_required=True),
            Cell("date", _("Day of the certificate, or of the test"), How.DAY, is_required=True),
            Cell("expires", _("Its last day, if it has one"), How.DAY),
        ),
        _("Certificate"),
    )


def _training() -> Part:
    bodies = (
        ("acgme", "ACGME"),
        ("aoa", "AOA"),
        ("rcpsc", "RCPSC"),
        ("cfpc", "CFPC"),
        ("none", _("none of them")),
    )
    return Part(
        "training",
        _("Training after the degree"),
        _("All of it, also what is agreed and still to come. With none written there is none."),
        (
            Cell("start", _("First day"), How.DAY, is_required=True),
            Cell("end", _("Last day; empty: it goes on"), How.DAY),
            Cell("pgy", _("Postgraduate year"), How.NUMBER),
            Cell("accredited", _("Accredited by"), How.CHOICE, choices=bodies, is_required=True),
            Cell("state", _("State"), How.CODE, _("Two letters, as TX.")),
        ),
        _("Training"),
    )


def _goals(rules: Pathway, content: Content) -> Part:
    titles = step_titles(rules.exam.programme, content)
    sit = tuple(
        Cell(f"sit.{step}", _("%(step)s is planned for") % {"step": titles.get(step, step)}, How.DAY)
        for step in rules.exam.steps
    )
    return Part(
        "goals",
        _("What you aim at"),
        _("No rule reads it but for the days that are planned."),
        (
            Cell("specialty", _("Specialty"), How.NAME, _("As family medicine.")),
            Cell("states", _("States"), How.CODES, _("Two letters each, as TX, NM.")),
            *sit,
        ),
    )


def _permits(rules: Pathway, content: Content) -> Part:
    titles = step_titles(rules.exam.programme, content)
    steps = tuple((step, titles.get(step, step)) for step in rules.exam.steps)
    return Part(
        "permits",
        _("Eligibility periods"),
        _("As the registration office gave them out, with an extension if there was one."),
        (
            Cell("step", _("Step"), How.CHOICE, choices=steps, is_required=True),
            Cell("from", _("First day"), How.DAY, is_required=True),
            Cell("until", _("Last day"), How.DAY, is_required=True),
        ),
        _("Period"),
    )


def _bars(rules: Pathway, content: Content) -> Part:
    reasons = (
        ("irregular_behavior", _("irregular behavior")),
        ("validation_examination", _("a validation examination that was failed")),
        ("other", _("another")),
    )
    names = sorted(rules.steps_of_records)
    programmes = tuple((one, content.programmes[one].title if one in content.programmes else one) for one in names)
    return Part(
        "bars",
        _("Times in which you may not sit"),
        _("Only where a programme told you so."),
        (
            Cell("programme", _("Programme"), How.CHOICE, choices=programmes, is_required=True),
            Cell("from", _("First day"), How.DAY, is_required=True),
            Cell("until", _("Last day; empty: none was named"), How.DAY),
            Cell("reason", _("Reason"), How.CHOICE, choices=reasons),
        ),
        _("Time"),
    )


def step_choices(rules: Pathway, content: Content) -> tuple[tuple[str, str], ...]:
    """Every step that attempts may name, of the exam that the rules are about first."""
    own = rules.exam.programme
    found = []
    for programme in sorted(rules.steps_of_records, key=lambda name: (name != own, name)):
        titles = step_titles(programme, content)
        order = [*titles, *sorted(rules.steps_of_records[programme] - titles.keys())]
        known = content.programmes.get(programme)
        short = known.name.upper() if known else programme
        found += [(f"{programme}/{step}", f"{short}: {titles.get(step, step)}") for step in order]
    return tuple(found)


def step_titles(programme: str, content: Content) -> dict[str, str]:
    """The titles of an exam's steps, in their order; of one that is no longer given, what its name says."""
    known = content.programmes.get(programme)
    return {step.name: step.title for step in known.steps} if known else {}


def text_at(row: Mapping[str, Any], cell: Cell) -> str:
    """What stands in a field for a row of the record."""
    if cell.how is How.STEP:
        return f"{row['programme']}/{row['step']}" if "step" in row else ""
    value: Any = row
    for key in cell.key.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(str(one) for one in value) or NONE
        case float() if value.is_integer():
            return str(int(value))
        case str() if cell.how is How.NAME and _value(cell, value.replace("_", " ")) == value:
            return value.replace("_", " ")
        case _:
            return str(value)


def put(row: dict[str, Any], cell: Cell, text: str) -> None:
    """Write what was typed into a row of the record, or take it out where nothing was. What does not fit stays as typed."""
    if cell.how is How.STEP:
        row.pop("programme", None)
        row.pop("step", None)
        if text:
            row["programme"], _slash, row["step"] = text.partition("/")
        return
    *above, last = cell.key.split(".")
    place = row
    for key in above:
        place = place.setdefault(key, {})
    if text:
        place[last] = _value(cell, text)
    else:
        place.pop(last, None)


def _value(cell: Cell, text: str) -> Any:
    match cell.how:
        case How.FLAG:
            return {"yes": True, "no": False}.get(text, text)
        case How.NUMBER:
            return int(text) if re.fullmatch(r"\d{1,7}", text, re.ASCII) else _decimal(text)
        case How.CODE:
            return text.upper()
        case How.CODES:
            return [] if text.lower() == NONE else [one.upper() for one in re.split(r"[\s,;]+", text) if one]
        case How.NAME if not re.fullmatch(r"[a-z][a-z0-9_]*", text, re.ASCII):
            return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or text
        case _:
            return text


def _decimal(text: str) -> float | str:
    return float(text) if re.fullmatch(r"\d{1,7}(\.\d{1,20})?(e-\d{1,3})?", text, re.ASCII) else text

"""Which rows a person owns, and how each kind is put together with what is there already. A new app adds a line here.

What is owned and not carried is named in `NOT_CARRIED`, with the reason; a test sees that nothing is forgotten.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.expressions import Expression
from pydantic import JsonValue, TypeAdapter

from bedside.journeys import AGES, CAREERS, COACHING, TRIES, WORK_HOURS, YEARS_SINCE_GRADUATION
from bedside.site.accounts.days import FIRST_DAY, LAST_DAY
from bedside.site.cards.drawing import words_of
from bedside.site.cards.media import SHOWN_TYPES
from bedside.site.carrying.card_shapes import see_imported, see_templates
from bedside.site.cases.for_carrying import see_command
from bedside.site.journeys.writing import see_country, see_language, see_name, see_one_of, see_text
from bedside.site.papers.limits import see_done, see_draft, see_hours, see_note
from bedside.site.passing.practice_scores import see_error, see_points, see_spread
from bedside.site.pathway.shapes import see_record
from bedside.site.planning.limits import MOST_RANGES
from bedside.study import Parameters

Values = dict[str, Any]  # of one row, by field

_HASH = re.compile(r"[0-9a-f]{64}")
MOST_PARAMETER, LEAST_DECAY = 1000.0, 0.01  # far beyond what a fit gives, and near enough to be reckoned with


class Merge(Enum):
    """How a row from elsewhere meets one that is here under the same key."""

    SAME = "same"  # rows are never changed: both must say the same
    LATER = "later"  # the one that was changed later holds; of two changed at the same instant, the same one on every machine


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of row that a person owns.

    `owner` is the way from the row to its user, `key` what tells the person's rows apart ((): there is one), `stamp` when it
    was changed. `references` names the tables that its foreign keys point at. `left_out` is not carried, `local` is set to the
    moment at which a row comes here and never compared, `of_server` comes with a new row and is not compared either.
    `shapes` are the types of JSON values, `derived` what follows from the others, `asked` how a value is read where that is not
    by its field, `of_user` fields of the user's own row that belong to it, and `only` which rows are carried.
    """

    name: str
    model_label: str
    merge: Merge
    key: tuple[str, ...] = ("id",)
    owner: str = "user"
    stamp: tuple[str, ...] = ("changed_at",)
    references: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    local: frozenset[str] = frozenset()
    of_server: frozenset[str] = frozenset()
    shapes: Mapping[str, TypeAdapter[Any]] = field(default_factory=dict)
    checks: Mapping[str, Callable[[Any], object]] = field(default_factory=dict)
    derived: Mapping[str, Callable[[Values], Any]] = field(default_factory=dict)
    asked: Mapping[str, Expression] = field(default_factory=dict)
    of_user: tuple[str, ...] = ()
    only: Mapping[str, Any] = field(default_factory=dict)

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.model_label)

    @property
    def fields(self) -> tuple[models.Field[Any, Any], ...]:
        """The fields that are carried, in the order of the model."""
        omitted = self.left_out | self.local | self.derived.keys() | {"user"}
        return tuple(
            one
            for one in self.model._meta.concrete_fields
            if one.name not in omitted and not (one.primary_key and one.name not in self.key)
        )


def _of(type_: Any) -> TypeAdapter[Any]:
    return TypeAdapter(type_)


TEXTS = _of(list[str])
PAIRS = _of(list[tuple[str, str]])
OBJECT = _of(dict[str, JsonValue])
NUMBERS = _of(list[float])
WEEK = _of(list[int])


def _see_week(minutes: list[int]) -> None:
    if len(minutes) not in (0, 7) or not all(0 <= one <= 1440 for one in minutes):
        raise ValueError("must be seven numbers of minutes, or none")


def _see_days(ranges: list[tuple[str, str]]) -> None:
    if len(ranges) > MOST_RANGES:
        raise ValueError(f"has {len(ranges):,} ranges of days; the limit is {MOST_RANGES}")
    for first, last in ranges:
        if not FIRST_DAY <= date.fromisoformat(first) <= date.fromisoformat(last) <= LAST_DAY:
            raise ValueError(f"a range of days ends before it begins, or lies beyond {FIRST_DAY} and {LAST_DAY}")


def _see_parameters(values: list[float]) -> None:
    if values:
        if not all(math.isfinite(one) and 0 <= one <= MOST_PARAMETER for one in values):
            raise ValueError(f"must be numbers from 0 to {MOST_PARAMETER:g}")
        _ = Parameters(tuple(values)).model  # which refuses what it can't reckon with
        if values[-1] < LEAST_DECAY:
            raise ValueError(f"the last one, by which forgetting slows down, must be at least {LEAST_DECAY}")


def _see_hash(text: str) -> None:
    if not _HASH.fullmatch(text):
        raise ValueError("must be a SHA-256, 64 hexadecimal digits")


def _see_type(text: str) -> None:
    if text not in SHOWN_TYPES and text != "application/octet-stream":
        raise ValueError("is no kind of picture or sound that is known here")


TABLES: tuple[Table, ...] = (
    Table(
        "profile",
        "accounts.Profile",
        Merge.LATER,
        key=(),
        of_user=("first_name",),
        left_out=frozenset({"last_practice"}),  # what was chosen last on this machine
    ),
    Table("zone", "study.StudyZone", Merge.LATER, key=()),
    Table(
        "calendar",
        "planning.StudyCalendar",
        Merge.LATER,
        key=(),
        shapes={"weekday_minutes": WEEK, "days_off": PAIRS},
        checks={"weekday_minutes": _see_week, "days_off": _see_days},
    ),
    Table("goals", "planning.StudyGoal", Merge.LATER, key=("key",)),
    Table(
        "practice_scores",
        "passing.PracticeScore",
        Merge.LATER,
        key=("key",),
        checks={"score": see_points, "cut": see_points, "error": see_error, "spread": see_spread},
    ),
    Table(
        "journey_start",
        "journeys.JourneyStart",
        Merge.LATER,
        key=(),
        checks={
            "age": see_one_of(AGES),
            "trained_in": see_country,
            "years_since_graduation": see_one_of(YEARS_SINCE_GRADUATION),
            "work_hours": see_one_of(WORK_HOURS),
            "language": see_language,
            "coaching": see_one_of(COACHING),
            "career": see_one_of(CAREERS),
            "tries": see_one_of(TRIES),
            "name": see_name,
        },
    ),
    Table("journey_notes", "journeys.JourneyNote", Merge.LATER, key=("key",), checks={"text": see_text}),
    Table(
        "pathway_record",
        "pathway.PathwayRecord",
        Merge.LATER,
        key=(),
        shapes={"record": OBJECT},
        checks={"record": see_record},
    ),
    Table("road_moves", "road.RoadMove", Merge.LATER, key=("milestone",)),
    Table("road_choices", "road.RoadChoice", Merge.LATER, key=("choice",)),
    Table(
        "pathway_versions",
        "pathway.PathwayRecordVersion",
        Merge.SAME,
        shapes={"record": OBJECT},
        checks={"record": see_record},
    ),
    Table("papers", "papers.Paper", Merge.LATER, key=("key",), checks={"note": see_note}),
    Table("letters", "papers.Letter", Merge.LATER, checks={"note": see_note}),
    Table("experiences", "papers.Experience", Merge.LATER, checks={"done": see_done, "hours": see_hours}),
    Table("statements", "papers.Statement", Merge.LATER),
    Table(
        "statement_drafts",
        "papers.StatementDraft",
        Merge.SAME,
        owner="statement__user",
        references={"statement": "statements"},
        checks={"text": see_draft},
    ),
    Table("card_settings", "cards.CardSettings", Merge.LATER, key=()),
    Table("reviews", "study.StudyReview", Merge.SAME, local=frozenset({"kept_at"})),
    Table(
        "withdrawals",
        "study.StudyWithdrawal",
        Merge.SAME,
        key=("review",),  # a review is taken back once, whoever was first
        owner="review__user",
        references={"review": "reviews"},
        of_server=frozenset({"at"}),
    ),
    Table("fits", "study.StudyFit", Merge.SAME, shapes={"parameters": NUMBERS}, checks={"parameters": _see_parameters}),
    Table("spent", "planning.StudySpent", Merge.SAME, local=frozenset({"kept_at"})),
    Table(
        "notetypes",
        "cards.NoteType",
        Merge.LATER,
        key=("key",),
        shapes={"fields": TEXTS, "templates": _of(list[dict[str, str]])},
        checks={"templates": see_templates},
    ),
    Table(
        "notes",
        "cards.Note",
        Merge.LATER,
        key=("key",),
        references={"notetype": "notetypes"},
        shapes={"fields": PAIRS, "tags": TEXTS},
        derived={"words": lambda values: words_of(values["fields"], values["tags"], values["deck"])},
    ),
    Table(
        "cards",
        "cards.Card",
        Merge.LATER,
        key=("key",),
        references={"note": "notes"},
        shapes={"imported": OBJECT},
        checks={"imported": see_imported},
    ),
    Table(
        "media",
        "cards.CardMedia",
        Merge.SAME,
        key=("name", "sha256"),
        of_server=frozenset({"made_at"}),
        checks={"sha256": _see_hash, "media_type": _see_type},
    ),
    Table("error_reasons", "reflection.ErrorReason", Merge.SAME),
    Table("item_notes", "reflection.ItemNote", Merge.LATER, key=("item",)),
    Table(
        "item_reports",
        "reflection.ItemReport",
        Merge.SAME,
        left_out=frozenset({"answered_by"}),
        of_server=frozenset({"answer", "answered_at", "closed_at"}),  # said by those who keep the bank there
    ),
    Table(
        "case_runs",
        "cases.CaseRun",
        Merge.LATER,
        stamp=("ended_at", "closing_at"),
        references={"parent": "case_runs"},
        left_out=frozenset({"sitting", "block"}),
        of_server=frozenset({"parent", "forked_after"}),
        # a run that went on from one of a sitting has no parent elsewhere; its commands are its own in any case
        asked={"parent": models.Case(models.When(parent__sitting__isnull=True, then=models.F("parent_id")))},
        only={"sitting__isnull": True},  # the others are part of their sittings
    ),
    Table(
        "case_commands",
        "cases.CaseCommand",
        Merge.SAME,
        key=("run", "seq"),
        owner="run__user",
        references={"run": "case_runs"},
        shapes={"command": OBJECT},
        checks={"command": see_command},
        only={"run__sitting__isnull": True},
    ),
)
BY_NAME: Mapping[str, Table] = {table.name: table for table in TABLES}

AS_SITTINGS = "carried whole, as the file of its sitting"
BY_THE_OFFICE = "the word of this server's office, in the file as a table to read"
NOT_CARRIED: Mapping[str, str] = {
    "accounts.RoleGrant": "a server gives its own roles",
    "accounts.ApiToken": "a secret of this server",
    "accounts.ApprovedAccommodation": "approved by a proctor of this server for its exams",
    "accounts.AuditEntry": "the server's log of deeds",
    "carrying.KeptSitting": AS_SITTINGS,
    "exam.Sitting": AS_SITTINGS,
    "exam.Writer": AS_SITTINGS,
    "exam.Response": "made again from the events of its sitting",
    "exam.KeyChange": "of the server's bank, not of a person",
    "exam.ScoreVersion": "reckoned again from the sitting",
    "study.StudyIntake": "taken in again, which adds nothing to a log that holds it",
    "study.StudySnapshot": "replayed from the log",
    "planning.DaySession": "made again from the log",
    "planning.KeptPlan": "made again from the log",
    "journeys.JourneyShare": "signed by this server's key, by which alone it can be withdrawn",
    "journeys.JourneyReport": "said to those who keep this server's library",
    "pathway.PathwayVisit": "made again when the page is opened",
    "registration.RegistrationRule": "what this server's office requires",
    "registration.OfficeRecord": BY_THE_OFFICE,
    "registration.Registration": BY_THE_OFFICE,
    "registration.RegistrationDeed": BY_THE_OFFICE,
    "registration.CertifiedResult": BY_THE_OFFICE,
    "reminding.CalendarFeed": "a secret address of this server",
    "reminding.DailyLine": "an address confirmed for this server's mail",
    "reminding.SentLine": "what this server sent",
    "reminding.AskedConfirmation": "what this server sent",
}

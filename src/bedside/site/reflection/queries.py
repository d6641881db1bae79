"""What pages read of reasons for errors: those of a sitting, and what they come to over all sittings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from bedside.site.accounts.models import User
from bedside.site.exam.models import KeyChange, Response
from bedside.site.library.delivered import Delivered, delivered_from_text
from bedside.site.library.models import ItemVersion
from bedside.site.reflection.models import ErrorReason
from bedside.site.reflection.pairs import ConfusionPair, pairs_among
from bedside.site.reflection.reasons import NOT_KNOWLEDGE, Reason
from bedside.site.study.zones import zone_of
from bedside.study import study_day

MOST_WRONG = 3000  # wrong answers looked at, the newest; a longer memory of errors costs more than it tells
PARTITION = "system"  # the axis by which areas are kept apart, where the step has it
Counts = Mapping[Reason, int]

_AREAS: dict[str, str] = {}  # by the hash of a text, which never changes: to read a text costs more than all the rest


@dataclass(frozen=True, slots=True)
class Said:
    """A reason that counts: the last one given for an answer. `area` is a code, "" where the item has none."""

    sitting: UUID
    item: str
    item_version: int
    reason: Reason
    chosen: str
    confused_with: str
    at: datetime
    on: date  # the study day
    area: str


@dataclass(frozen=True, slots=True)
class ReasonsOverview:
    """What the reasons come to. Weeks begin on a Monday; those between two others are in `by_week` though nothing was said."""

    n_wrong: int  # answers known to be wrong, the newest `MOST_WRONG` at most
    said: tuple[Said, ...]  # the newest first
    counts: Counts
    by_area: Mapping[str, Counts]
    by_week: tuple[tuple[date, Counts], ...]

    @property
    def n_said(self) -> int:
        return len(self.said)

    @property
    def n_not_knowledge(self) -> int:
        """Points lost by somebody who knew: misread, or changed from right."""
        return sum(self.counts[reason] for reason in NOT_KNOWLEDGE)


def reasons_of(user: User) -> ReasonsOverview:
    """Why this person's answers were wrong, as they said; by area and by week."""
    rows = _standing(ErrorReason.objects.filter(user=user))
    areas = _areas(rows)
    zone = zone_of(user.pk)
    said = tuple(
        Said(
            **{name: getattr(row, name) for name in ("sitting", "item", "item_version", "chosen", "confused_with", "at")},
            reason=Reason(row.reason),
            on=study_day(row.at, zone),
            area=areas.get((row.item, row.item_version), ""),
        )
        for row in sorted(rows, key=lambda row: (row.at, row.pk), reverse=True)
    )
    by_area = {area: _counts(one for one in said if one.area == area) for area in sorted({one.area for one in said})}
    n_wrong = min(MOST_WRONG, revealed(user).filter(correct=False).count())
    return ReasonsOverview(n_wrong, said, _counts(said), by_area, _by_week(said))


def confusion_pairs_of(user: User) -> tuple[ConfusionPair, ...]:
    """Which option this person took for which, over all items whose keys they were shown; the weightiest first."""
    faulty = set(KeyChange.objects.values_list("item", "version"))  # who was right about a wrong key confused nothing
    rows = revealed(user).filter(correct=False).order_by("-answered_at")[:MOST_WRONG]
    wrong = [row for row in rows if (row.item, row.version) not in faulty]
    texts = dict(ItemVersion.objects.filter(pk__in={row.item_version_id for row in wrong}).values_list("pk", "text"))
    delivered = {pk: delivered_from_text(text) for pk, text in texts.items()}
    said = {(row.sitting, row.item): row for row in _standing(ErrorReason.objects.filter(user=user))}
    answers = ((row, delivered[row.item_version_id], said.get((row.sitting_id, row.item))) for row in wrong)
    return pairs_among(answers)


def said_in(user: User, sitting_id: UUID) -> Mapping[str, ErrorReason]:
    """The reason that counts for each item of a sitting that has one."""
    return {row.item: row for row in _standing(ErrorReason.objects.filter(user=user, sitting=sitting_id))}


def revealed(user: User) -> QuerySet[Response]:
    """The answers of this person that they were shown to be right or wrong."""
    known = Q(sitting__is_disclosed=True) | Q(mode="tutor")
    return Response.objects.filter(known, user=user).exclude(sitting__state="voided")


def area_of(item: Delivered) -> str:
    """The code of the area that an item belongs to."""
    codes = item.codes.get(PARTITION) or next(iter(item.codes.values()), ())
    return codes[0] if codes else ""


def _standing(rows: QuerySet[ErrorReason]) -> list[ErrorReason]:
    """The last of each answer."""
    return list({(row.sitting, row.item): row for row in rows.order_by("at", "id")}.values())


def _areas(rows: Iterable[ErrorReason]) -> Mapping[tuple[str, int], str]:
    versions = ItemVersion.objects.filter(item__in={row.item for row in rows})
    known = {hash_: (item, version) for item, version, hash_ in versions.values_list("item", "version", "hash")}
    for hash_, text in ItemVersion.objects.filter(hash__in=known.keys() - _AREAS.keys()).values_list("hash", "text"):
        _AREAS[hash_] = area_of(delivered_from_text(text))
    return {name: _AREAS[hash_] for hash_, name in known.items()}


def _counts(said: Iterable[Said]) -> Counts:
    found = Counter(one.reason for one in said)
    return {reason: found[reason] for reason in Reason}


def _by_week(said: Iterable[Said]) -> tuple[tuple[date, Counts], ...]:
    weeks: dict[date, list[Said]] = {}
    for one in said:
        weeks.setdefault(one.on - timedelta(days=one.on.weekday()), []).append(one)
    if not weeks:
        return ()
    first, last = min(weeks), max(weeks)
    days = (first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1))
    return tuple((day, _counts(weeks.get(day, ()))) for day in days)

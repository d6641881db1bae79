"""Scores of ended sittings, and their versions.

A score is a function of the log, the keys in force and the rules of marking. It is written down as version 1 when it is first
given out, and again, as the next version, when it has come to be another one: a key was changed, or events arrived with a
merge. No version is ever overwritten.
"""

from __future__ import annotations

from datetime import datetime

from bedside.delivery import Ended, Score, Verdicts, fold, marking_from_dict, score, verdicts_of
from bedside.site.accounts.models import User
from bedside.site.exam.log import events_of
from bedside.site.exam.models import KeyChange, ScoreVersion
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.problems import NotFinishedError

FIRST = "first given out"
MORE_ARRIVED = "events arrived after the version before"
ENDED = ("finished", "voided")


def verdict_texts(row: SittingRow) -> dict[str, str]:
    """What counts as right now for each item of a sitting, as text: the key delivered, or what changes have made of it."""
    found = {item.item: item.key for item in row.items.all()}
    for change in changes_of(row):
        found[change.item] = change.after
    return found


def changes_of(row: SittingRow) -> list[KeyChange]:
    """The changes of keys of the item versions that the sitting holds, in the order in which they were made."""
    versions = dict(row.items.values_list("item", "item_version__version"))
    found = KeyChange.objects.filter(item__in=versions).select_related("by").order_by("at", "id")
    return [change for change in found if versions[change.item] == change.version]


def keys_in_force(row: SittingRow) -> Verdicts:
    """The keys of a sitting's items as they count now, and the items that are dropped."""
    return verdicts_of(verdict_texts(row))


def current_score(row: SittingRow) -> Score:
    """The score of an ended sitting by the keys in force. Writes nothing.

    Raises:
        NotFinishedError: the sitting has not ended, or was made void: it has no result.
    """
    form = row.delivery_form()
    sitting = fold(form, events_of(row))
    if not isinstance(sitting.phase, Ended):
        raise NotFinishedError(f"sitting {row.pk} has no result: it is {sitting.state}")
    verdicts = keys_in_force(row)
    return score(form, sitting, verdicts.keys, marking_from_dict(row.marking), dropped=verdicts.dropped)


def score_version(row: SittingRow, *, at: datetime) -> ScoreVersion:
    """The score of an ended sitting as it is given out: the latest version, which is written first where there is none, or
    where the score has come to be another one. Call it inside a transaction that holds the sitting.

    Raises:
        NotFinishedError: the sitting has no result.
    """
    last = last_version(row)
    return next_version(row, current_score(row), last, why=FIRST if last is None else MORE_ARRIVED, at=at)


def last_version(row: SittingRow) -> ScoreVersion | None:
    """The latest version of a sitting's score that was written down."""
    return row.scores.order_by("-number").first()


def next_version(
    row: SittingRow,
    found: Score,
    last: ScoreVersion | None,
    *,
    why: str,
    at: datetime,
    by: User | None = None,
    change: KeyChange | None = None,
) -> ScoreVersion:
    """The last version where it is this very score, else the next one, written."""
    if last is not None and last.digest == found.digest and change is None:
        return last
    return ScoreVersion.objects.create(
        sitting=row,
        number=last.number + 1 if last else 1,
        at=at,
        by=by,
        why=why,
        change=change,
        score=found.as_dict(),
        digest=found.digest,
    )

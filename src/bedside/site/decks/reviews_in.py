"""The review log of a deck in the log of the person: each entry once, whatever was imported or reviewed before.

A log may have a million entries. They are made ready in a file first, and then written with plain statements, so that whoever
else writes (an answer of an exam) waits seconds and not minutes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from uuid import UUID, uuid5

from bedside.anki import REVIEWS_A_STEP, Package, Progress
from bedside.site.accounts.models import User
from bedside.site.decks.keys import review_uuid
from bedside.site.decks.plain_insert import PlainInsert
from bedside.site.decks.uncounted import Uncounted, details_of
from bedside.site.study.models import StudyReview, StudyWithdrawal
from bedside.site.study.taking_in import NAMESPACE
from bedside.study import Origin, card

_AT_ONCE = 500
_PREFIX = "anki"
_Row = tuple[str, str, int, int, str]  # UUID, subject, grade, milliseconds, what else Anki says


@dataclass(frozen=True, slots=True)
class ReadyReviews:
    """Reviews in a file, a line each. `n` counts all entries of the deck's log, those that do not count among them."""

    path: Path
    n: int
    is_alone: bool  # nobody else has a log, so that no entry can be in one


def make_ready(
    user: User, package: Package, cards: Mapping[int, UUID], *, without: Uncounted, folder: Path, progress: Progress
) -> ReadyReviews:
    """Put what is to be added into a file in `folder`, `without` what does not count.

    Raises:
        ReadError: the deck is damaged.
    """
    here = _answered_here(user)
    n = 0
    path = folder / "reviews"
    with path.open("w", encoding="utf-8") as file:
        for n, one in enumerate(package.reviews(cards), start=1):
            if one not in without:
                key = cards[one.card_id]
                subject = card(key)
                if not here or (subject, one.id) not in here:
                    details = ":".join([_PREFIX, *map(str, details_of(one))])
                    file.write(json.dumps([review_uuid(key, one.id).hex, subject, one.ease, one.id, details]) + "\n")
            if n % REVIEWS_A_STEP == 0:
                progress("reviews", n, package.n_reviews)
    progress("reviews", n, max(n, 1))
    return ReadyReviews(path, n, is_alone=not StudyReview.objects.exclude(user=user).exists())


def keep_reviews(user: User, ready: ReadyReviews, *, at: datetime) -> None:
    """Add those that are not in the log yet; those that are stay as they are. Call it inside the transaction."""
    names = ("id", "user", "subject", "grade", "at", "origin", "shown", "kept_at")
    table = PlainInsert(StudyReview, names)
    with ready.path.open(encoding="utf-8") as file:
        while batch := [tuple(json.loads(line)) for line in islice(file, _AT_ONCE)]:
            table.add(
                (uuid, user.pk, subject, grade, _time(at_ms), Origin.IMPORTED.value, shown, at)
                for uuid, subject, grade, at_ms, shown in _apart(user, batch, is_alone=ready.is_alone)
            )


def take_back_forgotten(user: User, cards: Mapping[int, UUID], without: Uncounted, *, at: datetime) -> None:
    """Take back what an earlier import put into the log, where Anki was told since to forget the card."""
    until = {card(cards[number]): _time(ms) for number, ms in without.forgotten_at_ms.items() if number in cards}
    subjects = iter(until)
    while batch := list(islice(subjects, _AT_ONCE)):
        rows = StudyReview.objects.filter(user=user, origin=Origin.IMPORTED.value, withdrawal=None, subject__in=batch)
        StudyWithdrawal.objects.bulk_create(
            # two machines that took the same back agree on its id
            StudyWithdrawal(id=uuid5(NAMESPACE, str(pk)), review_id=pk, at=at)
            for pk, subject, answered_at in rows.values_list("pk", "subject", "at")
            if answered_at < until[subject]
        )


def details_in(shown: str) -> list[int] | None:
    """What an imported review says besides its grade: kind, interval, last interval, factor, milliseconds; None if nothing."""
    head, *numbers = shown.split(":")
    try:
        return [int(number) for number in numbers] if head == _PREFIX and len(numbers) == 5 else None
    except ValueError:
        return None


def _answered_here(user: User) -> set[tuple[str, int]]:
    """Subject and millisecond of what was reviewed here: it may come back from Anki, and is the same recall."""
    rows = StudyReview.objects.filter(user=user, subject__startswith="card:").exclude(origin=Origin.IMPORTED.value)
    return {(subject, round(at.timestamp() * 1000)) for subject, at in rows.values_list("subject", "at").iterator()}


def _time(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def _apart(user: User, batch: list[_Row], *, is_alone: bool) -> Iterator[tuple[UUID, str, int, int, str]]:
    """Two people may import one deck with one history: the second one's entries get UUIDs of their own."""
    uuids = [UUID(row[0]) for row in batch]
    others = StudyReview.objects.filter(pk__in=uuids).exclude(user=user).values_list("pk", flat=True)
    theirs: set[UUID] = set() if is_alone else set(others)
    for uuid, row in zip(uuids, batch, strict=True):
        yield (uuid5(uuid, str(user.pk)) if uuid in theirs else uuid, *row[1:])

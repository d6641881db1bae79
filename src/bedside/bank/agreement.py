"""How far reviews agree with the bank: by area and in all, with every disagreement and what became of it.

A first reading is the first blind review of an item that is on file. Some rows tell of an earlier one in their words, from the
time when only the review that earned the status was kept: those words are read as what they say (`_EARLIER`), and where they
say that there was one and not what it chose, the first reading counts as not on file. An area is what stands before the number
of an item's id. Nothing is corrected for agreement by chance: with five options that is a fifth at most.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import Any

from bedside.bank.item import Item
from bedside.bank.models import Model
from bedside.bank.review_file import Review, ReviewKind, is_met_by

Z = 1.959964  # of 95%
NOT_AFTER = "Read before mending, not after it."  # begins a check of the text before it was changed

_EARLIER = re.compile(r"Another reader \(([^)]+)\) had chosen ([A-Z](?:,[A-Z])*|-?[0-9.]+)\b")
_ANEW = ("Before the last changes:", "After them:")  # begin what is said of an item that the same reader answered again
_COVERED = "Answered with the options covered: "
_THE_SAME = "; then the same among the options"
_TOLD_AGAINST = ("Did not agree until", "BLOCKING.")  # of a check whose objection was met before its row was written


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    k: int
    n: int

    @property
    def value(self) -> float | None:
        """The share from 0 to 1, None of nothing."""
        return self.k / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of Wilson (J Am Stat Assoc 1927;22:209-212); 0 to 1 where nothing was counted."""
        if not self.n:
            return 0.0, 1.0
        share, n, z2 = self.k / self.n, self.n, Z * Z
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
        # the ends themselves are exact, which the sums are not
        return 0.0 if not self.k else middle - half, 1.0 if self.k == n else middle + half

    def as_dict(self) -> dict[str, Any]:
        low, high = self.interval
        share = None if self.value is None else round(self.value, 4)
        return {"agreed": self.k, "of": self.n, "share": share, "low": round(low, 4), "high": round(high, 4)}


class Outcome(StrEnum):
    """What became of a disagreement."""

    CHANGED = "changed"  # the text is another now
    HELD = "held"  # the text stands, and the same reviewer agreed with it later
    OPEN = "open"  # the text stands, and nothing was said since: the item can't be cross_checked


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A review that did not agree with the text it read."""

    review: Review
    key: str  # of the present text; that of a model depends on the member
    outcome: Outcome

    def as_dict(self) -> dict[str, Any]:
        return {**review_as_dict(self.review), "key_now": self.key, "became": self.outcome.value}


class Reread(StrEnum):
    """Whether somebody read the text after a change that a check of facts asked for."""

    READ = "read"
    UNREAD = "unread"  # the first check asked for the change, and no later check is on file
    UNREAD_AGAIN = "unread_again"  # a check of the mended text asked for more, in its own words, and none is on file since


@dataclass(frozen=True, slots=True)
class Change:
    """A change that a check of facts asked for."""

    review: Review
    reread: Reread


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """What is on file of one item or question model, its reviews in the order in which they were made."""

    item: Item | Model
    area: str
    reviews: tuple[Review, ...]
    has_blind: bool
    first_agreed: bool | None  # None where no blind review is on file, or not what the first one chose
    first_choice: str
    covered: tuple[bool | None, ...]  # for each answer given with the options covered: was it the key's meaning?
    disagreements: tuple[Disagreement, ...]
    changes: tuple[Change, ...]

    def as_dict(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {
            "item": self.item.id,
            "area": self.area,
            "version": self.item.version,
            "hash": self.item.content_hash,
            "status": self.item.status.value,
            "authors": list(self.item.authors),
            "first_reading": {"choice": self.first_choice or None, "agreed": self.first_agreed} if self.has_blind else None,
            "disagreements": [one.as_dict() for one in self.disagreements],
            "changes": [{**review_as_dict(one.review), "reread": one.reread.value} for one in self.changes],
            "reviews": [{**review_as_dict(one), "of_present_text": one.hash == self.item.content_hash} for one in self.reviews],
        }


@dataclass(frozen=True, slots=True)
class AreaTrust:
    """One area, or the whole bank."""

    area: str
    n_items: int
    by_status: Mapping[str, int]
    n_blind: int  # reviews
    n_facts: int
    n_clinician: int
    first: Share  # items whose first reading agreed, of those whose first reading is on file
    n_first_untold: int  # items answered blind of which the first choice is not on file
    n_unread: int  # items without a blind review
    n_covered: int  # answers given with the options covered
    covered: Share  # of these, those said to be the key's meaning, of those of which it was said
    n_disagreements: Mapping[str, int]  # by what became of them
    n_changes: Mapping[str, int]  # that checks of facts asked for, by whether the text was read again

    def as_dict(self) -> dict[str, Any]:
        return {
            "area": self.area,
            "items": self.n_items,
            "status": dict(self.by_status),
            "reviews": {"blind": self.n_blind, "facts": self.n_facts, "clinician": self.n_clinician},
            "first_reading": {**self.first.as_dict(), "not_on_file": self.n_first_untold, "not_read": self.n_unread},
            "covered_answer": {**self.covered.as_dict(), "given": self.n_covered},
            "disagreements": dict(self.n_disagreements),
            "changes": dict(self.n_changes),
        }


@dataclass(frozen=True, slots=True)
class Trust:
    """All records, by area and in all: of the items, and of the question models."""

    total: AreaTrust
    areas: tuple[AreaTrust, ...]
    models: AreaTrust
    records: tuple[ItemRecord, ...]

    @property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """Every one, the latest first."""
        found = [one for record in self.records for one in record.disagreements]
        return tuple(sorted(found, key=lambda one: (one.review.on, one.review.item), reverse=True))

    def as_dict(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {
            "total": self.total.as_dict(),
            "areas": [area.as_dict() for area in self.areas],
            "models": self.models.as_dict(),
            "disagreements": [one.as_dict() for one in self.disagreements],
        }


def trust_of(items: Iterable[Item], reviews: Mapping[str, Sequence[Review]], *, models: Iterable[Model] = ()) -> Trust:
    """What the reviews of a bank say of its items and models."""
    records = [record_of(item, reviews.get(item.id, ())) for item in sorted(items, key=lambda item: item.id)]
    of_models = [record_of(model, reviews.get(model.id, ())) for model in sorted(models, key=lambda model: model.id)]
    areas = sorted({record.area for record in records})
    return Trust(
        _counted("", records),
        tuple(_counted(area, [record for record in records if record.area == area]) for area in areas),
        _counted("", of_models),
        (*records, *of_models),
    )


def record_of(item: Item | Model, reviews: Sequence[Review]) -> ItemRecord:
    """What is on file of one item or question model."""
    made = tuple(sorted(reviews, key=lambda review: (review.on, review.line)))
    blind = [review for review in made if review.kind is ReviewKind.BLIND]
    agreed, choice = _first(item, blind)
    return ItemRecord(
        item,
        area_of(item.id),
        made,
        bool(blind),
        agreed,
        choice,
        tuple(told for review in blind for told in _covered(review)),
        tuple(_disagreements(item, made)),
        tuple(_changes([review for review in made if review.kind is ReviewKind.FACTS])),
    )


def area_of(item_id: str) -> str:
    """What stands before the number of an id.

    >>> area_of("female_repro-0003")
    'female_repro'
    """
    return item_id.rpartition("-")[0] or item_id


def review_as_dict(review: Review) -> dict[str, Any]:
    """A review under the names of its file; what it lacks is left out."""
    told = {
        "item": review.item,
        "version": review.version,
        "hash": review.hash,
        "kind": review.kind.value,
        "reviewer": review.reviewer,
        "on": review.on.isoformat(),
        "answer": review.answer,
        "members": {str(seed): letter for seed, letter in review.members.items()} or None,
        "agrees": review.agrees,
        "covered": review.covered or None,
        "covered_agrees": review.covered_agrees,
        "confidence": review.confidence,
        "finding": review.finding,
        "change": review.change or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _agrees(item: Item | Model, review: Review) -> bool | None:
    """Did a review agree with the text that it read? None where neither it nor the present key tells."""
    if review.agrees is not None:
        return review.agrees
    if review.kind is ReviewKind.BLIND and review.hash == item.content_hash:
        return is_met_by(item, review)
    return None


def _first(item: Item | Model, blind: Sequence[Review]) -> tuple[bool | None, str]:
    if not blind:
        return None, ""
    first = blind[0]
    if any(first.finding.startswith(words) for words in _ANEW):
        return None, ""
    if told := _EARLIER.search(first.finding):
        agreed = _agrees(item, first)
        # the key that the row agreed with; of a row that did not, what the key was is not on file
        return (told[2] == first.answer if agreed else None), told[2]
    return _agrees(item, first), first.answer or ", ".join(f"{seed}: {letter}" for seed, letter in first.members.items())


def _covered(review: Review) -> list[bool | None]:
    if review.covered or review.covered_agrees is not None:
        return [review.covered_agrees]
    if not review.finding.startswith(_COVERED):
        return []
    return [True if _THE_SAME in review.finding else None]


def _disagreements(item: Item | Model, made: Sequence[Review]) -> Iterable[Disagreement]:
    for n, review in enumerate(made):
        is_told = any(words in review.finding for words in _TOLD_AGAINST)
        if _agrees(item, review) is not False and not is_told:
            continue
        later = [one for one in made[n + 1 :] if one.reviewer == review.reviewer and one.kind is review.kind]
        if is_told or review.hash != item.content_hash:
            outcome = Outcome.CHANGED
        elif any(one.hash == review.hash and _agrees(item, one) for one in later):
            outcome = Outcome.HELD
        else:
            outcome = Outcome.OPEN
        yield Disagreement(review, item.shown_key if isinstance(item, Item) else "", outcome)


def _changes(facts: Sequence[Review]) -> Iterable[Change]:
    for n, review in enumerate(facts):
        if not review.change:
            continue
        if any(not later.finding.startswith(NOT_AFTER) for later in facts[n + 1 :]):
            reread = Reread.READ
        else:
            reread = Reread.UNREAD_AGAIN if n else Reread.UNREAD
        yield Change(review, reread)


def _counted(area: str, records: Sequence[ItemRecord]) -> AreaTrust:
    kinds = Counter(review.kind for record in records for review in record.reviews)
    known = [record.first_agreed for record in records if record.first_agreed is not None]
    covered = [told for record in records for told in record.covered]
    said = [told for told in covered if told is not None]
    outcomes = Counter(one.outcome for record in records for one in record.disagreements)
    rereads = Counter(one.reread for record in records for one in record.changes)
    return AreaTrust(
        area=area,
        n_items=len(records),
        by_status=dict(sorted(Counter(record.item.status.value for record in records).items())),
        n_blind=kinds[ReviewKind.BLIND],
        n_facts=kinds[ReviewKind.FACTS],
        n_clinician=kinds[ReviewKind.CLINICIAN],
        first=Share(sum(known), len(known)),
        n_first_untold=sum(record.has_blind and record.first_agreed is None for record in records),
        n_unread=sum(not record.has_blind for record in records),
        n_covered=len(covered),
        covered=Share(sum(said), len(said)),
        n_disagreements={one.value: outcomes[one] for one in Outcome},
        n_changes={one.value: rereads[one] for one in Reread},
    )

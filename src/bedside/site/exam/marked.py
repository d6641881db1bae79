"""A sitting with what each item came to by the keys in force, and the versions of its score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bedside.delivery import (
    Answer,
    Change,
    Drop,
    Form,
    ItemScore,
    ItemWork,
    Key,
    Marking,
    Score,
    Sitting,
    Verdicts,
    Worked,
    marking_from_dict,
    score,
    worked_items,
)
from bedside.site.exam.models import KeyChange, ScoreVersion
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.queries import delivered_items
from bedside.site.exam.scores import keys_in_force
from bedside.site.library.delivered import Delivered

NO_WORK = ItemWork()


@dataclass(frozen=True, slots=True)
class Marked:
    """One item of a sitting with what was done on it. `key` is None where the item no longer counts."""

    item: Delivered
    key: Key | None
    drop: Drop | None
    scored: ItemScore
    work: ItemWork
    worked: Worked | None

    @property
    def answer(self) -> Answer | None:
        """The answer that stands."""
        return self.work.answer if self.work.answer and self.work.answer.is_given else None

    @property
    def is_correct(self) -> bool:
        return self.worked is not None and self.worked.is_right

    @property
    def counts(self) -> bool:
        """Is it among the items that shares are made of? One that no longer counts is not."""
        return self.worked is not None

    @property
    def change(self) -> Change | None:
        return self.worked.change if self.worked else None

    @property
    def is_new_key(self) -> bool:
        """Is it judged by another key than the one it was delivered with?"""
        return self.key != self.item.scoring_key


@dataclass(frozen=True, slots=True)
class Result:
    """What a sitting came to, and by which version of its score."""

    items: tuple[Marked, ...]
    score: Score
    marking: Marking
    versions: tuple[ScoreVersion, ...]  # the newest first

    @property
    def counted(self) -> tuple[Marked, ...]:
        return tuple(one for one in self.items if one.counts)


def result_of(row: SittingRow, form: Form, state: Sitting) -> Result:
    """The sitting's result by the keys that are in force, with the versions of its score that were written down."""
    versions = tuple(row.scores.select_related("by", "change", "change__by").order_by("-number"))
    delivered = delivered_items(row)
    verdicts = keys_in_force(row)
    marking = marking_from_dict(row.marking)
    scored = score(form, state, verdicts.keys, marking, dropped=verdicts.dropped)
    worked = {one.item: one for one in worked_items(form, state, verdicts.keys, dropped=verdicts.dropped)}
    items = tuple(
        _marked(item, verdicts, one, state.work.get(item.id, NO_WORK), worked)
        for item, one in zip(delivered, scored.items, strict=True)
    )
    return Result(items, scored, marking, versions)


def version_json(version: ScoreVersion, before: ScoreVersion | None) -> dict[str, Any]:
    """A score version: when, by whom and why, and what it altered against the one before."""
    totals, change = version.score, version.change
    earlier = {one["item"]: one for one in before.score.get("items", [])} if before else {}
    return {
        "number": version.number,
        "at": version.at.isoformat().replace("+00:00", "Z"),
        "by": version.by.get_username() if version.by else None,
        "why": version.why,
        "change": change and _change_json(change),
        "marks": str(totals["marks"]),
        "max_marks": str(totals["max_marks"]),
        "n_right": totals["n_right"],
        "digest": version.digest,
        "altered": [
            {"item": one["item"], "before": earlier[one["item"]]["outcome"], "after": one["outcome"]}
            for one in totals.get("items", [])
            if one["item"] in earlier and earlier[one["item"]]["outcome"] != one["outcome"]
        ],
    }


def _change_json(change: KeyChange) -> dict[str, Any]:
    return {
        "item": change.item,
        "version": change.version,
        "before": change.before,
        "after": change.after,
        "why": change.why,
        "by": change.by.get_username() if change.by else None,
    }


def _marked(item: Delivered, verdicts: Verdicts, scored: ItemScore, work: ItemWork, worked: Mapping[str, Worked]) -> Marked:
    return Marked(item, verdicts.keys.get(item.id), verdicts.dropped.get(item.id), scored, work, worked.get(item.id))

"""What becomes of results when a key turns out to be wrong: a change that is written down, and every score made anew.

Nothing that was delivered changes: a change of a key is a row of its own, and the text, its key, the form's digest and the
responses in the database are those of the day. The change goes into the ledger, so that `sitting verify` finds one that was
altered, added or taken away afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bedside.delivery import (
    Drop,
    Verdict,
    key_from_text,
    verdict_as_text,
)
from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.site.accounts.audit import audit
from bedside.site.accounts.models import User
from bedside.site.accounts.roles import Role, require_role
from bedside.site.database import one_write
from bedside.site.exam.actions import settle
from bedside.site.exam.ledger import append_change
from bedside.site.exam.models import KeyChange, ScoreVersion, SittingItem
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.scores import ENDED, current_score, next_version, score_version
from bedside.site.library.delivered import delivered_from_text
from bedside.site.library.models import ItemVersion

MAX_WHY = 500  # characters


@dataclass(frozen=True, slots=True)
class Changed:
    """A sitting whose result is another one after a key change."""

    sitting: UUID
    user: str
    version: int  # the new version's number
    before: Mapping[str, Any]  # totals of the score, as JSON
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What a key change did."""

    change: KeyChange
    n_sittings: int  # ended sittings that hold the item
    changed: tuple[Changed, ...]


def read_verdict(key: str | None, drop: Drop | None) -> Verdict:
    """The verdict that was asked for: letters such as "C" or "BD", a number such as "=7.35±0.02", or a policy of dropping.

    Raises:
        UsageError: neither or both are given, or the text is no key.
    """
    if (key is None) == (drop is None):
        raise UsageError("give either the right key with --key, or --drop")
    if drop is not None:
        return drop
    assert key is not None
    return key_from_text(key)


def rekey(item: str, version: int, verdict: Verdict, *, why: str, by: User, at: datetime) -> Rekeyed:
    """Change what counts as right for an item that was delivered, and score every ended sitting that holds it anew.

    Raises:
        NotAllowedError: `by` is no administrator.
        UsageError: no reason is given, or the verdict fits no answer to the item.
        NotFoundError: no such version of the item was ever delivered.
        ConflictError: that is what counts already.
        StoreError: the store refused; nothing was kept.
    """
    require_role(by, Role.ADMINISTRATOR)
    if not why.strip() or len(why) > MAX_WHY:
        raise UsageError(f"say why the key changes, in up to {MAX_WHY} characters")
    _settle_all(item, version, at)
    with one_write():
        before = _verdict_before(item, version)
        _see_fits(item, version, verdict)
        after = verdict_as_text(verdict)
        if before == after:
            raise ConflictError(f"item {item}, version {version} counts as {after} already")
        last = KeyChange.objects.filter(item=item, version=version).order_by("-at").first()
        moment = max(at, last.at + timedelta(microseconds=1)) if last else at
        rows = _ended_with(item, version)
        earlier = [(row, score_version(row, at=moment)) for row in rows]  # what was valid until now
        change = KeyChange.objects.create(
            item=item, version=version, before=before, after=after, why=why.strip(), by=by, at=moment
        )
        changed = _score_anew(earlier, change, by=by)
        append_change(change)
        detail = {"item": item, "version": version, "reason": change.why, "n_sittings": len(rows), "n_changed": len(changed)}
        audit(actor=by, verb="key_changed", subject=str(change.pk), at=moment, detail=detail)
    return Rekeyed(change, len(rows), tuple(changed))


def _settle_all(item: str, version: int, at: datetime) -> None:
    """Sittings whose time is over count as ended, whether or not anybody has looked at them since."""
    held = SittingItem.objects.filter(item=item, item_version__version=version).values("sitting")
    for row in SittingRow.objects.select_related("user").filter(pk__in=held, deadline__lte=at).exclude(state__in=ENDED):
        settle(row.user, row.pk, at=at)


def _score_anew(earlier: Sequence[tuple[SittingRow, ScoreVersion]], change: KeyChange, *, by: User) -> list[Changed]:
    changed = []
    for row, last in earlier:
        after = current_score(row)
        made = next_version(row, after, last, why=change.why, at=change.at, by=by, change=change)
        before = {name: value for name, value in last.score.items() if name != "items"}
        if (before["marks"], before["max_marks"]) != (made.score["marks"], made.score["max_marks"]):
            changed.append(Changed(row.pk, row.user.username, made.number, before, after.totals()))
    return changed


def _ended_with(item: str, version: int) -> list[SittingRow]:
    """The ended sittings that hold the item in that version; locked."""
    held = SittingItem.objects.filter(item=item, item_version__version=version).values("sitting")
    found = SittingRow.objects.select_for_update(of=("self",)).select_related("user").filter(pk__in=held, state="finished")
    return list(found.order_by("created_at", "id"))


def _verdict_before(item: str, version: int) -> str:
    last: KeyChange | None = KeyChange.objects.filter(item=item, version=version).order_by("at", "id").last()
    if last is not None:
        return last.after
    kept = _kept(item, version)
    return delivered_from_text(kept.text).scoring_key.as_text()


def _kept(item: str, version: int) -> ItemVersion:
    kept: ItemVersion | None = ItemVersion.objects.filter(item=item, version=version).order_by("id").last()
    if kept is None:
        raise NotFoundError(f"item {item}, version {version} was never delivered here")
    return kept


def _see_fits(item: str, version: int, verdict: Verdict) -> None:
    """A key names options that the item has, or is a number where the item takes one."""
    if isinstance(verdict, Drop):
        return
    delivered = delivered_from_text(_kept(item, version).text)
    if (delivered.answer is not None) != (verdict.value is not None):
        kind = "a number, written =7.35±0.02" if delivered.answer is not None else "letters of its options"
        raise UsageError(f"the key of item {item} is {kind}")
    letters = {option.letter for option in delivered.options}
    if unknown := sorted(set(verdict.options) - letters):
        raise UsageError(f'item {item} has no option "{unknown[0]}"; it has {", ".join(sorted(letters))}')

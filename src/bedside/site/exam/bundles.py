"""Bundles: everything that a result rests on, written to a file that can be scored anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings

from bedside.delivery import (
    BUNDLE_FORMAT,
    KEYS_FORMAT,
    canonical,
    canonical_digest,
    commitment,
    event_as_dict,
    instant_text,
    log_digest_of,
    signed_bundle_bytes,
)
from bedside.site.accounts.audit import audit
from bedside.site.content import current_content
from bedside.site.database import one_write
from bedside.site.exam.actions import settle
from bedside.site.exam.log import events_of, form_digest
from bedside.site.exam.models import KeyChange, ScoreVersion, SittingItem
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.receipts import who
from bedside.site.exam.scores import changes_of, score_version, verdict_texts
from bedside.site.exam.stick import PROGRAM, sitting_named, this_server
from bedside.site.keys import derived_salt, public_key_hex, sign

NO_CONVERSION = {"kind": "none", "text": "no scale score yet: marks are not converted"}
NO_STANDARD = {"kind": "unknown", "text": "the programme's file is not there, or says nothing of a standard"}


@dataclass(frozen=True, slots=True)
class Bundled:
    """A bundle's file, and the file of the keys that were held back from it."""

    packed: bytes
    keys: bytes | None
    version: int
    score_digest: str
    totals: Mapping[str, Any]


def make_bundle(
    sitting_id: UUID,
    *,
    at: datetime,
    redact_keys: bool = False,
    with_held_keys: bool = True,
    with_texts: bool = False,
    with_name: bool = False,
) -> Bundled:
    """The bundle of an ended sitting. With `redact_keys` keys and the result of each item are held back; the texts, which hold
    the keys, are then left out whatever is asked for; `with_held_keys` makes the file of the keys
    beside. The audit log keeps what left.

    Raises:
        NotFoundError: there is no such sitting.
        NotFinishedError: it has no result.
    """
    settle(sitting_named(sitting_id).user, sitting_id, at=at)
    with one_write():
        row = sitting_named(sitting_id)
        version = score_version(row, at=max(at, row.clock_at))
        told = {
            "format": BUNDLE_FORMAT,
            "program": PROGRAM,
            "server": str(this_server().pk),
            "public_key": public_key_hex(settings.DATA),
            "made_at": instant_text(at),
            "sitting": _which(row),
            "who": who(row, with_name=with_name),
            **_rests_on(row, redact_keys=redact_keys, with_texts=with_texts and not redact_keys),
            **_result(version, redact_keys=redact_keys),
        }
        keys = _held_keys(row) if redact_keys and with_held_keys else None
        packed = canonical({**told, "signature": sign(settings.DATA, signed_bundle_bytes(told))}) + b"\n"
        detail = {
            "file": sha256(packed).hexdigest(),
            "keys": "in the file" if not redact_keys else "held back" if keys is None else "in a file of their own",
            "with_texts": with_texts and not redact_keys,
            "with_name": with_name,
        }
        audit(actor=None, verb="sitting_bundled", subject=str(row.pk), at=at, detail=detail)
    totals = {name: value for name, value in version.score.items() if name != "items"}
    return Bundled(packed, keys, version.number, version.digest, totals)


def _which(row: SittingRow) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "programme": row.programme,
        "step": row.step,
        "kind": row.kind,
        "mode": row.mode,
        "day": row.day,
        "clock": row.clock,
        "is_proctored": row.is_proctored,
        "created_at": instant_text(row.created_at),
    }


def _rests_on(row: SittingRow, *, redact_keys: bool, with_texts: bool) -> dict[str, Any]:
    verdicts = verdict_texts(row)
    events = events_of(row)
    return {
        "form": row.form,
        "items": [
            _item(item, verdicts[item.item], redact_keys=redact_keys, with_text=with_texts)
            for item in row.items.select_related("item_version").order_by("position")
        ],
        "key_changes": [_change(change, redact_keys=redact_keys) for change in changes_of(row)],
        "marking": row.marking,
        "conversion": NO_CONVERSION,
        "standard": _standard(row),
        "events": [event_as_dict(event) for event in events],
        "digests": {"form": form_digest(row), "log": log_digest_of(events), "marking": canonical_digest(row.marking)},
    }


def _item(item: SittingItem, verdict: str, *, redact_keys: bool, with_text: bool) -> dict[str, Any]:
    version = item.item_version
    bound = commitment(_salt(item), item.item, version.version, item.key, verdict) if redact_keys else None
    return {
        "position": item.position,
        "item": item.item,
        "version": version.version,
        "hash": version.hash,
        "delivered_key": None if redact_keys else item.key,
        "verdict": None if redact_keys else verdict,
        "commitment": bound,
        "text": version.text if with_text else None,
    }


def _salt(item: SittingItem) -> str:
    """The same each time, so that the keys of a bundle can be given out later; and known to this server only."""
    return derived_salt(settings.DATA, f"{item.sitting_id} {item.position}")


def _change(change: KeyChange, *, redact_keys: bool) -> dict[str, Any]:
    return {
        "item": change.item,
        "version": change.version,
        "before": None if redact_keys else change.before,
        "after": None if redact_keys else change.after,
        "why": change.why,
        "by": change.by.username if change.by else "the command line",
        "at": instant_text(change.at),
    }


def _result(version: ScoreVersion, *, redact_keys: bool) -> dict[str, Any]:
    score = {name: value for name, value in version.score.items() if not (redact_keys and name == "items")}
    return {
        "score_version": {"number": version.number, "at": instant_text(version.at), "why": version.why},
        "score": score,
        "score_digest": version.digest,
    }


def _held_keys(row: SittingRow) -> bytes:
    verdicts = verdict_texts(row)
    keys = [
        {"item": item.item, "salt": _salt(item), "delivered_key": item.key, "verdict": verdicts[item.item]}
        for item in row.items.order_by("position")
    ]
    return canonical({"format": KEYS_FORMAT, "sitting": str(row.pk), "keys": keys}) + b"\n"


def _standard(row: SittingRow) -> dict[str, Any]:
    """The programme's standard on the day of the sitting, named; whether it was met can't be said without a conversion."""
    programme = current_content().programmes.get(row.programme)
    edition = programme.on(row.created_at.date()).step(row.step) if programme else None
    found = edition.standard if edition else None
    if found is None:
        return NO_STANDARD
    score = None if found.score is None else str(found.score)
    return {"kind": found.kind.value, "score": score, "group": found.group, "text": found.text and str(found.text)}

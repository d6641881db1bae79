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
    percent_text,
    score_commitment,
    signed_bytes,
)
from bedside.site.accounts.audit import audit
from bedside.site.content import current_content
from bedside.site.database import one_write
from bedside.site.exam.actions import settle
from bedside.site.exam.case_port import cases
from bedside.site.exam.log import events_of, form_digest
from bedside.site.exam.models import KeyChange, ScoreVersion, SittingItem
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.receipts import who
from bedside.site.exam.scores import changes_of, score_version, verdict_texts
from bedside.site.exam.stick import PROGRAM, sitting_named, this_server
from bedside.site.keys import derived_salt, public_key_hex, sign

NO_CONVERSION = {"kind": "none", "text": "no scale score yet: marks are not converted"}
CAN_BE_TRIED = (
    "this sitting was made by a version that put no salt into the digest of its form: whoever knows the texts of its items can "
    "try keys until that digest fits"
)
NO_STANDARD = {"kind": "unknown", "text": "the programme's file is not there, or says nothing of a standard"}


@dataclass(frozen=True, slots=True)
class Bundled:
    """A bundle's file, and the file of the keys that were held back from it. `warning` is "" where nothing is to be said."""

    packed: bytes
    keys: bytes | None
    version: int
    score_digest: str | None  # None where the bundle has a commitment instead
    score_commitment: str | None
    totals: Mapping[str, Any]
    warning: str = ""


def make_bundle(
    sitting_id: UUID,
    *,
    at: datetime,
    redact_keys: bool = False,
    with_held_keys: bool = True,
    with_texts: bool = False,
    with_name: bool = False,
) -> Bundled:
    """The bundle of an ended sitting. With `redact_keys` the keys are held back, and all that they could be tried against: the
    result of each item, the digests of the score and the texts, the salt, and the texts whatever is asked for;
    `with_held_keys` makes the file of what was held back beside. The audit log keeps what left.

    Raises:
        NotFoundError: there is no such sitting.
        NotFinishedError: it has no result.
    """
    settle(sitting_named(sitting_id).user, sitting_id, at=at)
    with one_write():
        row = sitting_named(sitting_id)
        version = score_version(row, at=max(at, row.clock_at))
        told = {
            **_made(row, at),
            "who": who(row, with_name=with_name),
            **_rests_on(row, redact_keys=redact_keys, with_texts=with_texts and not redact_keys),
            **_result(row, version, redact_keys=redact_keys),
            **_cases(row, redact_keys=redact_keys),
        }
        keys = _held_keys(row) if redact_keys and with_held_keys else None
        packed = canonical({**told, "signature": sign(settings.DATA, signed_bytes(told))}) + b"\n"
        detail = {
            "file": sha256(packed).hexdigest(),
            "keys": "in the file" if not redact_keys else "held back" if keys is None else "in a file of their own",
            "with_texts": with_texts and not redact_keys,
            "with_name": with_name,
        }
        audit(actor=None, verb="sitting_bundled", subject=str(row.pk), at=at, detail=detail)
    totals = {name: value for name, value in version.score.items() if name != "items"}
    warning = CAN_BE_TRIED if redact_keys and not row.salt else ""
    return Bundled(packed, keys, version.number, told["score_digest"], told["score_commitment"], totals, warning=warning)


def _made(row: SittingRow, at: datetime) -> dict[str, Any]:
    return {
        "format": BUNDLE_FORMAT,
        "program": PROGRAM,
        "server": str(this_server().pk),
        "public_key": public_key_hex(settings.DATA),
        "made_at": instant_text(at),
        "sitting": _which(row),
    }


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
        "salt": None if redact_keys else row.salt or None,
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
    bound = commitment(_salt(item), item.item, version.version, item.key, verdict, text_hash=version.hash)
    return {
        "position": item.position,
        "item": item.item,
        "version": version.version,
        "hash": None if redact_keys else version.hash,
        "delivered_key": None if redact_keys else item.key,
        "verdict": None if redact_keys else verdict,
        "commitment": bound if redact_keys else None,
        "text": version.text if with_text else None,
    }


def _salt(item: SittingItem) -> str:
    """The same each time, so that the keys of a bundle can be given out later; and known to this server only."""
    return derived_salt(settings.DATA, f"{item.sitting_id} {item.position}")


def _score_salt(row: SittingRow) -> str:
    return derived_salt(settings.DATA, f"{row.pk} score")


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


def _result(row: SittingRow, version: ScoreVersion, *, redact_keys: bool) -> dict[str, Any]:
    score = {name: value for name, value in version.score.items() if not (redact_keys and name == "items")}
    return {
        "score_version": {"number": version.number, "at": instant_text(version.at), "why": version.why},
        "score": score,
        "score_digest": None if redact_keys else version.digest,
        "score_commitment": score_commitment(_score_salt(row), version.score) if redact_keys else None,
    }


def _cases(row: SittingRow, *, redact_keys: bool) -> dict[str, Any]:
    """The cases that were begun; not there where the form has none, so that such a bundle is as it was before."""
    if not row.delivery_form().cases:
        return {}
    return {
        "cases": [
            {
                "block": one.block,
                "case": one.case,
                "text": None if redact_keys else one.text,
                "percent": None if one.percent is None else percent_text(one.percent),
                "band": one.band,
            }
            for one in cases().score(row)
        ]
    }


def _held_keys(row: SittingRow) -> bytes:
    verdicts = verdict_texts(row)
    keys = [
        {
            "item": item.item,
            "salt": _salt(item),
            "hash": item.item_version.hash,
            "delivered_key": item.key,
            "verdict": verdicts[item.item],
        }
        for item in row.items.select_related("item_version").order_by("position")
    ]
    told: dict[str, Any] = {
        "format": KEYS_FORMAT,
        "sitting": str(row.pk),
        "salt": row.salt or None,
        "score_salt": _score_salt(row),
        "keys": keys,
    }
    texts = [kept.text for kept in cases().texts([one.digest for one in row.delivery_form().cases.values()])]
    if texts:
        told["case_texts"] = texts
    return canonical(told) + b"\n"


def _standard(row: SittingRow) -> dict[str, Any]:
    """The programme's standard on the day of the sitting, named; whether it was met can't be said without a conversion."""
    programme = current_content().programmes.get(row.programme)
    edition = programme.on(row.created_at.date()).step(row.step) if programme else None
    found = edition.standard if edition else None
    if found is None:
        return NO_STANDARD
    score = None if found.score is None else str(found.score)
    return {"kind": found.kind.value, "score": score, "group": found.group, "text": found.text and str(found.text)}

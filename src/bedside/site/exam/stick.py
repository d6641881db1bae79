"""A sitting on a stick: written to a file here, to be merged into another server's store."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings

from bedside import __version__
from bedside.delivery import SITTING_FORMAT, canonical, event_as_dict, instant_text, signed_bytes
from bedside.errors import NotFoundError
from bedside.site.accounts.audit import audit
from bedside.site.accounts.models import User
from bedside.site.database import one_write
from bedside.site.exam.carried_texts import packed_media
from bedside.site.exam.case_port import cases
from bedside.site.exam.log import events_of
from bedside.site.exam.models import Server, Sync
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.trusted import proctor_names
from bedside.site.keys import public_key_hex, sign

PROGRAM = f"bedside {__version__}"


def sitting_named(sitting_id: UUID) -> SittingRow:
    """The sitting of that id, whoever sits it.

    Raises:
        NotFoundError: there is none.
    """
    row = SittingRow.objects.select_related("user").filter(pk=sitting_id).first()
    if row is None:
        raise NotFoundError(f"there is no sitting {sitting_id}")
    return row


def this_server() -> Server:
    """The row of this server, made on the first call."""
    server, _ = Server.objects.get_or_create(only=True)
    return server


def export_sitting(sitting_id: UUID, *, at: datetime, actor: User | None = None) -> bytes:
    """The whole sitting as the bytes of a file: form, salt, texts with their keys, writers, synchronisations, events; signed.

    That the keys leave the server is written into the audit log; `actor` None is the command line.

    Raises:
        NotFoundError: there is no such sitting, or a picture that it shows is gone.
        TooLargeError: its pictures and sounds are more than a file can take.
    """
    with one_write():  # so that nothing arrives while it is read
        row = sitting_named(sitting_id)
        told: dict[str, Any] = {
            "format": SITTING_FORMAT,
            "program": PROGRAM,
            "server": str(this_server().pk),
            "public_key": public_key_hex(settings.DATA),
            "exported_at": instant_text(at),
            "sitting": _made(row),
            "form": row.form,
            **_items(row),
            **_case_texts(row),
            **_writers(row),
            "events": [event_as_dict(event) for event in events_of(row)],
        }
        packed = canonical({**told, "signature": sign(settings.DATA, signed_bytes(told))}) + b"\n"
        detail = {"file": sha256(packed).hexdigest(), "n_keys": len(told["items"])}
        audit(actor=actor, verb="sitting_exported", subject=str(row.pk), at=at, detail=detail)
    return packed


def _made(row: SittingRow) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "user": {"id": str(row.user_id), "name": row.user.username},
        "programme": row.programme,
        "step": row.step,
        "day": row.day,
        "kind": row.kind,
        "mode": row.mode,
        "clock": row.clock,
        "is_proctored": row.is_proctored,
        "filter": row.filter,
        "seed": str(row.seed),
        "n_asked": row.n_asked,
        "created_at": instant_text(row.created_at),
        "marking": row.marking,
        "salt": row.salt or None,
    }


def _items(row: SittingRow) -> dict[str, Any]:
    items = list(row.items.select_related("item_version").order_by("position"))
    texts = {item.item_version.hash: item.item_version for item in items}
    return {
        "items": [
            {
                "position": item.position,
                "block": item.block,
                "item": item.item,
                "version": item.item_version.version,
                "hash": item.item_version.hash,
                "key": item.key,
            }
            for item in items
        ],
        "texts": [
            {"hash": version.hash, "kept_at": instant_text(version.kept_at), "text": version.text} for version in texts.values()
        ],
        "media": packed_media(texts.values()),
    }


def _case_texts(row: SittingRow) -> dict[str, Any]:
    """The texts of the cases, rubric and all. Not there where the form has none, so that such a file is as it was before."""
    texts = {case.digest for case in row.delivery_form().cases.values()}
    kept = cases().texts(texts)
    if not texts:
        return {}
    return {"case_texts": [{"hash": one.hash, "kept_at": instant_text(one.kept_at), "text": one.text} for one in kept]}


def _writers(row: SittingRow) -> dict[str, Any]:
    names = proctor_names(row)
    return {
        "writers": [
            {
                "id": str(writer.pk),
                "kind": writer.kind,
                "issued_at": instant_text(writer.issued_at),
                "who": names.get(writer.pk),
            }
            for writer in row.writers.order_by("issued_at", "id")
        ],
        "syncs": [
            {
                "writer": str(sync.writer_id),
                "number": sync.number,
                "acknowledged": sync.acknowledged,
                "at": instant_text(sync.at),
            }
            for sync in Sync.objects.filter(writer__sitting=row).order_by("writer_id", "number")
        ],
    }

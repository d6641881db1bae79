"""Sittings that are kept as records: the signed file as it came, packed, below the data folder by its hash."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import zstandard
from django.conf import settings

from bedside.delivery import MAX_CARRIED_BYTES, SittingFile
from bedside.errors import StoreError
from bedside.site.accounts.models import User
from bedside.site.carrying.models import KeptSitting


def keep_record(user: User, carried: SittingFile, packed: bytes) -> bool:
    """Keep a sitting's file as a record, where none of it and its key is kept that was made later; says whether it was.

    Raises:
        StoreError: the disk refuses.
    """
    told = carried.sitting
    row = KeptSitting.objects.filter(user=user, sitting=told.id, public_key=carried.public_key).first()
    digest = sha256(packed).hexdigest()
    if row is not None and (row.exported_at, row.sha256) >= (carried.exported_at, digest):
        return False
    _keep(digest, packed)
    KeptSitting.objects.update_or_create(
        user=user,
        sitting=told.id,
        public_key=carried.public_key,
        defaults={
            "exported_at": carried.exported_at,
            "sha256": digest,
            "n_bytes": len(packed),
            "facts": {
                "server": str(carried.server),
                "programme": told.programme,
                "step": told.step,
                "kind": told.kind,
                "mode": told.mode,
                "is_proctored": told.is_proctored,
                "created_at": told.created_at.isoformat(),
                "n_items": len(carried.items),
                "n_events": len(carried.events),
            },
        },
    )
    return True


def record_bytes(row: KeptSitting) -> bytes:
    """The file of a record as it came.

    Raises:
        StoreError: it is gone, or was changed.
    """
    path = _path(row.sha256)
    try:
        packed = zstandard.decompress(path.read_bytes(), max_output_size=MAX_CARRIED_BYTES)
    except (OSError, zstandard.ZstdError) as error:
        raise StoreError(f"{path}: the record of sitting {row.sitting} can't be read: {error}") from error
    if sha256(packed).hexdigest() != row.sha256:
        raise StoreError(f"{path}: the record of sitting {row.sitting} is not what was kept")
    return packed


def _path(digest: str) -> Path:
    return Path(settings.DATA) / "kept_sittings" / f"{digest}.json.zst"


def _keep(digest: str, packed: bytes) -> None:
    path = _path(digest)
    beside = path.with_name(f".{uuid4().hex}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with beside.open("xb") as file:
            file.write(zstandard.compress(packed))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise StoreError(f"{path}: the record of a sitting can't be kept: {error.strerror}") from error

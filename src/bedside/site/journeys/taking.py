"""Taking others' journeys into the library of this server: only what is signed by a key that is named or trusted.

A key is trusted when it is named with the import, when it is this server's own, or when it stands in
`DATA/keys/trusted_journeys`, one a line as `bedside journey key` prints it, with a remark behind `#` where one is wanted. A
signature says who vouches for the file and that it was not changed; that the record is true it can't say.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from shlex import quote
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.journeys import Journey, Withdrawal, journey_as_dict, read_journey
from bedside.site.accounts.audit import audit
from bedside.site.accounts.models import User
from bedside.site.journeys.emptying import empty
from bedside.site.journeys.models import JourneyShare, LibraryJourney, UnknownWithdrawal
from bedside.site.keys import is_signed_by, journey_key_hex, keys_in

LIBRARY_LOCK = 0x6A6F7572  # of PostgreSQL, held while a file is taken


class Came(Enum):
    """What came of a file."""

    NEW = "new"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    WITHDRAWN = "withdrawn"
    KEPT = "kept"  # a withdrawal of what is not here


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken."""

    id: UUID
    came: Came


def trusted_file() -> Path:
    """Where the keys stand whose journeys are always taken; it need not exist."""
    return Path(settings.DATA) / "keys" / "trusted_journeys"


def trusted_keys() -> frozenset[str]:
    """This server's own key, and those of its file.

    Raises:
        StoreError: the file can't be read, or a line of it is no key; names the line.
    """
    return keys_in(trusted_file(), shown_by="bedside journey key") | {journey_key_hex(settings.DATA)}


def read_trusted(packed: bytes, *, file: str, from_keys: Collection[str] = ()) -> Journey | Withdrawal:
    """What a file holds, once it is seen who signed it. Nothing is stored.

    Raises:
        BedsideError: it is no journey, was changed after it was signed, or is signed by a key that nobody here trusts.
    """
    told, message = read_journey(packed, file=file)
    found = told.public_key
    if not is_signed_by(found, message, told.signature):
        raise UsageError(f"{file}: the signature does not fit; the file was changed after it was written")
    if isinstance(told, Journey) and told.is_example:
        raise UsageError(f"{file}: this is an invented example, and those are never mixed with real journeys")
    named = {key.lower() for key in from_keys}
    if isinstance(told, Journey) and found not in named | trusted_keys() and not _is_known(told.id, found):
        if named:
            raise UsageError(f"{file}: it is signed by the key {found}, not by one that was named")
        raise UsageError(
            f"{file}: it is signed by the key {found}, which nobody here trusts; if that is the key of who gave it to you "
            f"(`bedside journey key` prints it there), import it with: bedside journey import {quote(file)} --from-key {found}"
        )
    return told


def take(packed: bytes, *, file: str, actor: User | None, at: datetime, from_keys: Collection[str] = ()) -> Taken:
    """Take one file: a journey comes or takes the place of its earlier revision, a withdrawal makes it disappear.

    Raises:
        BedsideError: as `read_trusted`.
        ConflictError: the journey is known under another key, was withdrawn, or a later revision of it is here.
    """
    told = read_trusted(packed, file=file, from_keys=from_keys)
    with transaction.atomic():
        _one_at_a_time()
        row = LibraryJourney.objects.filter(pk=told.id).first()
        known_key = row.public_key if row is not None else _key_of_ours(told.id)
        if known_key not in (None, told.public_key):
            raise ConflictError(f"{file}: journey {told.id} is known here under another key; this file is not its owner's")
        if isinstance(told, Withdrawal):
            return _withdrawn(told, row, actor=actor, at=at)
        taken = _came(told, row, file, at)
        if taken.came is not Came.UNCHANGED:
            audit(actor=actor, verb="journey_imported", subject=str(told.id), at=at, detail={"key": told.public_key})
    return taken


def remove(journey_id: UUID, *, actor: User | None, at: datetime) -> None:
    """Take a journey out of the library of this server. Its file may be imported again; a withdrawal stays.

    Raises:
        NotFoundError: there is none with this id.
        ConflictError: a moderator hid it, or a report of it is open; without its row both would be forgotten.
    """
    with transaction.atomic():
        _one_at_a_time()
        row = LibraryJourney.objects.filter(pk=journey_id, withdrawn_at__isnull=True).first()
        if row is None:
            raise NotFoundError(f"there is no journey {journey_id} in the library")
        if row.hidden_at is not None or row.reports.filter(closed_at__isnull=True).exists():
            raise ConflictError(f"journey {journey_id} is hidden or reported; its row keeps why, and stays")
        row.delete()
        audit(actor=actor, verb="journey_removed", subject=str(journey_id), at=at)


def _key_of_ours(journey_id: UUID) -> str | None:
    """The key that signed a journey which was shared from here; None for one that was not."""
    ours = JourneyShare.objects.filter(pk=journey_id).first()
    return None if ours is None else ours.public_key or journey_key_hex(settings.DATA)


def _withdrawn(told: Withdrawal, row: LibraryJourney | None, *, actor: User | None, at: datetime) -> Taken:
    if row is not None and row.withdrawn_at is not None:
        return Taken(told.id, Came.UNCHANGED)
    if row is not None:
        empty(row, actor=actor, at=at)
        return Taken(told.id, Came.WITHDRAWN)
    _row, is_new = UnknownWithdrawal.objects.get_or_create(
        journey=told.id, public_key=told.public_key, defaults={"withdrawn_at": at}
    )
    if is_new:
        audit(actor=actor, verb="journey_withdrawn", subject=str(told.id), at=at, detail={"key": told.public_key})
    return Taken(told.id, Came.KEPT if is_new else Came.UNCHANGED)


def _one_at_a_time() -> None:
    """Two files of one journey that come at once would not see each other's row while there is none; SQLite has one writer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LIBRARY_LOCK])


def _came(told: Journey, row: LibraryJourney | None, file: str, at: datetime) -> Taken:
    if (row is not None and row.withdrawn_at is not None) or _is_withdrawn(told):
        raise ConflictError(f"{file}: its owner withdrew this journey; it is not shown any more")
    if row is not None and told.revision < row.revision:
        raise ConflictError(f"{file}: revision {row.revision} of this journey is here, and this is revision {told.revision}")
    story = journey_as_dict(told)
    if row is not None and told.revision == row.revision:
        if row.story != story:
            raise ConflictError(f"{file}: another revision {told.revision} of this journey is here")
        return Taken(told.id, Came.UNCHANGED)
    came = Came.NEW if row is None else Came.REPLACED
    # what a moderator hid stays hidden, whatever its owner writes anew
    row = row or LibraryJourney(id=told.id, public_key=told.public_key)
    row.revision, row.story, row.imported_at = told.revision, story, at
    row.save()
    return Taken(told.id, came)


def _is_withdrawn(told: Journey) -> bool:
    """Was it withdrawn before it came, or by its owner on this very server?"""
    return (
        UnknownWithdrawal.objects.filter(journey=told.id, public_key=told.public_key).exists()
        or JourneyShare.objects.filter(pk=told.id, withdrawn_at__isnull=False).exists()
    )


def _is_known(journey_id: UUID, key: str) -> bool:
    """A later revision of what was once taken needs no new trust."""
    return LibraryJourney.objects.filter(pk=journey_id, public_key=key).exists()

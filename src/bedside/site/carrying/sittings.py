"""A person's sittings, each as the signed file that a server writes of it: which go out, and what becomes of those that come.

A sitting is merged where this server trusts the key that signed it. On one's own computer practice that one brings back is
taken from any key: whoever sits there could write anything into the store as well. All else stays a record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import PurePosixPath
from uuid import UUID

from django.conf import settings

from bedside.delivery import MAX_CARRIED_BYTES, SittingFile, read_sitting_file, signed_bytes
from bedside.errors import NotFoundError, StoreError, TooLargeError, UsageError
from bedside.site.accounts.models import User
from bedside.site.carrying.archive import Archive, LeftOut
from bedside.site.carrying.models import KeptSitting
from bedside.site.carrying.records import keep_record, record_bytes
from bedside.site.exam.merging import merge_file
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.receipts import make_receipt
from bedside.site.exam.scores import ENDED
from bedside.site.exam.stick import export_sitting
from bedside.site.exam.trusted import trusted_keys
from bedside.site.keys import is_signed_by


class Fate(Enum):
    """What becomes of a sitting that comes."""

    MERGED = "merged"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Arriving:
    """A sitting of a file that was looked at, and what is to become of it."""

    member: str
    sitting: UUID
    public_key: str
    is_proctored: bool
    fate: Fate

    @property
    def why(self) -> str:
        """Why it stays a record."""
        kind = "a proctored sitting of another server" if self.is_proctored else "a sitting of another server"
        return f"{kind}, signed by the key {self.public_key}, which this server does not trust; it stays a record"


# --- out --------------------------------------------------------------------------------------------------------------------


def sittings_out(
    user: User, left_out: list[LeftOut], *, with_keys: bool, actor: User | None, at: datetime
) -> Iterator[tuple[str, bytes]]:
    """The members of all sittings and receipts of a person, one after the other; what can't go is added to `left_out`.

    The file of a sitting holds the keys of its items. Without `with_keys` only those go whose keys were all given out.
    """
    rows = SittingRow.objects.filter(user=user).order_by("created_at", "id")
    there = set()
    for pk, state, is_disclosed in list(rows.values_list("pk", "state", "is_disclosed")):
        if state in ENDED:
            yield f"receipts/{pk}.json", make_receipt(user, pk, at=at)
        if not with_keys and not (is_disclosed and state == "finished"):
            left_out.append(LeftOut(what=f"sitting {pk}", why=_why_not(state)))
            continue
        try:
            packed = export_sitting(pk, at=at, actor=actor)
        except (NotFoundError, TooLargeError) as error:  # of one sitting; the rest goes
            left_out.append(LeftOut(what=f"sitting {pk}", why=str(error)[:500]))
            continue
        there.add(pk)
        yield f"sittings/{pk}.json", packed
    yield from _records_out(user, left_out, there)


def _records_out(user: User, left_out: list[LeftOut], there: set[UUID]) -> Iterator[tuple[str, bytes]]:
    for record in KeptSitting.objects.filter(user=user).order_by("sitting", "-exported_at"):
        what = f"record of sitting {record.sitting}"
        if record.sitting in there:
            left_out.append(LeftOut(what=what, why="the sitting itself, or a later record of it, is in the file"))
            continue
        try:
            packed = record_bytes(record)
        except StoreError as error:
            left_out.append(LeftOut(what=what, why=str(error)[:500]))
            continue
        there.add(record.sitting)
        yield f"sittings/{record.sitting}.json", packed


def _why_not(state: str) -> str:
    if state == "voided":
        return "it was made void, and its keys were never given out; its receipt is in the file"
    if state == "finished":
        return "its keys were not all given out; open its report, then take your data again"
    return "it has not ended, and its file would hold the keys"


# --- in ---------------------------------------------------------------------------------------------------------------------


def look_at(archive: Archive, user: User, *, from_keys: Collection[str] = ()) -> list[Arriving]:
    """What is to become of each sitting of a file; nothing is written.

    Raises:
        BedsideError: one of them is no sitting, was changed after it was signed, or is another person's here; names it.
    """
    trusted = trusted_keys() | frozenset(from_keys)
    found = []
    for member in archive.sittings:
        carried, signed = read_sitting_file(archive.whole(member, MAX_CARRIED_BYTES), file=member)
        _see_sound(member, carried, signed_bytes(signed), user)
        is_taken = carried.public_key in trusted or (settings.IS_LOCAL and not carried.sitting.is_proctored)
        found.append(
            Arriving(
                member=member,
                sitting=carried.sitting.id,
                public_key=carried.public_key,
                is_proctored=carried.sitting.is_proctored,
                fate=Fate.MERGED if is_taken else Fate.RECORD,
            )
        )
    return found


def bring(archive: Archive, arriving: Arriving, user: User, *, at: datetime) -> bool:
    """Merge a sitting, or keep it as a record; says whether anything was new. Call it inside the one write of the file.

    Raises:
        BedsideError: it contradicts what is here; names the sitting.
    """
    packed = archive.whole(arriving.member, MAX_CARRIED_BYTES)
    if arriving.fate is Fate.RECORD:
        carried, _ = read_sitting_file(packed, file=arriving.member)
        return keep_record(user, carried, packed)
    is_here = SittingRow.objects.filter(pk=arriving.sitting).exists()
    merged = merge_file(
        packed,
        file=arriving.member,
        at=at,
        user=None if is_here else user.username,
        from_keys=[arriving.public_key],
    )
    KeptSitting.objects.filter(user=user, sitting=arriving.sitting).delete()
    return merged.is_new or merged.n_new > 0


def _see_sound(member: str, carried: SittingFile, message: bytes, user: User) -> None:
    if PurePosixPath(member).stem != str(carried.sitting.id):
        raise UsageError(f"{member}: it holds sitting {carried.sitting.id}")
    if not is_signed_by(carried.public_key, message, carried.signature):
        raise UsageError(f"{member}: the signature does not fit; the file was changed after it was written")
    if SittingRow.objects.filter(pk=carried.sitting.id).exclude(user=user).exists():
        raise UsageError(f"{member}: the sitting is somebody else's here; nothing was brought back")

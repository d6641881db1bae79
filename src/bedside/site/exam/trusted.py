"""Whose files a merge takes: the keys of other servers that this one trusts, and the names of their proctors.

A key is trusted when it is named with a merge, when it is this server's own, or when it stands in `DATA/keys/trusted`: one key
a line, as `bedside keys show` prints it on the other server, with a remark behind `#` where one is wanted.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from django.conf import settings

from bedside.delivery import SittingFile
from bedside.errors import ConflictError, UsageError
from bedside.site.accounts.models import AuditEntry
from bedside.site.exam.models import Sitting, Writer
from bedside.site.keys import is_signed_by, keys_in, public_key_hex

MERGED = "sitting_merged"  # the entry in the audit log, which also keeps how proctors elsewhere are called


def trusted_file() -> Path:
    """Where the keys of the servers stand whose files are always taken; it need not exist."""
    return Path(settings.DATA) / "keys" / "trusted"


def trusted_keys() -> frozenset[str]:
    """This server's own key, and those of its file.

    Raises:
        StoreError: the file can't be read, or a line of it is no key; names the line.
    """
    return keys_in(trusted_file(), shown_by="bedside keys show") | {public_key_hex(settings.DATA)}


def see_signature(carried: SittingFile, message: bytes, *, file: str, from_keys: Collection[str]) -> None:
    """See that a sitting's file is signed, and by a key that is named or, where none is, trusted.

    Raises:
        UsageError: it is not; names the key that was found and what to type if that is the right one.
        StoreError: the trusted keys can't be read.
    """
    found = carried.public_key
    if not is_signed_by(found, message, carried.signature):
        raise UsageError(f"{file}: the signature does not fit; the file was changed after it was written")
    if from_keys and found not in from_keys:
        raise UsageError(f"{file}: it is signed by the key {found}, not by one given with --from-key")
    if not from_keys and found not in trusted_keys():
        raise UsageError(
            f"{file}: it is signed by the key {found}, which this server does not trust; if `bedside keys show` says that very "
            f"key on the server that wrote the file, merge it with: bedside sitting merge {file} --from-key {found}"
        )


def proctor_names(row: Sitting) -> dict[UUID, str]:
    """What the proctors of a sitting are called, by their writer: those of here, and those that came with a merge."""
    found: dict[UUID, str] = {}
    for detail in AuditEntry.objects.filter(verb=MERGED, subject=str(row.pk)).values_list("detail", flat=True):
        found |= {UUID(writer): name for writer, name in detail.get("proctors", {}).items()}
    here = Writer.objects.filter(sitting=row, kind="proctor", user__isnull=False).select_related("user")
    return found | {writer.pk: writer.user.username for writer in here if writer.user is not None}


def new_proctors(row: Sitting, carried: SittingFile) -> dict[str, str]:
    """The proctors of a file that have no name here yet, as the audit log keeps them.

    Raises:
        ConflictError: one is here under another name.
    """
    known = proctor_names(row)
    named = {writer.id: writer.who for writer in carried.writers if writer.who is not None}
    for writer, who in named.items():
        if known.get(writer, who) != who:
            raise ConflictError(f'writer {writer} is the proctor "{known[writer]}" here, and "{who}" in the file')
    return {str(writer): who for writer, who in named.items() if writer not in known}

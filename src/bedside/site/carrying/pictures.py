"""Pictures and sounds of a person's cards as members of a file: looked at first, then kept under their hash."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable

from django.conf import settings
from django.db.models import Sum

from bedside.errors import UsageError
from bedside.site.accounts.models import User
from bedside.site.cards.actions import MAX_MEDIA_BYTES
from bedside.site.cards.media import CONTENT_TYPES, MAX_PICTURE_BYTES, keep_file, kind_of, media_path
from bedside.site.cards.models import CardMedia
from bedside.site.carrying.archive import Archive
from bedside.site.carrying.rows import Incoming

KEPT_FREE_BYTES = 1024**3  # of the disk
MAX_MEDIUM_BYTES = 256 * 1024**2  # as for decks


def see(archive: Archive, rows: Iterable[Incoming], user: User) -> None:
    """Each row has its file, in the archive or among the person's own here; each file has a row, and is what the row says.

    Raises:
        UsageError: not so; names the row or the member.
    """
    wanted: dict[str, Incoming] = {}
    own = set(CardMedia.objects.filter(user=user).values_list("sha256", flat=True))
    for row in rows:
        digest = row.values["sha256"]
        if f"media/{digest}" not in archive.manifest.members and digest not in own:  # somebody else's is not theirs to see
            row.line.refuse("the file has no picture or sound of this hash", field="sha256")
        wanted[digest] = row
    for member in archive.media:
        named = wanted.get(member.removeprefix("media/"))
        if named is None:
            raise UsageError(f"{member}: no row of rows/media.jsonl names it")
        _see_file(archive, member, named)
    _see_room(archive, own, user)


def keep(archive: Archive) -> None:
    """Put the files of the archive among the kept ones. What is there already stays; without a row nobody is shown it.

    Raises:
        StoreError: the disk refuses.
    """
    for member in archive.media:
        if not media_path(member.removeprefix("media/")).exists():
            keep_file(archive.chunks(member))


def _see_file(archive: Archive, member: str, row: Incoming) -> None:
    said = archive.manifest.members[member]
    if member != f"media/{said.sha256}":
        raise UsageError(f"{member}: its name is not the hash of its bytes")
    if said.bytes > MAX_MEDIUM_BYTES:
        raise UsageError(f"{member}: it is over the limit of {MAX_MEDIUM_BYTES:,} bytes")
    if said.bytes != row.values["n_bytes"]:
        row.line.refuse(f"the file has {said.bytes:,} bytes", field="n_bytes")
    if row.values["media_type"] == CONTENT_TYPES["svg"]:  # the one kind that could do more than be looked at
        _see_svg(archive, member, row)
        return
    for _ in archive.chunks(member):
        pass  # to the end: then it is what the manifest says


def _see_svg(archive: Archive, member: str, row: Incoming) -> None:
    try:
        is_svg = kind_of(archive.whole(member, MAX_PICTURE_BYTES)).ending == "svg"
    except UsageError as error:
        raise UsageError(f"{member}: {error}") from None
    if not is_svg:
        row.line.refuse("the file is no SVG", field="media_type")


def _see_room(archive: Archive, own: Collection[str], user: User) -> None:
    """The disk keeps room for the answers of exams, and on a server that others use each person has a limit.

    Raises:
        UsageError: there is not enough.
    """
    coming = sum(archive.manifest.members[name].bytes for name in archive.media if name.removeprefix("media/") not in own)
    if coming and shutil.disk_usage(settings.DATA).free - coming < KEPT_FREE_BYTES:
        raise UsageError("the pictures and sounds would fill the disk of this computer; make room first")
    kept = CardMedia.objects.filter(user=user).aggregate(n=Sum("n_bytes"))["n"] or 0
    if not settings.IS_LOCAL and kept + coming > MAX_MEDIA_BYTES:
        raise UsageError(f"your pictures and sounds would be over the limit of {MAX_MEDIA_BYTES // 1024**2:,} MB in all")

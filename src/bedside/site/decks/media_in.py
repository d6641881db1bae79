"""The media of a deck among the kept files. The files come first: one that no row names does no harm, and is met again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from bedside.anki import HEAD_BYTES, Media, Package, Progress, Skips, picture_size
from bedside.errors import ReadError, UsageError
from bedside.site.accounts.models import User
from bedside.site.cards.actions import MAX_MEDIA_BYTES, bytes_kept
from bedside.site.cards.media import keep_file, kind_of, media_url
from bedside.site.cards.models import CardMedia

LEAST_FREE_BYTES = 1024**3  # of the disk, which answers of exams need; `assumed`
_NEVER_SHOWN = "application/octet-stream"
_FILMS = {"video/mp4": (4, b"ftyp"), "video/webm": (0, b"\x1a\x45\xdf\xa3")}


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file of the deck, kept."""

    name: str
    sha256: str
    n_bytes: int
    media_type: str
    size: tuple[int, int] | None  # of a picture

    @property
    def is_shown(self) -> bool:
        """Is it a picture, a sound or a film that a page can show?"""
        return self.media_type != _NEVER_SHOWN

    @property
    def address(self) -> str:
        """Where a page finds it."""
        return media_url(self.name, self.sha256)

    def row(self, user: User, *, at: datetime) -> CardMedia:
        """Its row, not written yet."""
        width, height = self.size or (None, None)
        return CardMedia(
            user=user,
            name=self.name,
            sha256=self.sha256,
            n_bytes=self.n_bytes,
            media_type=self.media_type,
            width=width,
            height=height,
            made_at=at,
        )


def keep_media(user: User, package: Package, skips: Skips, progress: Progress) -> dict[str, KeptFile]:
    """Keep the files of a deck, by name. What is damaged is named in `skips` and left out.

    Raises:
        UsageError: they are more than the person may keep, or than the disk has room for.
        StoreError: the disk refuses.
    """
    found: dict[str, KeptFile] = {}
    room = _Room(user)
    for n, media in enumerate(package.media, start=1):
        try:
            found[media.name] = _keep(package, media, room)
        except ReadError as error:
            skips.add(f'media "{media.name}"', error.text)
        progress("media", n, len(package.media))
    return found


def _keep(package: Package, media: Media, room: _Room) -> KeptFile:
    head = _Head()
    sha256, n_bytes = keep_file(head.watch(room.watch(package.stream(media))))
    room.keep(sha256, n_bytes)
    size = picture_size(head.bytes)
    return KeptFile(media.name, sha256, n_bytes, _media_type(head.bytes, n_bytes), size)


class _Room:
    """How many bytes more may be kept: a deck unpacks to far more than was sent, and a full disk would take no answers."""

    def __init__(self, user: User) -> None:
        self._known = set(CardMedia.objects.filter(user=user).values_list("sha256", flat=True))
        self._left = shutil.disk_usage(settings.DATA).free - LEAST_FREE_BYTES
        if not settings.IS_LOCAL:
            self._left = min(self._left, MAX_MEDIA_BYTES - bytes_kept(user))

    def watch(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self._left -= len(chunk)
            if self._left < 0:
                raise UsageError("the deck's pictures and sounds are more than there is room for; nothing of it was taken")
            yield chunk

    def keep(self, sha256: str, n_bytes: int) -> None:
        """Give the room back that a file takes which was there already."""
        if sha256 in self._known:
            self._left += n_bytes
        self._known.add(sha256)


class _Head:
    """The first bytes of a stream that somebody else reads."""

    def __init__(self) -> None:
        self.bytes = b""

    def watch(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            if len(self.bytes) < HEAD_BYTES:
                self.bytes += chunk[: HEAD_BYTES - len(self.bytes)]
            yield chunk


def _media_type(head: bytes, n_bytes: int) -> str:
    for media_type, (at, mark) in _FILMS.items():
        if head[at : at + len(mark)] == mark and not head[8:12].startswith(b"M4A"):
            return media_type
    is_drawing = b"<svg" in head[:4096]
    if is_drawing and n_bytes > len(head):
        return _NEVER_SHOWN  # a drawing is looked at whole, or not shown
    try:
        return kind_of(head).media_type
    except UsageError:
        return _NEVER_SHOWN

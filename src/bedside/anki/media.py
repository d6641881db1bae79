"""The media of a package: which names stand for which members, and their bytes as streams."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator

from bedside.anki.archive import Archive
from bedside.anki.limits import MAX_LIST_BYTES, MAX_MEDIA_BYTES
from bedside.anki.records import Media
from bedside.anki.skips import Skips
from bedside.anki.wire import WireError, fields_of, text_of
from bedside.errors import ReadError, SyntaxReadError

LIST = "media"
_MAX_NAME_BYTES = 255


def read_media(archive: Archive, skips: Skips) -> tuple[Media, ...]:
    """The media of a package, in the order of its list; what is listed and unsafe or missing is named in `skips`."""
    if LIST not in archive.names:
        return ()
    found: dict[str, Media] = {}
    for member, name, n_bytes, sha1 in _listed(archive):
        plain = unicodedata.normalize("NFC", name)
        why = _unsafe(plain)
        if why is None and member not in archive.names:
            why = "is listed, but not in the package"
        if why is None and plain in found:
            why = "is listed twice; the first is taken"
        size = n_bytes if n_bytes is not None else archive.size_of(member) if member in archive.names else 0
        if why is None and size > MAX_MEDIA_BYTES:
            why = f"is over the limit of {MAX_MEDIA_BYTES:,} bytes for one file"
        if why is not None:
            skips.add(f'media "{_shown(plain)}"', why)
        else:
            found[plain] = Media(plain, member, size, sha1)
    return tuple(found.values())


def stream_media(archive: Archive, media: Media) -> Iterator[bytes]:
    """The bytes of one file.

    Raises:
        ReadError: it is damaged, or not the file that the list names; what came before is not to be kept.
    """
    digest, n_bytes = hashlib.sha1(usedforsecurity=False), 0
    for chunk in archive.stream(media.member, most=MAX_MEDIA_BYTES):
        digest.update(chunk)
        n_bytes += len(chunk)
        yield chunk
    if media.sha1 is not None and (digest.digest() != media.sha1 or n_bytes != media.n_bytes):
        raise ReadError(archive.file, f'media "{_shown(media.name)}" is not the file that the list of media names')


def _listed(archive: Archive) -> Iterator[tuple[str, str, int | None, bytes | None]]:
    """Member, name, and size and SHA-1 where the list has them."""
    data = archive.read(LIST, most=MAX_LIST_BYTES)
    if data.lstrip()[:1] == b"{":
        yield from _listed_in_json(data, archive.file)
        return
    try:
        entries = [value for number, value in fields_of(data) if number == 1 and isinstance(value, bytes)]
        for place, entry in enumerate(entries):
            parts = dict(fields_of(entry))
            member, size, sha1 = parts.get(255, place), parts.get(2), parts.get(3)
            yield (
                str(member),
                text_of(parts.get(1, b"")),
                size if isinstance(size, int) else 0,
                sha1 if isinstance(sha1, bytes) and len(sha1) == 20 else None,
            )
    except WireError as error:
        raise SyntaxReadError(archive.file, f"the list of media is damaged: {error}") from None


def _listed_in_json(data: bytes, file: str) -> Iterator[tuple[str, str, int | None, bytes | None]]:
    try:
        names = json.loads(data)
    except (ValueError, RecursionError):
        raise SyntaxReadError(file, "the list of media is no JSON") from None
    for member, name in names.items():
        yield str(member), name if isinstance(name, str) else "", None, None


def _unsafe(name: str) -> str | None:
    if not name or name in {".", ".."} or len(name.encode(errors="replace")) > _MAX_NAME_BYTES:
        return "has a name that no file can have"
    if "/" in name or "\\" in name:
        return "has a name that leads out of the folder of media"
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in name):
        return "has a control character in its name"
    return None


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in name)[:120]

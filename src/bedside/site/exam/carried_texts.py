"""Texts, pictures and sounds of items that go with a sitting from one server to another.

A text that comes from elsewhere will be shown here, to the candidate and in reports, so its HTML must be of the kind that this
site draws; and its pictures and sounds must be the bytes that their names say.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bedside.bank import MAX_AUDIO_BYTES, MAX_PICTURE_BYTES, MediaFile, is_clean
from bedside.delivery import SittingFile
from bedside.errors import NotFoundError, TooLargeError, UsageError
from bedside.site.library.delivered import Delivered, delivered_from_text
from bedside.site.library.media import NAME, keep_media, kept_media
from bedside.site.library.models import ItemVersion, VersionMedia

MAX_MEDIA_BYTES = 32 * 1024 * 1024  # of one sitting's file; base64 makes a third more of it
_MAX_MEDIUM_BYTES = max(MAX_AUDIO_BYTES, MAX_PICTURE_BYTES)


def key_of_text(text: str) -> tuple[str, int, str]:
    """Id, version and key of the item whose text this is.

    Raises:
        ValueError: it is the text of no item, or its HTML is not of the kind that is drawn here.
    """
    item = delivered_from_text(text)  # a pydantic error is a ValueError
    if not all(is_clean(html, with_figures=True) for html in _html_of(item)):
        raise ValueError("HTML that is not drawn here")
    return item.id, item.version, item.scoring_key.as_text()


def _html_of(item: Delivered) -> Iterator[str]:
    yield from (item.stem_html, item.lead_in_html, *item.earlier_html)
    for option in item.options:
        yield from (option.html, option.explanation_html)
    if item.answer:
        yield item.answer.explanation_html
    if item.set:
        yield item.set.stimulus_html


def packed_media(versions: Iterable[ItemVersion]) -> list[dict[str, str]]:
    """The pictures and sounds that these texts show, for a file.

    Raises:
        NotFoundError: one of them is not kept here any more; names it.
        TooLargeError: together they are more than a file can take.
    """
    names = sorted({name for version in versions for name in delivered_from_text(version.text).media})
    found, size = [], 0
    for name in names:
        try:
            packed = kept_media(name).read_bytes()
        except NotFoundError:
            raise NotFoundError(f"the picture or sound {name} of the sitting is gone from the data folder") from None
        size += len(packed)
        if size > MAX_MEDIA_BYTES:
            raise TooLargeError(
                name, f"the pictures and sounds of the sitting are more than {MAX_MEDIA_BYTES:,} bytes together"
            )
        found.append({"name": name, "base64": base64.b64encode(packed).decode("ascii")})
    return found


def read_media(carried: SittingFile) -> dict[str, bytes]:
    """The pictures and sounds of a sitting's file, by name.

    Raises:
        UsageError: one is missing, is not what its name says, is too large, or belongs to no item.
    """
    wanted = {name for text in carried.texts for name in delivered_from_text(text.text).media}
    found = {}
    for one in carried.media:
        try:
            packed = base64.b64decode(one.base64, validate=True)
        except binascii.Error:
            raise UsageError(f"the picture or sound {one.name} is not in base64") from None
        is_sound = NAME.fullmatch(one.name) and hashlib.sha256(packed).hexdigest() == one.name.partition(".")[0]
        if not is_sound or len(packed) > _MAX_MEDIUM_BYTES:
            raise UsageError(f"the picture or sound {one.name} is not what its name says, or too large")
        found[one.name] = packed
    if wanted != found.keys():
        raise UsageError(f"the picture or sound {min(wanted ^ found.keys())} is missing, or no item shows it")
    return found


def keep_carried_media(media: Mapping[str, bytes]) -> None:
    """Put pictures and sounds that were carried here among the kept ones.

    Raises:
        StoreError: the disk refuses.
    """
    if not media:
        return
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, packed in media.items():
            source = Path(folder) / name
            source.write_bytes(packed)
            files.append(MediaFile(path=name, sha256=name.partition(".")[0], size=len(packed), source=source))
        keep_media(files)


def keep_carried_texts(carried: SittingFile) -> dict[str, ItemVersion]:
    """The kept rows of a file's texts by their digest; those that are new are added. Call it inside the transaction."""
    items = {item.hash: item for item in carried.items}
    known = set(ItemVersion.objects.filter(hash__in=items).values_list("hash", flat=True))
    fresh = [one for one in carried.texts if one.hash not in known]
    ItemVersion.objects.bulk_create(
        [
            ItemVersion(
                item=items[one.hash].item, version=items[one.hash].version, hash=one.hash, text=one.text, kept_at=one.kept_at
            )
            for one in fresh
        ],
        ignore_conflicts=True,  # another sitting may keep the same text at the same moment
    )
    rows = {row.hash: row for row in ItemVersion.objects.filter(hash__in=items)}
    VersionMedia.objects.bulk_create(_shown(rows, [one.hash for one in fresh]), ignore_conflicts=True)
    return rows


def _shown(rows: Mapping[str, ItemVersion], fresh: Sequence[str]) -> list[VersionMedia]:
    return [
        VersionMedia(item_version=rows[hash_], name=name)
        for hash_ in fresh
        for name in delivered_from_text(rows[hash_].text).media
    ]

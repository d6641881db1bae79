"""Files of a deck that are called like others the person has: they get names of their own, as Anki does it too.

Cards show a file by its bytes, but a note names it, and so does a deck that is written: with one name for two pictures, a
change of the note or a way through Anki would put the wrong one on the card.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import PurePosixPath

from bedside.anki import Note, media_name
from bedside.site.accounts.models import User
from bedside.site.cards.models import CardMedia
from bedside.site.decks.media_in import KeptFile

_AT_ONCE = 500
_OF_TEMPLATES = "_"  # what begins so is named by templates, which stay as they are
_HASH_CHARACTERS = 12
_REFERENCE = re.compile(r"(\bsrc\s*=\s*)(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))|\[sound:([^\]\[]+)\]", re.IGNORECASE)


def with_own_names(user: User, media: Mapping[str, KeptFile]) -> tuple[dict[str, KeptFile], dict[str, str]]:
    """The files by the names they are kept under, and the new names of those that had to change, by the old."""
    there: dict[str, set[str]] = {}
    for names in _batches(media):
        for name, sha256 in CardMedia.objects.filter(user=user, name__in=names).values_list("name", "sha256"):
            there.setdefault(name, set()).add(sha256)
    found: dict[str, KeptFile] = {}
    renamed: dict[str, str] = {}
    for name, kept in media.items():
        if name in there and kept.sha256 not in there[name] and not name.startswith(_OF_TEMPLATES):
            renamed[name] = _own_name(name, kept.sha256)
        own = renamed.get(name, name)
        found[own] = replace(kept, name=own)
    return found, renamed


def with_names_in(note: Note, renamed: Mapping[str, str]) -> Note:
    """The note with the new names in its fields."""
    if not renamed:
        return note
    return replace(note, fields=tuple(_with_names(text, renamed) for text in note.fields))


def _with_names(text: str, renamed: Mapping[str, str]) -> str:
    def named(found: re.Match[str]) -> str:
        reference = html.unescape(next(part for part in found.groups()[1:] if part is not None))
        name = renamed.get(media_name(reference)) or renamed.get(reference)
        if name is None:
            return found[0]
        return f"[sound:{html.escape(name, quote=False)}]" if found[1] is None else f'{found[1]}"{html.escape(name)}"'

    return _REFERENCE.sub(named, text)


def _own_name(name: str, sha256: str) -> str:
    path = PurePosixPath(name)
    return f"{path.stem[:150]}-{sha256[:_HASH_CHARACTERS]}{path.suffix[:20]}"


def _batches(names: Iterable[str]) -> Iterator[list[str]]:
    left = iter(names)
    while batch := list(islice(left, _AT_ONCE)):
        yield batch

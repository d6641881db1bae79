"""What a note may be made of: texts, tags and decks within their limits, and the name of a picture."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bedside.errors import UsageError
from bedside.site.cards.drawing import OWN_FIELDS
from bedside.site.cards.models import Note

MAX_TEXT = 20_000  # characters of one field
MAX_FIELDS = 100
MAX_TAGS, MAX_TAG, MAX_DECK = 100, 100, 300  # how many; characters of each
MAX_NAME = 120  # characters of the name of a picture or a sound

_UNSAFE = re.compile(r"[^\w.-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def checked_fields(kind: str, fields: Sequence[tuple[str, str]], *, of: Note | None = None) -> list[list[str]]:
    """The texts of a note under the names that its kind gives them; a name that is not said is empty.

    Raises:
        UsageError: there is no such field, or a text is too long.
    """
    names = [name for name, _ in of.fields] if of is not None and of.kind == "anki" else OWN_FIELDS[kind]
    said = dict(fields)
    for name, text in said.items():
        if name not in names:
            raise UsageError(f'the note has no field "{name[:40]}"; it has {", ".join(names)}')
        if len(text) > MAX_TEXT:
            raise UsageError(f'the text of "{name}" has {len(text):,} characters; the limit is {MAX_TEXT:,}')
    return [[name, _CONTROL.sub("", said.get(name, "").replace("\r\n", "\n"))] for name in names]


def checked_tags(tags: Sequence[str]) -> list[str]:
    """Tags as they are kept: without blanks and control characters, each once, in their order.

    Raises:
        UsageError: too many, or too long.
    """
    found = list(dict.fromkeys(_CONTROL.sub("", part) for tag in tags for part in tag.split()))
    if len(found) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in found):
        raise UsageError(f"a note has at most {MAX_TAGS} tags of at most {MAX_TAG} characters each")
    return found


def checked_deck(deck: str) -> str:
    """The name of a deck as it is kept.

    Raises:
        UsageError: too long.
    """
    found = _CONTROL.sub("", " ".join(deck.split()))
    if len(found) > MAX_DECK:
        raise UsageError(f"the name of a deck has at most {MAX_DECK} characters")
    return found


def media_name(name: str, ending: str) -> str:
    """A name by which a note can show a file: letters, digits, dots and strokes, with the ending of what the bytes are."""
    stem = _UNSAFE.sub("-", name.rpartition("/")[2].rpartition("\\")[2]).strip("-.")
    head, dot, tail = stem.rpartition(".")
    if dot and 1 <= len(tail) <= 5:
        stem = head
    return f"{stem[: MAX_NAME - 6] or 'picture'}.{ending}"

"""Keys of what comes from decks and goes into them: the same deck gives the same keys on every machine and each time."""

from __future__ import annotations

import re
from uuid import UUID, uuid5

from bedside.anki import NoteType

_NAMESPACE = UUID("7f2f3c5e-6d0b-5d0e-9c39-2b8d1f5b6a41")
_OWN_GUID = re.compile(r"bedside:([0-9a-f]{32})")


def note_key(guid: str) -> UUID:
    """The key of the note with this identity in Anki; a note of one's own that came back has the key it had."""
    own = _OWN_GUID.fullmatch(guid)
    return UUID(own[1]) if own else uuid5(_NAMESPACE, f"note:{guid}")


def own_guid(key: UUID) -> str:
    """The identity in Anki of a note that was written here."""
    return f"bedside:{key.hex}"


def note_type_key(note_type: NoteType) -> UUID:
    """The key of a note type. With other fields it is another one, since its notes can't be read by the first."""
    fields = "\x1f".join(note_type.fields)
    return uuid5(_NAMESPACE, f"note type:{note_type.id}:{note_type.is_cloze}:{fields}")


def review_uuid(card: UUID, number: int) -> UUID:
    """The UUID of an entry of the review log; the key of the card is made of the note's identity and the card's place."""
    return uuid5(card, f"review:{number}")

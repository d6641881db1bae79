"""Numbers and names that are the same each time a deck is written, so that a second import updates and never doubles."""

from __future__ import annotations

import hashlib

_FROM, _SPAN = 1_400_000_000_000, 200_000_000_000  # Anki's own numbers are times in milliseconds; these look like 2014 to 2020
_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&()*+,-./:;<=>?@[]^_`{|}~"  # Anki's 91 letters


def stable_id(text: str) -> int:
    """A number for Anki made of a text: the same text gives the same number."""
    return _FROM + int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % _SPAN


def stable_guid(text: str) -> str:
    """An identity of a note in Anki's alphabet, made of a text."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    letters = []
    while number:
        number, place = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return "".join(reversed(letters)) or "a"

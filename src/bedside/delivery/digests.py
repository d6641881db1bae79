"""What binds to the form, the keys and the score of a sitting, and tells none of them.

A digest over data of which only the keys are missing would tell them: whoever has the rest tries keys until the digest fits.
So each holds a salt of 32 random bytes, as hexadecimal. The salt of a sitting is made with it and kept beside it; it stands
only in files that hold the keys too. A sitting of before there were salts has none, and keeps the digests that it was given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bedside.delivery.canonical_json import digest


def form_digest_of(
    form: Mapping[str, Any], items: Sequence[tuple[int, str, str, str]], marking: Mapping[str, Any], salt: str | None
) -> str:
    """The SHA-256 over the salt, the form, for each item its position, id, the digest of its text and its key, and the marking.

    Without a salt it is the digest of before there were any, in which a marking that says nothing is left out.
    """
    fixed: list[Any] = [form, [list(item) for item in items]]
    if salt:
        return digest([salt, *fixed, marking])
    return digest([*fixed, marking] if marking else fixed)


def commitment(salt: str, item: str, version: int, delivered_key: str, verdict: str, *, text_hash: str | None = None) -> str:
    """The digest that binds to an item's keys; and, where the digest of its text is held back too, to that."""
    held = [delivered_key, verdict] if text_hash is None else [text_hash, delivered_key, verdict]
    return digest([salt, item, version, *held])


def score_commitment(salt: str, score: Mapping[str, Any]) -> str:
    """The digest that binds to a whole score, the result of each item included."""
    return digest([salt, score])

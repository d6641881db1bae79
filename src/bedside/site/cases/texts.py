"""Texts of cases that stand in a sitting's form, kept as they were when it was made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from bedside.site.cases.models import CaseText


def text_hash(text: str) -> str:
    """The digest under which a text is kept: SHA-256 of its UTF-8."""
    return sha256(text.encode()).hexdigest()


def keep_case_texts(texts: Iterable[str], *, at: datetime) -> None:
    """Keep these texts, those that are not kept yet. Call it inside a transaction."""
    CaseText.objects.bulk_create(
        [CaseText(hash=text_hash(text), text=text, kept_at=at) for text in texts],
        ignore_conflicts=True,  # the same text is kept once
    )

"""An item as it is delivered: its text, its key and its explanations, drawn to HTML, packed into one canonical JSON text.

The text is kept for ever, so that a response, a report or a rescore can always show what was seen. What a player may see
before its time is `for_player`; it is made by naming what goes out, never by taking things away.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class DeliveredOption:
    """One option with its reason. `html` and `explanation_html` are sanitised."""

    letter: str
    text: str
    html: str
    is_key: bool
    explanation: str
    explanation_html: str


IMPORTED = "imported"  # the status of an item that came from elsewhere: nobody has checked it here


@dataclass(frozen=True, slots=True)
class DeliveredTakeaway:
    """The one thing to take away."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """One item in one version, whole.

    `codes` are those of the step that the item was delivered for: axis → codes.
    """

    id: str
    version: int
    content_hash: str
    kind: str
    collection: str
    stem: str
    stem_html: str
    lead_in: str
    lead_in_html: str
    options: tuple[DeliveredOption, ...]
    takeaways: tuple[DeliveredTakeaway, ...]
    sources: tuple[str, ...]
    status: str
    codes: Mapping[str, tuple[str, ...]]

    @property
    def key(self) -> tuple[str, ...]:
        """The letters of the right options."""
        return tuple(option.letter for option in self.options if option.is_key)

    def as_text(self) -> str:
        """The canonical JSON text: the same item gives the same bytes."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def for_player(self, position: int) -> dict[str, Any]:
        """What the player gets: never a key, an explanation, a source or a takeaway."""
        return {
            "id": self.id,
            "version": self.version,
            "position": position,
            "kind": self.kind,
            "is_imported": self.status == IMPORTED,
            "stem_html": self.stem_html,
            "lead_in_html": self.lead_in_html,
            "options": [{"letter": option.letter, "html": option.html} for option in self.options],
        }

    def revealed(self) -> dict[str, Any]:
        """What is shown once the item is answered in tutor mode, or the sitting has ended."""
        return {
            "item": self.id,
            "key": list(self.key),
            "explanations": {option.letter: option.explanation_html for option in self.options},
            "takeaways": [asdict(takeaway) for takeaway in self.takeaways],
            "sources": list(self.sources),
            "status": self.status,
        }


_DELIVERED = TypeAdapter(Delivered)


def delivered_from_text(text: str) -> Delivered:
    """The item that `Delivered.as_text` wrote."""
    return _DELIVERED.validate_json(text)


def hash_of(text: str) -> str:
    """The hash under which a text is kept."""
    return hashlib.sha256(text.encode()).hexdigest()

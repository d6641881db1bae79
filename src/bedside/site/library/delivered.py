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

from bedside.delivery import Key


@dataclass(frozen=True, slots=True)
class DeliveredOption:
    """One option with its reason. `html` and `explanation_html` are sanitised."""

    letter: str
    text: str
    html: str
    is_key: bool
    explanation: str
    explanation_html: str


_LATER = frozenset({"answer", "set", "earlier_html", "media"})
NUMERIC = "="  # stands for the letter of an option where a numeric item is explained
IMPORTED = "imported"  # the status of an item that came from elsewhere: nobody has checked it here


@dataclass(frozen=True, slots=True)
class DeliveredTakeaway:
    """The one thing to take away."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class DeliveredAnswer:
    """What a numeric item asks for: decimal text, and the reason. `explanation_html` is sanitised."""

    value: str
    tolerance: str
    unit: str
    explanation: str
    explanation_html: str


@dataclass(frozen=True, slots=True)
class DeliveredSet:
    """The place of an item in its set, and what the set shares.

    A shared set has a stimulus, with its title and `stimulus_kind` ("abstract", "advertisement", "passage"); a sequential set
    has none.
    """

    id: str
    kind: str  # "sequential" or "shared"
    part: int  # from 1
    n_parts: int
    stimulus_kind: str = ""
    title: str = ""
    stimulus_html: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """One item in one version, whole.

    `codes` are those of the step that the item was delivered for: axis → codes. A numeric item has an `answer` and no options.
    `earlier_html` holds the stems of the parts before this one of a sequential set, `media` the names of the kept pictures and
    sounds that it shows.

    Fields that came later have a default and are not written while they have it: a text that was kept before reads as it did,
    and the same item gives the same text again.
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
    answer: DeliveredAnswer | None = None
    set: DeliveredSet | None = None
    earlier_html: tuple[str, ...] = ()
    media: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """The letters of the right options; none for a numeric item."""
        return tuple(option.letter for option in self.options if option.is_key)

    @property
    def scoring_key(self) -> Key:
        """What an answer is compared with."""
        if self.answer is not None:
            return Key(value=self.answer.value, tolerance=self.answer.tolerance)
        return Key(options=self.key)

    def as_text(self) -> str:
        """The canonical JSON text: the same item gives the same bytes."""
        fields = {name: value for name, value in asdict(self).items() if value or name not in _LATER}
        return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def place_in_set(self) -> dict[str, Any] | None:
        """Its set and its place there, as the player gets it even while the item itself is hidden."""
        if self.set is None:
            return None
        return {"id": self.set.id, "kind": self.set.kind, "n": self.set.part, "of": self.set.n_parts}

    def set_for_player(self) -> dict[str, Any] | None:
        """What the whole set shares, for the player: given once a block."""
        if self.set is None:
            return None
        return {
            "id": self.set.id,
            "kind": self.set.kind,
            "stimulus_kind": self.set.stimulus_kind,
            "title": self.set.title,
            "stimulus_html": self.set.stimulus_html,
        }

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
            "set": self.place_in_set(),
            "earlier_html": list(self.earlier_html),
            "unit": self.answer.unit if self.answer else None,
        }

    def revealed(self) -> dict[str, Any]:
        """What is shown once the item is answered in tutor mode, or the sitting has ended."""
        answer = self.answer
        explanations = {option.letter: option.explanation_html for option in self.options}
        return {
            "item": self.id,
            "key": list(self.key),
            "value": answer.value if answer else None,
            "tolerance": answer.tolerance if answer else None,
            "unit": answer.unit if answer else None,
            "explanations": {NUMERIC: answer.explanation_html} if answer else explanations,
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

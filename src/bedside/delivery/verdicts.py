"""What counts as right for an item now: the key that was delivered, or what a change of it has said since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bedside.delivery.key import Key, key_from_text
from bedside.delivery.scoring import Drop
from bedside.errors import UsageError

Verdict = Key | Drop
_DROPPED = "dropped:"


def verdict_as_text(verdict: Verdict) -> str:
    """One line: the key as text, or "dropped:not_counted", "dropped:full_marks"."""
    return f"{_DROPPED}{verdict.value}" if isinstance(verdict, Drop) else verdict.as_text()


def verdict_from_text(text: str) -> Verdict:
    """The verdict that `verdict_as_text` wrote.

    Raises:
        UsageError: the text is neither a key nor a policy of dropping.
    """
    if text.startswith(_DROPPED):
        try:
            return Drop(text.removeprefix(_DROPPED))
        except ValueError:
            raise UsageError(f'"{text}" is no policy for a dropped item') from None
    return key_from_text(text)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Keys and dropped items, as `score` takes them: every item of a form is in exactly one of the two."""

    keys: Mapping[str, Key]
    dropped: Mapping[str, Drop]


def verdicts_of(texts: Mapping[str, str]) -> Verdicts:
    """The verdicts by item from their texts.

    Raises:
        UsageError: a text is neither a key nor a policy of dropping.
    """
    read = {item: verdict_from_text(text) for item, text in texts.items()}
    return Verdicts(
        keys={item: verdict for item, verdict in read.items() if isinstance(verdict, Key)},
        dropped={item: verdict for item, verdict in read.items() if isinstance(verdict, Drop)},
    )

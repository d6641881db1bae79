"""What of a journey is shared: each of name, free text and dates can be left out, and nothing else comes in its place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bedside.journeys.journey import Journey, Start

START_FIELDS = ("age", "trained_in", "years_since_graduation", "work_hours", "language", "coaching", "career", "tries", "level")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the owner lets go. Nothing of it unless it was chosen."""

    has_name: bool = False
    has_text: bool = False
    has_dates: bool = False
    start: frozenset[str] = frozenset(START_FIELDS)  # the parts of the beginning that are told


def shared(journey: Journey, choices: Choices) -> Journey:
    """The journey with what was not chosen left out. Its signature no longer fits."""
    kept = {name: getattr(journey.start, name) for name in START_FIELDS if name in choices.start}
    results, notes = journey.results, journey.notes if choices.has_text else ()
    if not choices.has_dates:
        results = tuple(replace(result, on=None) for result in results)
        notes = tuple(replace(note, on=None) for note in notes)
    return replace(
        journey,
        name=journey.name if choices.has_name else None,
        start=Start(**kept),
        results=results,
        notes=notes,
        begun_on=journey.begun_on if choices.has_dates else None,
        shared_on=journey.shared_on if choices.has_dates else None,
        signature="0" * 128,
    )

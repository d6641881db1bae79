"""What of a journey is shared: each of name, free text and dates can be left out, and nothing else comes in its place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bedside.journeys.journey import Journey, Start

# by which a person is found most easily among others: they go along only where their owner says so
RARE_FIELDS = frozenset({"trained_in", "years_since_graduation", "language"})
START_FIELDS = ("age", "trained_in", "years_since_graduation", "work_hours", "language", "coaching", "career", "tries", "level")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the owner lets go. Name, text, dates and the rare parts of the beginning only where they were chosen."""

    has_name: bool = False
    has_text: bool = False
    has_dates: bool = False
    start: frozenset[str] = frozenset(START_FIELDS) - RARE_FIELDS  # the parts of the beginning that are told
    left_out_notes: frozenset[int] = frozenset()  # places among the notes of the whole journey, from 0


def shared(journey: Journey, choices: Choices) -> Journey:
    """The journey with what was not chosen left out. Its signature no longer fits."""
    kept = {name: getattr(journey.start, name) for name in START_FIELDS if name in choices.start}
    results, notes = journey.results, journey.notes if choices.has_text else ()
    notes = tuple(note for place, note in enumerate(notes) if place not in choices.left_out_notes)
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

"""The published rows of all blueprints as the bank counts by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from bedside.bank import PublishedRange
from bedside.programme import Programme


def ranges_of(programmes: Mapping[str, Programme], *, on: date) -> Iterator[PublishedRange]:
    """The published rows in force on a day, in the order of the files."""
    for name, programme in programmes.items():
        for step in programme.steps:
            for axis in step.axes:
                for row in axis.ranges:
                    if row.is_in_force(on):
                        yield PublishedRange(
                            programme=name,
                            step=step.name,
                            axis=axis.name,
                            covers=tuple(row.covers),
                            label=row.label,
                            low=_number(row.low),
                            high=_number(row.high),
                        )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None

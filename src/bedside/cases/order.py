"""One order as the engine and the search know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bedside.cases.order_file import NormalText

_DAY_S = 86_400
_OUTSIDE = ("office", "home")


@dataclass(frozen=True, slots=True)
class Order:
    """Something that can be ordered; of a drug or fluid, by one route. Times are whole seconds.

    `id` is what cases and transcripts say, `key` the entry of the catalogue. `invasiveness` is 0 none, 1 needle, 2 intrusive,
    3 invasive; `risk` 0-3, `cost` 0-4; `frequency` 1-5, 5 being daily. `reports_s` has the time to the report by place.
    `bolus_s` is how long one runs that is ordered once, None where that is not known. `watches`: it looks on until its report,
    and finds what is then.
    """

    id: str
    key: str
    name: str
    terms: tuple[str, ...]
    category: str
    classes: tuple[str, ...]
    route: str | None
    route_rank: int  # 0 is the usual route
    modes: tuple[str, ...]  # "once", "continuous"; the first is the usual one
    places: frozenset[str]
    start_s: int
    takes_s: int
    bolus_s: int | None
    watches: bool
    reports_s: Mapping[str, int]
    stat_factor: float
    invasiveness: int
    risk: int
    cost: int
    contraindications: frozenset[str]
    analytes: tuple[str, ...]
    normal: tuple[NormalText, ...]
    frequency: int
    dimension: str

    @property
    def mode(self) -> str:
        """How it is usually ordered: "once" or "continuous"."""
        return self.modes[0]

    @property
    def has_report(self) -> bool:
        """Does anything come back?"""
        return bool(self.analytes or self.normal)

    @property
    def is_examination(self) -> bool:
        """Is it a part of the physical examination?"""
        return self.category == "exam"

    def turnaround_s(self, location: str, urgency: str = "routine") -> int:
        """Seconds from order to report; `urgency` is "routine" or "stat", and even a stat report takes a second."""
        seconds = self.reports_s[location]
        return max(min(1, seconds), round(seconds * self.stat_factor)) if urgency == "stat" else seconds

    def wait_s(self, location: str) -> int:
        """Seconds until the appointment of a procedure that is ordered outside of a hospital.

        That is what its report takes longer there than in the hospital, where that is a day or more; of one that no hospital
        does, what is left of a report's days beside the procedure itself. No wait where the catalogue's own start says days.
        """
        if location not in _OUTSIDE or not self.category.startswith("procedure.") or self.start_s >= _DAY_S:
            return 0
        inside_s = [self.reports_s[place] for place in self.places if place not in _OUTSIDE]
        wait_s = self.reports_s[location] - min(inside_s, default=self.start_s + self.takes_s)
        return wait_s if wait_s >= _DAY_S else 0

    def can_be_ordered(self, location: str) -> bool:
        """Is it there to be ordered in that place?"""
        return location in self.places

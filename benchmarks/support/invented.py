"""Twelve invented candidates: where they begin, when they have time, and what they write. None of them is a real person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DOCTOR_ALONE = {"coaching": "none", "career": "medicine", "tries": "none"}
Week = tuple[int, int, int, int, int, int, int]  # minutes, from Monday
WORDS = Path(__file__).with_name("invented_words.yaml")


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many days with so much time; each is studied with the chance `keeps`, and then from `low` of its minutes up to all."""

    days: int
    week: Week
    keeps: float
    low: float = 0.7


@dataclass(frozen=True, slots=True)
class Invented:
    """A candidate. Days count from 0; `dates` has the day on which an exam was set, to which day; None took it back."""

    slug: str
    step: str
    begins: date
    start: Mapping[str, str]
    knows: float  # share of the takeaways known at first, on the mean
    stability: float  # days, of those
    forgets_fast: bool
    stretches: tuple[Stretch, ...]
    dates: Mapping[int, int | None]
    sits: tuple[int, ...] = ()
    practice_tests: tuple[int, ...] = ()
    seed: int = 1

    @property
    def n_days(self) -> int:
        return sum(stretch.days for stretch in self.stretches)

    def day(self, number: int) -> date:
        """The day of the calendar."""
        return self.begins + timedelta(days=number)

    def notes(self, outcome: str | None) -> list[tuple[int, str]]:
        """What they wrote, by day; `outcome`: how the last exam ended, None without one."""
        said = _words()[self.slug]
        return [*said["way"].items(), *(said[outcome].items() if outcome else ())]


@cache
def _words() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return read


def _away(days: int) -> Stretch:
    """Days without study."""
    return Stretch(days, (20,) * 7, 0.0)


AFTER_FIFTY = Invented(
    slug="after-fifty",
    step="step1",
    begins=date(2025, 9, 1),
    start={
        "age": "50 and over",
        "trained_in": "EG",
        "years_since_graduation": "over 20",
        "work_hours": "20 to 40",
        "language": "ar",
        **DOCTOR_ALONE,
    },
    knows=0.3,
    stability=250,
    forgets_fast=False,
    stretches=(
        Stretch(84, (60, 60, 60, 60, 150, 120, 60), 0.8),
        _away(16),
        Stretch(70, (60, 60, 60, 60, 150, 120, 60), 0.85),
        Stretch(41, (80, 80, 80, 80, 180, 150, 80), 0.92),
        _away(25),
    ),
    dates={0: 211},
    sits=(211,),
    practice_tests=(130, 190),
)

SECOND_CAREER = Invented(
    slug="second-career",
    step="step1",
    begins=date(2026, 1, 5),
    start={
        "age": "40 to 49",
        "trained_in": "US",
        "years_since_graduation": "still studying",
        "work_hours": "under 20",
        "language": "en",
        "coaching": "none",
        "career": "something else",
        "tries": "none",
    },
    knows=0.36,
    stability=200,
    forgets_fast=False,
    stretches=(
        Stretch(60, (75, 75, 75, 75, 75, 150, 0), 0.88),
        Stretch(60, (150, 150, 150, 150, 150, 180, 0), 0.9),
        _away(24),
    ),
    dates={0: 120},
    sits=(120,),
    practice_tests=(75, 105),
)

WITHOUT_COACHING = Invented(
    slug="without-coaching",
    step="step1",
    begins=date(2025, 7, 7),
    start={
        "age": "under 25",
        "trained_in": "IN",
        "years_since_graduation": "still studying",
        "work_hours": "20 to 40",
        "language": "hi",
        "coaching": "none",
        "tries": "none",
    },
    knows=0.4,
    stability=250,
    forgets_fast=False,
    stretches=(
        Stretch(98, (60, 60, 60, 60, 60, 120, 150), 0.85),
        _away(12),
        Stretch(62, (75, 75, 75, 75, 75, 120, 150), 0.9),
        _away(26),
    ),
    dates={0: 172},
    sits=(172,),
)

NIGHT_SHIFTS = Invented(
    slug="night-shifts",
    step="step2ck",
    begins=date(2025, 6, 2),
    start={
        "age": "30 to 34",
        "trained_in": "PH",
        "years_since_graduation": "6 to 10",
        "work_hours": "over 40",
        "language": "tl",
        "career": "medicine",
        "tries": "none",
    },
    knows=0.4,
    stability=250,
    forgets_fast=False,
    stretches=(
        Stretch(56, (45, 45, 45, 30, 30, 90, 90), 0.65, 0.5),
        Stretch(42, (20, 20, 20, 20, 20, 40, 40), 0.5, 0.4),
        _away(21),
        Stretch(70, (45, 45, 45, 45, 45, 100, 100), 0.7, 0.5),
        Stretch(45, (60, 60, 60, 60, 60, 120, 120), 0.85, 1.0),
        _away(24),
    ),
    dates={0: 180, 121: 234},
    sits=(234,),
    practice_tests=(160, 220),
)

ON_AND_OFF = Invented(
    slug="on-and-off",
    step="step2ck",
    begins=date(2025, 10, 6),
    start={
        "age": "35 to 39",
        "trained_in": "NG",
        "years_since_graduation": "6 to 10",
        "work_hours": "20 to 40",
        "language": "yo",
        **DOCTOR_ALONE,
    },
    knows=0.42,
    stability=300,
    forgets_fast=False,
    stretches=(
        Stretch(50, (90,) * 7, 0.45, 0.3),
        _away(18),
        Stretch(56, (90,) * 7, 0.5, 0.3),
        _away(9),
        Stretch(52, (120,) * 7, 0.72, 0.95),
        _away(24),
    ),
    dates={0: 185},
    sits=(185,),
    practice_tests=(172,),
)

NINE_WEEKS = Invented(
    slug="nine-weeks",
    step="step2ck",
    begins=date(2026, 4, 6),
    start={
        "age": "25 to 29",
        "trained_in": "PK",
        "years_since_graduation": "under 3",
        "work_hours": "none",
        "language": "ur",
        "coaching": "some",
        "tries": "none",
    },
    knows=0.36,
    stability=200,
    forgets_fast=True,
    stretches=(Stretch(63, (210, 210, 210, 210, 120, 210, 210), 0.94, 0.8), _away(23)),
    dates={0: 63},
    sits=(63,),
    practice_tests=(35, 56),
)

DID_NOT_PASS = Invented(
    slug="did-not-pass",
    step="step1",
    begins=date(2026, 2, 2),
    start={
        "age": "30 to 34",
        "trained_in": "CO",
        "years_since_graduation": "3 to 5",
        "work_hours": "20 to 40",
        "language": "es",
        **DOCTOR_ALONE,
    },
    knows=0.3,
    stability=200,
    forgets_fast=True,
    stretches=(Stretch(56, (40,) * 7, 0.7, 0.5), _away(8), Stretch(28, (40, 40, 40, 40, 40, 60, 60), 0.7, 0.5), _away(34)),
    dates={0: 92},
    sits=(92,),
)

STOPPED = Invented(
    slug="stopped",
    step="step1",
    begins=date(2026, 1, 12),
    start={
        "age": "35 to 39",
        "trained_in": "UA",
        "years_since_graduation": "11 to 20",
        "work_hours": "over 40",
        **DOCTOR_ALONE,
    },
    knows=0.33,
    stability=200,
    forgets_fast=True,
    stretches=(
        Stretch(42, (45, 45, 45, 45, 45, 60, 60), 0.75, 0.5),
        Stretch(35, (30,) * 7, 0.4, 0.4),
        Stretch(21, (20,) * 7, 0.2, 0.4),
        _away(14),
    ),
    dates={0: 200, 98: None},
)

SECOND_TRY = Invented(
    slug="second-try",
    step="step1",
    begins=date(2025, 8, 4),
    start={
        "age": "30 to 34",
        "trained_in": "BD",
        "years_since_graduation": "3 to 5",
        "work_hours": "under 20",
        "language": "bn",
        "coaching": "a whole course",
        "tries": "none",
    },
    knows=0.32,
    stability=200,
    forgets_fast=False,
    stretches=(
        Stretch(84, (45,) * 7, 0.75, 0.5),
        _away(35),
        Stretch(113, (100, 100, 100, 100, 100, 150, 60), 0.9, 1.0),
        _away(26),
    ),
    dates={0: 84, 120: 232},
    sits=(84, 232),
    practice_tests=(190, 221),
)

BETWEEN_CALLS = Invented(
    slug="between-calls",
    step="step3",
    begins=date(2026, 3, 2),
    start={
        "age": "30 to 34",
        "trained_in": "NP",
        "years_since_graduation": "6 to 10",
        "work_hours": "over 40",
        "language": "ne",
        **DOCTOR_ALONE,
    },
    knows=0.5,
    stability=300,
    forgets_fast=False,
    stretches=(
        Stretch(28, (30, 30, 30, 30, 30, 90, 90), 0.7, 0.5),
        Stretch(28, (15, 15, 15, 15, 15, 30, 30), 0.4, 0.5),
        Stretch(42, (40, 40, 40, 40, 40, 120, 120), 0.8, 1.0),
        _away(24),
    ),
    dates={0: 98},
    sits=(98,),
)

AFTER_THE_CHILDREN = Invented(
    slug="after-the-children",
    step="step2ck",
    begins=date(2025, 8, 18),
    start={
        "age": "40 to 49",
        "trained_in": "BR",
        "years_since_graduation": "11 to 20",
        "work_hours": "none",
        "language": "pt",
        "coaching": "none",
        "tries": "one",
    },
    knows=0.32,
    stability=250,
    forgets_fast=False,
    stretches=(
        Stretch(112, (100, 100, 100, 100, 100, 0, 0), 0.85),
        _away(28),
        Stretch(42, (100, 100, 100, 100, 100, 0, 0), 0.8),
        _away(9),
        Stretch(42, (120, 120, 120, 120, 120, 90, 0), 0.9, 1.0),
        _away(24),
    ),
    dates={0: 233},
    sits=(233,),
    practice_tests=(180, 224),
)

BEFORE_DAWN = Invented(
    slug="before-dawn",
    step="step3",
    begins=date(2026, 5, 4),
    start={
        "age": "50 and over",
        "trained_in": "IN",
        "years_since_graduation": "over 20",
        "work_hours": "over 40",
        "language": "ml",
        **DOCTOR_ALONE,
    },
    knows=0.46,
    stability=350,
    forgets_fast=False,
    stretches=(
        Stretch(70, (45, 45, 45, 45, 45, 75, 75), 0.88),
        _away(7),
        Stretch(49, (60, 60, 60, 60, 60, 90, 90), 0.9, 1.0),
        _away(23),
    ),
    dates={0: 126},
    sits=(126,),
    practice_tests=(112,),
)

INVENTED = (
    AFTER_FIFTY,
    SECOND_CAREER,
    WITHOUT_COACHING,
    NIGHT_SHIFTS,
    ON_AND_OFF,
    NINE_WEEKS,
    DID_NOT_PASS,
    STOPPED,
    SECOND_TRY,
    BETWEEN_CALLS,
    AFTER_THE_CHILDREN,
    BEFORE_DAWN,
)

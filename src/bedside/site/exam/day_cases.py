"""The patient cases of a day: how many, how long each, and what of that no source states."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from django.utils.translation import gettext as _

from bedside.programme import Activity, Form

PATIENT_CASES = "patient_cases"
FINAL_S = 120  # of real time after the limit of a case, for final orders
LONGER_SHARE = Fraction(8, 13)  # assumed, where two lengths are published and not how many cases have which


@dataclass(frozen=True, slots=True)
class DayCases:
    """The cases of a day. `minutes` is the real time of each, without that for final orders."""

    title: str
    minutes: tuple[int, ...]  # the longest first
    tutorial_s: int
    notes: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """How many."""
        return len(self.minutes)

    @property
    def seconds(self) -> int:
        """All of them together, final orders included, in real seconds."""
        return sum(minutes * 60 + FINAL_S for minutes in self.minutes)

    def first(self, n: int) -> DayCases:
        """These, or where there are fewer than that, `n` of them in the same proportion."""
        if n >= self.n:
            return self
        return replace(self, minutes=_lengths(tuple(sorted(set(self.minutes))), n))


def cases_of(form: Form, *, share: Fraction) -> tuple[DayCases | None, tuple[Activity, ...]]:
    """The cases that can be played here, and the activities that can't. `share` is 1, or a half of the day."""
    found = next((one for one in form.activities if _is_playable(form, one)), None)
    if found is None:
        return None, form.activities
    assert isinstance(found.count_min, int)
    n = -(-(found.count_min * share.numerator) // share.denominator)
    tutorial_s = round(found.tutorial_minutes * 60 * share) if isinstance(found.tutorial_minutes, int) else 0
    cases = DayCases(found.title, _lengths(found.minutes_each, n), tutorial_s, tuple(_notes(found, n)))
    return cases, tuple(one for one in form.activities if one is not found)


def _is_playable(form: Form, activity: Activity) -> bool:
    """After all items, each with a published length of its own; one clock over the whole form leaves none to them."""
    is_known = isinstance(activity.count_min, int) and activity.count_min > 0 and bool(activity.minutes_each)
    return activity.kind == PATIENT_CASES and activity.comes_after_blocks and is_known and form.minutes is None


def _lengths(minutes_each: tuple[int, ...], n: int) -> tuple[int, ...]:
    """The minutes of `n` cases, the longest first."""
    longest, shortest = max(minutes_each), min(minutes_each)
    n_longer = n if longest == shortest else round(n * LONGER_SHARE)
    return (longest,) * n_longer + (shortest,) * (n - n_longer)


def _notes(activity: Activity, n: int) -> list[str]:
    told = []
    if activity.count_max != activity.count_min:
        told.append(_("{what}: as few as are published; here {n}.").format(what=activity.title, n=n))
    if len(set(activity.minutes_each)) > 1:
        lengths = _lengths(activity.minutes_each, n)
        longest, shortest = max(activity.minutes_each), min(activity.minutes_each)
        told.append(
            _(
                "How many cases have {longest} minutes and how many {shortest} isn't published; {n_longest} and {n_shortest} "
                "are assumed here."
            ).format(longest=longest, shortest=shortest, n_longest=lengths.count(longest), n_shortest=lengths.count(shortest))
        )
    told.append(
        _(
            "Two more minutes for final orders follow each case. What is left of a case or of the tutorial before the cases is "
            "added to no break here; whether it is in the real exam isn't published."
        )
    )
    return told

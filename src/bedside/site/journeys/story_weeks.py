"""Weeks of a journey as its story counts them: up to the last exam that counts, and after it only where study went on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.journeys import Chance, Journey, JourneyWeek
from bedside.site.picture import percent_of
from bedside.site.progress.drawing import Tick, spread

MOST_TICKS = 4


def weeks_to_exam(journey: Journey) -> list[JourneyWeek]:
    """The weeks with study up to the last exam."""
    return [week for week in journey.weeks if week.week < journey.n_weeks_to_exam]


def weeks_since_exam(journey: Journey) -> list[JourneyWeek]:
    """The weeks with study after the last exam; most have none, and wait for the result."""
    return [week for week in journey.weeks if week.week >= journey.n_weeks_to_exam and (week.days or week.answers)]


def n_drawn(journey: Journey) -> int:
    """How many weeks the pictures show: they end with the last exam, unless study went on after it."""
    return journey.n_weeks if weeks_since_exam(journey) else journey.n_weeks_to_exam


def all_weeks(journey: Journey) -> list[JourneyWeek | None]:
    """The weeks that are drawn, also those of which nothing is told."""
    told = {week.week: week for week in journey.weeks}
    return [told.get(number) for number in range(n_drawn(journey))]


def chances_by_week(journey: Journey) -> dict[int, Chance]:
    """The chances that were told, of the weeks that are drawn, in order."""
    n = n_drawn(journey)
    return {week.week: week.chance for week in journey.weeks if week.chance is not None and week.week < n}


def week_words(week: int) -> str:
    """A week as a reader counts them, from 1."""
    return _("week %(n)d") % {"n": week + 1}


def span_words(span: tuple[int, int]) -> str:
    """From one week to another."""
    first, last = span
    return week_words(first) if first == last else _("weeks %(first)d to %(last)d") % {"first": first + 1, "last": last + 1}


def stretches(weeks: Iterable[int]) -> list[tuple[int, int]]:
    """Weeks that follow each other, as the first and the last of each stretch."""
    groups = groupby(enumerate(sorted(weeks)), lambda one: one[1] - one[0])
    found = [[week for _place, week in group] for _key, group in groups]
    return [(group[0], group[-1]) for group in found]


def hours_number(minutes: float) -> str:
    """Hours without a false precision, the same in words and on pictures."""
    hours = minutes / 60
    return f"{hours:,.0f}" if hours >= 10 else f"{hours:.1f}"


def hours_words(minutes: float) -> str:
    """Minutes as hours, less than one as minutes."""
    if minutes < 60:
        n = round(minutes)
        return ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}
    return _("%(hours)s hours") % {"hours": hours_number(minutes)}


def first_up(text: str) -> str:
    """The text with a capital at its beginning."""
    return f"{text[:1].upper()}{text[1:]}"


def listed(texts: Sequence[str]) -> str:
    """Texts as a sentence lists them."""
    if len(texts) < 2:
        return "".join(texts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(texts[:-1]), "last": texts[-1]}


def middle_of(week: int, n_weeks: int) -> float:
    """The middle of the column of a week, in per cent."""
    return round(100 * (week + 0.5) / n_weeks, 2)


def point_of(week: int, n_weeks: int) -> float:
    """The place of a week on a line, in per cent."""
    return percent_of(week, max(1, n_weeks - 1))


def week_ticks(n_weeks: int, *, on_points: bool = False) -> tuple[Tick, ...]:
    """The first week, the last, and some between them; in the middle of their column, or on the points of a line."""
    n = min(n_weeks, MOST_TICKS)
    chosen = [round((n_weeks - 1) * index / max(1, n - 1)) for index in range(n)]
    place = point_of if on_points else middle_of
    places = [place(week, n_weeks) for week in chosen]
    return tuple(Tick(at, week_words(week), to) for at, week, to in zip(places, chosen, spread(places), strict=True))


def week_columns(journey: Journey) -> tuple[str, ...]:
    """The heads of the columns that say which week a row is."""
    return (_("Week"), _("Begins")) if journey.begun_on is not None else (_("Week"),)


def week_texts(journey: Journey, week: int) -> tuple[str, ...]:
    """What stands in them."""
    if journey.begun_on is None:
        return (str(week + 1),)
    return str(week + 1), date_format(journey.begun_on + timedelta(weeks=week), "j M Y")

"""The calendar of days: the last quarter of a year by week and weekday, each day filled by its minutes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.site.picture import percent_of
from bedside.site.progress.drawing import DAY_EM, HEAD_EM, DayCell, DayGrid, Table, Tick, spread

N_WEEKS = 13
WEEK_DAYS = 7
LEAST_FULL_MINUTES = 30.0  # a day is full at the most minutes of any day, and never at fewer than these
LEFT = 10.0  # per cent of the picture for the names of the weekdays
GAP = 0.12  # of a day's width between two
NAMED = (0, 2, 4, 6)  # weekdays with a name beside them


def first_day(on: date) -> date:
    """The Monday with which the calendar begins."""
    return on - timedelta(days=on.weekday() + WEEK_DAYS * (N_WEEKS - 1))


def days_picture(minutes: Mapping[date, float], on: date) -> DayGrid:
    """The calendar up to a day."""
    first = first_day(on)
    days = [first + timedelta(days=n) for n in range((on - first).days + 1)]
    most = max([LEAST_FULL_MINUTES, *(minutes.get(day, 0.0) for day in days)])
    pitch = (100 - LEFT) / N_WEEKS
    cells = tuple(
        DayCell(
            round(LEFT + pitch * (number // WEEK_DAYS), 2), day.weekday(), percent_of(minutes.get(day, 0.0), most, digits=1)
        )
        for number, day in enumerate(days)
    )
    places = [round(LEFT + pitch * (week + (1 - GAP) / 2), 2) for week in range(0, N_WEEKS, 4)]
    texts = [date_format(first + timedelta(weeks=week), "j M") for week in range(0, N_WEEKS, 4)]
    return DayGrid(
        name="days",
        title=_("Days of study"),
        said=_said(minutes, days, most),
        width=round(pitch * (1 - GAP), 2),
        cells=cells,
        weeks=tuple(Tick(*one) for one in zip(places, texts, spread(places), strict=True)),
        weekdays=tuple((round(HEAD_EM + DAY_EM * number + 1.15, 2), str(WEEKDAYS_ABBR[number])) for number in NAMED),
        table=_table(minutes, first, on),
    )


def _said(minutes: Mapping[date, float], days: list[date], most: float) -> str:
    n = sum(minutes.get(day, 0.0) > 0 for day in days)
    hours = sum(minutes.get(day, 0.0) for day in days) / 60
    text = ngettext(
        "%(n)d day with study since %(first)s, %(hours).1f hours in all. A full square is %(most)d minutes.",
        "%(n)d days with study since %(first)s, %(hours).1f hours in all. A full square is %(most)d minutes.",
        n,
    )
    return text % {"n": n, "first": date_format(days[0], "j F"), "hours": hours, "most": round(most)}


def _table(minutes: Mapping[date, float], first: date, on: date) -> Table:
    """The newest week first, in minutes."""
    rows = []
    for week in reversed(range(N_WEEKS)):
        monday = first + timedelta(weeks=week)
        days = [monday + timedelta(days=n) for n in range(WEEK_DAYS)]
        texts = ["" if day > on else f"{minutes.get(day, 0.0):.0f}" for day in days]
        total = sum(minutes.get(day, 0.0) for day in days if day <= on)
        rows.append((date_format(monday, "j F Y"), *texts, f"{total:.0f}"))
    names = [str(WEEKDAYS_ABBR[number]) for number in range(WEEK_DAYS)]
    return Table((_("Week of"), *names, _("Minutes")), tuple(rows))

"""Statuses and fields of the pathway in words."""

from __future__ import annotations

import re
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.pathway import NeedStatus, StateStatus, StepStatus

MOST_DAYS_COUNTED = 120
MONTHS_COUNTED = 24

_SOURCE = re.compile(r"(?P<title>.+?) <(?P<address>https?://[^<>\s]+)>(?:; |$)")


def day_words(day: date) -> str:
    """`14 May 2026`."""
    return date_format(day, "j F Y")


def step_status_words(status: StepStatus) -> str:
    """How someone stands with a step."""
    return {
        StepStatus.PASSED: _("passed"),
        StepStatus.ELIGIBLE: _("may be sat"),
        StepStatus.NOT_YET: _("not yet"),
        StepStatus.NEVER: _("not any more"),
    }[status]


def need_status_words(status: NeedStatus) -> str:
    """How someone stands with a certificate or a visa."""
    return {
        NeedStatus.HELD: _("held"),
        NeedStatus.READY: _("nothing known is missing"),
        NeedStatus.MISSING: _("something is missing"),
        NeedStatus.NOT_NEEDED: _("not needed"),
    }[status]


def state_status_words(status: StateStatus) -> str:
    """How a state stands open."""
    return {
        StateStatus.OPEN: _("open"),
        StateStatus.CONDITIONAL: _("conditional"),
        StateStatus.LIKELY_OPEN: _("likely open"),
        StateStatus.LIKELY_CLOSED: _("likely closed"),
        StateStatus.CLOSED: _("closed"),
        StateStatus.UNKNOWN: _("not known"),
    }[status]


def state_status_meaning(status: StateStatus) -> str:
    """What that status says."""
    return {
        StateStatus.OPEN: _("Every rule is met, and every fact was checked within a year."),
        StateStatus.CONDITIONAL: _("Something is still to be done."),
        StateStatus.LIKELY_OPEN: _("Every rule is met, but facts are old or uncertain: ask the board."),
        StateStatus.LIKELY_CLOSED: _("A rule that nothing mends is not met, but its fact is old or uncertain: ask the board."),
        StateStatus.CLOSED: _("A rule that nothing mends is not met, and its fact is certain."),
        StateStatus.UNKNOWN: _("What is known does not say: ask the board."),
    }[status]


def visa_title(name: str) -> str:
    """A visa by the name that rules use."""
    return {"j1": _("J-1 visa"), "h1b": _("H-1B visa"), "conrad30": _("J-1 waiver, Conrad 30")}.get(name, name)


def kind_words(kind: str) -> str:
    """By which road someone comes."""
    return {
        "us_md": _("MD school in the United States"),
        "us_do": _("DO school in the United States"),
        "canadian": _("school in Canada"),
        "img": _("school elsewhere (international graduate)"),
    }.get(kind, kind)


def days_ahead_words(day: date, on: date) -> str:
    """`in 63 days`; far ahead whole months, and farther whole years."""
    n = (day - on).days
    if n == 0:
        return _("today")
    if n <= MOST_DAYS_COUNTED:
        return ngettext("in %(n)d day", "in %(n)d days", n) % {"n": n}
    months = (day.year - on.year) * 12 + day.month - on.month - (day.day < on.day)
    if months < MONTHS_COUNTED:
        return _("in %(n)d months") % {"n": months}
    return _("in %(n)d years") % {"n": months // 12}


def attempts_words(used: int, left: int | None) -> str:
    """`2 attempts used, 2 left`."""
    text = ngettext("%(n)d attempt used", "%(n)d attempts used", used) % {"n": used}
    return text if left is None else _("%(used)s, %(left)d left") % {"used": text, "left": left}


def source_links(source: str) -> list[tuple[str, str]]:
    """The sources that a rule names in one line, each with its address; what comes after the last address has none."""
    found = [(one["title"], one["address"]) for one in _SOURCE.finditer(source)]
    rest = source[max((one.end() for one in _SOURCE.finditer(source)), default=0) :]
    return [*found, (rest, "")] if rest else found

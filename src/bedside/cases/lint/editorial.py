"""C8xx: what clinicians and editors still owe the case. Warnings, shown on its page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bedside.cases.lint.view import View
from bedside.findings import Finding

MIN_REVIEWERS = 2
MAX_SOURCE_AGE_Y = 5
_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")


def check_editorial(view: View, on: date | None) -> Iterator[Finding]:
    """Reviewers, sources, date and license; what depends on the day only where `on` is given."""
    meta = view.case.meta
    if len(set(meta.reviewers)) < MIN_REVIEWERS:
        text = f"{len(set(meta.reviewers))} of {MIN_REVIEWERS} clinicians have reviewed it"
        yield view.finding("C801", ("meta", "reviewers"), text, of_key=True)
    if on is not None:
        yield from _sources(view, on)
    if meta.review_by is None:
        yield view.finding("C803", ("meta",), "no month is set by which its medicine is read again", of_key=True)
    elif on is not None and meta.review_by < f"{on:%Y-%m}":
        yield view.finding("C803", ("meta", "review_by"), f"it was to be reviewed by {meta.review_by}")
    if meta.license is None:
        yield view.finding("C804", ("meta",), "no license", of_key=True)


def _sources(view: View, on: date) -> Iterator[Finding]:
    if not view.case.critical:
        return
    years = [int(year) for source in view.case.debrief.sources for year in _YEAR.findall(source)]
    newest = max((year for year in years if year <= on.year), default=None)
    if newest is None or newest < on.year - MAX_SOURCE_AGE_Y:
        text = f"critical items, and {'no source with a year' if newest is None else f'the newest source is of {newest}'}"
        path = ("debrief", "sources") if view.case.debrief.sources else ("debrief",)
        yield view.finding("C802", path, text, of_key=True)

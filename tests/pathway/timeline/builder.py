"""The road as it is in `content/`, small roads of a test's own, and records to put on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from bedside.pathway.timeline import Plan, Timeline, Timelines, parse_timelines, read_timelines, timeline
from bedside.reading import Source
from tests.pathway.builder import ADAPTER, CONTENT, shipped, usmle

TODAY = date(2026, 11, 29)

READY: dict[str, Any] = {  # a graduate of whom every field that a certificate needs is known
    "citizenship": ["PK"],
    "us_permanent_resident": False,
    "kind": "img",
    "school": {"country": "PK", "in_world_directory": True, "sponsor_note": True},
    "degree": {"name": "MBBS", "date": "2021-05-30", "verified": True},
    "credit_years": 5,
    "identity_established": True,
}


@cache
def roads() -> Timelines:
    return read_timelines(CONTENT / "timelines", shipped().by_programme)


def road() -> Plan:
    return roads().get("usmle")


def placed(
    data: Mapping[str, Any],
    on: date = TODAY,
    moved: Mapping[str, date] | None = None,
    chosen: Mapping[str, str] | None = None,
) -> Timeline:
    return timeline(usmle(), road(), ADAPTER.validate_python(dict(data)), on, moved, chosen=chosen)


HEAD = """\
schema: timeline/1
name: small
title: "A small road"
programme: usmle
checked_on: 2026-11-29
sources: {page: {title: "A page", kind: official}}
"""


def small(text: str, name: str = "small.yaml", head: str = HEAD) -> Timelines:
    return parse_timelines([Source(name, head + text)], shipped().by_programme)

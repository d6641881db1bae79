"""What the pictures of the exams show: shares who passed as dots, and ranges of a blueprint as bars, on lines from 0."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bedside.programme import UNKNOWN, Axis, PassRate, Range, Rate, Unknown
from bedside.site.library import phrases
from bedside.site.picture import percent_of

FIRST, REPEAT, ALL = "first", "repeat", "all"
PERCENT_A_LETTER = 4  # of the line, in its narrowest picture; so much room do a dot's words need to its left
SCALE_STEP = 10  # per cent; a picture's line ends at a multiple of it


@dataclass(frozen=True, slots=True)
class Dot:
    """A share on the line, in per cent; `high` is its upper end where a range is published. Its words stand beside it."""

    kind: str
    low: float
    high: float
    label: str
    is_left: bool  # where its words stand


@dataclass(frozen=True, slots=True)
class DotRow:
    """One line of a picture."""

    label: str
    dots: tuple[Dot, ...]
    said: str  # the line in words, for who does not see it


@dataclass(frozen=True, slots=True)
class DotGroup:
    """Lines under one heading."""

    title: str
    rows: tuple[DotRow, ...]


@dataclass(frozen=True, slots=True)
class RateRow:
    """One row of the table behind."""

    period: str
    group: str
    share: str
    n: str
    record: PassRate


@dataclass(frozen=True, slots=True)
class Band:
    """One row of a blueprint: from where to where its line goes, in per cent of the picture."""

    label: str
    share: str
    start: float | None
    end: float | None
    others: str
    record: Range


@dataclass(frozen=True, slots=True)
class Bands:
    """A blueprint's axis."""

    title: str
    is_partition: bool
    note: str
    end: int  # per cent, where the line ends
    rows: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class _Share:
    """A published share with the candidates it is of: whose, and at which attempt."""

    record: PassRate
    who: str
    kind: str
    rate: Rate


def newest(records: Sequence[PassRate], groups: Mapping[str, str]) -> PassRate | None:
    """The record of the latest year; of those the one that tells first attempts apart, and of those the last checked."""
    return max(
        records,
        key=lambda record: (
            year_of(record),
            any(share.kind == FIRST for share in _shares(record, groups)),
            record.as_of,
            len(record.rates),
        ),
        default=None,
    )


def by_group(record: PassRate, groups: Mapping[str, str]) -> DotGroup:
    """A line for each group of candidates of one period."""
    shares = _drawn(list(_shares(record, groups)))
    rows = [(who, [share for share in shares if share.who == who]) for who in dict.fromkeys(share.who for share in shares)]
    return DotGroup("", _rows(rows, set()))


def over_time(records: Sequence[PassRate], groups: Mapping[str, str]) -> tuple[DotGroup, ...]:
    """A picture for each group of candidates, with a line for each period, the latest first."""
    ordered = sorted(records, key=year_of, reverse=True)
    shares = _drawn([share for record in ordered for share in _shares(record, groups)])
    found = []
    named: set[str] = set()
    for who in dict.fromkeys(share.who for share in shares):
        mine = [share for share in shares if share.who == who]
        periods = dict.fromkeys(share.record.period for share in mine)
        rows = [(period, [share for share in mine if share.record.period == period]) for period in periods]
        found.append(DotGroup(who, _rows(rows, named)))
    return tuple(found)


def rate_rows(records: Sequence[PassRate], groups: Mapping[str, str]) -> tuple[RateRow, ...]:
    """Everything that is published, the latest first."""
    return tuple(
        RateRow(record.period, _title(group, groups), phrases.share_of(rate), phrases.size_of(rate), record)
        for record in sorted(records, key=year_of, reverse=True)
        for group, rate in record.rates.items()
    )


def bands(axis: Axis) -> Bands:
    """The rows of a blueprint on one line from 0 to a little beyond the highest."""
    highest = max((row.high for row in axis.ranges if not isinstance(row.high, Unknown)), default=100)
    end = max(SCALE_STEP, min(100, math.ceil(highest / SCALE_STEP) * SCALE_STEP))
    return Bands(axis.title, axis.is_partition, axis.note or "", end, tuple(_band(row, end) for row in axis.ranges))


def year_of(record: PassRate) -> int:
    """The last year that the words of the period name; 0 where they name none."""
    years = [0]
    for first, last in re.findall(r"\b(\d{4})(?:[-–](\d\d))?\b", record.period):
        years.append(int(first[:2] + last) if last else int(first))
    return max(years)


def _band(row: Range, end: int) -> Band:
    others = "; ".join(f"{other.low}–{other.high}%: {other.text}" for other in row.also_reported)
    if isinstance(row.low, Unknown) or isinstance(row.high, Unknown):
        return Band(row.label, phrases.number(UNKNOWN), None, None, others, row)
    share = f"{row.low}%" if row.low == row.high else f"{row.low}–{row.high}%"
    return Band(row.label, share, percent_of(row.low, end), percent_of(row.high, end), others, row)


def _shares(record: PassRate, groups: Mapping[str, str]) -> Iterator[_Share]:
    for group, rate in record.rates.items():
        kind = next((kind for kind in (FIRST, REPEAT) if group.endswith(f"_{kind}")), ALL)
        title = _title(group, groups)
        yield _Share(record, title if kind == ALL else title.rpartition(", ")[0] or title, kind, rate)


def _title(group: str, groups: Mapping[str, str]) -> str:
    return groups.get(group, group.replace("_", " "))


def _drawn(shares: Sequence[_Share]) -> list[_Share]:
    """The shares with a number. Where a record tells attempts apart, those of all attempts together stay in the table."""
    told_apart = {share.record.period for share in shares if share.kind == FIRST}
    return [
        share
        for share in shares
        if not isinstance(share.rate.percent, Unknown) and not (share.kind == ALL and share.record.period in told_apart)
    ]


def _rows(rows: Sequence[tuple[str, Sequence[_Share]]], named: set[str]) -> tuple[DotRow, ...]:
    """The first dot of each kind in a picture is named; those below it have their number alone."""
    return tuple(_row(label, shares, named) for label, shares in rows)


def _row(label: str, shares: Sequence[_Share], named: set[str]) -> DotRow:
    points: dict[str, _Share] = {}
    for share in shares:
        points.setdefault(share.kind, share)
    ordered = sorted(points.values(), key=_percent)
    dots = tuple(_dot(share, named, is_left=share is not ordered[-1]) for share in ordered)
    return DotRow(label, dots, "; ".join(_said(share) for share in ordered))


def _dot(share: _Share, named: set[str], *, is_left: bool) -> Dot:
    """A dot with its number, and with its name if no dot above has that and there is room."""
    low = _percent(share)
    high = share.rate.percent_high if isinstance(share.rate.percent_high, int | float) else low
    words = _("{low}–{high}%") if round(high) != round(low) else _("{low}%")
    text = words.format(low=round(low), high=round(high))
    full = f"{text} {_attempt(share.kind)}"
    is_named = share.kind != ALL and share.kind not in named and (not is_left or low > PERCENT_A_LETTER * len(full))
    if is_named:
        named.add(share.kind)
    return Dot(share.kind, low, high, full if is_named else text, is_left)


def _said(share: _Share) -> str:
    words = phrases.share_of(share.rate)
    if share.rate.n is not None and not isinstance(share.rate.n, Unknown):
        words = _("{share} of {n}").format(share=words, n=phrases.size_of(share.rate))
    name = _attempt(share.kind)
    return _("{attempt}: {share}").format(attempt=name, share=words) if name else words


def _percent(share: _Share) -> float:
    assert not isinstance(share.rate.percent, Unknown)  # `_drawn` has left those out
    return float(share.rate.percent)


def _attempt(kind: str) -> str:
    return {FIRST: _("first"), REPEAT: _("repeat")}.get(kind, "")

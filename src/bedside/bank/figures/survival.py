"""The figure `survival`: Kaplan-Meier curves of one to three groups, with those at risk below."""

from __future__ import annotations

from math import log
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from bedside.bank.figures.kind import Drawing, FigureKind, Parameters, Seed
from bedside.bank.figures.product_limit import Estimate, Times, at_risk, drawn_times, product_limit
from bedside.drawing import Frame, apart, number, ticks

MAX_GROUPS = 3
ROW = 18

Time = Annotated[float, Field(ge=0.1, le=1000)]


class SurvivalParameters(Parameters):
    """Groups by their median or hazard, and how they were followed; times in `unit`."""

    median: tuple[Time, ...] = Field(default=(), max_length=MAX_GROUPS)
    hazard: tuple[Annotated[float, Field(gt=0, le=10)], ...] = Field(default=(), max_length=MAX_GROUPS)
    shape: float = Field(default=1, ge=0.4, le=4)
    n: tuple[Annotated[int, Field(ge=10, le=500)], ...] = Field(default=(120,), min_length=1, max_length=MAX_GROUPS)
    names: tuple[Annotated[str, Field(min_length=1, max_length=24)], ...] = Field(default=(), max_length=MAX_GROUPS)
    follow: Time = 60
    accrual: float = Field(default=0.4, ge=0, le=0.95)
    lost: float = Field(default=0.1, ge=0, le=0.6)
    unit: Literal["days", "weeks", "months", "years"] = "months"
    outcome: str = Field(default="Survival", min_length=1, max_length=40)
    seed: Seed = 1
    half: bool = False
    table: bool = True

    @model_validator(mode="after")
    def _matching(self) -> Self:
        if bool(self.median) == bool(self.hazard):
            raise ValueError("give either median or hazard, one number for each group, as in median=12,18")
        groups = len(self.median or self.hazard)
        if len(self.n) not in (1, groups):
            raise ValueError(f"n is one number for all groups or {groups}, one for each")
        if self.names and len(self.names) != groups:
            raise ValueError(f"names are {groups}, one for each group, with commas between")
        if len(set(self.names)) < len(self.names):
            raise ValueError("two groups have the same name")
        if min(self.medians()) > 20 * self.follow:
            raise ValueError(
                "nobody would have the event before the end of follow-up; take a longer follow or a shorter median"
            )
        return self

    def medians(self) -> tuple[float, ...]:
        """By group; with a hazard the time at which half have had the event (scale 1/hazard, any shape)."""
        return self.median or tuple(log(2) ** (1 / self.shape) / one for one in self.hazard)

    def group_names(self) -> tuple[str, ...]:
        """As given, or A, B and C."""
        return self.names or tuple("ABC"[: len(self.medians())])


def groups_of(given: SurvivalParameters) -> list[Times]:
    """The times of everybody, by group."""
    medians = given.medians()
    sizes = given.n if len(given.n) > 1 else given.n * len(medians)
    return [
        drawn_times(
            median, given.shape, n, seed=given.seed, group=group, accrual=given.accrual * given.follow,
            follow=given.follow, lost=given.lost,
        )
        for group, (median, n) in enumerate(zip(medians, sizes, strict=True))
    ]  # fmt: skip


def draw_survival(given: SurvivalParameters) -> Drawing:
    """Steps at events, ticks at censored people, and the table of those at risk."""
    groups, names = groups_of(given), given.group_names()
    rows = len(groups) if given.table else 0
    left = max(60, 34 + 8 * max(map(len, names))) if given.table else 60
    right = 24 + 7 * max(map(len, names))
    bottom = 46 + (26 + ROW * rows if rows else 0)
    frame = Frame(0, given.follow, 0, 1, height=300 + bottom, left=left, right=right, bottom=bottom)
    moments = ticks(0, given.follow)
    _axes(frame, given, moments)
    if given.half:
        frame.parts.append(f'<path class="cut" d="M{frame.left} {frame.y(0.5)}H{frame.width - frame.right}"/>')
    ends = []
    for n, times in enumerate(groups):
        estimate = product_limit(times)
        ends.append(_curve(frame, times, estimate, n))
    for name, (x, y) in zip(names, apart(ends, width=200), strict=True):
        frame.text(name, x + 6, min(y + 4, frame.y(0) - 6))
    if rows:
        _table(frame, groups, names, moments)
    return Drawing(frame.width, frame.height, tuple(frame.parts))


def _axes(frame: Frame, given: SurvivalParameters, moments: list[float]) -> None:
    low, high = frame.height - frame.bottom, frame.width - frame.right
    frame.parts.append(f'<path class="axis" d="M{frame.left} {frame.top}V{low}H{high}"/>')
    for share in (0, 0.25, 0.5, 0.75, 1):
        frame.text(number(100 * share), frame.left - 8, frame.y(share) + 4, anchor="end")
        if share:
            frame.parts.append(f'<path class="grid" d="M{frame.left} {frame.y(share)}H{high}"/>')
    for moment in moments:
        frame.parts.append(f'<path class="axis" d="M{frame.x(moment)} {low}v4"/>')
        frame.text(number(moment), frame.x(moment), low + 18, anchor="middle")
    frame.text(f"Time ({given.unit})", (frame.left + high) / 2, low + 36, anchor="middle")
    turned = f"translate(14 {(frame.top + low) / 2:g}) rotate(-90)"
    frame.parts.append(f'<text text-anchor="middle" transform="{turned}">{_escaped(given.outcome)} (%)</text>')


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _curve(frame: Frame, times: Times, estimate: Estimate, n: int) -> tuple[float, float]:
    """The steps and the ticks of a group; where its curve ends."""
    end = float(times.seen.max())
    d = f"M{frame.x(0):g} {frame.y(1):g}"
    for moment, share in zip(estimate.times.tolist(), estimate.share.tolist(), strict=True):
        d += f"H{frame.x(moment):g}V{frame.y(share):g}"
    frame.parts.append(f'<path class="line d{n}" d="{d}H{frame.x(end):g}"/>')
    marks = "".join(
        f"M{frame.x(moment):g} {frame.y(estimate.at(moment)) - 4:g}v8"
        for moment in np.sort(times.seen[~times.is_event]).tolist()
    )
    if marks:
        frame.parts.append(f'<path class="trace" d="{marks}"/>')
    return frame.x(end), frame.y(estimate.at(end))


def _table(frame: Frame, groups: list[Times], names: tuple[str, ...], moments: list[float]) -> None:
    y = frame.height - ROW * len(groups) + 6
    frame.text("Number at risk", 4, y - ROW)
    for name, times in zip(names, groups, strict=True):
        frame.text(name, 4, y)
        for moment in moments:
            frame.text(str(at_risk(times, moment)), frame.x(moment), y, anchor="middle")
        y += ROW


KIND = FigureKind(
    "survival",
    SurvivalParameters,
    draw_survival,
    "Kaplan-Meier curves of one to three groups, of people made by chance (exponential, or Weibull by `shape`), with ticks "
    "where somebody is censored and the numbers at risk; `accrual` is the share of the follow-up over which people enter, "
    "`lost` the share of people lost, `half` a line at 50%.",
    "survival median=14,22 n=150 names=Placebo,Treatment seed=4",
)

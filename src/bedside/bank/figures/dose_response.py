"""`dose_response`: effect against the logarithm of dose, alone, with an antagonist, or of a partial or inverse agonist.

Effect = basal + (top − basal) · dose^n / (dose^n + EC50^n) (Hill 1910). A competitive antagonist multiplies EC50 by 1 + [B]/K
(Gaddum 1937; Arunlakshana and Schild 1959); a noncompetitive one divides the maximum by it (Ariëns 1954). A partial agonist
holds all receptors and reaches its efficacy; an inverse agonist takes the basal effect away.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor, log10
from typing import Annotated, Any

import numpy as np
from pydantic import Field, model_validator

from bedside.bank.figures.curves import (
    Curve,
    Numbers,
    curve_names,
    drawing,
    each_curve,
    powers_of_ten,
    put_curves,
    refuse_lists,
)
from bedside.bank.figures.kind import Drawing, FigureKind, Parameters
from bedside.drawing import Frame


class Drug(StrEnum):
    """What is given: an agonist, alone or with an antagonist at a fixed concentration."""

    AGONIST = "agonist"
    COMPETITIVE = "competitive"
    NONCOMPETITIVE = "noncompetitive"
    PARTIAL = "partial"
    INVERSE = "inverse"


class Axis(StrEnum):
    """What the upright axis counts: the effect in a tissue or a patient, or the share of people who respond."""

    EFFECT = "effect"
    RESPONDERS = "responders"


class Across(StrEnum):
    """What the axis of logarithms counts."""

    DOSE = "dose"
    CONCENTRATION = "concentration"


Ec50 = Annotated[float, Field(ge=0.001, le=10_000)]
Percent = Annotated[float, Field(ge=5, le=100)]
Slope = Annotated[float, Field(ge=0.5, le=5)]
Ratio = Annotated[float, Field(ge=0.1, le=1000)]
Name = Annotated[str, Field(min_length=1, max_length=24)]

USUAL_PARTIAL = 0.4  # of the way to the full effect, where no emax is given
_LISTS = ("drug", "ec50", "emax", "hill", "antagonist", "names")


class DoseResponse(Parameters):
    """Each list has one value for all curves, or one for each. `antagonist` is its concentration over its own K."""

    drug: tuple[Drug, ...] = (Drug.AGONIST,)
    ec50: tuple[Ec50, ...] = (1,)
    emax: tuple[Percent, ...] = (100,)
    hill: tuple[Slope, ...] = (1,)
    antagonist: tuple[Ratio, ...] = ()
    basal: Annotated[float, Field(ge=0, le=60)] = 0
    axis: Axis = Axis.EFFECT
    across: Across = Across.DOSE
    unit: Annotated[str, Field(max_length=12)] = ""
    names: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> DoseResponse:
        refuse_lists(self, _LISTS, most=4)
        if Drug.INVERSE in self.drug and self.basal < 5:
            raise ValueError("an inverse agonist lowers a basal effect; give basal=20 or more")
        if self.basal >= min(self.emax):
            raise ValueError("emax lies above basal, or no dose has an effect")
        halves = [agent.half_dose for agent in agents_of(self)]
        if log10(max(halves) / min(halves)) > 6:
            raise ValueError("more than six powers of ten lie between the curves; bring ec50 closer, or lower antagonist")
        if self.axis is Axis.RESPONDERS and (self.basal or set(self.drug) != {Drug.AGONIST}):
            raise ValueError("axis=responders counts people at each dose; it takes drug=agonist and no basal effect")
        return self


@dataclass(frozen=True, slots=True)
class Agent:
    """One curve; effects in percent, `antagonist` as [B]/K."""

    drug: Drug
    ec50: float = 1.0
    emax: float = 100.0
    hill: float = 1.0
    antagonist: float = 9.0
    basal: float = 0.0

    @property
    def half_dose(self) -> float:
        """The dose of half the way from the basal to the highest effect."""
        return self.ec50 * (1 + self.antagonist) if self.drug is Drug.COMPETITIVE else self.ec50

    @property
    def top(self) -> float:
        """The effect of an endless dose, in percent."""
        if self.drug is Drug.INVERSE:
            return 0.0
        if self.drug is Drug.NONCOMPETITIVE:
            return self.basal + (self.emax - self.basal) / (1 + self.antagonist)
        return self.emax


def effect(agent: Agent, dose: Numbers) -> Numbers:
    """Percent of the maximum at each dose."""
    held = 1 / (1 + (agent.half_dose / dose) ** agent.hill)
    return np.asarray(agent.basal + (agent.top - agent.basal) * held, dtype=np.float64)


def agents_of(given: DoseResponse) -> list[Agent]:
    """The agent of each curve."""
    return [_agent(one, given.basal) for one in each_curve(given, _LISTS)]


def draw(given: DoseResponse) -> Drawing:
    agents, names = agents_of(given), curve_names([one["names"] for one in each_curve(given, _LISTS)])
    low = floor(log10(min(agent.half_dose for agent in agents) + 1e-12) - 1.5)
    high = ceil(log10(max(agent.half_dose for agent in agents)) + 1.5)
    frame = Frame(low, high, 0, 100, width=500, height=360, right=24)
    unit = f"{given.unit}, log scale" if given.unit else "log scale"
    across = f"{'Dose' if given.across is Across.DOSE else 'Concentration'} ({unit})"
    up = "Effect (% of maximum)" if given.axis is Axis.EFFECT else "Patients who respond (%)"
    frame.axes(across, up, x_ticks=range(low, high + 1), y_ticks=range(0, 101, 20), x_words=powers_of_ten)
    places = np.linspace(low, high, 400)
    put_curves(frame, [Curve(places, effect(agent, 10.0**places), names[n], n) for n, agent in enumerate(agents)])
    return drawing(frame)


def _agent(one: dict[str, Any], basal: float) -> Agent:
    emax = one["emax"]
    if one["drug"] is Drug.PARTIAL and emax == 100:
        emax = basal + USUAL_PARTIAL * (100 - basal)
    ratio = one["antagonist"] or (1.0 if one["drug"] is Drug.NONCOMPETITIVE else 9.0)
    return Agent(one["drug"], one["ec50"], emax, one["hill"], ratio, basal)


KIND = FigureKind(
    "dose_response",
    DoseResponse,
    draw,
    "Effect against the logarithm of dose for up to four curves: agonist, with a competitive or noncompetitive antagonist,"
    " partial or inverse agonist; or the share of patients who respond.",
    "dose_response drug=agonist,competitive,noncompetitive",
)

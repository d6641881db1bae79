"""Blood flow, shock, dead space, breathing of pure oxygen, and doses by clearance and by halvings.

Sources:
    Flow by the mass of hemoglobin that gives up its oxygen: Callan P, Clark AL. Heart 2016;102:147-157.
    Ratio of right atrial to wedge pressure: van Diepen S et al. Circulation 2017;136:e232-e268.
    Dead space as what dilutes alveolar gas: Robertson HT. Eur Respir J 2015;45:1704-1716.
    Shunted share of the flow by oxygen contents: Petersson J, Glenny RW. Eur Respir J 2014;44:1023-1041.
    Normal gradient of oxygen: Mellemgaard K. Acta Physiol Scand 1966;67:10-20.
    Clearance and half-life: Buxton ILO. In: Goodman & Gilman's The Pharmacological Basis of Therapeutics, 13th ed. 2018.
"""

from __future__ import annotations

from math import log2

from tests.bank.models.solvers.gases import saturation_of
from tests.bank.models.solvers.paper import Paper, Solver

OXYGEN_ML_PER_G = 1.36
OXYGEN_ML_PER_DL_MMHG = 0.0031
TAKEN_UP_ML_PER_DL = 5.0  # by the tissues at rest
DRY_MMHG = 713
MINUTES_A_DAY = 1440


def output_by_oxygen(paper: Paper) -> str:
    """cardiovascular-m002: how many grams of hemoglobin pass in a minute, and in how many liters they are."""
    assert paper.says("no step-up of oxygen saturation")
    unloaded = paper.cell("Oxygen saturation, radial artery") - paper.cell("Oxygen saturation, pulmonary artery")
    grams = 100 * paper.cell("Oxygen consumption") / (OXYGEN_ML_PER_G * unloaded)
    output = grams / (10 * paper.cell("Hemoglobin"))
    assert 25 < 1000 * output / paper.number("Pulse is #/min") < 125  # a stroke, mL
    return paper.nearest(output)


def shock(paper: Paper) -> str:
    """cardiovascular-m003: resistance first, then where the pressure is held up."""
    arterial, atrium = paper.row("Mean arterial pressure")[0], paper.row("Mean right atrial pressure")[0]
    systolic, diastolic = paper.row("Pulmonary artery pressure")[:2]
    wedge, output = paper.row("Pulmonary artery wedge pressure")[0], paper.row("Cardiac output")[0]
    assert atrium < systolic > diastolic >= wedge
    if (arterial - atrium) / output < 9:
        assert paper.row("Mixed venous oxygen saturation")[0] > 70
        return paper.letter("Septic shock")
    assert output < 3.5
    if diastolic - wedge > 10:
        return paper.letter("Massive pulmonary embolism")
    if atrium < 6:
        assert wedge < 8
        return paper.letter("Bleeding into a body cavity")
    if atrium / wedge < 0.63:
        return paper.letter("Left ventricular failure")
    if diastolic >= atrium:
        assert diastolic - atrium <= 4
        return paper.letter("Cardiac tamponade")
    assert (systolic - diastolic) / atrium < 1
    return paper.letter("Right ventricular infarction")


def dead_space(paper: Paper) -> str:
    """respiratory-m001: how far alveolar gas is diluted tells how much of a breath is alveolar."""
    breath, expired = paper.cell("Tidal volume"), paper.cell("PCO2 of mixed expired gas")
    made = breath * paper.number("delivers # breaths/min") * expired / 863
    assert 140 < made < 270  # carbon dioxide, mL/min
    return paper.nearest(breath - breath * expired / paper.cell("PaCO2"))


def content(oxygen: float) -> float:
    """Oxygen in blood of normal hemoglobin at normal pH, mL/dL."""
    return OXYGEN_ML_PER_G * 15 * saturation_of(oxygen, 7.4) / 100 + OXYGEN_ML_PER_DL_MMHG * oxygen


def pure_oxygen(paper: Paper) -> str:
    """respiratory-m002: share of the flow that passes by, then the drop on walking, then the gradient for the age."""
    resting, walking, pure = paper.row("PaO2")
    carbon, _, carbon_pure = paper.row("PaCO2")
    missing = content(DRY_MMHG - carbon_pure) - content(pure)
    if missing / (missing + TAKEN_UP_ML_PER_DL) > 0.15:
        return paper.letter("Right-to-left shunt past ventilated alveoli")
    if resting - walking > 12:
        assert paper.number("is #% of predicted") < 60
        return paper.letter("Diffusion limitation")
    alveolar = 0.21 * DRY_MMHG - carbon * (0.21 + 0.79 / 0.8)
    wide = alveolar - resting > 2.5 + 0.21 * paper.number("#-year-old") + 6
    if carbon > 45:
        both, alone = "Hypoventilation and ventilation-perfusion mismatch", "Hypoventilation alone, with healthy lungs"
        return paper.letter(both if wide else alone)
    assert wide
    return paper.letter("Ventilation-perfusion mismatch alone")


def dose_by_clearance(paper: Paper) -> str:
    """multisystem-m010: what is cleared in a day, shared out among the doses of the day."""
    cleared_l = paper.cell("Clearance from plasma") * MINUTES_A_DAY / 1000
    swallowed_mg = cleared_l * paper.number("concentration of # mg/L") * 100 / paper.cell("Oral bioavailability")
    return paper.nearest(swallowed_mg * paper.number("taken every # hours") / 24)


def wait_by_halvings(paper: Paper) -> str:
    """multisystem-m011: halvings an hour, and halvings that are still to come."""
    (start, first), (later, second) = paper.row("First"), paper.row("Second")
    wanted = paper.number("has fallen to #")
    return paper.nearest((log2(second) - log2(wanted)) * (later - start) / (log2(first) - log2(second)))


SOLVERS: dict[str, Solver] = {
    "cardiovascular-m002": output_by_oxygen,
    "cardiovascular-m003": shock,
    "respiratory-m001": dead_space,
    "respiratory-m002": pure_oxygen,
    "multisystem-m010": dose_by_clearance,
    "multisystem-m011": wait_by_halvings,
}

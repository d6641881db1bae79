"""Acid-base status and gas exchange, by the base excess and by other formulas than those of the models.

Sources:
    Base excess: Clinical and Laboratory Standards Institute C46-A2, with a hemoglobin of 5 g/dL in the extracellular fluid.
    Its parts: Story DA, Morimatsu H, Bellomo R. Br J Anaesth 2004;92:54-60.
    Compensation by base excess: Schlichtig R, Grogono AW, Severinghaus JW. Crit Care Med 1998;26:1173-1179.
    Osmolality: Dorwart WV, Chalmers L. Clin Chem 1975;21:190-194; ethanol: Purssell RA et al. Ann Emerg Med 2001;38:653-659.
    Saturation: Severinghaus JW. J Appl Physiol 1979;46:599-602.
    Normal gradient of oxygen: Mellemgaard K. Acta Physiol Scand 1966;67:10-20.
"""

from __future__ import annotations

from tests.bank.models.solvers.paper import Paper, Solver

BAND = 5.0  # mm Hg, or mEq/L of base excess, that compensation may be off
NORMAL_STRONG_ION_DIFFERENCE = 38  # sodium less chloride, mEq/L
NORMAL_ALBUMIN_G_PER_DL = 4.2
WATER_VAPOR_MMHG = 47
INSPIRED_OXYGEN = 0.21
EXCHANGE_RATIO = 0.8


def base_excess(ph: float, bicarbonate: float) -> float:
    """Of the extracellular fluid, mEq/L."""
    return 0.93 * (bicarbonate - 24.4 + 14.83 * (ph - 7.4))


def _gas(paper: Paper) -> tuple[float, float, float]:
    """Base excess, PaCO2 (mm Hg) and pH; pH, PaCO2 and bicarbonate must be ones that a sample can have together."""
    bicarbonate, carbon_dioxide, ph = paper.cell("Serum bicarbonate"), paper.cell("PaCO2"), paper.cell("Arterial pH")
    assert abs(10 ** (ph - 6.1) * 0.0307 * carbon_dioxide / bicarbonate - 1) < 0.05
    return base_excess(ph, bicarbonate), carbon_dioxide, ph


def gap_with_low_albumin(paper: Paper) -> str:
    """renal-m010: base excess = that of sodium and chloride + that of albumin + that of unmeasured ions."""
    excess, carbon_dioxide, _ = _gas(paper)
    measured = paper.cell("Serum sodium") - paper.cell("Serum chloride") - NORMAL_STRONG_ION_DIFFERENCE
    measured += 2.5 * (NORMAL_ALBUMIN_G_PER_DL - paper.cell("Serum albumin"))
    unmeasured = excess - measured
    assert carbon_dioxide > 40 + excess - BAND  # no respiratory alkalosis, which no option has
    if unmeasured > -2.5:
        return paper.letter("Normal anion gap metabolic acidosis alone")
    if carbon_dioxide > 40 + excess + BAND:
        return paper.letter("High anion gap metabolic acidosis and respiratory acidosis")
    if measured < -4.5:
        return paper.letter("High anion gap and normal anion gap metabolic acidosis")
    if measured > 5:
        return paper.letter("High anion gap metabolic acidosis and metabolic alkalosis")
    return paper.letter("High anion gap metabolic acidosis alone")


def drowsy_with_lung_disease(paper: Paper) -> str:
    """renal-m011: chronic retention has a base excess of 0.4 for each mm Hg, an acute one none; and what was a month ago."""
    excess, carbon_dioxide, _ = _gas(paper)
    retained = carbon_dioxide - 40
    before = paper.cell("Serum bicarbonate a month ago")
    if excess < -BAND:
        return paper.letter("Respiratory acidosis and metabolic acidosis")
    if abs(retained - 0.6 * excess) < BAND:
        return paper.letter("Metabolic alkalosis with respiratory compensation")
    if abs(excess) < 3:
        assert before <= 26
        return paper.letter("Acute respiratory acidosis alone")
    assert before >= 29
    if abs(excess - 0.4 * retained) < 4:
        return paper.letter("Chronic respiratory acidosis alone")
    return paper.letter("Respiratory acidosis and metabolic alkalosis")


def alkalosis_and_urine_chloride(paper: Paper) -> str:
    """renal-m012: compensation raises the PaCO2 by 0.6 of the base excess; chloride is kept where the stomach lost it."""
    excess, carbon_dioxide, _ = _gas(paper)
    off = carbon_dioxide - 40 - 0.6 * excess
    loss = "Loss of gastric acid" if paper.cell("Urine chloride") < 20 else "Renal loss of chloride"
    if abs(off) < BAND:
        return paper.letter(f"{loss}, with respiratory compensation alone")
    return paper.letter(f"{loss}, and respiratory {'acidosis' if off > 0 else 'alkalosis'}")


def saturation_of(oxygen: float, ph: float) -> float:
    """Percent, of normal hemoglobin at this PaO2 (mm Hg) and pH."""
    at_normal_ph = oxygen * 10 ** (0.48 * (ph - 7.4))
    return 100 / (1 + 23400 / (at_normal_ph**3 + 150 * at_normal_ph))


def low_saturation(paper: Paper) -> str:
    """multisystem-m030: the whole alveolar equation, and the saturation that the PaO2 goes with."""
    ph, carbon_dioxide, oxygen = paper.cell("pH"), paper.cell("PaCO2"), paper.cell("PaO2")
    if saturation_of(oxygen, ph) - paper.number("saturation of #%") > BAND:
        return paper.letter("Hemoglobin that cannot bind oxygen")
    inspired = INSPIRED_OXYGEN * (paper.cell("Barometric pressure") - WATER_VAPOR_MMHG)
    alveolar = inspired - carbon_dioxide * (INSPIRED_OXYGEN + (1 - INSPIRED_OXYGEN) / EXCHANGE_RATIO)
    impaired = alveolar - oxygen > 2.5 + 0.21 * paper.number(r"#-year-old") + 10
    if carbon_dioxide > 45:
        both, alone = "Impaired gas exchange with hypoventilation", "Hypoventilation without impaired gas exchange"
        return paper.letter(both if impaired else alone)
    if impaired:
        return paper.letter("Impaired gas exchange without hypoventilation")
    assert inspired < 120
    return paper.letter("Low inspired pressure of oxygen alone")


def unlabeled_bottles(paper: Paper) -> str:
    """multisystem-m031: osmoles and ions that were not measured, and what the ketones are."""
    excess, carbon_dioxide, _ = _gas(paper)
    osmoles = 1.86 * paper.cell("Serum sodium") + paper.cell("Serum glucose") / 18 + paper.cell("Serum urea nitrogen") / 2.8 + 9
    ethanol = paper.cell("Serum ethanol") / 3.7
    unmeasured = paper.cell("Serum osmolality") - osmoles - ethanol
    ions = paper.cell("Serum sodium") - paper.cell("Serum chloride") - paper.cell("Serum bicarbonate")
    if paper.cell("Serum β-hydroxybutyrate") > 3:
        assert unmeasured < 20
        return paper.letter("Alcoholic ketoacidosis")
    if ions > 16:
        if unmeasured > 20:
            assert abs(carbon_dioxide - 40 - excess) < BAND
            return paper.letter("Ethylene glycol poisoning")
        assert carbon_dioxide < 40 + excess - BAND
        return paper.letter("Salicylate poisoning")
    if unmeasured > 20:
        assert paper.says(r"nitroprusside\) \| [1-4]\+")
        return paper.letter("Isopropyl alcohol poisoning")
    assert ethanol > 20
    return paper.letter("Ethanol intoxication")


SOLVERS: dict[str, Solver] = {
    "renal-m010": gap_with_low_albumin,
    "renal-m011": drowsy_with_lung_disease,
    "renal-m012": alkalosis_and_urine_chloride,
    "multisystem-m030": low_saturation,
    "multisystem-m031": unlabeled_bottles,
}

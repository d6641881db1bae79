"""Kidneys and calcium, by other formulas than those of the models.

Sources:
    Renal failure index: Miller TR et al. Ann Intern Med 1978;89:47-50. Urea: Carvounis CP, Nisar S, Guro-Razuman S.
    Kidney Int 2002;62:2223-2229, here by the ratios of urine to serum.
    Creatinine made in a day, 28 mg/kg less 0.2 for each year of age: Cockcroft DW, Gault MH. Nephron 1976;16:31-41.
    Dose: prescribing information of enoxaparin, half as often below a clearance of 30 mL/min.
    Calcium and albumin: Payne RB et al. Br Med J 1973;4:643-646 (calcium - albumin + 4.0).
"""

from __future__ import annotations

from tests.bank.models.solvers.paper import Paper, Solver

MINUTES_A_DAY = 1440
LOW_CLEARANCE_ML_PER_MIN = 30
NORMAL_CALCIUM_MG_PER_DL = (8.5, 10.5)


def kidney_injury_after_an_operation(paper: Paper) -> str:
    """renal-m015: the renal failure index, or the share of the urea that is excreted after a diuretic."""
    (creatinine, urine_creatinine), (urea, urine_urea) = paper.row("Creatinine"), paper.row("Urea nitrogen")
    concentrated = urine_creatinine / creatinine
    if paper.says("Furosemide was given"):
        kept = urine_urea / urea / concentrated < 0.35
    else:
        assert paper.says("No diuretic has been given")
        kept = paper.row("Sodium")[1] / concentrated < 1
    low, tubular = "Decreased renal perfusion without tubular injury", "Acute tubular necrosis after low blood pressure"
    return paper.letter(low if kept else tubular)


def dose_of_enoxaparin(paper: Paper) -> str:
    """renal-m016: the clearance is the creatinine made in a minute over that of the serum; 1 mg/kg, by it."""
    weight_kg = paper.number(r"weighs # kg")
    made_mg_a_day = weight_kg * (28 - 0.2 * paper.number(r"#-year-old")) * (0.85 if paper.says("-year-old woman") else 1)
    clearance = 100 * made_mg_a_day / MINUTES_A_DAY / paper.number(r"serum creatinine is # mg/dL")
    assert abs(clearance - LOW_CLEARANCE_ML_PER_MIN) > 3
    hours = 12 if clearance > LOW_CLEARANCE_ML_PER_MIN else 24
    return paper.letter(f"{weight_kg:.0f} mg every {hours} hours")


def arterioles(paper: Paper) -> str:
    """renal-m017: plasma flow, and the filtered share of it, in which the flow of urine and so its error fall out."""
    flow, inulin, urine_inulin = (paper.row(name) for name in ("Urine flow", "Plasma inulin", "Urine inulin"))
    pah, urine_pah = paper.row("Plasma PAH"), paper.row("Urine PAH")
    before, during = (flow[n] * urine_pah[n] / pah[n] for n in (0, 1))
    share_before, share_during = (urine_inulin[n] / inulin[n] * pah[n] / urine_pah[n] for n in (0, 1))
    assert 0.15 < share_before < 0.25
    plasma, share = _direction(during / before), _direction(share_during / share_before)
    effects = {
        (-1, 0): "Constriction of the afferent arterioles",
        (-1, 1): "Constriction of the efferent arterioles",
        (0, -1): "Decrease of the filtration coefficient",
        (1, 0): "Dilation of the afferent arterioles",
        (1, -1): "Dilation of the efferent arterioles",
    }
    return paper.letter(effects[plasma, share])


def _direction(ratio: float) -> int:
    return 0 if abs(ratio - 1) < 0.1 else 1 if ratio > 1 else -1


def calcium_and_albumin(paper: Paper) -> str:
    """endocrine-m011: calcium as it would be with a normal albumin, and whether the parathyroids answer to it."""
    calcium = paper.cell("Serum calcium") - paper.cell("Serum albumin") + 4
    hormone = paper.cell("Parathyroid hormone")
    least, most = paper.number(r"intact \(normal #-"), paper.number(r"intact \(normal [0-9]+-#\)")
    low, high = NORMAL_CALCIUM_MG_PER_DL
    if calcium < low:
        assert not least <= hormone <= most
        assert (hormone > most) == (paper.cell("Serum phosphorus") < 2.7)
        return paper.letter("Vitamin D deficiency" if hormone > most else "Hypoparathyroidism")
    if calcium > high:
        return paper.letter("independent of parathyroid hormone" if hormone < least else "Primary hyperparathyroidism")
    assert least <= hormone <= most
    return paper.letter("Low albumin without a disorder of calcium")


SOLVERS: dict[str, Solver] = {
    "renal-m015": kidney_injury_after_an_operation,
    "renal-m016": dose_of_enoxaparin,
    "renal-m017": arterioles,
    "endocrine-m011": calcium_and_albumin,
}

"""Suspected pulmonary embolism by points, and parenteral nutrition by weights of what is in the bags.

Sources:
    Two-level score: Wells PS et al. Thromb Haemost 2000;83:416-420.
    Its use with D-dimer: Raja AS et al. Ann Intern Med 2015;163:701-711.
    Energy of dextrose monohydrate, amino acids and 20% lipid emulsion: Singer P et al. Clin Nutr 2009;28:387-400.
"""

from __future__ import annotations

from tests.bank.models.solvers.paper import Paper, Solver

POINTS = (
    (r"(?:He|She) had a deep venous thrombosis", 1.5),
    (r"(?:colectomy for diverticulitis|hip replacement) [1-4] weeks ago", 1.5),
    (r"receives chemotherapy for", 1.0),
    (r"has coughed up a little blood", 1.0),
    (r"pulmonary embolism more likely than any other|pulmonary embolism as the most likely", 3.0),
)
DEXTROSE_KCAL_PER_G = 3.4
AMINO_ACIDS_KCAL_PER_G = 4.0
LIPID_20_KCAL_PER_ML = 2.0


def suspected_embolism(paper: Paper) -> str:
    """cardiovascular-m010: over 4 points are imaged, whatever the D-dimer; others need a D-dimer, and no more if it is low."""
    assert paper.says("legs are not swollen or tender")
    points = sum(worth for pattern, worth in POINTS if paper.says(pattern))
    points += 1.5 if paper.number("pulse is #/min") > 100 else 0.0
    if points > 4:
        assert paper.says("X-ray of the chest and serum creatinine concentration are normal")
        if paper.says("anaphylactic reaction with shock after intravenous iodinated contrast"):
            return paper.letter("Ventilation-perfusion lung scan")
        return paper.letter("CT angiography of the chest")
    if paper.says("D-dimer has not been measured|No D-dimer result is available"):
        return paper.letter("Measurement of plasma D-dimer")
    assert paper.number("is # ng/mL") < 500
    return paper.letter("No further test for pulmonary embolism")


def parenteral_nutrition(paper: Paper) -> str:
    """multisystem-m040: what each part weighs."""
    bag_l = paper.cell("Bag of dextrose with amino acids") / 1000
    dextrose_g, amino_acids_g = bag_l * 10 * paper.cell("Dextrose"), bag_l * 10 * paper.cell("Amino acids")
    weight_kg = paper.number("weighs # kg")
    assert 0.8 <= amino_acids_g / weight_kg <= 2.2
    assert dextrose_g * 1000 / 1440 / weight_kg < 5  # mg/kg/min, above which the liver makes fat of it
    if paper.says("amount of protein"):
        wanted = amino_acids_g
    else:
        assert paper.says("total energy")
        lipid_kcal = paper.cell("20% lipid emulsion") * LIPID_20_KCAL_PER_ML
        wanted = dextrose_g * DEXTROSE_KCAL_PER_G + amino_acids_g * AMINO_ACIDS_KCAL_PER_G + lipid_kcal
    answer = paper.nearest(wanted)
    assert abs(float(dict(paper.options)[answer].split()[0].replace(",", "")) - wanted) < 1
    return answer


SOLVERS: dict[str, Solver] = {"cardiovascular-m010": suspected_embolism, "multisystem-m040": parenteral_nutrition}

"""Rates of fluid and changes of serum sodium, by other formulas than those of the models, or from the compartments.

Sources:
    Maintenance by the hour (4, 2 and 1 mL for each kilogram): Holliday MA, Segar WE. Pediatrics 1957;19:823-832, divided by 24.
    Nines of the body surface: Advanced Burn Life Support Course, American Burn Association, provider manual 2018.
    Change of sodium for each liter: Adrogue HJ, Madias NE. N Engl J Med 2000;342:1493-1499.
    Limits of correction: Verbalis JG et al. Am J Med 2013;126(10 Suppl 1):S1-S42.
    Sodium and glucose: the compartments as in Katz MA. N Engl J Med 1973;289:843-844; the upper bound of 2.4 mEq/L for each
    100 mg/dL: Hillier TA et al. Am J Med 1999;106:399-403.
"""

from __future__ import annotations

import re

from tests.bank.models.solvers.paper import Paper, Solver

SLOW_FALL_MEQ_A_DAY = 10
MOST_RISE_MEQ_A_DAY = 8  # with alcohol use, low potassium and poor food
BODY_WATER_L = 35
OUTSIDE_CELLS_L, INSIDE_CELLS_L = 14, 28


def drip_of_a_child(paper: Paper) -> str:
    """gastrointestinal-m010: the rule of the hour for maintenance, and half of what is left of the deficit over 8 hours."""
    before, now = paper.number(r"last week s?he weighed # kg"), paper.number(r"given, s?he weighed # kg;")
    hourly = 4 * min(before, 10) + 2 * min(max(before - 10, 0), 10) + max(before - 20, 0)
    left = 1000 * (before - now) - paper.number(r"given # mL of isotonic saline")
    assert left > 0
    return paper.nearest(hourly + left / 2 / 8)


def nines(words: str) -> int:
    """How many nines of the surface of an adult the parts named in these words are."""
    found = 0
    for part in re.split(r" and (?=the|both)", words):
        sides = 2 if "both" in part else 1
        whole = {"trunk": 4, "arm": 1, "leg": 2}[re.findall("trunk|arm|leg", part)[0]]
        one_face = re.search("front|back", part) is not None
        found += sides * whole // (2 if one_face else 1)
    return found


def drip_after_a_burn(paper: Paper) -> str:
    """multisystem-m032: half of the volume by the eighth hour after the fire; red, dry skin that blanches is left out."""
    deep = nines(paper.words(r"Over ([^.]*?) the skin is blistered"))
    red = nines(paper.words(r"without feeling\. Over ([^.]*?) it is red, dry"))
    assert deep + red <= 11
    half = paper.number(r"weighs # kg") * 9 * deep * paper.number(r"begins with # mL for each kilogram") / 2
    hours_left = 8 - paper.number(r"department # hours? after")
    return paper.nearest((half - paper.number(r"given # mL of lactated")) / hours_left)


def water_for_high_sodium(paper: Paper) -> str:
    """renal-m013: liters of water, each of which changes sodium by sodium / (body water + 1), for 10 mEq/L in a day."""
    sodium = paper.number(r"Serum sodium is # mEq/L")
    assert paper.number(r"drowsy over # days") >= 2  # chronic: it is corrected slowly
    water_l = paper.number(r"weighs # kg") * paper.number(r"estimated at #%") / 100
    liters = SLOW_FALL_MEQ_A_DAY / (sodium / (water_l + 1))
    return paper.nearest(1000 * liters / 24)


def sodium_that_rises(paper: Paper) -> str:
    """renal-m014: what has risen, and what a urine without much solute would add in the rest of the first day."""
    first, now = paper.number(r"sodium was # mEq/L"), paper.cell("Serum sodium")
    risen = now - first
    if paper.says("does not open the eyes to voice|another generalized seizure"):
        assert risen < 4
        return paper.letter("3% saline, as a second bolus of 100 mL over 10 minutes")
    if risen > MOST_RISE_MEQ_A_DAY:
        return paper.letter("Desmopressin and 5% dextrose in water, to lower serum sodium")
    # at most half of the osmoles of urine are sodium and potassium; the rest of it is water lost
    water_l_an_hour = paper.cell("Urine output") / 1000 * (1 - paper.cell("Urine osmolality") / 2 / now)
    hours_left = 24 - paper.number(r"admitted # hours? ago")
    if risen + now * water_l_an_hour / BODY_WATER_L * hours_left > MOST_RISE_MEQ_A_DAY:
        return paper.letter("Desmopressin, to hold serum sodium where it is")
    return paper.letter("No change, and serum sodium again in 2 to 4 hours")


def sodium_when_glucose_falls(sodium: float, glucose: float, later: float) -> float:
    """Serum sodium (mEq/L) after glucose (mg/dL) has left the water outside cells, nothing else having come or gone."""
    all_water = OUTSIDE_CELLS_L + INSIDE_CELLS_L
    salt = 2 * sodium * OUTSIDE_CELLS_L
    inside = (2 * sodium + glucose / 18) * INSIDE_CELLS_L
    low, high = sodium, sodium + 40
    for _ in range(60):
        middle = (low + high) / 2
        outside_l = salt / 2 / middle
        balanced = (2 * middle + later / 18) * (all_water - outside_l) > inside
        low, high = (low, middle) if balanced else (middle, high)
    return low


def sodium_in_hyperglycemia(paper: Paper) -> str:
    """endocrine-m010: against the compartments below, and the steepest published slope above, each with 2 mEq/L to spare."""
    (before, now), (glucose, later) = paper.row("Serum sodium"), paper.row("Serum glucose")
    least = sodium_when_glucose_falls(before, glucose, later)
    most = before + 2.4 * (glucose - later) / 100
    assert least < most
    if now > most + 2:
        return paper.letter("Fall of glucose, with a loss of water relative to solute")
    if now < least - 2:
        return paper.letter("Fall of glucose, with a gain of water relative to solute")
    return paper.letter("Fall of glucose alone, with water moving back into cells")


SOLVERS: dict[str, Solver] = {
    "gastrointestinal-m010": drip_of_a_child,
    "multisystem-m032": drip_after_a_burn,
    "renal-m013": water_for_high_sodium,
    "renal-m014": sodium_that_rises,
    "endocrine-m010": sodium_in_hyperglycemia,
}

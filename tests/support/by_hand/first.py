"""The first three models: acid-base, number needed to treat, loading dose."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from bedside.bank import Item
from tests.support.by_hand import ByHand, cell, number


def winter(item: Item) -> str:
    """The acid-base status, by tolerance bands instead of what was drawn."""
    stem = item.stem
    sodium, chloride, bicarbonate = (int(cell(stem, f"Serum {name}")) for name in ("sodium", "chloride", "bicarbonate"))
    carbon_dioxide, ph = int(cell(stem, "PaCO2")), float(cell(stem, "Arterial pH"))
    assert 10 ** (ph - 6.1) == pytest.approx(bicarbonate / (0.03 * carbon_dioxide), rel=0.013)  # the three agree
    gap = "High" if sodium > chloride + bicarbonate + 12 else "Normal"
    away = 2 * carbon_dioxide - 3 * bicarbonate - 16  # twice the distance from Winter's value
    tail = (
        "with respiratory compensation alone"
        if -4 <= away <= 4
        else f"and respiratory {'acidosis' if away > 0 else 'alkalosis'}"
    )
    return f"{gap} anion gap metabolic acidosis {tail}"


def needed_to_treat(item: Item) -> str:
    """People of a group for each event that the drug prevents there."""
    rows = {
        name: (int(a), int(b)) for name, a, b in re.findall(r"^\| (Drug|Placebo) \| (\d+) \| (\d+) \|", item.stem, flags=re.M)
    }
    risks = {name: Fraction(a, a + b) for name, (a, b) in rows.items()}
    assert sum(map(sum, rows.values())) == int(number(r"Half of the ([0-9,]+) participants", item.stem))
    needed = 1 / (risks["Placebo"] - risks["Drug"])
    assert needed.denominator == 1
    return str(needed.numerator)


def loading_dose(item: Item) -> str:
    """The dose whose available part, spread over the volume, has the target concentration."""
    stem = item.stem
    volume = Fraction(cell(stem, "Volume of distribution")) * int(number(r"weighs (\d+) kg", stem))
    available = Fraction(cell(stem, "Oral bioavailability")) / 100
    target = int(number(r"should reach (\d+) mg/L", stem))
    clearance, half_life = float(cell(stem, "Clearance")), float(cell(stem, "Elimination half-life"))
    assert clearance * half_life / 0.6931 == pytest.approx(float(volume), rel=0.02)  # the table agrees with itself

    def off(text: str) -> float:
        return abs(float(int(text.removesuffix(" mg").replace(",", "")) * available / volume) / target - 1)

    best = min((option.text for option in item.options), key=off)
    assert off(best) < 0.01
    return best


BY_HAND: ByHand = {
    "renal-m001": winter,
    "biostatistics-m001": needed_to_treat,
    "multisystem-m001": loading_dose,
}

"""The steps of a dossier: each index with its formula, its source, and the figures that go in and come out."""

from __future__ import annotations

from typing import Any

import numpy as np

from bedside.measure.integrity.search import Misconduct
from bedside.measure.integrity.similarity import N_TESTS, SimilarPairs

Step = dict[str, Any]


def pair_steps(found: Misconduct, pairs: SimilarPairs, n: int) -> tuple[list[Step], list[dict[str, Any]]]:
    """Of one pair: the steps, and a row for each item that both answered."""
    a, b = int(pairs.a[n]), int(pairs.b[n])
    rows = _pair_rows(found, a, b)
    nominal = found.fits.nominal
    steps = [
        _step(
            "Ability and the chance of each option",
            "P(option k) = exp(slope_k θ + intercept_k) / Σ exp(slope θ + intercept); θ is the mean of the person's posterior",
            "Bock (1972), nominal response model" if found.exam.by_choice else "two-parameter logistic model",
            theta_first=nominal.theta[a],
            theta_second=nominal.theta[b],
        ),
        _step(
            "Answers alike, and how many were to be expected",
            "expected = Σ over items of Σ over options of P(first takes it) P(second takes it)",
            "van der Linden & Sotaridona (2006)",
            common=pairs.common[n],
            matches=pairs.matches[n],
            expected=pairs.expected[n],
            same_wrong=pairs.same_wrong[n],
            expected_wrong=pairs.expected_wrong[n],
            excess=pairs.excess[n],
        ),
        *_pair_tests(pairs, n),
    ]
    return steps, rows


def _pair_tests(pairs: SimilarPairs, n: int) -> list[Step]:
    return [
        _step(
            "ω: one's answers given the other's",
            "ω = (matches − Σ P) / √Σ P(1 − P), P the chance that the one takes the option the other took; p = 2 × the upper"
            " tail of the standard normal at the larger ω",
            "Wollack (1997)",
            omega_first_copied=pairs.omega_ab[n],
            omega_second_copied=pairs.omega_ba[n],
            p_omega=pairs.p_omega[n],
        ),
        _step(
            "GBT: the exact tail of the number of matches",
            "p = P(at least so many matches) of independent items with the chances in the column “chance alike”",
            "van der Linden & Sotaridona (2006)",
            p_gbt=pairs.p_gbt[n],
        ),
        _step(
            "M4: matches in right and in wrong answers together",
            "p = the chance of all points (right, wrong) for which P(at least so many of both) is as small as here",
            "Maynes (2014)",
            same_right=pairs.matches[n] - pairs.same_wrong[n],
            same_wrong=pairs.same_wrong[n],
            p_m4=pairs.p_m4[n],
        ),
        _step(
            "All comparisons counted",
            "p = 3 × the smallest of the three; adjusted p = the smallest, from this rank on, of p × pairs / rank",
            "Bonferroni; Benjamini & Hochberg (1995)",
            n_indices=N_TESTS,
            p=pairs.p[n],
            n_pairs=pairs.n_pairs,
            rank=int(np.sum(pairs.p <= pairs.p[n])),
            p_adjusted=pairs.p_adjusted[n],
            omega_mean_of_all_pairs=pairs.omega_mean,
            omega_sd_of_all_pairs=pairs.omega_sd,
        ),
    ]


def _pair_rows(found: Misconduct, a: int, b: int) -> list[dict[str, Any]]:
    exam = found.exam
    nominal = found.fits.nominal
    # in 32 bits, as the pairs were compared
    p_a, p_b = nominal.probabilities(nominal.theta[[a, b]]).astype(np.float32).astype(np.float64)
    rows = []
    for item, name in enumerate(exam.items):
        u, v, k = (int(place) for place in (exam.options[a, item], exam.options[b, item], exam.key[item]))
        if u < 0 or v < 0:
            continue
        alike = float(p_a[item] @ p_b[item])
        right = float(p_a[item, k] * p_b[item, k]) if k >= 0 else 0.0
        rows.append(
            {
                "item": name,
                "first": exam.choices[u],
                "second": exam.choices[v],
                "key": exam.choices[k] if k >= 0 else None,
                "alike": u == v,
                "chance_alike": alike,
                "chance_alike_right": right,
                "chance_first_takes_seconds": float(p_a[item, v]),
                "chance_second_takes_firsts": float(p_b[item, u]),
            }
        )
    return rows


def person_steps(found: Misconduct, person: int) -> tuple[list[Step], list[dict[str, Any]]]:
    """Of one person: the steps, and a row for each item that was answered."""
    fits = found.fits
    steps = [
        _step(
            "Person fit lz*",
            "lz* = (Σ (x − P) w − c θ) / √Σ P(1 − P) (w − c r)²; w = ln P/(1 − P), r = a, c = Σ P′w / Σ P′r, P by the 2PL at θ",
            "Snijders (2001)",
            theta=fits.fit.theta[person],
            lz_star=fits.fit.lz_star[person],
        )
    ]
    if fits.fast is not None and fits.times is not None:
        steps.append(
            _step(
                "Right answers among the item's fastest",
                "p = P(at least so many of the right answers) by the binomial distribution with chance 0.05",
                "after Meijer & Sotaridona (2006)",
                n_right=fits.fast.n_right[person],
                n_fast=fits.fast.count[person],
                p_binomial=fits.fast.p[person],
            )
        )
        steps.append(
            _step(
                "Speed",
                "speed = Σ (demand − ln t)/noise² / (1/sd² + Σ 1/noise²), compared with others of the same ability",
                "van der Linden (2006)",
                speed=fits.times.speed[person],
                sd_of_speeds=fits.times.speed_sd,
            )
        )
    if fits.leaked is not None:
        steps.append(_leaked_step(found, person))
    steps.append(_person_total(found, person))
    return steps, _person_rows(found, person)


def _leaked_step(found: Misconduct, person: int) -> Step:
    leaked = found.fits.leaked
    assert leaked is not None
    return _step(
        "The compromised items against the others",
        "score z = ±√(2 (ℓ_leaked(θ₁) + ℓ_others(θ₂) − ℓ_all(θ))) at the maxima between −5 and 5; time z = the score test of"
        " a shift of the times; joined = (score z − time z)/√2",
        "Sinharay (2017); Belov (2014) for the shift of the posterior",
        score_z=leaked.score_z[person],
        time_z=leaked.time_z[person],
        joined_z=leaked.z[person],
        gain=leaked.gain[person],
        theta_from_others=leaked.others_theta[person],
    )


def _person_total(found: Misconduct, person: int) -> Step:
    tests: dict[str, Any] = {}
    for index in found.indices:
        tests[f"z_{index.name}"] = index.z[person]
        tests[f"centre_{index.name}"] = index.centre
        tests[f"spread_{index.name}"] = index.spread
        tests[f"p_{index.name}"] = index.p[person]
    return _step(
        "All comparisons counted",
        "p of an index = upper tail of the standard normal at (z − centre)/spread, which only widen it; p = the smallest × how"
        " many there are; adjusted p over all persons",
        "Efron (2004); Bonferroni; Benjamini & Hochberg (1995)",
        **tests,
        p=found.p[person],
        n_persons=len(found.exam.persons),
        rank=int(np.nansum(found.p <= found.p[person])),
        p_adjusted=found.p_adjusted[person],
    )


def _person_rows(found: Misconduct, person: int) -> list[dict[str, Any]]:
    exam, fits = found.exam, found.fits
    rows = []
    for item, name in enumerate(exam.items):
        if np.isnan(exam.table[person, item]):
            continue
        option, k = int(exam.options[person, item]), int(exam.key[item])
        row: dict[str, Any] = {
            "item": name,
            "answer": exam.choices[option] if option >= 0 else None,
            "key": exam.choices[k] if k >= 0 else None,
            "right": bool(exam.table[person, item] == 1),
            "discrimination": fits.items.discrimination[item],
            "difficulty": fits.items.difficulty[item],
            "compromised": bool(exam.leaked[item]),
        }
        if exam.log_time is not None and fits.times is not None and fits.fast is not None:
            row["seconds"] = float(np.exp(exam.log_time[person, item]))
            row["demand"] = fits.times.demand[item]
            row["noise"] = fits.times.noise[item]
            row["fast_right"] = bool(fits.fast.is_fast[person, item])
        rows.append(row)
    return rows


def _step(title: str, formula: str, source: str, **figures: Any) -> Step:
    return {"title": title, "formula": formula, "source": source, "figures": figures}

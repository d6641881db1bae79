"""Accuracy of tests, measures of studies and survival, by odds, by counting people and by walking through time.

Sources:
    Likelihood ratios and odds: Deeks JJ, Altman DG. BMJ 2004;329:168-169.
    Attributable share of all cases from the exposed share of the cases: Miettinen OS. Am J Epidemiol 1974;99:325-332.
    Measures that a design allows: Rothman KJ. Epidemiology: An Introduction. 2nd ed. Oxford, 2012.
    Survival by redistribution of the censored to the right: Efron B. Proc 5th Berkeley Symp 1967;4:831-853.
    Confidence limits of a ratio: Bland JM, Altman DG. BMJ 2003;326:219.
    Patients for a difference of means: Julious SA. Stat Med 2004;23:1921-1986.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from itertools import count
from statistics import NormalDist

from tests.bank.models.solvers.paper import Paper, Solver
from tests.bank.models.solvers.printed import exact, percent

WHOLE = Fraction(1)


def accuracy(paper: Paper) -> str:
    """biostatistics-m010: the table of four, from its margins."""
    everybody, positive, negative = (exact(paper, p) for p in ("study in which # adults", "positive in #", "negative in #"))
    true_positive, missed = exact(paper, "positive in [0-9,]+ of whom # had"), exact(paper, "negative in [0-9,]+ of whom # had")
    assert positive + negative == everybody
    diseased = true_positive + missed
    if paper.says("closest to the sensitivity"):
        return percent(paper, 1 - missed / diseased)
    assert paper.says("closest to the specificity")
    return percent(paper, 1 - (positive - true_positive) / (everybody - diseased))


def after_a_result(before: Fraction, ratio: Fraction) -> Fraction:
    """Probability after a result of this likelihood ratio."""
    odds = before / (1 - before) * ratio
    return odds / (1 + odds)


def positive_in_the_healthy(paper: Paper) -> str:
    """biostatistics-m011: the ratio is the study's, the odds before are those of people like this patient."""
    (diseased, others, hits, false) = (
        Fraction(number.replace(",", "")) for number in re.findall(r"[0-9][0-9,]*", paper.words(r"disorders, (in [^.]+)\."))
    )
    assert paper.says("the result is positive")
    before = exact(paper, "like this patient, #% had") / 100
    return percent(paper, after_a_result(before, (hits / diseased) / (false / others)))


def after_a_test(paper: Paper) -> str:
    """biostatistics-m012."""
    before, sensitivity, specificity = (
        exact(paper, p) / 100 for p in ("estimates the probability of [a-z ]+ at #%", "sensitivity of #%", "specificity of #%")
    )
    if paper.says("result in this patient is positive"):
        return percent(paper, after_a_result(before, sensitivity / (1 - specificity)))
    assert paper.says("result in this patient is negative")
    return percent(paper, after_a_result(before, (1 - sensitivity) / specificity))


def measure_of_a_design(paper: Paper) -> str:
    """biostatistics-m013: risks exist where people were followed; else only odds of exposure can be compared."""
    (a, b), (c, d) = (tuple(map(Fraction, map(int, paper.row(name)))) for name in ("Exposed", "Not exposed"))
    if paper.says("followed for"):
        assert not paper.says("chose patients with the disease")
        name, value = "Relative risk", a / (a + b) * (c + d) / c
    else:
        assert paper.says("chose patients with the disease and people of the same age without it")
        name, value = "Odds ratio", (a / c) / (b / d)
    tenths = math.floor(value * 10 + Fraction(1, 2))
    return paper.letter(f"{name} of {tenths // 10}.{tenths % 10}")


def what_an_interval_supports(paper: Paper) -> str:
    """biostatistics-m014: z of the estimate, from the width of the interval; it must stand in the middle of it."""
    limits = re.search(r"interval from (-?[0-9]+\.[0-9]+) to (-?[0-9]+\.[0-9]+)", paper.stem)
    assert limits
    low, high = float(limits[1]), float(limits[2])
    if paper.says("percentage points"):
        estimate = float(paper.words(r"minus placebo\) was (-?[0-9]+\.[0-9]+)"))
        assert abs(estimate - (low + high) / 2) < 0.011
        z = estimate / ((high - low) / 3.92)
    else:
        estimate = float(paper.words(r"(?:ratio for|relative risk of) [a-z ]+ was ([0-9]+\.[0-9]+)"))
        assert abs(math.log(estimate) - math.log(low * high) / 2) < 0.012
        z = math.log(estimate) / (math.log(high / low) / 3.92)
    assert abs(abs(z) - 1.96) > 0.15
    if abs(z) < 1.96:
        return paper.letter("A lower risk and a higher risk are both compatible with it")
    return paper.letter(f"The drug {'lowers' if z < 0 else 'raises'} the risk")


def attributable_share(paper: Paper) -> str:
    """biostatistics-m015: (RR - 1)/RR of the cases in the exposed; times their share of the cases, of all cases."""
    found = re.search(r"Of ([0-9,]+) [^;]*?, ([0-9,]+) developed [^;]*; of ([0-9,]+) [^;]*?, ([0-9,]+) did", paper.stem)
    assert found
    exposed, cases, others, cases_in_others = (Fraction(text.replace(",", "")) for text in found.groups())
    assert exposed + others == exact(paper, "population of # adults")
    ratio = (cases / exposed) / (cases_in_others / others)
    share = (ratio - 1) / ratio
    if paper.says("share of all cases in this population"):
        return percent(paper, share * cases / (cases + cases_in_others))
    assert paper.says("share of the cases in people exposed like this patient")
    return percent(paper, share)


def new_prevalence(paper: Paper) -> str:
    """biostatistics-m016: patients come in and die month by month until their number stays."""
    a_year = paper.number("has been # per 100,000 person-years")
    before, after = paper.number("mean of # years from diagnosis"), paper.number("raises this to # years")
    alive = a_year * before
    for _ in range(12 * 400):
        alive += a_year / 12 - alive / (after * 12)
    assert all(text.endswith(" per 100,000") for _, text in paper.options)
    assert abs(float(dict(paper.options)[paper.nearest(alive)].split()[0].replace(",", "")) - alive) < 0.5
    return paper.nearest(alive)


def survival_with_censoring(paper: Paper) -> str:
    """biostatistics-m017: the weight of whoever is censored goes in equal parts to all who are still followed."""
    n, first = exact(paper, "study of # patients"), exact(paper, "At 6 months after diagnosis # of them died")
    lost, second = exact(paper, "Between 6 and 12 months # were censored"), exact(paper, "at 12 months # died")
    lost_later, third = exact(paper, "12 and 18 months another # were censored"), exact(paper, "at 18 months # died")
    followed, weight, dead = n, WHOLE / n, Fraction(0)
    for censored, died in ((Fraction(0), first), (lost, second), (lost_later, third)):
        weight += weight * censored / (followed - censored)
        followed -= censored + died
        assert followed > 0
        dead += weight * died
    assert dead + weight * followed == 1
    return percent(paper, 1 - dead)


def moved_threshold(paper: Paper) -> str:
    """biostatistics-m018: both points measured in the drawing, and every option computed at several prevalences."""
    zero, one = Fraction(56), Fraction(436)
    floor, roof = Fraction(404), Fraction(24)
    assert paper.says(r'd="M56 24V404H436"')
    points = {
        name: ((Fraction(x) - zero) / (one - zero), (floor - Fraction(y)) / (floor - roof))
        for x, y, name in re.findall(
            r'<circle class="dot" cx="([\d.]+)" cy="([\d.]+)"[^>]*/><text[^>]*>([AB])</text>', paper.stem
        )
    }
    before = points[paper.words("has used the threshold at point ([AB])")]
    after = points[paper.words("use the threshold at point ([AB]) for")]
    risen = []
    for letter, name in paper.options:
        rises = {
            _of(name, after, share) > _of(name, before, share) for share in (Fraction(1, 50), Fraction(3, 10), Fraction(3, 5))
        }
        assert len(rises) == 1
        if rises == {True}:
            risen.append(letter)
    (only,) = risen
    return only


def _of(name: str, point: tuple[Fraction, Fraction], share: Fraction) -> Fraction:
    """What an option speaks of, at a point of the curve (false positives, sensitivity) and a share of the diseased."""
    false, sensitivity = point
    positive, negative = share * sensitivity + (1 - share) * false, share * (1 - sensitivity) + (1 - share) * (1 - false)
    return {
        "Area under the curve": WHOLE,
        "Prevalence of the disease": share,
        "Sensitivity": sensitivity,
        "Specificity": 1 - false,
        "False-positive results": (1 - share) * false,
        "False-negative results": share * (1 - sensitivity),
        "Positive predictive value": share * sensitivity / positive,
        "Negative predictive value": (1 - share) * (1 - false) / negative,
    }[name]


def patients_to_enroll(paper: Paper) -> str:
    """biostatistics-m019: the fewest who complete with the information of the first plan, and the fewest that leave so many.

    The first plan itself is held against the whole formula with exact normal quantiles.
    """
    first, wanted = exact(paper, "made for a difference of #"), exact(paper, "to be detected should be #")
    planned, stay = exact(paper, "it needs # patients"), 1 - exact(paper, "In addition, #% of the patients") / 100
    assert paper.says("two-sided significance level of 5% and a power of 80%")
    z = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(0.8)
    assert abs(2 * (z * paper.number("standard deviation of #") / float(first)) ** 2 / float(planned) - 1) < 0.03
    complete = next(n for n in count(1) if n * wanted**2 >= planned * first**2)
    enrolled = next(n for n in count(complete) if n * stay >= complete)
    answer = paper.nearest(enrolled)
    assert abs(int(dict(paper.options)[answer].replace(",", "")) - enrolled) <= 2
    return answer


SOLVERS: dict[str, Solver] = {
    "biostatistics-m010": accuracy,
    "biostatistics-m011": positive_in_the_healthy,
    "biostatistics-m012": after_a_test,
    "biostatistics-m013": measure_of_a_design,
    "biostatistics-m014": what_an_interval_supports,
    "biostatistics-m015": attributable_share,
    "biostatistics-m016": new_prevalence,
    "biostatistics-m017": survival_with_censoring,
    "biostatistics-m018": moved_threshold,
    "biostatistics-m019": patients_to_enroll,
}

"""Forest and funnel plots: pooling by another route and against a published analysis, and what is drawn."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank.figures import forest, funnel
from bedside.bank.figures.forest import ForestParameters, summaries
from bedside.bank.figures.funnel import FunnelParameters
from bedside.bank.figures.meta_analysis import Study, Z, heterogeneity, inconsistency, made_studies, pooled, variance_between
from tests.support.figure_sheets import documented, refusal, sheet_of, words_in

WRITTEN = 'forest measure=or studies="Adams 2011:0.72:0.51:1.02,Baker 2014:0.85:0.70:1.03,Chen 2018:0.61:0.40:0.93"'

# Colditz GA, et al. JAMA 1994;271:698-702: cases and others, vaccinated and not
BCG = [
    *((4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761)),
    *((180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600)),
    *((186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825)),
]

sets = st.lists(
    st.builds(lambda effect, error: Study("one", effect, error), st.floats(-2, 2), st.floats(0.05, 1)), min_size=2, max_size=12
)


def test_the_trials_of_bcg_are_pooled_as_published_analyses_pool_them() -> None:
    studies = [
        Study(str(n), log((a / (a + b)) / (c / (c + d))), (1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)) ** 0.5)
        for n, (a, b, c, d) in enumerate(BCG)
    ]
    assert heterogeneity(studies) == pytest.approx(152.233, abs=5e-3)
    assert inconsistency(studies) == pytest.approx(0.9212, abs=1e-4)
    assert variance_between(studies) == pytest.approx(0.3088, abs=1e-4)
    random = pooled(studies, variance_between(studies))
    assert random.effect == pytest.approx(-0.7141, abs=1e-4)
    assert random.error == pytest.approx(0.1787, abs=1e-4)


@given(sets, st.floats(0, 1))
@settings(deadline=None)
def test_the_pooled_effect_is_the_weighted_least_squares_of_a_constant(studies: list[Study], between: float) -> None:
    root = np.array([(study.error**2 + between) ** -0.5 for study in studies])
    effects = np.array([study.effect for study in studies])
    solved = float(np.linalg.lstsq(root[:, None], root * effects, rcond=None)[0][0])
    found = pooled(studies, between)
    assert found.effect == pytest.approx(solved, abs=1e-9)
    assert found.error == pytest.approx(float((root @ root) ** -0.5), rel=1e-9)
    assert sum(found.weights) == pytest.approx(1)


@given(sets)
@settings(deadline=None)
def test_the_moment_estimate_makes_q_what_it_is_expected_to_be(studies: list[Study]) -> None:
    tau2 = variance_between(studies)
    if tau2 == 0:
        assert heterogeneity(studies) <= len(studies) - 1 + 1e-9
        return
    weights = [1 / study.error**2 for study in studies]
    total = sum(weights)
    expected = sum(w * (1 / w + tau2) * (1 - w / total) for w in weights)
    assert heterogeneity(studies) == pytest.approx(expected, rel=1e-6)


@given(sets)
@settings(deadline=None)
def test_random_effects_never_claim_more_and_weigh_more_evenly(studies: list[Study]) -> None:
    fixed, random = pooled(studies), pooled(studies, variance_between(studies))
    assert random.error >= fixed.error - 1e-12
    assert max(random.weights) <= max(fixed.weights) + 1e-12


def test_the_diamond_and_the_numbers_are_those_of_the_pooled_effect() -> None:
    root = sheet_of(f"{WRITTEN} pooled=fixed")
    studies = [(log(0.72), log(1.02 / 0.51)), (log(0.85), log(1.03 / 0.70)), (log(0.61), log(0.93 / 0.40))]
    weights = [(2 * 1.959964 / width) ** 2 for _, width in studies]
    effect = sum(weight * one for weight, (one, _) in zip(weights, studies, strict=True)) / sum(weights)
    words = words_in(root)
    row = words[words.index("Total (fixed effect)") + 1]
    assert row.startswith(f"{exp(effect):.2f} (")
    diamond = next(str(mark.get("d")) for mark in root.iter("path") if mark.get("class") == "dot")
    middle = float(diamond.removesuffix("Z").split("L")[1].split()[0])
    assert middle == pytest.approx(330 + 150 * effect / (log(4) * 1.02), abs=0.6)


def test_a_larger_study_has_a_larger_box_and_a_narrower_interval() -> None:
    root = sheet_of(WRITTEN)
    sizes = [float(mark.attrib["width"]) for mark in root.iter("rect")]
    assert sizes.index(max(sizes)) == 1
    weights = summaries(ForestParameters(measure="or", studies=("A:0.72:0.51:1.02", "B:0.85:0.70:1.03")))[0][1].weights
    assert weights[1] > weights[0]


def test_an_interval_that_goes_beyond_the_axis_ends_in_an_arrow() -> None:
    near = "A:1:0.8:1.25,B:0.9:0.7:1.16,C:1.1:0.9:1.34,D:1:0.9:1.11,E:1:0.85:1.18"
    arrows = [mark for mark in sheet_of(f"forest studies={near}").iter("path") if str(mark.get("d")).count("L") == 2]
    assert not arrows
    wide = [mark for mark in sheet_of(f"forest studies={near},F:1:0.02:50").iter("path") if str(mark.get("d")).count("L") == 2]
    assert len(wide) == 2


def test_made_studies_scatter_by_chance_and_by_their_spread() -> None:
    studies = [study for seed in range(1, 80) for study in made_studies(-0.3, 0.0, 30, seed)]
    scores = np.array([(study.effect + 0.3) / study.error for study in studies])
    assert (scores.mean(), scores.std()) == (pytest.approx(0, abs=0.06), pytest.approx(1, abs=0.05))
    spread = [variance_between(made_studies(-0.3, 0.4, 30, seed)) for seed in range(1, 80)]
    assert np.mean(spread) == pytest.approx(0.16, abs=0.02)


def lean(studies: list[Study]) -> float:
    """Egger's regression: the intercept of effect / error on 1 / error."""
    precision = np.array([1 / study.error for study in studies])
    scores = np.array([study.effect / study.error for study in studies])
    return float(np.polyfit(precision, scores, 1)[1])


def test_a_funnel_leans_where_small_studies_are_missing_and_stands_upright_where_none_are() -> None:
    upright = [lean(FunnelParameters(effect=0.8, seed=seed).all_studies()) for seed in range(1, 41)]
    leaning = [lean(FunnelParameters(effect=0.8, seed=seed, missing=True).all_studies()) for seed in range(1, 41)]
    assert abs(np.mean(upright)) < 0.3
    assert np.mean(leaning) < -1
    assert max(leaning) < 0


def test_nearly_all_studies_lie_in_a_funnel_without_spread() -> None:
    inside = [
        abs(study.effect - log(0.7)) < Z * study.error
        for seed in range(1, 41)
        for study in FunnelParameters(effect=0.7, seed=seed).all_studies()
    ]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.02)


@given(
    st.sampled_from(("forest", "funnel")),
    st.sampled_from((("rr", 0.1, 10), ("hr", 0.3, 3), ("md", -50, 50))),
    st.tuples(st.floats(0, 1), st.floats(0, 2)),
    st.integers(5, 12),
    st.integers(1, 9999),
)
@settings(max_examples=60, deadline=None)
def test_every_set_of_studies_stays_on_its_sheet(
    kind: str, measured: tuple[str, float, float], at: tuple[float, float], k: int, seed: int
) -> None:
    measure, low, high = measured
    more = "pooled=both heterogeneity=true" if kind == "forest" else "missing=true"
    sheet_of(f"{kind} measure={measure} effect={low + (high - low) * at[0]:.3f} tau={at[1]:.2f} k={k} seed={seed} {more}")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("forest", "either studies"),
        ("forest effect=0.8 studies=A:1:0.5:2", "either studies"),
        ("forest studies=A:1:0.5", "name:estimate:low:high"),
        ("forest studies=A:1:2:3", "between the ends"),
        ("forest studies=A:0.5:-1:2", "above 0"),
        ("forest studies=A:1.9:0.5:2", "logarithmic"),
        ("forest studies=A:1:0.5:2,A:1:0.5:2", "same name"),
        ("forest effect=-3", "measure=md"),
        ("funnel effect=0.8 k=3", "greater than or equal to 5"),
    ],
)
def test_studies_that_cannot_be_are_refused_with_advice(words: str, said: str) -> None:
    assert said in refusal(words)


def test_the_kinds_are_documented() -> None:
    documented(forest.KIND)
    documented(funnel.KIND)

"""Noise of the laboratory: of the sample and not of the report, and nothing else is moved by it."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.cases import Advance, Case, Collected, Order, Resulted, Run
from bedside.cases.noise import with_noise
from tests.support.case_files import form_findings, lint_findings
from tests.support.case_runs import HOUR, all_of, example_case, example_with_changes
from tests.support.examples import examples

RESULTS = "results:                   "


def noisy(text: str = "{k: 0.05, glucose: 0.03, na: 0.01}") -> tuple[str, str]:
    return RESULTS, f"noise: {text}\n{RESULTS}"


def noisy_case() -> Case:
    return example_with_changes(noisy())


def numbers(run: Run) -> dict[tuple[int, str], set[float]]:
    """What was found of each analyte at each instant of collection."""
    found: dict[tuple[int, str], set[float]] = {}
    drawn_s = {one.number: one.at_s for one in all_of(Collected, run)}
    for one in all_of(Resulted, run):
        if not isinstance(one.report, str):
            for line in one.report:
                found.setdefault((drawn_s[one.number], line.analyte), set()).add(line.value)
    return found


def run_of(case: Case, at: list[tuple[int, str]], *, seed: int = 0) -> Run:
    run = Run(case, seed=seed)
    for at_s, order in sorted(at):
        run.advance_to(at_s)
        run.do(Order(order))
    run.advance_to(run.now_s + 3 * HOUR)
    return run


ORDERS = st.lists(
    st.tuples(st.integers(0, 8 * HOUR), st.sampled_from(["bmp", "cmp", "vbg", "abg", "glucose_poc"])), min_size=1, max_size=6
)


@given(at=ORDERS, seed=st.integers(0, 2**31))
@settings(deadline=None, max_examples=examples(40))
def test_one_sample_gives_one_number_whichever_panel_reports_it(at: list[tuple[int, str]], seed: int) -> None:
    both = [(at_s, order) for at_s, _ in at for order in ("bmp", "cmp", "glucose_poc")]

    assert all(len(values) == 1 for values in numbers(run_of(noisy_case(), both, seed=seed)).values())


@given(at=ORDERS, more=ORDERS, seed=st.integers(0, 2**31))
@settings(deadline=None, max_examples=examples(40))
def test_an_order_more_moves_no_other_number(at: list[tuple[int, str]], more: list[tuple[int, str]], seed: int) -> None:
    few = numbers(run_of(noisy_case(), at, seed=seed))
    many = numbers(run_of(noisy_case(), [*at, *more], seed=seed))

    assert {key: many[key] for key in few if key in many} == {key: values for key, values in few.items() if key in many}


@given(commands=ORDERS, seed=st.integers(0, 100))
@settings(deadline=None, max_examples=examples(20))
def test_noise_changes_reports_alone(commands: list[tuple[int, str]], seed: int) -> None:
    quiet, loud = (run_of(case, commands, seed=seed) for case in (example_case(), noisy_case()))

    assert quiet.history.course == loud.history.course
    assert quiet.history.facts == loud.history.facts
    assert [(one.at_s, one.order) for one in all_of(Resulted, quiet)] == [
        (one.at_s, one.order) for one in all_of(Resulted, loud)
    ]


@given(seed=st.integers(0, 2**31), at_s=st.integers(0, 10**7), variation=st.floats(0.001, 0.3))
def test_a_number_is_never_off_by_more_than_three_standard_deviations(seed: int, at_s: int, variation: float) -> None:
    value = with_noise(100.0, variation, seed=seed, analyte="k", collected_s=at_s)

    assert abs(value - 100) <= 300 * variation + 1e-9


def test_the_coefficient_of_variation_is_what_the_case_says() -> None:
    values = [with_noise(100.0, 0.05, seed=7, analyte="k", collected_s=at_s) for at_s in range(4000)]

    assert statistics.fmean(values) == pytest.approx(100, abs=0.3)
    assert statistics.stdev(values) == pytest.approx(5, rel=0.05)


def test_seed_analyte_and_instant_each_give_another_number() -> None:
    one = with_noise(4.0, 0.05, seed=1, analyte="k", collected_s=60)

    assert with_noise(4.0, 0.05, seed=1, analyte="k", collected_s=60) == one
    assert with_noise(4.0, 0.05, seed=2, analyte="k", collected_s=60) != one
    assert with_noise(4.0, 0.05, seed=1, analyte="na", collected_s=60) != one
    assert with_noise(4.0, 0.05, seed=1, analyte="k", collected_s=61) != one


def test_without_noise_a_number_is_what_it_is() -> None:
    assert with_noise(4.0, 0.0, seed=1, analyte="k", collected_s=60) == 4.0


def test_a_later_sample_differs_although_the_patient_is_as_before() -> None:
    run = Run(example_with_changes(noisy("{mg: 0.1}")))
    seen = set()
    for _ in range(6):
        run.do(Order("magnesium"))
        run.do(Advance(HOUR))
    for one in all_of(Resulted, run):
        assert not isinstance(one.report, str)
        seen.add(one.report[0].value)

    assert len(seen) > 1


@pytest.mark.parametrize(
    ("noise", "words"),
    [
        ("{potassium: 0.02}", 'no analyte "potassium"'),
        ("{plt: 0.02, bohb: 0.1}", ""),
        ("{sbp: 0.02}", "the monitor shows it without"),
    ],
)
def test_noise_is_of_what_the_case_reports_and_never_of_vital_signs(noise: str, words: str) -> None:
    texts = [finding.text for finding in lint_findings(noisy(noise)) if finding.rule in {"C105", "C307"}]

    assert len(texts) == (1 if words else 0), texts
    assert all(words in text for text in texts)


@pytest.mark.parametrize("noise", ["{k: 0}", "{k: 0.31}", "{k: -0.1}", "{k: true}", "{k: a lot}"])
def test_a_variation_that_makes_no_sense_is_refused(noise: str) -> None:
    assert [finding.rule for finding in form_findings(noisy(noise))] == ["C100"]

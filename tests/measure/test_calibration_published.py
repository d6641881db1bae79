"""Calibrations that others have published: LSAT sections 6 and 7, WIRS, Abortion, and the forms of Kolen & Brennan."""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bedside.measure import Beta, LogNormal, Priors, Responses, calibrate, item_fit

SAMPLES = os.environ.get("BEDSIDE_SAMPLES")

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(SAMPLES is None, reason="BEDSIDE_SAMPLES does not name a folder with sample data"),
]


def table_of(name: str) -> Any:
    rdata = pytest.importorskip("rdata")
    path = Path(SAMPLES or ".") / "data/psychometrics" / name
    if not path.exists():
        pytest.skip(f"no {name} in the sample data")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the encoding of the file
        (table,) = rdata.conversion.convert(rdata.parser.parse_file(path)).values()
    return table


def section(name: str) -> np.ndarray:
    patterns = table_of(f"mirt/{name}.RData").to_numpy(float)
    return np.repeat(patterns[:, :-1], patterns[:, -1].astype(int), axis=0)


def published(name: str) -> Any:
    path = Path(SAMPLES or ".") / "data/published/psychometrics_srs_reference.json"
    sets = json.loads(path.read_text(encoding="utf-8"))
    return next(figures for title, figures in sets.items() if title.startswith(name))


def test_lsat6_rasch_is_as_published() -> None:
    figures = published("LSAT6")["Rasch (a=1)"]

    found = calibrate(Responses.of_matrix(section("LSAT6")), model="rasch")

    assert found.log_likelihood == pytest.approx(figures["logLik"], abs=5e-4)
    np.testing.assert_allclose(found.items.difficulty, figures["b"], atol=5e-5)
    assert (found.items.discrimination == 1).all()
    assert np.isnan(found.items.se_discrimination).all()


def test_lsat6_with_equal_slopes_is_as_published() -> None:
    figures = published("LSAT6")["Rasch (common a estimated)"]

    found = calibrate(Responses.of_matrix(section("LSAT6")), equal_slopes=True)

    assert found.log_likelihood == pytest.approx(figures["logLik"], abs=5e-4)
    np.testing.assert_allclose(found.items.discrimination, figures["a"], atol=5e-5)
    np.testing.assert_allclose(found.items.difficulty, figures["b"], atol=1e-4)


def test_lsat6_rasch_with_a_free_population_is_as_published() -> None:
    figures = published("LSAT6")["slope-intercept Rasch, mirt"]

    found = calibrate(Responses.of_matrix(section("LSAT6")), model="rasch", population="free")

    np.testing.assert_allclose(-found.items.difficulty, figures["d"], atol=5e-4)
    assert found.groups[0].sd ** 2 == pytest.approx(figures["var_theta"], abs=5e-3)
    assert found.log_likelihood == pytest.approx(published("LSAT6")["Rasch (common a estimated)"]["logLik"], abs=5e-4)


def test_lsat6_parameters_and_standard_errors_are_as_published() -> None:
    figures = published("LSAT6")["2PL"]

    found = calibrate(Responses.of_matrix(section("LSAT6")))

    assert found.converged
    assert found.errors == "full"
    assert found.log_likelihood == pytest.approx(figures["logLik"], abs=5e-4)
    assert found.aic == pytest.approx(figures["AIC"], abs=1e-3)
    assert found.bic == pytest.approx(figures["BIC"], abs=1e-3)
    np.testing.assert_allclose(found.items.discrimination, figures["a"], atol=1e-3)  # the published ones are of 21 points
    np.testing.assert_allclose(found.items.difficulty, figures["b"], rtol=1e-3)
    np.testing.assert_allclose(found.items.se_discrimination, figures["se_a"], atol=5e-4)
    np.testing.assert_allclose(found.items.se_difficulty, figures["se_b"], atol=1.5e-3)


def test_lsat7_is_as_published() -> None:
    figures = published("LSAT7")["2PL"]

    found = calibrate(Responses.of_matrix(section("LSAT7")))

    items = found.items
    assert found.log_likelihood == pytest.approx(figures["logLik"], abs=5e-4)
    np.testing.assert_allclose(items.discrimination, figures["a"], atol=2e-3)  # which stopped at moves of 1e-4
    np.testing.assert_allclose(-items.discrimination * items.difficulty, figures["d"], atol=1e-3)
    for a, error, interval in zip(items.discrimination, items.se_discrimination, figures["a_ci95"], strict=True):
        if interval is not None:
            assert [a - 1.96 * error, a + 1.96 * error] == pytest.approx(interval, abs=4e-3)


def test_lsat7_with_equal_slopes_is_as_published() -> None:
    figures = published("LSAT7")["equal slopes"]

    found = calibrate(Responses.of_matrix(section("LSAT7")), equal_slopes=True)

    assert found.log_likelihood == pytest.approx(figures["logLik"], abs=5e-4)
    assert found.items.discrimination[0] == pytest.approx(figures["a"], abs=5e-4)
    np.testing.assert_allclose(-found.items.discrimination * found.items.difficulty, figures["d"], atol=6e-4)


def test_lsat7_item_fit_without_the_person_who_left_an_item_out_is_as_published() -> None:
    table = section("LSAT7")
    table[0, 0] = np.nan  # as the published test does
    responses = Responses.of_matrix(table)

    fit = item_fit(responses, calibrate(responses).items)

    assert fit.s_x2[0] == pytest.approx(published("LSAT7")["2PL"]["S_X2 item 1"], abs=2e-3)
    assert fit.s_x2_df[0] == 2


@pytest.mark.parametrize(("name", "log_likelihood"), [("ltm/WIRS.rda", -3420.06), ("ltm/Abortion.rda", -707.13)])
def test_attitudes_have_the_published_log_likelihood(name: str, log_likelihood: float) -> None:
    found = calibrate(Responses.of_matrix(table_of(name).to_numpy(float)))

    assert found.converged
    assert found.log_likelihood == pytest.approx(log_likelihood, abs=0.05)
    assert np.isfinite(found.items.se_difficulty).all()


@pytest.mark.parametrize("form", ["X", "Y"])
def test_both_forms_of_kolen_and_brennan_come_out_near_their_table(form: str) -> None:
    forms = table_of("SNSequate/KB36.rda")
    a, b, c = np.asarray(forms[f"KBform{form}_par"], dtype=float).T
    priors = Priors(
        discrimination=LogNormal(0.5, 0.5), guessing=Beta(5, 17)
    )  # the spirit of the program behind their Table 6.5

    items = calibrate(Responses.of_matrix(np.asarray(forms[f"KBform{form}"], dtype=float)), model="3pl", priors=priors).items

    assert np.corrcoef(items.difficulty, b)[0, 1] > 0.999
    assert np.sqrt(np.mean((items.difficulty - b) ** 2)) < 0.1
    assert np.sqrt(np.mean((items.discrimination / 1.7 - a) ** 2)) < 0.07
    assert np.sqrt(np.mean((items.guessing - c) ** 2)) < 0.03


def test_a_hard_item_of_the_form_finds_its_place_without_a_prior_on_discriminations() -> None:
    """Begun with as much guessing as there are right answers, the hardest items once ended 70 below, with difficulties of
    4.8."""
    forms = table_of("SNSequate/KB36.rda")

    found = calibrate(Responses.of_matrix(np.asarray(forms["KBformX"], dtype=float)), model="3pl")

    assert found.log_likelihood > -33_737
    assert np.abs(found.items.difficulty - np.asarray(forms["KBformX_par"])[:, 1]).max() < 0.5

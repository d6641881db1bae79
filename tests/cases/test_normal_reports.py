from __future__ import annotations

from pathlib import Path

import pytest

from bedside.cases.catalogue import Catalogue, load_catalogue
from bedside.cases.durations import UNITS_S, parse_duration
from bedside.cases.normal_reports import Line, normal_report, report_line

CONTENT = Path(__file__).parents[2] / "content" / "orders"
REFERENCE = CONTENT.parent / "reference" / "analytes.yaml"
YEAR_S = UNITS_S["y"]

FILES = {
    "analytes": """\
schema: case-analytes/1
sources: {book: "A book, 2026"}
analytes:
  na: {name: Sodium, unit: mmol/L, digits: 0, ref: sodium}
  hct: {name: Hematocrit, unit: "%", digits: 0, ref: hct}
  hgb: {name: Hemoglobin, unit: g/dL, digits: 1, source: book, typical: 14.2,
    normal: [{sex: F, from: 12y, low: 12, high: 16}, {to: 1w, low: 14, high: 22}, {low: 11, high: 15}]}
  crp: {name: C-reactive protein, unit: mg/L, digits: 0, source: book, normal: [{high: 10}]}
  egfr: {name: Filtration rate, unit: mL/min, digits: 0, source: book, normal: [{low: 60}]}
  tilt: {name: Tilt, unit: "1", digits: 1, source: book, normal: [{low: -1, high: 1, typical: -0.04}]}
""",
    "orders": """\
schema: orders/1
orders:
  blood: {name: Blood, cat: lab.hematology, analytes: [hgb, na]}
  panel: {name: Panel, cat: lab.chemistry, analytes: [hct, crp, egfr, tilt]}
  chest: {name: Chest film, cat: imaging.xray, normal: "Lungs clear."}
  pelvis: {name: Pelvis, cat: exam, normal: [{sex: F, from: 12y, text: Womb normal.}, {to: 12y, text: Left.}, {text: Flat.}]}
  bed: {name: Bed rest, cat: activity}
""",
}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("orders")
    for name, text in FILES.items():
        (folder / f"{name}.yaml").write_text(text)
    read, findings = load_catalogue(folder, reference=REFERENCE)
    assert findings == []
    assert read is not None
    return read


def lines(catalogue: Catalogue, order: str, *, years: float, sex: str) -> dict[str, Line]:
    report = normal_report(catalogue, catalogue.get(order), age_s=int(years * YEAR_S), sex=sex)
    assert isinstance(report, tuple)
    return {line.analyte: line for line in report}


def test_a_panel_reports_its_analytes_in_their_order_with_unit_and_interval(catalogue: Catalogue) -> None:
    hgb, na = lines(catalogue, "blood", years=30, sex="F").values()

    assert (hgb.name, hgb.value, hgb.shown, hgb.unit, hgb.low, hgb.high, hgb.flag) == (
        "Hemoglobin",
        14.2,
        "14.2",
        "g/dL",
        12,
        16,
        "",
    )
    assert (na.value, na.shown, na.low, na.high) == (141, "141", 136, 146)


@pytest.mark.parametrize(
    ("years", "sex", "interval", "value"),
    [(30, "F", (12, 16), 14.2), (0.01, "F", (14, 22), 14.2), (5, "F", (11, 15), 14.2), (30, "M", (11, 15), 14.2)],
)
def test_the_interval_follows_age_and_sex(
    catalogue: Catalogue, years: float, sex: str, interval: tuple[float, float], value: float
) -> None:
    hgb = lines(catalogue, "blood", years=years, sex=sex)["hgb"]

    assert (hgb.low, hgb.high) == interval
    assert hgb.value == value


def test_the_reference_values_of_the_bank_are_taken_by_sex(catalogue: Catalogue) -> None:
    woman, man = (lines(catalogue, "panel", years=30, sex=sex)["hct"] for sex in "FM")

    assert (woman.low, woman.high) == (36, 46)
    assert (man.low, man.high) == (41, 53)


def test_an_open_interval_has_a_typical_value_inside(catalogue: Catalogue) -> None:
    panel = lines(catalogue, "panel", years=30, sex="M")

    assert panel["crp"].value == 5
    assert panel["crp"].low is None
    assert panel["egfr"].value == 75
    assert panel["tilt"].shown == "0.0"  # and not -0.0


def test_text_comes_from_the_first_branch_that_holds(catalogue: Catalogue) -> None:
    pelvis = catalogue.get("pelvis")

    assert normal_report(catalogue, pelvis, age_s=30 * YEAR_S, sex="F") == "Womb normal."
    assert normal_report(catalogue, pelvis, age_s=12 * YEAR_S, sex="F") == "Womb normal."
    assert normal_report(catalogue, pelvis, age_s=12 * YEAR_S - 1, sex="F") == "Left."
    assert normal_report(catalogue, pelvis, age_s=30 * YEAR_S, sex="M") == "Flat."
    assert normal_report(catalogue, catalogue.get("chest"), age_s=0, sex="M") == "Lungs clear."


def test_what_reports_nothing_has_no_report(catalogue: Catalogue) -> None:
    assert not catalogue.get("bed").has_report
    assert normal_report(catalogue, catalogue.get("bed"), age_s=0, sex="M") is None


@pytest.mark.parametrize(
    ("value", "shown", "flag"), [(11.96, "12.0", ""), (11.94, "11.9", "L"), (16.04, "16.0", ""), (16.06, "16.1", "H")]
)
def test_a_flag_agrees_with_the_number_that_is_printed(catalogue: Catalogue, value: float, shown: str, flag: str) -> None:
    line = report_line(catalogue.analytes["hgb"], value, age_s=30 * YEAR_S, sex="F")

    assert (line.shown, line.flag) == (shown, flag)


@pytest.fixture(scope="module")
def content() -> Catalogue:
    read, findings = load_catalogue(CONTENT)
    assert read is not None, findings
    return read


@pytest.mark.parametrize("age", ["0s", "3d", "4w", "26w", "1y", "5y", "11y", "13y", "17y", "30y", "50y", "85y"])
@pytest.mark.parametrize("sex", ["F", "M"])
def test_every_normal_report_of_the_repository_is_normal_at_every_age(content: Catalogue, age: str, sex: str) -> None:
    flagged = []
    for order in content.orders.values():
        report = normal_report(content, order, age_s=parse_duration(age), sex=sex)
        assert (report is not None) == order.has_report
        if isinstance(report, tuple):
            flagged += [(order.id, line.analyte, line.shown, line.low, line.high) for line in report if line.flag]

    assert flagged == []

from __future__ import annotations

from pathlib import Path

import pytest

from bedside.cases.case_values import DIMENSIONS, LOCATIONS
from bedside.cases.catalogue import Catalogue, load_catalogue
from bedside.cases.order_file import CATEGORIES, dimension_of
from bedside.errors import NotFoundError
from bedside.findings import Finding, Severity

CONTENT = Path(__file__).parents[2] / "content" / "orders"

ANALYTES = """\
schema: case-analytes/1
sources: {book: "A book, 2026"}
analytes:
  na: {name: Sodium, unit: mmol/L, digits: 0, normal: [{low: 136, high: 146}], source: book}
"""
ORDERS = """\
schema: orders/1
orders:
  sodium: {name: Sodium, terms: [na], cat: lab.chemistry, analytes: [na], inv: 1}
  ceftriaxone: {name: Ceftriaxone, terms: [rocephin], cat: drug.antibiotic, class: cephalosporin, routes: [IV, IM]}
  ecg: {name: Tracing, terms: [ekg], cat: test.cardiac, tat: {ed: 10m, office: 15m, stat: 0.5}, at: [ed, office], normal: Even.}
"""
PLACES = """\
schema: order-places/1
usual: 30m
places:
  ed: {name: Emergency department, at: in the emergency department}
moves:
  ed: {icu: 20m}
"""
TURNAROUND = """\
schema: order-turnaround/1
categories:
  lab: {ed: 1h, ward: 2h, office: 1d}
  lab.chemistry: {ed: 30m, ward: 90m, stat: 0.5}
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in {"analytes": ANALYTES, "orders": ORDERS, **files}.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


def sound(folder: Path) -> Catalogue:
    catalogue, findings = load_catalogue(folder)
    assert findings == []
    assert catalogue is not None
    return catalogue


def only_finding(folder: Path) -> Finding:
    _, findings = load_catalogue(folder)
    assert len(findings) == 1, findings
    return findings[0]


def test_a_drug_is_an_order_for_each_route_and_a_test_is_one(tmp_path: Path) -> None:
    catalogue = sound(write(tmp_path))

    assert list(catalogue.orders) == ["ceftriaxone_im", "ceftriaxone_iv", "ecg", "sodium"]
    assert catalogue.by_key["ceftriaxone"] == ("ceftriaxone_iv", "ceftriaxone_im")
    assert catalogue.get("ceftriaxone_im").route == "IM"
    assert catalogue.get("ceftriaxone_im").mode == "once"
    assert catalogue.classes == {"cephalosporin": ("ceftriaxone_iv", "ceftriaxone_im")}


def test_the_stem_of_an_id_names_the_orders_of_a_drug(tmp_path: Path) -> None:
    text = ORDERS + "  magnesium_drug: {name: Magnesium sulfate, id_stem: magnesium, cat: drug.electrolyte, routes: [IV]}\n"

    assert "magnesium_iv" in sound(write(tmp_path, orders=text)).orders


def test_an_order_that_is_not_there_is_refused_with_a_near_one(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match='did you mean "ceftriaxone_iv"'):
        sound(write(tmp_path)).get("ceftriaxon_iv")


def test_a_report_takes_its_own_time_then_that_of_a_kindred_place_then_that_of_its_category(tmp_path: Path) -> None:
    catalogue = sound(write(tmp_path, turnaround=TURNAROUND))
    ecg, sodium = catalogue.get("ecg"), catalogue.get("sodium")

    assert ecg.turnaround_s("ed") == 600
    assert ecg.turnaround_s("icu") == 600
    assert ecg.turnaround_s("ed", "stat") == 300
    assert ecg.turnaround_s("ward") == 900  # nothing is said of wards: the longest that is said
    assert sodium.turnaround_s("ed") == 1800
    assert sodium.turnaround_s("labor", "stat") == 2700
    assert sodium.turnaround_s("office") == 86_400  # the finer category says nothing of the office


def test_without_any_time_a_report_takes_an_hour(tmp_path: Path) -> None:
    assert sound(write(tmp_path)).get("sodium").turnaround_s("ward") == 3600


def test_a_move_takes_what_the_places_say_and_none_to_where_one_is(tmp_path: Path) -> None:
    catalogue = sound(write(tmp_path, places=PLACES))

    assert catalogue.move_s("ed", "icu") == 1200
    assert catalogue.move_s("ed", "ward") == 1800
    assert catalogue.move_s("ed", "ed") == 0
    assert catalogue.places["ed"].at == "in the emergency department"


def test_the_digest_names_what_the_engine_reads_and_not_how_orders_are_found(tmp_path: Path) -> None:
    first = sound(write(tmp_path)).digest

    assert sound(write(tmp_path, orders=ORDERS.replace("rocephin", "rocephine"))).digest == first
    assert sound(write(tmp_path, orders=ORDERS.replace("stat: 0.5", "stat: 0.4"))).digest != first
    assert sound(write(tmp_path, analytes=ANALYTES.replace("136", "135"))).digest != first
    assert sound(write(tmp_path, places=PLACES)).digest != first


def test_the_digest_does_not_depend_on_files_or_their_order(tmp_path: Path) -> None:
    lines = ORDERS.splitlines(keepends=True)
    first = sound(write(tmp_path)).digest

    assert sound(write(tmp_path, orders="".join(lines[:2] + lines[:1:-1]))).digest == first


@pytest.mark.parametrize(
    ("old", "new", "rule", "at"),
    [
        ("cat: lab.chemistry", "cat: lab.alchemy", "order-format", "lab.alchemy"),
        ("routes: [IV, IM]", "routes: [IV, XX]", "order-format", "XX"),
        ("at: [ed, office]", "at: [ed, ship]", "order-format", "ship"),
        ("ed: 10m", "ed: 10 min", "order-format", "10 min"),
        ("analytes: [na]", "analytes: [nb]", "unknown-analyte", "nb]"),
        (", analytes: [na]", "", "order-format", "{name: Sodium"),
        ("normal: Even.", "normal: [{sex: F, text: Even.}]", "order-format", "[{sex: F"),
        ("inv: 1", "invasive: 1", "order-format", "invasive"),
        ("inv: 1", "inv: 9", "order-format", "9"),
        (", routes: [IV, IM]", "", "order-format", "{name: Ceftriaxone"),
        ("inv: 1", "routes: [IV]", "order-format", "{name: Sodium"),
        ("  ecg:", "  Ecg:", "wrong-key", "Ecg"),
        ("  ecg:", "  sodium:", "duplicate-key", "sodium: {name: Tracing"),
        ("  ecg:", "  ceftriaxone_im:", "duplicate-id", "ceftriaxone_im"),
        ("name: Tracing", "name: Sodium", "duplicate-name", "Sodium, terms: [ekg]"),
        ("schema: orders/1", "schema: order/1", "unknown-schema", "order/1"),
        ("cat: drug.antibiotic", "cat: [", "unreadable", ", class"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_with_its_place(tmp_path: Path, old: str, new: str, rule: str, at: str) -> None:
    assert old in ORDERS
    text = ORDERS.replace(old, new)
    finding = only_finding(write(tmp_path, orders=text))

    before = text[: text.index(at)]
    place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
    assert finding.severity is Severity.ERROR
    assert (finding.rule, finding.line, finding.column) == (rule, *place)
    assert finding.file.endswith("orders.yaml")
    assert load_catalogue(tmp_path)[0] is None


def test_a_key_of_another_file_is_taken(tmp_path: Path) -> None:
    again = "schema: orders/1\norders:\n  ecg: {name: Second, cat: test.cardiac, normal: Even.}\n"
    finding = only_finding(write(tmp_path, z_orders=again))

    assert (finding.rule, finding.line, finding.column) == ("duplicate-id", 3, 3)
    assert "orders.yaml, line 5" in finding.text


def test_a_term_that_is_another_name_or_another_term_is_a_warning_unless_they_are_alike(tmp_path: Path) -> None:
    taken = ORDERS.replace("[ekg]", "[ekg, Na, ceftriaxone]")
    catalogue, findings = load_catalogue(write(tmp_path, orders=taken))

    assert catalogue is not None
    assert [(one.rule, one.severity) for one in findings] == [
        ("shared-term", Severity.WARNING),
        ("term-is-a-name", Severity.WARNING),
    ]
    assert '"ecg" has the term "na" as well' in findings[0].text
    assert 'is the name of "ceftriaxone"' in findings[1].text
    alike = taken.replace("inv: 1}", "inv: 1, alike: x}").replace("routes: [", "alike: y, routes: [")
    sound(write(tmp_path, orders=alike.replace("Even.}", "Even., alike: [x, y]}")))


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("source: book", "source: letter", "no-source"),
        (", source: book", "", "order-format"),
        ("{low: 136, high: 146}", "{low: 146, high: 136}", "order-format"),
        ("{low: 136, high: 146}", "{sex: M, low: 136, high: 146}", "order-format"),
        ("{low: 136, high: 146}", "{}", "order-format"),
        ("normal: [{low: 136, high: 146}], source: book", "ref: natrium", "no-reference"),
        ("unit: mmol/L, digits: 0, normal: [{low: 136, high: 146}], source: book", "unit: stone, ref: sodium", "no-reference"),
    ],
)
def test_what_is_wrong_with_an_analyte_is_named(tmp_path: Path, old: str, new: str, rule: str) -> None:
    assert old in ANALYTES
    write(tmp_path, analytes=ANALYTES.replace(old, new))
    catalogue, findings = load_catalogue(tmp_path, reference=CONTENT.parent / "reference" / "analytes.yaml")

    assert catalogue is None
    assert rule in {finding.rule for finding in findings}


def test_a_word_for_a_class_that_no_entry_has_is_named(tmp_path: Path) -> None:
    finding = only_finding(write(tmp_path, classes="schema: order-classes/1\nwords:\n  ppi: cephalosporine\n"))

    assert (finding.rule, finding.line, finding.column) == ("unknown-class", 3, 8)
    assert 'did you mean "cephalosporin"' in finding.text


def test_a_second_file_of_places_is_refused(tmp_path: Path) -> None:
    assert only_finding(write(tmp_path, places=PLACES, places_2=PLACES)).rule == "duplicate-file"


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    assert only_finding(tmp_path).rule == "no-files"


def test_every_category_counts_to_a_part_of_the_score() -> None:
    assert {dimension_of(category) for category in [*CATEGORIES, "drug.antibiotic"]} <= set(DIMENSIONS)


@pytest.fixture(scope="module")
def loaded() -> tuple[Catalogue | None, list[Finding]]:
    return load_catalogue(CONTENT)


@pytest.fixture(scope="module")
def content(loaded: tuple[Catalogue | None, list[Finding]]) -> Catalogue:
    catalogue, findings = loaded
    assert catalogue is not None, [finding for finding in findings if finding.severity is Severity.ERROR]
    return catalogue


def test_the_catalogue_of_the_repository_holds_what_the_design_asks(content: Catalogue) -> None:
    terms = {term for order in content.orders.values() for term in order.terms}

    assert len(content.by_key) >= 1200
    assert len(terms) >= 5000
    assert {"na", "k", "glucose", "hgb", "sbp", "temp"} <= set(content.analytes)


def test_the_terms_of_the_repository_s_catalogue_find_one_entry_each(loaded: tuple[Catalogue | None, list[Finding]]) -> None:
    assert loaded[1] == []


def test_the_default_times_of_the_repository_cover_every_category_that_reports(content: Catalogue) -> None:
    assert all(order.reports_s.keys() == set(LOCATIONS) for order in content.orders.values())
    text = (CONTENT / "turnaround.yaml").read_text()
    assert all(
        f"  {category}:" in text for category in CATEGORIES if category.startswith(("lab.", "micro.", "imaging.", "test."))
    )


def test_places_of_the_repository_are_all_named_and_joined(content: Catalogue) -> None:
    assert set(content.places) == set(LOCATIONS)
    assert all(
        place.name != place.id and place.moves_s.keys() == set(LOCATIONS) - {place.id} for place in content.places.values()
    )

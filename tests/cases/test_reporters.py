"""What orders report that the case does not list: never anything that contradicts what it does list."""

from __future__ import annotations

from bedside.cases import Order, Resulted, Run
from bedside.cases.reporters import panels_in, reported_in_part, reporters_of
from tests.support.case_files import read_example
from tests.support.case_runs import HOUR, all_of, case_with_order, example_with_changes


def test_an_order_that_the_case_does_not_list_says_of_its_analytes_what_the_case_says_elsewhere() -> None:
    run = Run(example_with_changes(("  abg: *gas\n", ""), ("  cmp: *bmp\n", "")))
    run.advance_to(1234)
    for order in ("bmp", "vbg", "cmp", "abg", "lactate"):
        run.do(Order(order))
    run.advance_to(3 * HOUR)
    found = {}
    for one in all_of(Resulted, run):
        assert not isinstance(one.report, str)
        found[one.order] = {line.analyte: line.value for line in one.report}

    assert found["cmp"] == found["bmp"]
    assert {name: found["abg"][name] for name in found["vbg"]} == found["vbg"]
    assert found["lactate"]["lactate"] == found["vbg"]["lactate"] > 2


def test_an_order_that_the_case_does_not_list_shows_the_vital_signs_of_the_monitor() -> None:
    run = Run(case_with_order("cxr", analytes=("hr", "spo2"), normal=()))
    run.do(Order("cxr"))
    run.advance_to(HOUR)
    (report,) = (one.report for one in all_of(Resulted, run))

    assert not isinstance(report, str)
    assert {line.analyte: line.value for line in report} == {"hr": round(run.values_at("hr", 0)), "spo2": 98}


def test_where_the_case_answers_in_words_an_order_that_it_does_not_list_is_normal() -> None:
    words = ("vbg: &gas {ph: ph, pco2: pco2, hco3: hco3, k: k, lactate: 1.2 + 0.25*deficit}", "vbg: &gas As last year.")
    run = Run(example_with_changes(words))
    run.do(Order("lactate"))
    run.advance_to(HOUR)
    (report,) = (one.report for one in all_of(Resulted, run))

    assert not isinstance(report, str)
    assert [line.flag for line in report] == [""]


def test_of_findings_that_report_an_analyte_in_some_states_only_the_one_that_always_does_is_asked() -> None:
    in_part = '[{when: "bohb > 100", panel: {na: na, k: k}}, {text: Hemolyzed.}]'
    file = read_example(("  bmp: &bmp {na: na,", f"  lipase: {in_part}\n  bmp: &bmp {{na: na,"))

    assert reporters_of(file)["k"] == "bmp"
    assert reported_in_part(file) == frozenset()
    assert panels_in(file.results["lipase"]) == ({"na": "na", "k": "k"}, {})

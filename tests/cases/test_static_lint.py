from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bedside.cases.catalogue import load_catalogue
from bedside.cases.lint import CODES, DYNAMIC, check_case, code_table
from bedside.findings import Severity, has_errors
from tests.support.case_files import (
    example_text,
    example_with,
    form_findings,
    lint_findings,
    read_example,
    small_catalogue,
    words_at,
)

CONTENT = Path(__file__).parents[2] / "content"
ON = date(2026, 11, 29)

# each: the code, what is changed in the example, and the words at which the finding stands
MUTATIONS = [
    ("C101", [("volume: {by: [ns_iv,", "volume: {by: [saline_iv,")], "saline_iv,"),
    ("C101", [("groups: {crystalloid: [ns_iv,", "groups: {crystalloid: [ns,")], "ns,"),
    ("C101", [("do: telemetry", "do: telemetri")], "telemetri,"),
    ("C101", [('cancel:insulin_regular_iv", when: "hours', 'cancel:insulin", when: "hours')], '"cancel:insulin"'),
    ("C101", [("  phosphate: {po4", "  phosphorus: {po4")], "phosphorus:"),
    ("C101", [("exam:abdomen:", "exam:belly:")], "exam:belly:"),
    ("C101", [("insulin_on: active(insulin_iv)", "insulin_on: active(insulin)")], "active(insulin)"),
    ("C101", [("lipase, npo, magnesium_iv", "lipaze, npo, magnesium_iv")], "lipaze,"),
    ("C101", [("210m order bmp; 5h", "210m order chem7; 5h")], "0m exam general heart"),
    ("C101", [("late: 0m exam general heart lungs", "late: 0m exam general heart elbow")], "0m exam general heart elbow"),
    ("C101", [("vt: state(vt), rebound", "vt: done(seen:vt), rebound")], "done(seen:vt)"),
    ("C102", [("dka: {rate: {glucose: 10, bohb", "dka: {rate: {glukose: 10, bohb")], "glukose:"),
    ("C102", [('k_safe: "k >= 3.5"', 'k_safe: "potassium >= 3.5"')], '"potassium'),
    ("C102", [('k_safe: "k >= 3.5"', 'k_safe: "ph >= 7.3"')], '"ph'),
    ("C102", [("spo2: 98 - 6*state(vt)", "spo2: 98 - 6*severity")], "98"),
    ("C102", [("glucose_poc: {glucose: glucose}", "glucose_poc: {glucose: sugar}")], "sugar}"),
    ("C103", [('{go: filled, when: "deficit <= 2.5"}', '{go: full, when: "deficit <= 2.5"}')], "full,"),
    ("C103", [("initial: sinus", "initial: sinis")], "sinis"),
    ("C103", [("rebound: state(rebound)", "rebound: state(rebounce)")], "state(rebounce)"),
    ("C104", [("reach: closed", "reach: closure")], "closure,"),
    ("C104", [("event: low_glucose", "event: low_sugar")], "low_sugar,"),
    ("C104", [("when: not seen(closed)", "when: not seen(open)")], "not seen(open)"),
    ("C105", [("po4: 2.4", "phos: 2.4")], "phos:"),
    ("C106", [("    seizing: {note", "    vt: {note")], "vt: {note"),
    ("C106", [("    closed: {rate", "    dead: {rate")], "dead:"),
    ("C109", [("from: k_safe", "from: k_save")], "k_save,"),
    (
        "C109",
        [("@k_safe+20m order insulin_regular_iv; 3h", "@k_save+20m order insulin_regular_iv; 3h")],
        "0m order iv_access telemetry",
    ),
    ("C110", [('k_safe: "k >= 3.5"', 'k_safe: "k >= "')], '"k >= "'),
    ("C110", [('k_safe: "k >= 3.5"', 'k_safe: "sin(k) >= 1"')], '"sin(k)'),
    ("C110", [("insulin_on: active(insulin_iv)", "insulin_on: active(insulin_iv + 1)")], "active(insulin_iv + 1)"),
    ("C111", [('k_safe: "k >= 3.5"', 'k_safe: "k + bohb >= 3.5"')], '"k + bohb'),
    ("C111", [('k_safe: "k >= 3.5"', 'k_safe: "k == 3.5"')], '"k == 3.5"'),
    ("C112", [("groups: {crystalloid", "groups: {cbc: [bmp], crystalloid")], "cbc:"),
    ("C112", [("derived: {hco3", "derived: {k: bohb, hco3")], "k:"),
    ("C113", [('do: "move:icu"', 'do: "move:ccu"')], '"move:ccu"'),
    ("C113", [("loc(ward) or loc(icu)", "loc(ward) or loc(hdu)")], '"seen(closed)'),
    ("C113", [("1h move icu; 1h50m", "1h move ccu; 1h50m")], "0m order iv_access telemetry"),
    ("C114", [("210m order bmp; 5h", "210m give bmp; 5h")], "0m exam general heart"),
    ("C114", [("210m order bmp; 5h", "210m order; 5h")], "0m exam general heart"),
    ("C114", [("210m order bmp; 5h", "later order bmp; 5h")], "0m exam general heart"),
    ("C107", [("210m order bmp; 5h", "5m3h order bmp; 5h")], "0m exam general heart"),
    ("C116", [("expect: {expert: [95, 100], late", "expect: {late")], "expert:"),
    ("C116", [("nothing: [0, 5]", "doing_nothing: [0, 5]")], "doing_nothing:"),
    ("C116", [("expert: [95, 100]", "expert: [100, 95]")], "[100, 95]"),
    ("C116", [("  late: 0m exam", "  everything: 0m exam")], "everything:"),
    ("C116", [("  expert: 0m order", "  export: 0m order")], "scripts:"),
    ("C117", [('hco3: "max(2.5, 25 - 2.1*bohb)"', 'hco3: "max(2.5, ph)"')], "hco3:"),
    ("C119", [("variables:  ", "waivers: {C101: no}\nvariables:  ")], "C101:"),
    ("C119", [("variables:  ", "waivers: {C199: no}\nvariables:  ")], "C199:"),
    ("C120", [("variables:  ", "waivers: {C804: it has one}\nvariables:  ")], "C804:"),
    ("C201", [('{go: coma, when: "bohb >= 11"}', '{go: alert, when: "bohb <= 4"}')], "coma:"),
    ("C201", [("initial: dry", "initial: filled"), ('to: [{go: dry, when: "deficit >= 4"}]', "to: []")], "dry: {to"),
    ("C202", [('{go: vt, when: "k <= 2.5"}', '{go: vt, when: "k <= 1.2"}')], '"k <= 1.2"'),
    ("C202", [('{go: vt, when: "k <= 2.5"}', '{go: vt, when: "k < 1.5"}')], '"k < 1.5"'),
    ("C202", [('when: "bohb < 10.5"', 'when: "bohb < 12.5"')], '"bohb < 12.5"'),
    ("C202", [('- {when: "glucose < 70"', '- {when: "not glucose < 10"')], '"not glucose < 10"'),
    ("C203", [('k_safe: "k', 'unused: "k >= 4", k_safe: "k')], "unused:"),
    ("C205", [('{go: rebound, when: "bohb >= 1.5"}', '{go: rebound, when: "bohb >= 0.5"}')], "{go: rebound"),
    ("C205", [('{go: vt, when: "k <= 2.5"}', '{go: sinus, when: "k <= 2.5"}, {go: vt, when: "k <= 2.6"}')], "{go: sinus"),
    ("C207", [('"k < 3.0 and active(insulin_iv)"', '"k < 3.0 and k > 4"')], '"k < 3.0 and k > 4"'),
    ("C207", [('"k < 3.0 and active(insulin_iv)"', '"loc(ed) and loc(icu)"')], '"loc(ed)'),
    ("C207", [('"k < 3.0 and active(insulin_iv)"', '"state(vt) and state(sinus)"')], '"state(vt)'),
    ("C207", [('"k < 3.0 and active(insulin_iv)"', '"active(kcl) and not active(kcl)"')], '"active(kcl)'),
    ("C208", [("{init: 548, min: 15", "{init: 14, min: 15")], "14,"),
    ("C208", [("derived: {hco3", "variants: {low: {k: 1.1}}\nderived: {hco3")], "1.1}"),
    (
        "C301",
        [('{when: "bohb > 0.6", text: Moderate}, {text: Negative}]', '{when: "bohb > 0.6", text: Moderate}]')],
        '"bohb > 0.6"',
    ),
    ("C303", [("{ph: ph, pco2: pco2, hco3: hco3, k: k,", "{ph: ph, pco2: pco2, hco3: hco3, k: k + 0.2,")], "k + 0.2"),
    ("C304", [("title: Vomiting and", "title: Ketoacidosis and")], "Ketoacidosis and"),
    (
        "C304",
        [("title: Vomiting and", "title: Sugar fever and"), ("meta: {key", "meta: {synonyms: [sugar fever], key")],
        "Sugar",
    ),
    ("C305", [("{text: Hungry; nausea gone.}]", "{text: Hungry.}, {text: Thirsty.}]")], "{text: Thirsty.}"),
    (
        "C306",
        [("vbg: &gas {ph: ph, pco2: pco2, hco3: hco3, k: k, lactate: 1.2 + 0.25*deficit}", "vbg: &gas As last year.")],
        "results:",
    ),
    ("C307", [("results:                   ", "noise: {wbc: 0.03, plt: 0.02, po2: 0.1}\nresults:                   ")], "po2:"),
    ("C307", [("results:                   ", "noise: {sbp: 0.03}\nresults:                   ")], "sbp:"),
    (
        "C101",
        [("results:                   ", 'refusals: [{refuse: morphine_iv, text: "No."}]\nresults:                   ')],
        "morphine_iv",
    ),
    (
        "C113",
        [("results:                   ", 'refusals: [{refuse: ["move:moon"], text: "No."}]\nresults:                   ')],
        '"move:moon"',
    ),
    (
        "C103",
        [
            (
                "results:                   ",
                'refusals: [{refuse: "move:home", when: state(shocked), text: "No."}]\nresults:                   ',
            )
        ],
        "state(shocked)",
    ),
    ("C105", [("results:                   ", "noise: {potassium: 0.03}\nresults:                   ")], "potassium:"),
    ("C401", [('why: {fluids: "Restores', 'why: {exam: "Restores')], "fluids,"),
    ("C401", [('h_wrong_agent: "Oral', 'monitor: "Oral')], "h_wrong_agent,"),
    ("C402", [("reach: closed, full: 16h, zero: 30h", "reach: closed, full: 36h, zero: 48h")], "36h,"),
    ("C402", [("every: 2h", "every: 40h")], "40h,"),
    ("C404", [('avoid: insulin_iv, when: "k < 3.5"', 'avoid: insulin_iv, when: "k < 3.5 and k > 3.5"')], '"k < 3.5 and'),
    ("C404", [("vt: state(vt)", "vt: state(vt) and state(sinus)")], "vt,"),
    (
        "C405",
        [("allergies: []", "allergies: [sulfonylurea]"), ("[metformin_po, glipizide_po, ", "[metformin_po, ")],
        "sulfonylurea]",
    ),
    ("C405", [("allergies: []", "allergies: [sulfonylurae]")], "sulfonylurae]"),
    (
        "C406",
        [
            ("allergies: []", "conditions: [pregnancy]"),
            ("do: hcg_serum", "do: empagliflozin_po"),
            ("empagliflozin_po, lispro", "lispro"),
        ],
        "empagliflozin_po,",
    ),
    ("C407", [("{id: chemistry,", "{id: fluids,")], "fluids, tier: critical, do: chem"),
    ("C408", [('why: {fluids: "Restores', 'why: {fluid: "none", fluids: "Restores')], "fluid:"),
    ("C804", [(", license: CC-BY-SA-4.0", "")], "meta:"),
]


@pytest.mark.parametrize(("code", "changes", "words"), MUTATIONS, ids=[f"{one[0]}-{one[1][0][1][:40]}" for one in MUTATIONS])
def test_a_case_with_one_thing_wrong_has_that_code_at_that_place(code: str, changes: list[tuple[str, str]], words: str) -> None:
    found = [finding for finding in lint_findings(*changes) if finding.rule == code]

    text = example_with(*changes)
    assert any(words_at(finding, text).startswith(words) for finding in found), lint_findings(*changes)
    assert {finding.severity for finding in found} == {CODES[code].severity}


def test_every_code_has_a_case_that_fails_it() -> None:
    by_form = {"C100", "C107", "C108", "C115"}  # tests of the reader
    by_hand = {"C118", "C302", "C801", "C802", "C803"}  # below

    assert {
        code for code, _, _ in MUTATIONS
    } | by_form | by_hand == CODES.keys() - DYNAMIC  # those have a test file of their own


def test_the_example_has_no_error_and_only_lacks_reviewers() -> None:
    findings = check_case(read_example(), small_catalogue(), on=ON)

    assert [finding.rule for finding in findings] == ["C801"]
    assert not has_errors(findings)


def test_the_example_has_no_error_with_the_catalogue_of_the_content() -> None:
    catalogue, _ = load_catalogue(CONTENT / "orders")
    assert catalogue is not None

    assert not has_errors(check_case(read_example(), catalogue, on=ON))


def test_a_reference_to_a_takeaway_is_looked_up_where_the_bank_is_known() -> None:
    case = read_example(("debrief:\n", "debrief:\n  takeaways: [endocrine.insulin]\n"))

    (finding,) = [one for one in check_case(case, small_catalogue(), takeaways={"endocrine.insulins"}) if one.rule == "C118"]
    assert finding.text == 'the bank has no takeaway "endocrine.insulin"; did you mean "endocrine.insulins"?'
    assert finding.column == 15
    assert not [one for one in check_case(case, small_catalogue()) if one.rule == "C118"]


@pytest.mark.parametrize(("change", "missing"), [({"unit": ""}, "unit"), ({"intervals": ()}, "reference interval")])
def test_an_analyte_without_unit_or_interval_is_found_where_it_is_reported(change: dict[str, object], missing: str) -> None:
    known = dict(small_catalogue().analytes)
    known["po4"] = replace(known["po4"], **change)  # type: ignore[arg-type]

    (finding,) = [one for one in check_case(read_example(), small_catalogue(), known) if one.rule == "C302"]

    assert words_at(finding, example_text()).startswith("po4: 2.4")
    assert finding.text == f'the analyte "po4" has no {missing}'


def test_the_same_person_twice_is_one_reviewer() -> None:
    once = read_example(("reviewers: []", "reviewers: [A. Baker, A. Baker]"))
    twice = read_example(("reviewers: []", "reviewers: [A. Baker, C. Diaz]"))

    assert [one.text for one in check_case(once, small_catalogue()) if one.rule == "C801"] == [
        "1 of 2 clinicians have reviewed it"
    ]
    assert not [one for one in check_case(twice, small_catalogue()) if one.rule == "C801"]


def test_sources_and_review_are_judged_by_the_day_that_is_given() -> None:
    def codes(on: date | None) -> set[str]:
        return {finding.rule for finding in check_case(read_example(), small_catalogue(), on=on)} - {"C801"}

    assert codes(None) == set()
    assert codes(date(2027, 6, 30)) == set()
    assert codes(date(2027, 7, 1)) == {"C803"}
    assert codes(date(2029, 12, 31)) == {"C803"}
    assert codes(date(2030, 1, 1)) == {"C802", "C803"}


def test_a_case_that_sets_no_month_for_its_review_is_told_so() -> None:
    assert [one.rule for one in lint_findings((", review_by: 2027-06", ""))][:1] == ["C803"]


def test_a_warning_is_waived_with_a_reason_and_an_error_is_not() -> None:
    waiver = "waivers: {C801: two readers are asked for}\nvariables:  "

    assert "C801" not in {one.rule for one in check_case(read_example(("variables:  ", waiver)), small_catalogue())}
    wrong = [("do: telemetry", "do: telemetri"), ("variables:  ", "waivers: {C101: never mind}\nvariables:  ")]
    assert {"C101", "C119"} <= {one.rule for one in lint_findings(*wrong)}


def test_a_waiver_without_a_reason_is_a_wrong_value() -> None:
    (finding,) = form_findings(("variables:  ", 'waivers: {C801: ""}\nvariables:  '))

    assert finding.rule == "C100"


def test_a_waiver_for_what_depends_on_the_day_is_idle_only_where_a_day_is_given() -> None:
    case = read_example(("variables:  ", "waivers: {C802: old and good}\nvariables:  "))

    assert "C120" not in {one.rule for one in check_case(case, small_catalogue())}
    assert "C120" in {one.rule for one in check_case(case, small_catalogue(), on=ON)}


def test_a_state_that_only_an_impossible_guard_opens_is_not_reached() -> None:
    findings = lint_findings(('{go: coma, when: "bohb >= 11"}', '{go: coma, when: "state(vt) and state(sinus)"}'))

    assert {finding.rule for finding in findings} >= {"C201", "C207"}


def test_a_harm_in_a_state_that_is_never_reached_is_found() -> None:
    changes = [('{go: vt, when: "k <= 2.5"}, ', "")]

    assert {"C201", "C404"} <= {finding.rule for finding in lint_findings(*changes)}


def test_a_window_that_opens_with_an_impossible_event_is_found() -> None:
    findings = lint_findings(('k_safe: "k >= 3.5"', 'k_safe: "k >= 3.5 and k < 3"'))

    assert {"C207", "C402"} <= {finding.rule for finding in findings}


def test_a_round_with_a_dwell_time_or_parted_thresholds_is_none_in_no_time() -> None:
    later = ('{go: rebound, when: "bohb >= 1.5"}', '{go: rebound, when: "bohb >= 0.5", after: 1m}')

    assert "C205" not in {finding.rule for finding in lint_findings()}
    assert "C205" not in {finding.rule for finding in lint_findings(later)}


def test_a_near_name_is_offered() -> None:
    (finding,) = lint_findings(("do: telemetry", "do: telemetri"))

    assert finding.text == 'no order or group "telemetri"; did you mean "telemetry"?'


def test_a_drug_without_its_route_is_told_its_routes() -> None:
    (finding,) = [
        one
        for one in lint_findings(("do: basal, from", "do: kcl_po, from"), ("[kcl_iv], onset", "[kcl], onset"))
        if one.rule == "C101"
    ]

    assert finding.text == '"kcl" is a group; name its orders here'
    (finding,) = [
        one for one in lint_findings(("alkali: {by: [bicarbonate_iv]", "alkali: {by: [bicarbonate]")) if one.rule == "C101"
    ]
    assert finding.text == '"bicarbonate" needs its route: bicarbonate_iv, bicarbonate_po'


def test_all_findings_come_at_once_in_the_order_of_the_file() -> None:
    findings = lint_findings(
        ("do: telemetry", "do: telemetri"), ("po4: 2.4", "phos: 2.4"), ("initial: sinus", "initial: sinis")
    )

    assert [finding.line for finding in findings] == sorted(finding.line for finding in findings)
    assert {"C101", "C103", "C105"} <= {finding.rule for finding in findings}


def test_the_table_of_codes_names_each_once() -> None:
    rows = code_table().splitlines()[2:]

    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == list(CODES)
    assert all(code.severity in {Severity.ERROR, Severity.WARNING} for code in CODES.values())

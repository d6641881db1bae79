from __future__ import annotations

import pytest
from pydantic import ValidationError

from bedside.cases.case_file import CaseFile
from bedside.cases.case_values import Range, Relax
from bedside.cases.rubric import Avoid, Before, Do, Happened, Reach, Scoring, Watch
from bedside.errors import NotFoundError
from tests.support.case_files import form_findings, read_example


def test_the_example_reads_to_its_record_with_whole_seconds() -> None:
    case = read_example()

    assert (case.id, case.start.location, case.start.clock) == ("endo-001", "ed", "Mon 07:40")
    assert (case.patient.age_s, case.patient.sex, case.patient.weight_kg) == (24 * 31_557_600, "F", 60.0)
    assert (case.end.virtual_s, case.end.when) == (36 * 3600, "seen(handed_over)")
    assert case.meta.minutes == 20
    assert case.variables["k"].init == 3.1
    assert case.effects["volume"].relax["deficit"] == Relax(0.3, 6 * 3600)
    assert case.effects["insulin"].phases[0].for_s == 3600
    assert case.expect["late"] == Range(45, 75)


def test_the_states_of_a_region_stand_beside_its_initial_one() -> None:
    rhythm = read_example().regions["rhythm"]

    assert rhythm.initial == "sinus"
    assert list(rhythm.states) == ["sinus", "vt"]
    assert [(one.go, one.when, one.after_s) for one in rhythm.states["vt"].to] == [
        ("sinus", "active(kcl) and given(magnesium_iv)", 300),
        ("dead", None, 1500),
    ]


def test_an_expression_that_is_a_number_is_kept_as_its_text() -> None:
    case = read_example()

    assert case.derived["temp"] == "36.7"
    assert case.results["magnesium"] == {"mg": "1.6"}


def test_a_finding_is_text_or_a_panel_or_branches() -> None:
    results = read_example().results

    assert results["hcg_serum"] == "Negative"
    assert results["vbg"] == results["abg"]
    history = results["history"]
    assert isinstance(history, tuple)
    assert [branch.when for branch in history] == ["state(coma)", "bohb > 5", None]


def test_every_kind_of_rubric_item_is_told_by_its_key() -> None:
    kinds = {item.id: type(item) for item in read_example().rubric}

    assert kinds["fluids"] is Do
    assert kinds["potassium_first"] is Before
    assert kinds["k_checks"] is Watch
    assert kinds["closure"] is Reach
    assert kinds["h_bicarbonate"] is Avoid
    assert kinds["h_vt"] is Happened


def test_one_target_reads_as_a_list_of_one() -> None:
    items = {item.id: item for item in read_example().rubric}

    fluids, teaching = items["fluids"], items["teaching"]
    assert isinstance(fluids, Do)
    assert isinstance(teaching, Do)
    assert fluids.do == ("crystalloid",)
    assert teaching.do == ("counsel_diabetes", "counsel_sick_day")


def test_the_critical_items_are_those_of_that_tier() -> None:
    assert [item.id for item in read_example().critical] == ["fluids", "chemistry", "potassium", "insulin"]


def test_a_case_without_figures_has_those_of_the_design() -> None:
    scoring = Scoring()

    assert (scoring.miss_critical_cap, scoring.death_cap, scoring.soft) == (60, 20, 0.3)
    assert (scoring.intrusive.each, scoring.intrusive.max) == (5, 20)
    assert (scoring.clutter.free, scoring.clutter.each, scoring.clutter.max) == (6, 0.5, 10)
    assert scoring.neutral == ()


def test_a_variant_replaces_what_it_names_and_nothing_else() -> None:
    case = read_example(("derived: {", "variants: {high: {k: 6.2}, usual: {k: 4.4, glucose: 600}}\nderived: {"))

    assert case.initial_values() == {"glucose": 548, "bohb": 9, "k": 3.1, "deficit": 6}
    assert case.initial_values("usual") == {"glucose": 600, "bohb": 9, "k": 4.4, "deficit": 6}
    with pytest.raises(NotFoundError, match='no variant "hihg" of the case endo-001; did you mean "high"'):
        case.initial_values("hihg")


def test_the_contraindications_of_a_patient_are_named_as_the_catalogue_names_them() -> None:
    case = read_example(("allergies: []", "allergies: [penicillin], conditions: [pregnancy]"))

    assert case.patient.contraindications == ("penicillin_allergy", "pregnancy")


def test_a_case_is_not_changed_once_it_is_read() -> None:
    case = read_example()

    with pytest.raises(ValidationError, match="frozen"):
        case.title = "Another"  # type: ignore[misc]


def test_a_case_that_was_not_read_from_a_file_has_no_places_and_a_name() -> None:
    case = CaseFile.model_validate(read_example().document.value)

    assert (case.document.file, case.document.place(("id",)).line) == ("endo-001.yaml", 1)


@pytest.mark.parametrize(
    ("old", "new", "code", "text"),
    [
        ("full: 20m, zero: 2h, pts: 12", "full: 20min, zero: 2h, pts: 12", "C107", 'rubric.0.full: "20min" is not a duration'),
        ("weight: 60kg", "weight: 60", "C108", "60 is not a weight"),
        ("max: 12, unit: mmol/L", "max: 12", "C108", 'missing key "unit"'),
        ("weight: 60kg", "weight: 60g", "C108", "60g is no weight of a patient"),
        ("initial: dka", "initail: dka", "C100", 'missing key "initial"'),
        ("location: ed", "location: hospital", "C100", "'office'"),
        ('clock: "Mon 07:40"', 'clock: "Mon 7:40"', "C100", '"Mon 7:40" should be a weekday and a time'),
        ("minutes: 20", "minutes: 15", "C100", "should be 10 or 20"),
        ("review_by: 2027-06", "review_by: June 2027", "C100", '"June 2027" should be a month: 2027-06'),
        ("sex: F", "sex: female", "C100", "'F' or 'M'"),
        ("bohb: {init: 9.0, min: 0.1, max: 12", "bohb: {init: 9.0, min: 12, max: 12", "C100", "min must be below max"),
        ("{init: 548, min: 15", "{init: high, min: 15", "C100", "should be a number"),
        ("{init: 548, min: 15", "{init: true, min: 15", "C100", "should be a number"),
        ('{go: closed, when: "bohb <= 0.6"}]}\n    closed', "{go: closed}]}\n    closed", "C100", "`when`, `after` or both"),
        ('k_safe: "k >= 3.5"', 'K_safe: "k >= 3.5"', "C100", '"K_safe" should be a name'),
        ("basal: {by: [glargine_sq", "or: {by: [glargine_sq", "C100", '"or" is a word of the expression language'),
        ("before: [kcl, insulin_iv]", "before: [kcl]", "C100", "rubric.10.before.1 is missing"),
        (
            "{id: fluids, tier: critical, do: crystalloid",
            "{id: fluids, tier: critical, dot: crystalloid",
            "C100",
            "exactly one",
        ),
        ("{id: h_vt, event: vt, pts: -10", "{id: h_vt, event: vt, pts: 10", "C100", "less than 0"),
        ("full: 15m, zero: 90m", "full: 15m", "C100", "go together"),
        ("full: 15m, zero: 90m", "full: 90m, zero: 15m", "C100", "`zero` must be later than `full`"),
        ("{when: state(coma), text: She cannot answer.}", "{when: state(coma)}", "C100", "either `text` or `panel`"),
        ("phases: [{for: 1h, ", "phases: [{", "C100", "only the last phase may go without `for`"),
        ("hcg_serum: Negative", "hcg_serum: []", "C100", "at least 1 item"),
        ("hcg_serum: Negative", "move:icu: Negative", "C100", '"move:icu" should be an order'),
        ('avoid: "move:home"', 'avoid: "go:home"', "C100", '"go:home" should be an order, a group'),
        ("relax: {k: [5.0, 4h]}", "relax: {k: [5.0]}", "C100", "effects.potassium.relax.k.1 is missing"),
        ("expert: [95, 100]", "expert: [95, 101]", "C100", "less than or equal to 100"),
    ],
)
def test_a_wrong_value_is_told_in_plain_words(old: str, new: str, code: str, text: str) -> None:
    findings = form_findings((old, new))

    assert any(finding.rule == code and text in finding.text for finding in findings), findings

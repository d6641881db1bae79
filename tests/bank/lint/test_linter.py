"""What the linter promises as a whole: places, waivers, imported items, order, and that nothing makes it fall over."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank import LINT_RULES as RULES
from bedside.bank import BlueprintEntry, Item, Kind, Option, SetKind, SetPart, Stimulus, StimulusKind
from bedside.findings import Severity
from tests.support.examples import examples
from tests.support.items import numeric_text, reading_of
from tests.support.lint import LEAD_IN, OPTIONS, STEM, findings_of, made, rules_of


def _only(rule: str, *items: Item) -> list[tuple[int, int | None]]:
    return [(finding.line, finding.column) for finding in findings_of(*items) if finding.rule == rule]


def _line_of(item: Item, text: str) -> tuple[int, int]:
    """Line and column of a text of the stem, counted by hand."""
    lines = item.stem.split("\n")
    row = next(n for n, line in enumerate(lines) if text in line)
    return item.stem_line + row, lines[row].index(text) + 1


def test_a_finding_in_the_stem_points_at_the_word() -> None:
    item = made(stem=f"{STEM}\n\nHe is febrile.")

    assert _only("interpretive-words", item) == [_line_of(item, "febrile")]


def test_a_finding_in_a_table_points_at_the_cell() -> None:
    item = made(stem=f"{STEM}\n\n| | |\n|---|---|\n| Sodium | 138 mEq/L |\n| Hemoglobin | 7.2 |")

    assert _only("missing-units", item) == [_line_of(item, "7.2 |")]


def test_a_finding_in_the_lead_in_points_at_the_word() -> None:
    item = made(lead_in="Which of the following is NOT indicated in this patient?")

    assert _only("negative-lead-in", item) == [(item.lead_in_line, item.lead_in.index("NOT") + 1)]


def test_a_finding_in_an_option_points_behind_its_box() -> None:
    item = made(options=(*OPTIONS[:4], "Radiography is always enough"))

    option = item.options[4]
    assert _only("absolute-terms", item) == [(option.line, len("- [ ] ") + option.text.index("always") + 1)]


def test_a_finding_in_an_explanation_points_at_its_line() -> None:
    item = made(explanations={"C": "Too short."})

    assert _only("explanation-too-short", item) == [(item.options[2].line + 1, None)]


def test_findings_come_in_the_order_of_the_file() -> None:
    item = made(
        stem=f"{STEM} He is febrile.", lead_in="Which of the following is true?", options=(*OPTIONS[:4], "All of the above")
    )

    places = [(finding.line, finding.column or 0) for finding in findings_of(item)]
    assert len(places) >= 3
    assert places == sorted(places)


def test_a_waiver_takes_the_finding_away_by_the_name_of_the_rule() -> None:
    head = {"waive": '[{rule: brand-name-drug, reason: "the brand is what the patient calls it"}]'}

    assert rules_of(made(stem=f"{STEM} He takes Lipitor.", head=head)) == set()


def test_a_waiver_takes_the_finding_away_by_the_code_of_the_flaw() -> None:
    head = {"waive": '[{rule: ID12, reason: "the brand is what the patient calls it"}]'}

    assert rules_of(made(stem=f"{STEM} He takes Lipitor and has HTN.", head=head)) == set()


def test_a_waiver_leaves_other_rules_alone() -> None:
    head = {"waive": '[{rule: brand-name-drug, reason: "the brand is what the patient calls it"}]'}

    assert rules_of(made(stem=f"{STEM} He takes Lipitor and has HTN.", head=head)) == {"unexplained-abbreviation"}


def test_a_waiver_without_a_reason_waives_nothing() -> None:
    head = {"waive": '[{rule: brand-name-drug, reason: "  "}]'}

    assert rules_of(made(stem=f"{STEM} He takes Lipitor.", head=head)) == {"brand-name-drug", "waiver-without-reason"}


def test_a_waiver_of_an_unknown_rule_says_what_is_near() -> None:
    findings = findings_of(made(head={"waive": '[{rule: brand-name-drugs, reason: "a slip"}]'}))

    assert [(f.rule, f.severity) for f in findings] == [("unknown-waiver", Severity.ERROR)]
    assert 'did you mean "brand-name-drug"?' in findings[0].text
    assert findings[0].line == 15  # the line of the front matter, below the one source


def test_a_waiver_that_waives_nothing_is_told() -> None:
    assert rules_of(made(head={"waive": '[{rule: brand-name-drug, reason: "was needed once"}]'})) == {"unused-waiver"}


def test_the_rules_about_waivers_can_not_be_waived() -> None:
    head = {"waive": '[{rule: unused-waiver, reason: "to have peace"}]'}

    assert rules_of(made(head=head)) == {"unknown-waiver"}


def test_an_imported_item_is_told_of_harm_alone_and_in_notes() -> None:
    spoilt = STEM.replace("148/86", "86/148") + " He is an alcoholic and febrile."
    item = made(stem=spoilt, lead_in="Which is NOT true:", options=("Stone", "*Cyst", "All of the above"), imported=True)

    found = {(finding.rule, finding.severity) for finding in findings_of(item)}
    assert found == {("impossible-value", Severity.NOTE), ("all-of-the-above", Severity.NOTE)}


def test_an_imported_item_never_has_more_than_notes() -> None:
    spoilt = STEM.replace("58-year-old", "4-year-old").replace("1.1 mg/dL", "110 mg/dL")
    item = made(stem=spoilt, options=("10% to 20%", "*20% to 30%", "None of the above"), imported=True)

    assert {finding.severity for finding in findings_of(item)} == {Severity.NOTE}


def test_without_reference_values_laboratory_values_are_not_judged() -> None:
    item = made(stem=STEM.replace("1.1 mg/dL", "110"))

    assert findings_of(item, analytes=None) == []


def test_a_social_item_needs_neither_age_nor_setting() -> None:
    stem = (
        "A patient tells the physician that the new tablets cost too much and that the bottle has been empty for two "
        "weeks now. "
        "The patient asks whether the dose can be halved until the next payday."
    )
    lead_in = "Which of the following is the most appropriate response?"
    options = ("“Get the cheaper one.”", "*“Is money tight?”", "“Skip a few of them.”", "“Wait until then.”")
    clinical = made(stem=stem, lead_in=lead_in, options=options)
    social = replace(clinical, blueprint=(BlueprintEntry("usmle", "step1", {"system": ("social",)}),))

    assert rules_of(clinical) == {"missing-demographics"}
    assert rules_of(social) == set()


def test_more_options_than_letters_are_counted_and_no_more() -> None:
    item = made()
    crowd = tuple(Option("Z", f"All of the above {n}", n == 0, "", 30 + n) for n in range(2000))

    assert rules_of(replace(item, options=crowd)) == {"number-of-options"}


def test_rules_about_the_key_keep_quiet_where_there_are_several() -> None:
    item = made(options=("Gout", "Lupus", "*Obstruction of the left ureter by a calcium oxalate stone", "Sepsis", "Torsion"))
    several = replace(item, kind=Kind.MULTIPLE_SELECT)

    assert "key-longest" in rules_of(item)
    assert "key-longest" not in rules_of(several)


def test_every_rule_has_a_code_and_a_sentence() -> None:
    for name, rule in RULES.items():
        assert rule.name == name
        assert name == name.lower()
        assert " " not in name
        assert rule.flaw[:2] in {"TW", "ID", "TC", "IA"}
        assert rule.summary.endswith(".")


_PIECES = st.sampled_from(
    [
        *[
            "58-year-old man",
            "She",
            "temperature is",
            "98.6°F (37",
            "BP",
            "120/80",
            "mm Hg",
            "sodium",
            "7.2",
            "g/dL",
            "| a | 1 |",
            "\n",
        ],
        *[
            "both A and B",
            "10-20%",
            "> 5",
            "1 in 0",
            "“",
            "”",
            "(",
            "İ",
            "ß",
            "9" * 400,
            "pH",
            "kg (",
            "lb)",
            "cm (5 ft",
            "-",
            "NOT",
        ],
        *[
            "| | |\n|---|---|",
            "|",
            "all",
            "?",
            "always",
            "0/0",
            "BMI is 0 kg/m2",
            "is 0 cm tall and weighs 0 kg",
            "a(n)",
            "*",
            "__",
        ],
        *["\x85", "\t", "gravida 9, para 99", "zero-year-old", "999-year-old girl"],
    ]
)
_TEXT = st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=25).map(" ".join))


@settings(max_examples=examples(300), deadline=None)
@given(stem=_TEXT, lead_in=_TEXT, options=st.lists(_TEXT, max_size=8), explanation=_TEXT, imported=st.booleans())
def test_no_text_makes_the_linter_raise(
    stem: str, lead_in: str, options: list[str], explanation: str, *, imported: bool
) -> None:
    item = made(imported=imported)
    written = tuple(Option(chr(65 + n), text, n == 1, explanation, 20 + 2 * n) for n, text in enumerate(options))
    spoilt = replace(item, stem=stem, lead_in=lead_in, options=written)

    for finding in findings_of(spoilt, item):
        assert finding.line >= 1
        assert finding.column is None or finding.column >= 1
        assert finding.rule in RULES


@settings(max_examples=examples(50), deadline=None)
@given(changes=st.lists(st.sampled_from([STEM, LEAD_IN, "He is febrile.", "Sodium is 12."]), max_size=4))
def test_the_findings_do_not_depend_on_what_stands_beside_the_item(changes: list[str]) -> None:
    item = made(stem=f"{STEM} He takes Lipitor.", file="items/one.md")
    others = [replace(made(stem=f"{text} {n}"), id=f"other-{n}", file=f"items/{n}.md") for n, text in enumerate(changes)]
    alone = [finding for finding in findings_of(item) if finding.rule == "brand-name-drug"]

    assert [f for f in findings_of(item, *others) if f.file == "items/one.md" and f.rule == "brand-name-drug"] == alone


@pytest.mark.parametrize(
    "text", ["a " * 60_000, "1 " * 60_000, "(" * 60_000, "temperature " * 20_000, "| " * 30_000, "not " * 30_000]
)
def test_a_long_monotonous_text_takes_no_longer_than_its_length(text: str) -> None:
    rules_of(replace(made(), stem=text, lead_in=text[:20_000]))


NUMERIC_LEAD_IN = "What is the fractional excretion of sodium in this patient, in per cent?"


def _numeric(explanation: str = "Urine sodium times serum creatinine, divided by serum sodium times urine creatinine.") -> Item:
    item = reading_of(numeric_text(f"= 0.5 ± 0.1 %\n  : {explanation}").replace("A 24-year-old woman", STEM)).item
    assert item is not None
    return replace(item, lead_in=NUMERIC_LEAD_IN)


def test_a_numeric_item_is_not_asked_for_options() -> None:
    assert rules_of(_numeric()) == set()


def test_the_explanation_of_a_numeric_answer_is_judged_too() -> None:
    item = _numeric("So it is.")

    assert item.answer is not None
    assert _only("explanation-too-short", item) == [(item.answer.line + 1, None)]


def test_a_later_part_of_a_set_need_not_tell_its_patient_again() -> None:
    item = made(stem="Two hours later he is pale.")
    later = replace(item, set=SetPart("renal-set-0001", SetKind.SEQUENTIAL, 2), earlier=(STEM,))

    needs_vignette = {name for name, rule in RULES.items() if rule.needs_vignette}
    assert rules_of(item) & needs_vignette == {"missing-demographics", "stem-too-short"}
    assert rules_of(later) & needs_vignette == set()
    first = replace(item, set=SetPart("renal-set-0001", SetKind.SEQUENTIAL, 1))
    assert rules_of(first) & needs_vignette == {"missing-demographics", "stem-too-short"}


def test_an_item_about_a_shared_text_needs_no_patient() -> None:
    text = Stimulus("renal-set-0001", StimulusKind.ABSTRACT, "A trial", "**Methods.** Something was done.", 7, (), "a.md")
    item = replace(made(stem="Look at the abstract."), stimulus=text, set=SetPart("renal-set-0001", SetKind.SHARED, 1))

    assert not rules_of(item) & {name for name, rule in RULES.items() if rule.needs_vignette}


def test_an_abbreviation_that_was_explained_before_is_known() -> None:
    item = made(stem=f"{STEM} He has XKCD.")
    told = "He has extreme kidney calcium disease (XKCD)."

    assert "unexplained-abbreviation" in rules_of(item)
    assert "unexplained-abbreviation" not in rules_of(replace(item, earlier=(told,)))


def test_a_later_part_may_tell_what_an_earlier_one_asked() -> None:
    key = OPTIONS[1].removeprefix("*")
    first = replace(made(), set=SetPart("renal-set-0001", SetKind.SEQUENTIAL, 1), id="renal-0001")
    later = made(stem=f"{STEM} A {key} is done.", head={"id": "renal-0002"})

    apart = rules_of(first, replace(later, file="items/renal-0002.md"))
    together = rules_of(first, replace(later, set=SetPart("renal-set-0001", SetKind.SEQUENTIAL, 2), file="items/renal-0002.md"))
    assert "cue-across-items" in apart
    assert "cue-across-items" not in together

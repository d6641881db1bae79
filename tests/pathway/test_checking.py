"""Rule files: a rule that names what does not exist, rests on nothing, or whose examples come out otherwise, does not load."""

from __future__ import annotations

import pytest

from bedside.errors import NotFoundError
from bedside.pathway import Pathways, parse_pathways
from bedside.reading import Source
from tests.pathway.builder import HEAD, RULE, parsed, programmes, shipped, spoilt


def test_the_rules_that_ship_are_sound() -> None:
    assert [f"{one.file}:{one.line} {one.text}" for one in shipped().findings] == []
    assert shipped().unreadable == ()


def test_a_sound_file_loads() -> None:
    assert [rule.id for rule in parsed().get("usmle").rules] == ["small.rule"]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("requires: step1_passed", "requires: step1_pased", "requirement"),
        ("requires: step1_passed", "requires: step1_passed and", "requirement"),
        ("requires: step1_passed", "requires: {both: [step1_passed]}", "requirement"),
        ("requires: step1_passed", "requires: {all: []}", "requirement"),
        ("requires: step1_passed", "requires: 1", "requirement"),
        ("requires: step1_passed", 'requires: {some: {certificate: englsh, where: "reading > 1"}}', "requirement"),
        ("requires: step1_passed", 'requires: {some: {certificate: english, where: "listening > 1"}}', "requirement"),
        ("requires: step1_passed", "requires: limit > 1", "requirement"),
        ("    requires: step1_passed", "    values: {on: 1}\n    requires: step1_passed", "requirement"),
        ("    requires: step1_passed\n", "", "no-requirement"),
        ("    sources: [page]\n", "", "no-grounds"),
        ("    as_of: 2026-08-17\n", "", "no-grounds"),
        ("    confidence: high\n", "", "no-grounds"),
        ("    sources: [page]", "    sources: [pages]", "unknown-source"),
        ("    sources: [page]", "    fact: elig.step33", "unknown-fact"),
        ('    text: "Step 3 needs Step 1."\n', "", "no-text"),
        ("of: [step3]", "of: [step4]", "unknown-subject"),
        ("of: [step3]", "of: []", "unknown-subject"),
        ("about: step", "about: exam", "pathway-format"),
        ("name: small", "name: other", "name-differs"),
        ("programme: usmle", "programme: usmel", "unknown-programme"),
        ("comes: met", "comes: unknown", "example-differs"),
        ("from: never", "from: 2027-01-01", "example-differs"),
        ("comes: not_met, from: never", "comes: not_met", "example-format"),
        ("result: pass", "result: passed", "pathway-format"),
        ("step: step1,", "step: step7,", "example-format"),
    ],
)
def test_each_mistake_is_found(old: str, new: str, rule: str) -> None:
    assert spoilt(old, new) == [rule]


def test_a_rule_with_one_example_does_not_load() -> None:
    one = RULE[: RULE.index("      - on: 2026-11-22")]

    assert [finding.rule for finding in parsed(one).findings] == ["too-few-examples"]


def test_an_id_given_twice_is_found_at_both() -> None:
    assert [finding.rule for finding in parsed(RULE + RULE).findings] == ["duplicate-id", "duplicate-id"]


def test_arithmetic_with_the_day_asked_about_is_refused() -> None:
    assert spoilt("requires: step1_passed", "requires: on - 30 >= step1_passed_on") == ["example-differs"] * 2


def test_a_requirement_that_gives_a_number_is_refused() -> None:
    assert spoilt("requires: step1_passed", "requires: step1_attempts") == ["example-differs"] * 2


def test_where_one_file_has_a_mistake_nothing_is_answered() -> None:
    broken = parsed(RULE.replace("step1_passed", "step1_pased"))

    with pytest.raises(NotFoundError, match=r"no answer is safe.*small\.yaml:\d+"):
        broken.get("usmle")


def test_a_programme_without_rules_is_named_with_those_that_have_some() -> None:
    with pytest.raises(NotFoundError, match='no rules about "plab1"; there are some about: usmle'):
        parsed().get("plab1")


def test_two_files_that_both_say_how_late_a_result_may_come_are_found() -> None:
    head = HEAD.replace("rules:\n", "results: {fact: rules.reporting, latest_days: usual_days}\nrules:\n")
    other = 'schema: pathway/1\nname: other\ntitle: "Another"\nprogramme: usmle\nchecked_on: 2026-11-22\n'
    files = [
        Source("small.yaml", head + RULE),
        Source("other.yaml", other + "results: {fact: rules.reporting, latest_days: usual_days}\n"),
    ]

    found = parse_pathways(files, programmes().by_name).findings

    assert [(one.file, one.rule) for one in found] == [("other.yaml", "duplicate-name"), ("small.yaml", "duplicate-name")]


def test_a_record_may_name_what_belongs_to_other_programmes() -> None:
    plab1, usmle = shipped().get("plab1"), shipped().get("usmle")

    for pathway in (plab1, usmle):
        assert {"ielts_academic", "ecfmg"} <= pathway.certificate_names
        assert "step2cs" in pathway.steps_of_records["usmle"]
    assert "ecfmg" not in [one.name for one in plab1.certificates]


def test_the_exam_of_the_licence_is_the_one_whose_rules_name_the_boards() -> None:
    found = shipped()

    assert found.licensing == "usmle"
    others = Pathways({name: one for name, one in found.by_programme.items() if name != "usmle"}, (), ())
    with pytest.raises(NotFoundError, match="name an exam"):
        others.get(others.licensing)
    assert Pathways({"plab1": found.get("plab1")}, (), ()).licensing == "plab1"

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank import Kind, Place, Status
from bedside.bank.item_file import FRONT_MATTER_KEYS
from bedside.errors import NotTextError, ReadError, SyntaxReadError, TooLargeError
from bedside.reading import decode
from tests.support.items import OPTIONS, PNG, imported_text, item_of, item_text, reading_of, rules_of, write_media


def test_a_sound_file_reads_to_its_item_without_a_finding() -> None:
    item = item_of(item_text())

    assert (item.id, item.version, item.kind, item.status) == ("renal-0007", 1, Kind.ONE_BEST_ANSWER, Status.DRAFT)
    assert item.blueprint[0].codes == {"system": ("renal",), "competency": ("diagnosis",), "discipline": ("physiology",)}
    assert item.stem.startswith("A 24-year-old woman")
    assert item.lead_in == "Which of the following best explains these findings?"
    assert item.key == ("B",)
    assert [option.letter for option in item.options] == ["A", "B", "C"]
    assert item.options[2].explanation == "The pH would be high."
    assert not item.is_imported


def test_lines_of_stem_lead_in_and_options_are_those_of_the_file() -> None:
    text = item_text()
    lines = text.split("\n")

    item = item_of(text)

    assert lines[item.stem_line - 1].startswith("A 24-year-old")
    assert lines[item.lead_in_line - 1] == item.lead_in
    assert [lines[option.line - 1][6:] for option in item.options] == [option.text for option in item.options]


def test_a_stem_keeps_its_paragraphs_and_tables() -> None:
    stem = "A man.\n\n| | |\n|---|---|\n| pH | 7.21 |\n\nMore."

    assert item_of(item_text(stem=stem)).stem == stem


def test_an_explanation_runs_on_over_indented_lines_and_paragraphs() -> None:
    options = "- [x] One\n  : First line\n    second line.\n\n    New paragraph.\n- [ ] Two\n  : Text.\n- [ ] Three\n  : Text."

    assert item_of(item_text(options=options)).options[0].explanation == "First line\nsecond line.\n\nNew paragraph."


def test_an_option_runs_on_over_indented_lines() -> None:
    options = OPTIONS.replace("- [ ] Metabolic acidosis", "- [ ] Metabolic\n  acidosis")

    assert item_of(item_text(options=options)).options[0].text == "Metabolic acidosis"


def test_a_multiple_select_item_may_have_two_keys() -> None:
    text = item_text({"kind": "multiple_select"}, options=OPTIONS.replace("- [ ] Resp", "- [x] Resp"))

    assert item_of(text).key == ("B", "C")


def test_an_imported_item_may_leave_open_what_its_origin_did_not_say() -> None:
    item = item_of(imported_text(options="- [x] Yes\n- [ ] No", stem=""))

    assert item.origin is not None
    assert (item.origin.format, item.origin.row) == ("csv", 2)
    assert item.blueprint == ()


def test_an_imported_item_may_leave_an_axis_open() -> None:
    item = item_of(imported_text({"blueprint": "[{programme: exam, step: first, system: renal}]"}))

    assert item.blueprint[0].codes == {"system": ("renal",)}


BROKEN_HEADS = [
    ("unknown-key", {"optons": "x"}, 'unknown key "optons"', "optons:"),
    ("unknown-key", {"setings": "x"}, 'unknown key "setings"; did you mean "setting"?', "setings:"),
    ("missing-key", {"id": None}, 'missing key "id"', "schema:"),
    ("missing-key", {"version": None}, 'missing key "version"', "schema:"),
    ("missing-key", {"sources": None}, 'missing key "sources"', "schema:"),
    ("missing-key", {"authors": None}, 'missing key "authors"', "schema:"),
    ("missing-key", {"takeaways": None}, 'missing key "takeaways"', "schema:"),
    ("wrong-value", {"schema": "item/2"}, "schema: should be 'item/1'", "schema:"),
    ("wrong-value", {"version": "0"}, "version: should be greater than or equal to 1", "version:"),
    ("wrong-value", {"version": '"1"'}, "version: should be a valid integer", "version:"),
    ("wrong-value", {"version": "true"}, "version: should be a valid integer", "version:"),
    ("wrong-value", {"difficulty": "1.5"}, "difficulty: should be less than or equal to 1", "difficulty:"),
    ("wrong-value", {"id": "Renal 7"}, "id: string should match pattern", "id:"),
    ("wrong-value", {"status": "reviewed"}, "status: should be 'draft', 'cross_checked' or 'clinician_reviewed'", "status:"),
    ("wrong-value", {"sources": "[A, A]"}, 'sources: "A" stands there 2 times', "sources:"),
    ("unknown-programme", {"blueprint": "[{programme: exm, step: first}]"}, 'did you mean "exam"?', "blueprint:"),
    ("unknown-step", {"blueprint": "[{programme: exam, step: frist}]"}, 'did you mean "first"?', "blueprint:"),
    ("missing-key", {"blueprint": "[{programme: exam}]"}, 'missing key "step"', "blueprint:"),
    ("no-blueprint", {"blueprint": "[]"}, "no blueprint entry", "blueprint:"),
    ("no-source", {"sources": "[]"}, "no source", "sources:"),
    ("no-author", {"authors": "[]"}, "no author", "authors:"),
    ("no-takeaway", {"takeaways": "[]"}, "no takeaway", "takeaways:"),
    ("unknown-takeaway", {"takeaways": "[renal.winter_formla]"}, 'did you mean "renal.winter_formula"?', "takeaways:"),
]


@pytest.mark.parametrize(("rule", "changes", "text", "start"), BROKEN_HEADS)
def test_what_is_wrong_in_the_front_matter_is_named_with_its_line(
    rule: str, changes: dict[str, str | None], text: str, start: str
) -> None:
    file = item_text(changes)
    findings = [finding for finding in reading_of(file).findings if finding.rule == rule]

    assert [text in finding.text for finding in findings] == [True]
    assert file.split("\n")[findings[0].line - 1].startswith(start)
    assert findings[0].column is not None


def entry(codes: str) -> dict[str, str | None]:
    return {"blueprint": f"[{{programme: exam, step: first, {codes}}}]"}


@pytest.mark.parametrize(
    ("rule", "codes", "text"),
    [
        ("unknown-axis", "system: renal, competency: diagnosis, disciplin: [physiology]", 'did you mean "discipline"?'),
        ("unknown-code", "system: renl, competency: diagnosis", 'did you mean "renal"?'),
        ("unknown-code", "system: renal, competency: diagnosis, discipline: [physics]", 'no code "physics"'),
        ("missing-axis", "system: renal", '"competency"'),
        ("several-codes", "system: [renal, blood], competency: diagnosis", "not 2"),
        ("several-codes", "system: [], competency: diagnosis", "not 0"),
        ("wrong-value", "system: 3, competency: diagnosis", "a code or a list of codes"),
        ("wrong-value", "system: renal, competency: diagnosis, discipline: [physiology, physiology]", "twice"),
    ],
)
def test_codes_are_those_of_the_programme(rule: str, codes: str, text: str) -> None:
    findings = reading_of(item_text(entry(codes))).findings

    assert [(finding.rule, text in finding.text) for finding in findings] == [(rule, True)]


def test_two_entries_for_one_step_are_one_too_many() -> None:
    one = "{programme: exam, step: second, system: renal}"

    assert rules_of(item_text({"blueprint": f"[{one}, {one}]"})) == ["duplicate-entry"]


def test_a_key_given_twice_is_a_finding() -> None:
    assert rules_of(item_text().replace("seconds: 90", "seconds: 90\nseconds: 60")) == ["duplicate-key"]


@pytest.mark.parametrize(
    ("rule", "options"),
    [
        ("no-key", OPTIONS.replace("[x]", "[ ]")),
        ("several-keys", OPTIONS.replace("- [ ] Resp", "- [x] Resp")),
        ("too-few-options", "\n".join(OPTIONS.split("\n")[:4])),
        ("no-explanation", OPTIONS.replace("  : The pH would be high.", "")),
        ("duplicate-option", OPTIONS.replace("- [ ] Respiratory alkalosis", "- [ ] metabolic  Acidosis")),
        ("empty-option", OPTIONS.replace("- [ ] Respiratory alkalosis", "- [ ]")),
        ("broken-option", OPTIONS.replace("- [ ] Resp", "- [] Resp")),
        ("broken-option", OPTIONS.replace("- [ ] Resp", "* [ ] Resp")),
        ("broken-option", OPTIONS.replace("- [ ] Resp", "  - [ ] Resp")),
        ("broken-option", OPTIONS.replace("  : The pH", ": The pH")),
        ("broken-option", OPTIONS.replace("- [ ] Respiratory alkalosis\n", "")),
        ("text-after-options", OPTIONS + "\n\nA last word."),
        ("raw-html", OPTIONS.replace("The pH", "The <b>pH</b>")),
        ("raw-html", OPTIONS.replace("The pH", "<script src=//x")),
        ("raw-html", OPTIONS.replace("The pH", "<!-- x --> The pH")),
        ("unknown-exhibit", OPTIONS.replace("The pH", "![An ECG](figure:ecg rhythm=samba) The pH")),
        ("unknown-exhibit", OPTIONS.replace("The pH", "![An ECG](figure:ecg rhythm=vt rate=40) The pH")),
        ("unknown-exhibit", OPTIONS.replace("The pH", "![A shape](figure:cloud) The pH")),
        ("unknown-exhibit", OPTIONS.replace("The pH", "![An ECG](https://example.org/x.png) The pH")),
        ("no-alternative-text", OPTIONS.replace("The pH", "![](figure:ecg) The pH")),
    ],
)
def test_what_is_wrong_with_options_is_named(rule: str, options: str) -> None:
    assert rule in rules_of(item_text(options=options))


def test_every_finding_about_the_body_has_the_line_of_the_file() -> None:
    text = item_text(options=OPTIONS.replace("- [ ] Resp", "- [] Resp"))

    finding = next(finding for finding in reading_of(text).findings if finding.rule == "broken-option")

    assert text.split("\n")[finding.line - 1] == "- [] Respiratory alkalosis"
    assert finding.column == 1


def test_signs_of_comparison_are_not_html() -> None:
    assert rules_of(item_text(stem="P <0.05, a < b, T<38 and x<y.")) == []


def test_an_item_needs_a_stem_and_a_lead_in() -> None:
    assert rules_of(item_text(stem="")) == ["no-stem"]
    assert "no-lead-in" in rules_of(item_text(lead_in="", stem="| a | b |\n|---|---|\n| 1 | 2 |"))
    assert "no-lead-in" in rules_of(item_text(lead_in="", stem=""))


def test_all_findings_of_a_file_come_at_once() -> None:
    text = item_text({"optons": "x", "takeaways": "[renal.x]", "sources": "[]"}, options=OPTIONS.replace("[x]", "[ ]"))

    assert set(rules_of(text)) == {"unknown-key", "unknown-takeaway", "no-source", "no-key"}


def test_an_item_with_a_sound_form_is_given_to_editors_and_is_not_sound() -> None:
    reading = reading_of(item_text({"sources": "[]"}))

    assert reading.item is not None
    assert not reading.is_sound


def test_an_item_without_a_sound_form_is_not_given() -> None:
    assert reading_of(item_text(options=OPTIONS.replace("[x]", "[ ]"))).item is None


@pytest.mark.parametrize(
    ("place", "rules"),
    [
        (Place("renal-0007", "renal"), []),
        (Place("renal-0007", None), []),
        (Place("renal-0008", "renal"), ["id-and-place"]),
        (Place("renal-0007", "blood"), ["id-and-place"]),
    ],
)
def test_the_id_is_the_name_of_the_file_and_starts_with_its_area(place: Place, rules: list[str]) -> None:
    assert rules_of(item_text(), place=place) == rules


def test_media_must_exist_and_stay_inside_its_folder(tmp_path: Path) -> None:
    media = write_media(tmp_path, {"hand.png": PNG})
    (tmp_path / "secret.png").write_bytes(PNG)
    (media / "link.png").symlink_to(tmp_path / "secret.png")

    def rules(target: str) -> list[str]:
        return rules_of(item_text(stem=f"A man.\n\n![A hand](media:{target})"), media=media)

    assert rules("hand.png") == []
    for outside in ("../secret.png", "/etc/passwd", "link.png", "none.png", "a/../../secret.png"):
        assert rules(outside) == ["unknown-exhibit"], outside


def test_a_hundred_thousand_options_are_one_finding() -> None:
    options = "\n".join(f"- [ ] {n}" for n in range(100_000))

    findings = reading_of(item_text(options=options)).findings

    assert [(finding.rule, finding.text) for finding in findings] == [
        ("too-many-options", "100,000 options; an item has at most 26")
    ]


def test_a_body_that_no_candidate_could_read_is_refused() -> None:
    reading = reading_of(item_text(stem="word " * 25_000))

    assert [finding.rule for finding in reading.findings] == ["too-long"]
    assert reading.item is None


def test_a_hundred_thousand_broken_lines_are_a_few_findings() -> None:
    assert len(rules_of(item_text(options="- [] broken <b>\n" * 100_000))) < 50


def test_a_file_that_is_no_item_can_not_be_read() -> None:
    for text in ("", "no front matter", "---\nid: x\n", "---\nid: [\n---\n"):
        with pytest.raises(SyntaxReadError):
            reading_of(text)


def test_front_matter_that_is_no_mapping_is_a_finding() -> None:
    assert "wrong-value" in rules_of("---\n- a\n---\nText\n\n- [x] a\n- [ ] b\n- [ ] c\n")
    assert "wrong-value" in rules_of("---\n---\nText\n\n- [x] a\n- [ ] b\n- [ ] c\n")


def test_bytes_that_are_not_utf_8_can_not_be_read() -> None:
    with pytest.raises(NotTextError):
        decode(b"---\nid: \xff\n---\n", file="item.md")


def test_an_alias_bomb_can_not_be_read() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))

    with pytest.raises(TooLargeError):
        reading_of(f"---\n{bomb}---\n")


def test_a_tag_in_the_front_matter_makes_no_object() -> None:
    with pytest.raises(ReadError):
        reading_of(item_text({"setting": "!!python/object:os.system x"}))


def test_the_hash_is_of_what_is_seen_and_scored_only() -> None:
    item = item_of(item_text())

    same = item_of(item_text({"authors": "[other]", "sources": "[Other]", "seconds": "60"}))
    other = item_of(item_text(options=OPTIONS.replace("would be high", "is high")))

    assert same.content_hash == item.content_hash
    assert other.content_hash != item.content_hash


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text("abx1 -", max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abx1", min_size=1, max_size=3), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.sampled_from([*FRONT_MATTER_KEYS, "other"]), VALUES)
def test_no_value_in_the_front_matter_makes_the_reader_fail(key: str, value: object) -> None:
    for text in (item_text({key: json.dumps(value)}), imported_text({key: json.dumps(value)})):
        reading_of(text)


@settings(deadline=None)
@given(st.text("-[]xX :|!<>()\n abc*", max_size=120))
def test_no_body_makes_the_reader_fail(text: str) -> None:
    reading = reading_of(item_text(options=text))

    assert reading.item is None or len(reading.item.options) >= 3

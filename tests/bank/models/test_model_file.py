"""Reading a model file: what is wrong is told with its rule and its line."""

from __future__ import annotations

import pytest

from bedside.bank.item_file import Place
from bedside.bank.models.model import Apart, Order
from tests.support.models import CATEGORICAL, KINDS, PARTS, categorical, model_of, model_reading, reading_at


def _problems(**changes: str | None) -> list[tuple[str, int, str]]:
    reading = model_reading(**changes)
    assert reading.findings
    return [(finding.rule, finding.line, finding.text) for finding in reading.findings]


def test_a_sound_model_is_read_whole() -> None:
    model = model_of()

    assert (model.id, model.version, model.takeaways, model.seconds) == ("renal-m001", 1, ("renal.winter_formula",), 90)
    assert [variable.name for variable in model.variables] == ["age", "person", "cause", "bicarbonate"]
    assert (model.n_offered, model.order, model.apart) == (4, Order.ASCENDING, Apart(0.1, is_relative=True))
    assert not model.is_categorical
    assert categorical().is_categorical


@pytest.mark.parametrize(
    ("changes", "rule", "words"),
    [
        ({"optons": "x"}, "unknown-key", 'did you mean "options"'),
        ({"stem": None}, "missing-key", '"stem"'),
        ({"authors": "[]"}, "no-author", "no author"),
        ({"sources": "[]"}, "no-source", "no source"),
        ({"takeaways": "[renal.winter_formla]"}, "unknown-takeaway", "renal.winter_formula"),
        ({"blueprint": "\n  - {programme: exam, step: first, system: renl, competency: diagnosis}"}, "unknown-code", "renl"),
        ({"difficulty": "2"}, "wrong-value", "difficulty"),
        ({"order": "sideways"}, "wrong-value", "order"),
        ({"lead_in": '"One.\\n\\nWhich is it?"'}, "no-lead-in", "one paragraph"),
        (
            {"stem": "A man of {age} <b>years</b> in {cause.history} on {cause.days}, {person}, {bicarbonate}"},
            "raw-html",
            "<b>",
        ),
        ({"stem": "X {age} {agee} {person} {cause.days} {cause.history}"}, "unknown-name", 'did you mean "age"'),
        ({"stem": "X {cause.drug} {age} {person} {cause.history}"}, "unknown-name", "cause.drug"),
        ({"stem": "X {age {person} {cause.history} {age}"}, "wrong-placeholder", "brace alone"),
        ({"stem": "X {age:x} {person} {cause.history} {age}"}, "wrong-placeholder", "no format of a number"),
        ({"stem": "X {person:.1f} {age} {cause.history}"}, "wrong-placeholder", "text, which takes no format"),
        ({"stem": "X ![](media:no.png) {age} {person} {cause.history}"}, "no-alternative-text", "alternative"),
        ({"stem": "X ![x](media:no.png) {age} {person} {cause.history}"}, "unknown-exhibit", "no.png"),
        ({"stem": "X ![x](media:{person}.png) {age} {cause.history}"}, "wrong-placeholder", "named as it is"),
        ({"options": KINDS}, "unknown-name", "ph"),
        ({"check": None}, "no-check", "second way"),
        ({"check": "{value: person, tolerance: 1}"}, "wrong-expression", "this is text"),
        ({"check": "[1]"}, "wrong-value", "an expression"),
        ({"apart": None}, "missing-key", "apart"),
        ({"apart": "10 percent"}, "wrong-value", "10%"),
        ({"apart": "-1"}, "wrong-value", "over 0"),
        ({"offer": "9"}, "wrong-value", "9 of 5"),
        ({"offer": "2"}, "too-few-options", "3 to 26"),
        ({"require": "\n  - constant_taken_away"}, "wrong-expression", "must be a truth value"),
        ({"require": "\n  - person > 3"}, "wrong-expression", "`person` is text"),
        ({"require": "\n  - person + 1 > 3"}, "wrong-expression", "where a number is needed"),
        ({"require": "\n  - agee > 3"}, "unknown-name", 'did you mean "age"'),
        ({"require": "\n  - age.real > 3"}, "wrong-expression", "not in the language"),
        ({"variables": PARTS["variables"].replace("from: 20", "from: 20, by: 2")}, "unknown-key", "by"),
        ({"variables": PARTS["variables"].replace("step: 1}", "step: 0}", 1)}, "wrong-value", "over 0"),
        ({"variables": PARTS["variables"].replace("to: 60", "to: 10")}, "wrong-value", "is not over 20"),
        ({"variables": PARTS["variables"].replace("to: 60, step: 1", "to: 60, step: 7")}, "wrong-value", "never reach 60"),
        ({"variables": PARTS["variables"].replace("[man, woman]", "[man, 4]")}, "wrong-value", "side by side"),
        ({"variables": PARTS["variables"].replace("[man, woman]", "[man, man]")}, "wrong-value", "twice"),
        ({"variables": PARTS["variables"].replace("[man, woman]", "[man]")}, "wrong-value", "at least 2"),
        ({"variables": PARTS["variables"].replace("days: 6", "day: 6")}, "wrong-value", "the same keys"),
        ({"variables": PARTS["variables"].replace("age:", "Age:")}, "wrong-name", "small letters"),
        ({"variables": PARTS["variables"] + "\n  round: {choose: [a, b]}"}, "wrong-name", "no function"),
        ({"variables": PARTS["variables"] + "\n  cause_days: {choose: [a, b]}"}, "duplicate-name", "cause_days"),
        ({"variables": PARTS["variables"] + "\n  when: soon"}, "wrong-value", "choose"),
        ({"computed": PARTS["computed"] + "\n  age: 3"}, "duplicate-name", '"age"'),
        ({"variables": PARTS["variables"] + "\n  idle: {choose: [a, b]}"}, "unknown-name", 'nothing uses "idle"'),
        ({"options": PARTS["options"].replace("key: true, ", "")}, "wrong-key", "key: true"),
        ({"options": PARTS["options"].replace("mistake: no 8", "key: true")}, "wrong-key", "key: true"),
        ({"options": PARTS["options"].replace("mistake: no 8, ", "")}, "no-mistake", "which `mistake`"),
        ({"options": PARTS["options"].replace(', because: "This leaves out the 8 mm Hg."', "")}, "missing-key", "because"),
        ({"options": PARTS["options"].replace("value: no_constant, ", "")}, "missing-key", "need a `value`"),
        ({"options": PARTS["options"].replace("key: true", "key: true, only_if: age > 3")}, "wrong-key", "only_if"),
        ({"options": PARTS["options"].replace("key: true", 'key: true, wrong_because: "x"')}, "wrong-key", "never wrong"),
        ({**CATEGORICAL, "options": KINDS.replace("right_if: ph < 7.35", "key: true")}, "wrong-key", "one or the other"),
        (
            {**CATEGORICAL, "options": KINDS.replace("wrong_because: The pH of {ph} is not low.", "")},
            "missing-key",
            "wrong_because",
        ),
        ({**CATEGORICAL, "options": KINDS.replace("name: low", "")}, "missing-key", "`name`"),
        ({**CATEGORICAL, "options": KINDS.replace("name: low", "name: high")}, "duplicate-name", "one name"),
        ({**CATEGORICAL, "apart": "1"}, "wrong-value", "options with a `value`"),
        ({**CATEGORICAL, "order": "ascending"}, "missing-key", "need a `value`"),
        ({**CATEGORICAL, "check": "ph"}, "wrong-expression", "must be text"),
    ],
)
def test_each_offence_has_its_rule(changes: dict[str, str | None], rule: str, words: str) -> None:
    found = _problems(**changes)

    assert any(rule == name and words in text for name, _, text in found), found


def test_a_number_without_known_decimals_needs_a_format() -> None:
    changes = {"computed": PARTS["computed"] + "\n  part: bicarbonate / 3", "stem": "X {part} {age} {person} {cause.history}"}

    assert [(rule, text) for rule, _, text in _problems(**changes)] == [
        ("wrong-placeholder", 'how many decimals has "part"? Write {part:.1f}, or compute it with round(…, 1)')
    ]
    assert model_reading(**{**changes, "stem": "X {part:.1f} {age} {person} {cause.history}"}).findings == ()


def test_a_finding_in_a_text_of_several_lines_names_the_line() -> None:
    stem = "|\n  {age:A}-year-old {person} has {cause.history}.\n\n  | | |\n  |---|---|\n  | Sodium | {sodium} |"
    lines = [line.partition(":")[0] for line in "\n".join(f"{key}: {value}" for key, value in PARTS.items()).split("\n")]

    assert [(rule, line) for rule, line, _ in _problems(stem=stem)] == [("unknown-name", lines.index("stem") + 1 + 5)]


def test_a_broken_expression_names_its_column() -> None:
    (problem,) = _problems(require="\n  - age + > 3")

    assert problem[0] == "wrong-expression"
    assert "column" in problem[2]


def test_the_id_is_the_name_of_the_file_and_begins_with_its_area() -> None:
    assert reading_at(Place("renal-m001", "renal")).findings == ()
    for place in (Place("renal-m002", "renal"), Place("renal-m001", "blood")):
        assert [finding.rule for finding in reading_at(place).findings] == ["id-and-place"]


def test_the_hash_is_of_what_members_come_from() -> None:
    ours = model_of().content_hash

    for same in (
        {"authors": "[author-2]"},
        {"status": "draft"},
        {"check": "expected"},
        {"seconds": "120"},
        {"difficulty": "0.7"},
    ):
        assert model_of(**same).content_hash == ours
    assert model_of(options=PARTS["options"].replace("mistake: no 8", "mistake: nothing added")).content_hash == ours
    for other in (
        {"offer": "5"},
        {"apart": "11%"},
        {"order": "shuffled"},
        {"require": None},
        {"stem": PARTS["stem"] + " Nothing else."},
        {"options": PARTS["options"].replace("leaves out the 8", "leaves the 8 out")},
        {"variables": PARTS["variables"].replace("to: 60", "to: 61")},
        {"computed": PARTS["computed"].replace("3 * bicarbonate", "4 * bicarbonate")},
    ):
        assert model_of(**other).content_hash != ours

from __future__ import annotations

import re
from pathlib import Path

import bedside.bank
from bedside.bank import FORMAT_RULES, figure_table, read_item, rule_table
from bedside.bank.figures.ecg.words import rhythm_table
from bedside.bank.item_file import FRONT_MATTER_KEYS
from tests.support.items import CODES, TAKEAWAYS

REPOSITORY = Path(__file__).parents[2]
REFERENCE = REPOSITORY / "docs" / "reference" / "item-format.md"
SOURCES = [path for path in Path(bedside.bank.__file__).parent.glob("*.py") if path.name not in {"rules.py", "__init__.py"}]


def test_the_documentation_has_the_table_of_the_rules() -> None:
    assert rule_table() in REFERENCE.read_text(encoding="utf-8")


def test_the_documentation_has_the_table_of_the_figures() -> None:
    assert figure_table() in REFERENCE.read_text(encoding="utf-8")


def test_the_documentation_has_the_table_of_the_rhythms() -> None:
    assert rhythm_table() in (REPOSITORY / "docs" / "how-to" / "draw-a-figure.md").read_text(encoding="utf-8")


def test_the_documentation_names_every_key_of_the_front_matter_in_order() -> None:
    section = REFERENCE.read_text(encoding="utf-8").partition("## Front matter")[2].partition("\n## ")[0]

    assert tuple(re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)) == FRONT_MATTER_KEYS


def test_every_rule_in_the_code_is_in_the_table_and_the_other_way_round() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    known = set(FORMAT_RULES) | {"duplicate-key"}

    assert {rule for rule in FORMAT_RULES if f'"{rule}"' not in code} == {
        "duplicate-key",  # reported by bedside.reading
        "not-well-formed",  # reported by the command, from what bedside.reading raises
    }
    used = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', code))
    assert used - known == {"aria-label"}  # of HTML


def test_the_example_of_the_documentation_is_sound(tmp_path: Path) -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    example = text[text.index("```markdown\n") + len("```markdown\n") :].partition("\n```\n")[0]
    ours = {"programme: usmle": "programme: exam", "step: step1": "step: first", "medical_knowledge": "diagnosis"}
    for theirs, own in ours.items():
        example = example.replace(theirs, own)
    path = tmp_path / "renal-0007.md"
    path.write_text(example + "\n", encoding="utf-8")

    assert read_item(path, codes=CODES, takeaways=TAKEAWAYS).findings == ()

"""The documentation of models says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import bedside.bank.models
from bedside.bank import MODEL_RULES, check_model, model_rule_table, parse_model
from bedside.bank.models.functions import FUNCTIONS
from bedside.bank.models.records import MODEL_KEYS, OPTION_KEYS
from bedside.findings import Severity
from bedside.reading import Source
from tests.support.items import CODES, TAKEAWAYS

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "model-format.md"
TEXT = REFERENCE.read_text(encoding="utf-8")


def _keys_below(title: str) -> tuple[str, ...]:
    section = TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return tuple(re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE))


def test_the_documentation_names_every_key_in_order() -> None:
    assert _keys_below("Keys") == MODEL_KEYS
    assert set(_keys_below("Options")) == set(OPTION_KEYS)


def test_the_documentation_names_every_function() -> None:
    section = TEXT.partition("\n## Expressions\n")[2].partition("\n## ")[0]

    assert {name for name in FUNCTIONS if f"`{name}(" in section} == set(FUNCTIONS)


def test_the_documentation_has_the_table_of_the_rules() -> None:
    assert model_rule_table() in TEXT


def test_every_rule_is_one_that_the_code_reports() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in Path(bedside.bank.models.__file__).parent.glob("[!r]*.py"))

    assert {rule for rule in MODEL_RULES if f'"{rule}"' not in code} == set()


def test_the_example_of_the_documentation_is_sound() -> None:
    example = TEXT[TEXT.index("```yaml\n") + len("```yaml\n") :].partition("\n```\n")[0]
    for theirs, own in {"programme: usmle": "programme: exam", "step: step1": "step: first"}.items():
        example = example.replace(theirs, own)
    reading = parse_model(Source("renal-m002.yaml", example + "\n"), codes=CODES, takeaways=TAKEAWAYS)

    assert reading.findings == ()
    assert reading.model is not None
    report = check_model(reading.model, analytes=None)
    assert [finding for finding in report.findings if finding.severity is Severity.ERROR] == []

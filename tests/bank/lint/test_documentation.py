"""Every rule has a page, every page a rule, and what the pages show as flagged or left alone is what the tests plant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bedside.bank import LINT_RULES as RULES
from bedside.bank import Item
from bedside.bank.lint.registry import rule_table
from tests.bank.lint.planted import PLANTED
from tests.bank.lint.quiet import QUIET
from tests.support.lint import made

PAGES = Path(__file__).parents[3] / "docs" / "reference" / "rules"


def _page(rule: str) -> str:
    return (PAGES / f"{rule}.md").read_text(encoding="utf-8")


def _section(page: str, title: str) -> str:
    return page.partition(f"\n## {title}\n")[2].partition("\n## ")[0].strip()


def _examples(page: str, title: str) -> list[str]:
    """The lines shown under a title, without boxes and marks of options."""
    block = re.search(r"```markdown\n(.*?)\n```", _section(page, title), flags=re.DOTALL)
    lines = block[1].split("\n") if block else []
    return [re.sub(r"^(?:- \[.\] |  : )", "", line) for line in lines if line.strip()]


def _text(item: Item) -> str:
    front = [str(item.difficulty), str(item.seconds), *(waiver.rule for waiver in item.waivers)]
    options = [line for option in item.options for line in (option.text, option.explanation)]
    return "\n".join([item.stem, item.lead_in, *options, *front])


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} - {"README"} == set(RULES)


def test_the_table_of_the_overview_is_that_of_the_code() -> None:
    overview = (PAGES / "README.md").read_text(encoding="utf-8")

    assert overview.endswith(f"## All rules\n\n{rule_table()}\n")


def test_the_overview_names_every_code_of_a_flaw() -> None:
    overview = (PAGES / "README.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| ((?:TW|ID|TC|IA)\d+) \|", overview, flags=re.MULTILINE)) == {
        rule.flaw for rule in RULES.values()
    }


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_page_tells_its_rule_severity_and_flaw(rule: str) -> None:
    known = RULES[rule]
    imported = " Speaks about imported items too, as a note." if known.on_imported else ""

    assert _page(rule).startswith(
        f"# {rule}\n\n{known.summary}\n\nSeverity: {known.severity.value}. Flaw: {known.flaw}.{imported}\n\n## What it finds\n"
    )


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_page_has_all_its_parts(rule: str) -> None:
    titles = re.findall(r"^## (.+)$", _page(rule), flags=re.MULTILINE)

    assert titles == ["What it finds", "Why it matters", "Flagged", "Left alone", "How to mend it", "How to waive it"]


@pytest.mark.parametrize("rule", sorted(PLANTED))
@pytest.mark.parametrize("title", ["Flagged", "Left alone"])
def test_the_example_of_a_page_is_one_that_the_tests_run(rule: str, title: str) -> None:
    shown = _examples(_page(rule), title)
    texts = [_text(made(**change)) for change in (PLANTED if title == "Flagged" else QUIET)[rule]]

    assert shown
    assert any(all(_is_in(line, text) for line in shown) for text in texts)


def _is_in(line: str, text: str) -> bool:
    front = re.fullmatch(r"(?:difficulty|seconds): (\S+)|waive: \[\{rule: ([\w-]+), .*", line)
    return (front[1] or front[2]) in text if front else line in text

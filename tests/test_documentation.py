"""The documentation says what is so: its links lead somewhere, and its tables are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bedside.cli.reference import command_reference

REPOSITORY = Path(__file__).parents[1]
PAGES = [REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md")] + sorted(REPOSITORY.glob("docs/**/*.md"))
LINK = re.compile(r"\[[^\]]+\]\(([^)#\s]+)(?:#[^)]*)?\)")


def test_the_commands_are_those_of_the_command_line():
    page = REPOSITORY / "docs" / "reference" / "commands.md"

    assert page.read_text(encoding="utf-8") == command_reference(), "write docs/reference/commands.md again from the code"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_link_leads_to_a_file(page):
    links = [
        link for link in LINK.findall(page.read_text(encoding="utf-8")) if ":" not in link
    ]  # media:PATH in an example is no link

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_page_of_the_documentation_can_be_found_from_its_front():
    seen: set[Path] = set()
    to_read = [REPOSITORY / "docs" / "README.md"]
    while to_read:
        page = to_read.pop()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        to_read += [(page.parent / link).resolve() for link in LINK.findall(page.read_text(encoding="utf-8"))]

    assert [page for page in REPOSITORY.glob("docs/**/*.md") if page not in seen] == []

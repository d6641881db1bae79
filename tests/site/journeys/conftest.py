"""What the tests of journeys share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.site import PROGRAMME, write_plain_item


@pytest.fixture
def two_steps(own_content: Path) -> Path:
    """A second step with items of its own."""
    second = PROGRAMME[PROGRAMME.index("  - name: first") :].replace("first", "second").replace("First", "Second")
    (own_content / "programmes" / "exam.yaml").write_text(PROGRAMME + second, encoding="utf-8")
    entry = "\n  - {programme: exam, step: second, system: renal, competency: diagnosis, discipline: [physiology]}"
    for number in range(70, 76):
        write_plain_item(own_content, f"renal-{number:04d}", head={"blueprint": entry})
    return own_content

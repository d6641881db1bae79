"""`bedside bank` run in this process, and the item that its tests work on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bedside.cli import run
from tests.support.items import item_text

ENTRY = "[{programme: usmle, step: step1, system: renal, competency: medical_knowledge, discipline: [physiology]}]"
TAKEAWAYS = """\
schema: takeaways/1
takeaways:
  - id: renal.winter_formula
    text: "In metabolic acidosis the expected PaCO2 is 1.5 × bicarbonate + 8 ± 2."
    sources: ["Author A. Journal 1998;338:26-34"]
"""


def own_text(item_id: str = "renal-0007", changes: dict[str, str | None] | None = None, **body: str) -> str:
    return item_text({"id": item_id, "blueprint": ENTRY, **(changes or {})}, **body)


class Command:
    """Runs the command line in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys
        self.status = 0
        self.out = self.err = ""

    def __call__(self, *arguments: object) -> Command:
        self.status = run(["bank", *map(str, arguments)])
        self.out, self.err = self.capsys.readouterr()
        return self

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def errors(command: Command) -> list[dict[str, Any]]:
    return [finding for finding in command.json["findings"] if finding["severity"] == "error"]

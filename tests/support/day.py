"""A day made to measure for a test in the browser, and a proctor beside it. Both work on the data of a running site.

A test in the browser holds no connection to the site's database, so `day_program` does it in a process of its own. To start
one takes longer than all that it does, so it stays for as long as the site.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.support.server import environment

REPOSITORY = Path(__file__).parents[2]
PROGRAM = "import django; django.setup(); from tests.support.day_program import main; main()"  # apps first, then their rows


@dataclass(frozen=True)
class DayBlock:
    """One block: its items by id, its seconds on the clock of the sitting, and how one may move in it.

    `pause` is a break that stands after it: its seconds, or None where it has no end, and whether it is counted.
    """

    items: Sequence[str]
    seconds: int | None = 1800
    navigation: str = "free"
    pause: tuple[int | None, bool] | None = None


@dataclass(frozen=True)
class DayCase:
    """A case after the blocks, by its id: its seconds on the sitting's clock until final orders, which then have a tenth."""

    id: str
    seconds: int = 600


@dataclass(frozen=True)
class Day:
    """A sitting to be made for the learner of this computer; all seconds are those of its clock."""

    blocks: Sequence[DayBlock]
    mode: str = "exam"
    break_s: int | None = 600
    tutorial_s: int = 0
    stop_clock_s: int = 0
    pace: int = 1
    limit_s: int | None = None
    is_proctored: bool = False
    is_unused_kept: bool = True
    time_factor: str = "1"
    kind: str = field(default="full")
    cases: Sequence[DayCase] = ()
    case_tutorial_s: int = 0


@dataclass
class DayProgram:
    """`day_program` on the data of a site; started when it is first asked."""

    data: Path
    content: Path
    process: subprocess.Popen[str] | None = None

    def make_day(self, day: Day) -> str:
        """Make it; answers the id of the sitting."""
        return str(self._ask("make", asdict(day))["sitting"])

    def proctor(self, verb: str, sitting: str, **fields: Any) -> None:
        """What a proctor does to the sitting: grant, suspend, reopen, void, message."""
        self._ask("proctor", {"verb": verb, "sitting": sitting, **fields})

    def stop(self) -> None:
        """End it where it was started."""
        if self.process is not None:
            self.process.communicate(timeout=30)
            self.process = None

    def _ask(self, verb: str, told: dict[str, Any]) -> dict[str, Any]:
        process = self.process = self.process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{verb} {json.dumps(told)}\n")
        process.stdin.flush()
        answer: dict[str, Any] = json.loads(process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env=environment(self.data, self.content) | {"DJANGO_SETTINGS_MODULE": "bedside.site.settings"},
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

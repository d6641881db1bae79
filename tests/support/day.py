"""A day made to measure for a test in the browser, and a proctor beside it. Both work on the data of a running site.

A test in the browser holds no connection to the site's database, so `day_program` does it in a process of its own.
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


def make_day(day: Day, *, data: Path, content: Path) -> str:
    """Make it; answers the id of the sitting."""
    return str(_run("make", asdict(day), data=data, content=content)["sitting"])


def proctor(verb: str, sitting: str, *, data: Path, content: Path, **fields: Any) -> None:
    """What a proctor does to the sitting: grant, suspend, reopen, void, message."""
    _run("proctor", {"verb": verb, "sitting": sitting, **fields}, data=data, content=content)


def _run(verb: str, told: dict[str, Any], *, data: Path, content: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, verb, json.dumps(told)],
        env=environment(data, content) | {"DJANGO_SETTINGS_MODULE": "bedside.site.settings"},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer

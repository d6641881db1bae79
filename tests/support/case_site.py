"""A content folder with a case, and a candidate who plays it over the API as a program would."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.test import Client

from bedside.cases import Run, compile_case
from bedside.site.cases.commands import command_from_json
from bedside.site.cases.models import CaseRun
from tests.support.case_files import DATA, read_example, small_catalogue
from tests.support.site import Clock, get, post, write_content

CASE = "endo-001"
MINUTE_S = 60
HOUR_S = 3600
EXPERT: list[dict[str, Any]] = [
    *({"do": "order", "order": order} for order in ("iv_access", "telemetry", "vbg", "bmp", "bohb_serum", "ecg_12", "ns_iv")),
    {"do": "exam", "part": "general"},
    {"do": "advance", "seconds": 15 * MINUTE_S},
    {"do": "order", "order": "kcl_iv"},
    {"do": "move", "to": "icu"},
    {"do": "advance_to_result"},
]


def write_case_content(folder: Path) -> Path:
    """A content folder with the worked example and the few orders it needs."""
    write_content(folder)
    shutil.copytree(DATA / "orders", folder / "orders")
    (folder / "cases").mkdir()
    shutil.copy(DATA / "cases" / f"{CASE}.yaml", folder / "cases")
    return folder


def write_dosed_content(folder: Path) -> Path:
    """The same, in which the example tells doses apart."""
    path = write_case_content(folder) / "cases" / f"{CASE}.yaml"
    path.write_text(path.read_text().replace("opening: >", "doses: true\nopening: >", 1))
    return folder


@dataclass
class Candidate:
    """One who plays; numbers the commands, and keeps what was answered last."""

    client: Client
    clock: Clock
    run: str
    seq: int = 0
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/api/cases/runs/{self.run}"

    def sent(self, *commands: dict[str, Any]) -> list[dict[str, Any]]:
        """The commands with the numbers that come next."""
        return [{"seq": self.seq + n, "command": command} for n, command in enumerate(commands, start=1)]

    def send(self, sent: list[dict[str, Any]], *, expect: int = 200) -> dict[str, Any]:
        return post(self.client, f"{self.path}/commands", {"commands": sent}, expect=expect)

    def do(self, *commands: dict[str, Any]) -> dict[str, Any]:
        """Do commands, and take in up to where they are kept."""
        self.told = self.send(self.sent(*commands))
        self.seq = self.told["acknowledged"]
        state: dict[str, Any] = self.told["state"]
        return state

    def order(self, *orders: str, **more: Any) -> dict[str, Any]:
        return self.do(*({"do": "order", "order": order, **more} for order in orders))

    def advance(self, seconds: int) -> dict[str, Any]:
        return self.do({"do": "advance", "seconds": seconds})

    def end(self, diagnosis: str | None = None) -> dict[str, Any]:
        return self.do({"do": "end", "diagnosis": diagnosis})

    def state(self) -> dict[str, Any]:
        return get(self.client, self.path)


def new_candidate(client: Client, clock: Clock, **wish: Any) -> Candidate:
    """A candidate who has begun the case, by default in practice."""
    made = post(client, "/api/cases/runs", {"case": CASE, **wish}, expect=201)
    return Candidate(client, clock, made["id"])


def of_kind(state: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The entries of the log of that kind."""
    return [entry for entry in state["log"] if entry["kind"] == kind]


def row_of(candidate: Candidate) -> CaseRun:
    """The run as the database has it."""
    return CaseRun.objects.get(pk=candidate.run)


def replayed_by_core(row: CaseRun) -> Run:
    """The run from its rows alone, by the core."""
    run = Run(compile_case(read_example(), small_catalogue()), seed=row.seed)
    for command in row.commands.order_by("seq"):
        assert run.now_s == command.at_s
        run.do(command_from_json(command.command))
    return run

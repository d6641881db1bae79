"""Cases to run in tests: the worked example, and a small machine with everything that the format has."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from bedside.cases import Case, Command, Emitted, Refused, Run, compile_case
from bedside.cases.case_file import CaseFile
from bedside.cases.case_folder import parse_case
from bedside.reading import Source
from tests.support.case_files import DATA, read_example, small_catalogue

HOUR = 3600
MINUTE = 60
MACHINE = DATA / "cases" / "synthetic.yaml"

E = TypeVar("E")


@cache
def example_case() -> Case:
    return compile_case(read_example(), small_catalogue())


@cache
def machine_case() -> Case:
    return compile_case(machine_file(), small_catalogue())


def machine_file(*changes: tuple[str, str]) -> CaseFile:
    """The machine with each text replaced by another; every text must be there once."""
    text = MACHINE.read_text()
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        text = text.replace(old, new)
    case, findings = parse_case(Source("synthetic.yaml", text))
    assert case is not None, findings
    return case


def machine_with(*changes: tuple[str, str]) -> Case:
    return compile_case(machine_file(*changes), small_catalogue())


def example_run() -> Run:
    """The worked example at its start."""
    return Run(example_case())


def machine_run(seed: int = 1) -> Run:
    """The machine at its start; 1 is the variant `middle`: level 10, heat 40."""
    return Run(machine_case(), seed=seed)


def reason_of(run: Run, command: Command) -> str:
    """Why a command is refused, which it must be."""
    (refused,) = run.do(command)
    assert isinstance(refused, Refused)
    return refused.reason


def example_with_changes(*changes: tuple[str, str]) -> Case:
    return compile_case(read_example(*changes), small_catalogue())


def case_with_order(order_id: str, *changes: tuple[str, str], **fields: Any) -> Case:
    """The changed example, with one order of the catalogue differing in these fields."""
    catalogue = small_catalogue()
    orders = {**catalogue.orders, order_id: replace(catalogue.orders[order_id], **fields)}
    return compile_case(read_example(*changes), replace(catalogue, orders=orders))


def all_of(kind: type[E], run: Run | list[Emitted]) -> list[E]:
    """What of that kind was emitted, in order."""
    emitted = run.history.emitted if isinstance(run, Run) else run
    return [one for one in emitted if isinstance(one, kind)]


def machine_scored_by(*items: str, scoring: str = "{}") -> Case:
    """The machine with these items only, each as in a case file: `{id: a, do: bmp, pts: 2}`."""
    text = MACHINE.read_text()
    head, _, rest = text.partition("rubric:\n")
    rubric = "".join(f"  - {item}\n" for item in items)
    changed = f"{head}rubric:\n{rubric}scoring: {scoring}\ndebrief:{rest.partition('debrief:')[2]}"
    case, findings = parse_case(Source("synthetic.yaml", changed))
    assert case is not None, findings
    return compile_case(case, small_catalogue())

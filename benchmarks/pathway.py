"""How long it takes to ask every state, and everything, about one record.

    python -m benchmarks.pathway

Five records: a student, a graduate abroad with a fail, one who holds the certificate and trains, a graduate of a US school,
and one with three fails and plans. Each is asked `ROUNDS` times after one round to warm up. The goal is under 40 ms for
all states of one record, as the median of processor time. Measured in November 2026 on one of two cores that others used as
well, over 422 rules and 56 states: 12 to 25 ms for all states, 17 to 28 ms for everything.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from bedside.pathway import Pathway, Record, check, read_pathways, record_from, states
from bedside.programme import read_programmes

CONTENT = Path(__file__).parents[1] / "content"
ON = date(2026, 11, 29)
GOAL_MS = 40.0
ROUNDS = 25

ABROAD = {"citizenship": ["PK"], "kind": "img", "school": {"in_world_directory": True, "sponsor_note": True}}
GRADUATE = {**ABROAD, "degree": {"date": "2021-05-30"}, "mdphd": False}
US = {"citizenship": ["US"], "kind": "us_md", "degree": {"date": "2025-05-20"}, "mdphd": False}


def _sat(step: str, day: str, result: str) -> dict[str, str]:
    return {"programme": "usmle", "step": step, "date": day, "result": result}


FAIL_AND_PASS = [
    _sat("step1", "2024-03-02", "fail"),
    _sat("step1", "2024-08-20", "pass"),
    _sat("step2ck", "2025-05-06", "pass"),
]
RECORDS: dict[str, dict[str, Any]] = {
    "student": {"person": ABROAD},
    "graduate": {"person": GRADUATE, "attempts": FAIL_AND_PASS},
    "resident": {
        "person": GRADUATE,
        "attempts": [*FAIL_AND_PASS, _sat("step3", "2026-09-10", "pass")],
        "certificates": [{"name": "ecfmg", "date": "2025-11-03"}],
        "training": [{"start": "2026-07-01", "accredited": "acgme", "pgy": 1, "state": "TX"}],
    },
    "us": {"person": US, "attempts": FAIL_AND_PASS[1:]},
    "plans": {
        "person": GRADUATE,
        "attempts": [_sat("step1", f"202{year}-03-02", "fail") for year in (3, 4, 5)],
        "goals": {"states": ["TX", "NM"], "sit": {"step1": "2027-02-01", "step2ck": "2027-09-01", "step3": "2028-08-01"}},
    },
}


def took_ms(ask: Callable[[], object]) -> list[float]:
    """Processor time of each of `ROUNDS` answers, after one that warms up: what else the machine does is left out."""
    ask()
    took = []
    for _ in range(ROUNDS):
        before = time.process_time()
        ask()
        took.append((time.process_time() - before) * 1000)
    return took


def main() -> None:
    pathway = read_pathways(CONTENT / "pathways", read_programmes(CONTENT / "programmes").by_name).get("usmle")
    print(f"{len(pathway.rules):,} rules, {len(pathway.places)} states")
    for name, fields in RECORDS.items():
        record, findings = record_from(fields, steps=pathway.steps_of_records, certificates=pathway.certificate_names)
        if record is None:
            raise SystemExit(f"{name}: {findings[0].text}")
        _print(name, pathway, record)


def _print(name: str, pathway: Pathway, record: Record) -> None:
    ranked = took_ms(lambda: states(pathway, record, ON))
    whole = took_ms(lambda: check(pathway, record, ON))
    median = statistics.median(ranked)
    verdict = "within" if median < GOAL_MS else "OVER"
    print(
        f"{name:>9}: states median {median:.1f} ms (worst {max(ranked):.1f}), {verdict} the goal of {GOAL_MS:.0f} ms; "
        f"everything median {statistics.median(whole):.1f} ms (worst {max(whole):.1f})"
    )


if __name__ == "__main__":
    main()

"""How long candidates of a case take: `python benchmarks/case_fuzz.py [CASE] [RUNS]`, on one and on two processors.

The goal is 10,000 candidates, by chance and near the expert, scored and looked at, in under 30 s on two cores.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

from bedside.cases import Bench
from bedside.cli.case_content import catalogue_of, find_case
from bedside.cli.case_work import gather_fuzz

CONTENT = Path(__file__).parents[1] / "content"


def main() -> None:
    """Print seconds and runs a second."""
    case_id = sys.argv[1] if len(sys.argv) > 1 else "endo-001"
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    file, _ = find_case(CONTENT, case_id)
    bench = Bench(file, catalogue_of(CONTENT), runs)
    for workers in (2, 1):
        began = perf_counter()
        tally = gather_fuzz(bench, runs, workers=workers, what=f"{case_id}, {workers}")
        seconds = perf_counter() - began
        print(f"{case_id}: {tally.n:,} runs on {workers}: {seconds:.1f} s, {tally.n / seconds:,.0f} a second")


if __name__ == "__main__":
    main()

"""Jobs on a case shared out to processes, with a sign of how far they are; the core itself knows no processes.

The processes are forked, so that they have the case without reading it again. Where the system can't, or is better not asked
to (macOS), the work is done in one.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from rich.console import Console
from rich.progress import Progress

from bedside.cases import Bench, Evidence, Job, JobAnswer, Tally, added_up

_bench: list[Bench] = []  # what forked processes inherit


def n_workers(wanted: int | None) -> int:
    """How many processes: as wanted, else one for each processor."""
    return wanted if wanted is not None else os.cpu_count() or 1


def gather_evidence(bench: Bench, *, workers: int, what: str) -> Evidence:
    """Do all that a proof needs."""
    return bench.gather(list(_done(bench, bench.plan(), workers=workers, what=what)))


def gather_fuzz(bench: Bench, runs: int, *, workers: int, what: str) -> Tally:
    """Do the fuzzing only."""
    answers = _done(bench, bench.plan_fuzz(runs), workers=workers, what=what)
    return added_up(answer.tally for answer in answers if answer.tally is not None)


def _done(bench: Bench, jobs: Sequence[Job], *, workers: int, what: str) -> Iterator[JobAnswer]:
    """The answers in the order of the jobs."""
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=len(jobs))
        answers = _shared(bench, jobs, workers) if workers > 1 and sys.platform == "linux" else map(bench.work, jobs)
        for answer in answers:
            progress.advance(task)
            yield answer


def _shared(bench: Bench, jobs: Sequence[Job], workers: int) -> Iterator[JobAnswer]:
    _bench[:] = [bench]
    try:
        with warnings.catch_warnings():
            # the thread that draws the progress holds nothing that the processes use
            warnings.simplefilter("ignore", DeprecationWarning)
            pool = ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), _ignore_interrupt)
            try:
                yield from pool.map(_work, jobs)
            finally:
                pool.shutdown(cancel_futures=True)
    finally:
        _bench.clear()


def _work(job: Job) -> JobAnswer:
    return _bench[0].work(job)


def _ignore_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the interrupt is the parent's to see

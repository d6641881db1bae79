"""Calibration: time, memory, log-likelihood and accuracy, beside other programs in the same run.

    python -m benchmarks.measure [--sizes 10k,50k,sparse,tenth,million] [--models 2pl,3pl] [--peers girth,mirt] [--repeats 3]
                                 [--workers 2]

Responses are made from known items (discrimination about 1.1, difficulty about 0, guessing about 0.2 in the 3PL) and N(0, 1)
persons:

- 10k: 10,000 persons × 100 items; 50k: 50,000 × 200; all answered;
- sparse: 20,000 persons × 2,000 items, each answered 100;
- million: 1,000,000 persons × 280 answers each over 20,000 items, written to Parquet, read and calibrated with standard errors
  in a process of its own; the peaks of memory while reading and while calibrating, once read, are shown apart (on Linux);
- tenth: 100,000 persons of the same.

With `--workers` these two are calibrated again in partitions by so many processes (Dask), and it is shown how far apart the
figures are.

girth is a Python package (2PL of complete data only). mirt is used where `Rscript` finds it, with its own defaults; else its
times measured elsewhere on two cores are shown, which can't be compared to the last figure. The first calibration of a kind is
not timed: loops are compiled then.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bedside.measure import Calibration, Items, Model, Normal, Partitions, Priors, Responses, calibrate, prepare_calibration

Floats = NDArray[np.float64]
PRIOR = Priors(guessing=Normal(-1.1, 0.5))  # of the logit, as mirt's `norm`: its `expbeta` lacks a factor
SEED = 20260601


@dataclass(frozen=True, slots=True)
class Size:
    """A set of responses; `answered` None: all items."""

    n_persons: int
    n_items: int
    answered: int | None = None


SIZES = {
    "10k": Size(10_000, 100),
    "50k": Size(50_000, 200),
    "sparse": Size(20_000, 2_000, 100),
    "tenth": Size(100_000, 20_000, 280),
    "million": Size(1_000_000, 20_000, 280),
}
FROM_FILES = {"tenth", "million"}
MIRT_ELSEWHERE_S = {  # on another two-core machine
    ("10k", "2pl"): 6.1, ("50k", "2pl"): 35.0, ("sparse", "2pl"): 482.0, ("10k", "3pl"): 25.0, ("50k", "3pl"): 341.0,
}  # fmt: skip


def planted(n_items: int, rng: np.random.Generator, *, guessing: bool) -> Items:
    """Items of a bank."""
    nothing = np.full(n_items, np.nan)
    return Items(
        tuple(str(n) for n in range(n_items)),
        np.exp(rng.normal(0.1, 0.3, n_items)),
        rng.normal(0.0, 1.0, n_items),
        rng.beta(5, 17, n_items) if guessing else np.zeros(n_items),
        nothing, nothing, nothing,
    )  # fmt: skip


def answers(size: Size, items: Items, rng: np.random.Generator, persons: int = 2_000) -> Responses:
    """Responses of persons, so many at a time; who answers a part of the items answers one of each stratum of neighbors."""
    n = size.answered or size.n_items
    item = np.empty((size.n_persons, n), dtype=np.uint16)
    correct = np.empty((size.n_persons, n), dtype=np.uint8)
    for first in range(0, size.n_persons, persons):
        theta = rng.normal(size=min(persons, size.n_persons - first))[:, None]
        place = np.arange(n) * size.n_items // n
        chosen = place + rng.integers(0, size.n_items // n, (len(theta), n))
        p = 1 / (1 + np.exp(-items.discrimination[chosen] * (theta - items.difficulty[chosen])))
        p = items.guessing[chosen] + (1 - items.guessing[chosen]) * p
        item[first : first + persons] = chosen
        correct[first : first + persons] = rng.random(p.shape) < p
    return Responses(
        persons=np.arange(size.n_persons).astype(object),
        items=np.array(items.ids, dtype=object),
        starts=np.arange(size.n_persons + 1, dtype=np.int64) * n,
        item=item.ravel(),
        correct=correct.ravel(),
    )


def timed(work: Callable[[], Calibration], repeats: int) -> tuple[float, Calibration]:
    """The shortest of some runs, after one that is not counted."""
    found, best = work(), np.inf
    for _ in range(repeats):
        start = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - start)
    return best, found


def errors(found: Items, truth: Items) -> str:
    """Root mean squares of what the estimates are off."""
    of = {name: place for place, name in enumerate(truth.ids)}
    places = np.array([of[name] for name in found.ids])

    def rms(estimate: Floats, true: Floats) -> float:
        return float(np.sqrt(np.mean((estimate - true[places]) ** 2)))

    return (
        f"RMSE discrimination {rms(found.discrimination, truth.discrimination):.4f},"
        f" difficulty {rms(found.difficulty, truth.difficulty):.4f}"
    )


def measure(name: str, model: Model, peers: set[str], repeats: int) -> None:
    """One size and model, beside the peers that can do it."""
    size, rng = SIZES[name], np.random.default_rng(SEED)
    truth = planted(size.n_items, rng, guessing=model == "3pl")
    responses = answers(size, truth, rng)
    priors = PRIOR if model == "3pl" else None
    took, found = timed(lambda: calibrate(responses, model=model, priors=priors, errors=False), repeats)
    with_errors, _ = timed(lambda: calibrate(responses, model=model, priors=priors), 1)
    print(f"{name} {model}: {size.n_persons:,} persons, {size.n_items:,} items, {responses.n_responses:,} answers")
    print(
        f"  bedside {took:9.3f} s   log-likelihood {found.log_likelihood:,.3f}, {found.iterations} cycles;"
        f" {errors(found.items, truth)}; with standard errors {with_errors:.3f} s"
    )
    elsewhere = MIRT_ELSEWHERE_S.get((name, model))
    if "mirt" in peers and has_mirt():
        in_r(responses, model, took)
    elif elsewhere is not None:
        print(f"  mirt    {elsewhere:9.1f} s   {elsewhere / took:,.0f} times (its time was measured elsewhere)")
    if "girth" in peers and model == "2pl" and size.answered is None:
        if find_spec("girth") is None:
            print("  girth   is not installed (pip install -e '.[peers]')")
        else:
            in_girth(responses, truth, took)


def in_girth(responses: Responses, truth: Items, took: float) -> None:
    """The same with girth; its difficulties and discriminations are on the same scale."""
    from girth import twopl_mml  # noqa: PLC0415

    table = responses.correct.reshape(responses.n_persons, -1).T.astype(int)
    start = time.perf_counter()
    found = twopl_mml(table)
    its = time.perf_counter() - start
    nothing = np.zeros(len(truth.ids))
    items = Items(truth.ids, found["Discrimination"], found["Difficulty"], nothing, nothing, nothing, nothing)
    print(f"  girth   {its:9.1f} s   {its / took:,.0f} times; {errors(items, truth)}")


def has_mirt() -> bool:
    """Can R load mirt?"""
    rscript = shutil.which("Rscript")
    return (
        rscript is not None
        and subprocess.run([rscript, "-e", "library(mirt)"], capture_output=True, check=False).returncode == 0
    )


def in_r(responses: Responses, model: Model, took: float) -> None:
    """The same with mirt, by its defaults."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "table.csv"
        np.savetxt(table, responses.matrix(), fmt="%.0f", delimiter=",")
        prior = ""
        if model == "3pl":
            n = responses.n_items
            prior = f"m <- mirt.model('F = 1-{n}\nPRIOR = (1-{n}, g, norm, {PRIOR.guessing.mean}, {PRIOR.guessing.sd})'); "  # type: ignore[union-attr]
        code = (
            f"library(mirt); d <- as.matrix(read.csv('{table}', header=FALSE)); d[is.nan(d)] <- NA; m <- 1; {prior}"
            f"t <- system.time(f <- mirt(d, m, itemtype='{model.upper()}', verbose=FALSE, technical=list(NCYCLES=2000)));"
            "cat(t[['elapsed']], extract.mirt(f, 'logLik'))"
        )
        said = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True).stdout.split()
    its, log_likelihood = float(said[-2]), float(said[-1])
    print(f"  mirt    {its:9.1f} s   {its / took:,.0f} times; log-likelihood {log_likelihood:,.3f}")


def of_size(name: str, folder: Path, workers: int) -> None:
    """Write the file, then read and calibrate it in a process whose memory is its own."""
    import polars as pl  # noqa: PLC0415

    size, rng = SIZES[name], np.random.default_rng(SEED)
    truth = planted(size.n_items, rng, guessing=False)
    path = folder / f"{name}.parquet"
    responses = answers(size, truth, rng)
    person = np.repeat(np.arange(size.n_persons, dtype=np.int32), size.answered or 0)
    frame = pl.DataFrame({"person": person, "item": responses.item, "correct": responses.correct})
    frame.write_parquet(path)
    n = responses.n_responses
    del responses, person, frame
    print(f"{name} 2pl: {n:,} answers, {path.stat().st_size / 1e6:,.0f} MB of Parquet", flush=True)
    command = [sys.executable, "-m", "benchmarks.measure", "--file", str(path), "--workers", str(workers)]
    subprocess.run(command, check=True)


def of_file(path: Path, workers: int) -> None:
    """Read and calibrate a file, with standard errors; what it took, and how much memory at most."""
    truth = planted(SIZES["million"].n_items, np.random.default_rng(SEED), guessing=False)
    start = time.perf_counter()
    responses = Responses.read(path, keep=())
    print(f"  reading {time.perf_counter() - start:9.1f} s   {said(Peak.of_this())}", flush=True)
    prepare_calibration(responses)
    Peak.forget(os.getpid())
    held = Peak.of_this()
    start = time.perf_counter()
    found = calibrate(responses)
    took = time.perf_counter() - start
    inside = np.mean(
        np.abs(found.items.difficulty - truth.difficulty[[int(i) for i in found.items.ids]]) < 1.96 * found.items.se_difficulty
    )
    print(
        f"  bedside {took:9.1f} s   with standard errors, {said(Peak.of_this())}, of which answers once read and program are"
        f" {held:.2f} GB; log-likelihood {found.log_likelihood:,.1f}, {found.iterations} cycles;"
        f" {errors(found.items, truth)}; 95% intervals of difficulty hold {100 * inside:.1f}%",
        flush=True,
    )
    if workers:
        del responses
        by_workers(path, workers, found)


def by_workers(path: Path, workers: int, at_once: Calibration) -> None:
    """The same in partitions, and how far the figures are from those of one process."""
    start = time.perf_counter()
    with Partitions.open(path, workers=workers) as partitions:
        print(
            f"  {workers} workers{time.perf_counter() - start:8.1f} s   starting, reading and sharing out by person", flush=True
        )
        prepare_calibration(partitions)
        processes = [process.pid or 0 for process in multiprocessing.active_children()]
        for process in [os.getpid(), *processes]:
            Peak.forget(process)
        start = time.perf_counter()
        found = calibrate(partitions)
        took = time.perf_counter() - start
        peaks = [Peak.of(process) for process in processes]
        own = Peak.of_this()
    apart = max(float(np.abs(a - b).max()) for a, b in zip(figures(found.items), figures(at_once.items), strict=True))
    print(
        f"  {workers} workers{took:8.1f} s   with standard errors, peak of workers {' + '.join(f'{one:.2f}' for one in peaks)}"
        f" GB, of this process {own:.2f}; {found.iterations} cycles; log-likelihood {found.log_likelihood:,.1f}; parameters and"
        f" errors at most {apart:.1g} from those of one process; same fingerprint: {found.fingerprint == at_once.fingerprint}"
    )


def figures(items: Items) -> tuple[Floats, ...]:
    """What is compared."""
    return items.discrimination, items.difficulty, items.se_discrimination, items.se_difficulty


class Peak:
    """The most memory that a process held, in GB of 10^9 bytes, since it began or since that was forgotten; 0 where the system
    does not tell."""

    @staticmethod
    def forget(process: int) -> None:
        """Count from now on."""
        with suppress(OSError):
            Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")

    @staticmethod
    def of(process: int) -> float:
        """Of some process."""
        with suppress(OSError):
            for line in Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines():
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024 / 1e9
        return 0.0

    @classmethod
    def of_this(cls) -> float:
        """Of this process."""
        return cls.of(os.getpid())


def said(peak: float) -> str:
    """A peak in words."""
    return f"peak {peak:.2f} GB" if peak else "peak not known on this system"


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10k,50k,sparse,tenth")
    parser.add_argument("--models", default="2pl,3pl")
    parser.add_argument("--peers", default="girth,mirt")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--workers", type=int, default=0, help="processes that share the work on `tenth` and `million`")
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.file is not None:
        of_file(asked.file, asked.workers)
        return
    for name in asked.sizes.split(","):
        if name in FROM_FILES:
            with tempfile.TemporaryDirectory() as folder:
                of_size(name, Path(folder), asked.workers)
            continue
        for model in asked.models.split(","):
            if not (name == "sparse" and model == "3pl"):
                measure(name, model, set(asked.peers.split(",")), asked.repeats)


if __name__ == "__main__":
    main()

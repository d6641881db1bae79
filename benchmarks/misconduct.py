"""How often the search for misconduct flags honest persons and others, how long it takes, and what it says of a real exam.

    BEDSIDE_SAMPLES=DIR python -m benchmarks.misconduct [--exams 10]

Made exams have 500 persons, 150 items with four options, and lognormal times. The real exam is form 1 of the licensure exam in
Cizek & Wollack (2017), which is not part of this repository (`DIR/data/forensics`): its vendor flagged 46 of 1,636 persons. A
vendor's flag is a suspicion, and not what these indices are to be judged by alone. Of the exam only figures are printed.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import rdata
from numpy.typing import NDArray
from scipy.stats import rankdata

from bedside.measure import MadeExam, Misconduct, Responses, made_exam, misconduct, similar_pairs

N_PERSONS, N_ITEMS, N_LEAKED = 500, 150, 20
ALPHA = 0.01


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exams", type=int, default=10, help="how many exams to make of each kind")
    exams: int = parser.parse_args().exams
    honest(exams)
    for share in (0.3, 0.5):
        copiers(exams, share)
    knew(exams)
    speed()
    samples = os.environ.get("BEDSIDE_SAMPLES")
    if samples is None:
        print("\nBEDSIDE_SAMPLES does not name a folder with sample data: no real exam")
    else:
        real(Path(samples) / "data/forensics/CredentialForm1.RData")


def searched(exam: MadeExam) -> Misconduct:
    """The search with the leaked items named."""
    names = [str(name) for name, out in zip(exam.responses.items, exam.leaked, strict=True) if out]
    return misconduct(exam.responses, leaked=names, alpha=ALPHA)


def honest(exams: int) -> None:
    """Rates of small p-values, and flags, where nobody cheats."""
    p: dict[str, list[NDArray[np.float64]]] = {}
    flags = [0, 0]
    for seed in range(exams):
        exam = made_exam(np.random.default_rng(seed), N_PERSONS, N_ITEMS, n_leaked=N_LEAKED)
        found = searched(exam)
        for index in found.indices:
            p.setdefault(index.name, []).append(index.p)
        model = found.fits.nominal
        pairs = similar_pairs(found.exam.options, found.exam.key, model.probabilities(model.theta), keep=1.0)
        p.setdefault("omega (pairs)", []).append(pairs.p_omega)
        p.setdefault("GBT (pairs)", []).append(pairs.p_gbt)
        p.setdefault("M4 (pairs)", []).append(np.nan_to_num(pairs.p_m4, nan=1.0))
        flags[0] += int(found.flagged.sum())
        flags[1] += int(found.pair_flagged.sum())
    print(f"{exams} honest exams, {N_PERSONS} persons, {N_ITEMS} items: share of p-values under")
    print(f"{'':16} {'0.05':>8} {'0.01':>8} {'0.0005':>8}")
    for name, parts in p.items():
        whole = np.concatenate(parts)
        shares = [np.nanmean(whole < limit) for limit in (0.05, 0.01, 0.0005)]
        shown = [
            "" if name.startswith("M4") and limit > 0.0005 else f"{share:.5f}"
            for share, limit in zip(shares, (0.05, 0.01, 0.0005), strict=True)
        ]
        print(f"{name:16} {shown[0]:>8} {shown[1]:>8} {shown[2]:>8}")
    print(f"flagged at a false discovery rate of {ALPHA}: {flags[0]} persons, {flags[1]} pairs")


def copiers(exams: int, share: float) -> None:
    """How many of the pairs that copied are found."""
    true, found_true, false = 0, 0, 0
    for seed in range(exams):
        exam = made_exam(np.random.default_rng(100 + seed), N_PERSONS, N_ITEMS, n_copiers=15, share_copied=share)
        found = misconduct(exam.responses, alpha=ALPHA)
        assert found.pairs is not None
        ends = zip(found.pairs.a[found.pair_flagged], found.pairs.b[found.pair_flagged], strict=True)
        flagged = {(min(pair), max(pair)) for pair in ends}
        planted = {(min(n, s), max(n, s)) for n, s in enumerate(exam.copied_from.tolist()) if s >= 0}
        true, found_true, false = true + len(planted), found_true + len(flagged & planted), false + len(flagged - planted)
    print(
        f"\n{true} persons copied {share:.0%} of their answers: {found_true} pairs flagged ({found_true / true:.0%}),"
        f" {false} others"
    )


def knew(exams: int) -> None:
    """How many of those who knew items are found, with and without the list of leaked items."""
    true, with_list, without, false = 0, 0, 0, 0
    for seed in range(exams):
        exam = made_exam(np.random.default_rng(200 + seed), N_PERSONS, N_ITEMS, n_knew=15, n_leaked=N_LEAKED)
        found = searched(exam)
        true += int(exam.knew.sum())
        with_list += int((found.flagged & exam.knew).sum())
        false += int((found.flagged & ~exam.knew).sum())
        without += int((misconduct(exam.responses, alpha=ALPHA, compare_pairs=False).flagged & exam.knew).sum())
    print(f"{true} persons knew {N_LEAKED} items and answered them in half the time: {with_list} flagged where they are named")
    print(f"({with_list / true:.0%}, and {false} others), {without} where they are not ({without / true:.0%})")


def speed() -> None:
    """Seconds for all pairs of an exam as large as the real one."""
    chance = np.random.default_rng(1)
    exam = made_exam(chance, 1636, 170)
    small = made_exam(chance, 30, 20)
    misconduct(small.responses)  # compiles
    start, used = time.perf_counter(), time.process_time()
    found = misconduct(exam.responses)
    whole, whole_used = time.perf_counter() - start, time.process_time() - used
    assert found.pairs is not None
    model = found.fits.nominal
    probability = model.probabilities(model.theta)
    start, used = time.perf_counter(), time.process_time()
    pairs = similar_pairs(found.exam.options, found.exam.key, probability)
    seconds, seconds_used = time.perf_counter() - start, time.process_time() - used
    print(f"\n1,636 persons, 170 items, {os.cpu_count()} processors:")
    print(f"{pairs.n_pairs:,} pairs by three indices in {seconds:.1f} s ({seconds_used:.1f} s of processor);")
    print(f"everything, with the models fitted, in {whole:.1f} s ({whole_used:.1f} s of processor)")


def real(path: Path) -> None:
    """Each index beside the vendor's flags."""
    frame = rdata.conversion.convert(rdata.parser.parse_file(path))["CredentialForm1"]
    seconds = frame[[f"idur.{k}" for k in range(1, 171)]].to_numpy()
    right = frame[[f"iraw.{k}" for k in range(1, 171)]].to_numpy()
    vendor = frame["Flagged"].to_numpy() == 1
    found = misconduct(
        _responses(frame, seconds, right), centres=frame["Cent_id"].astype(int).astype(str).tolist(), alpha=ALPHA
    )
    pairs = found.pairs
    assert pairs is not None
    print(f"\n{len(vendor):,} persons of a licensure exam, {vendor.sum()} flagged by the vendor: AUC of the vendor's flag")
    with np.errstate(divide="ignore"):
        log_time = np.log(np.where(seconds > 0, seconds, np.nan))
    rows = {
        "naive: mean log response time": -np.nanmean(log_time, axis=1),
        "naive: total time": -np.nansum(seconds, axis=1),
        "naive: raw score": right.sum(axis=1),
        "all indices together (p)": -found.p,
        "most similar pair (p)": -_closest(pairs.p, pairs.a, pairs.b, len(vendor)),
    } | {index.name: index.z for index in found.indices}
    for name, values in rows.items():
        print(f"{name:32} {auc(np.asarray(values, dtype=float), vendor):.3f}")
    concerned = np.unique(np.concatenate([pairs.a[found.pair_flagged], pairs.b[found.pair_flagged]]))
    flagged = int(found.pair_flagged.sum())
    print(f"flagged at a false discovery rate of {ALPHA}: {int(found.flagged.sum())} persons by their own answers and times;")
    print(
        f"{flagged} pairs of {pairs.n_pairs:,}, of {len(concerned)} persons;"
        f" {int(vendor[concerned].sum())} of these flagged by the vendor"
    )
    print(f"groups held together: {[len(ring) for ring in found.rings]}")
    print(f"omega over all pairs: mean {pairs.omega_mean:.3f}, standard deviation {pairs.omega_sd:.3f}")
    for cluster in [cluster for cluster in found.centres if cluster.flagged]:
        counts = f"{cluster.similar} similar pairs, {cluster.expected:.1f} expected"
        print(f"a centre of {cluster.n_persons}: {counts}, p = {cluster.p:.1e}")


def _responses(frame: Any, seconds: NDArray[np.float64], right: NDArray[np.float64]) -> Responses:
    n, n_items = right.shape
    options = np.nan_to_num(frame[[f"iresp.{k}" for k in range(1, 171)]].to_numpy(), nan=0).astype(np.int16) - 1
    return Responses(
        persons=frame["EID"].to_numpy().astype(object),
        items=np.array([f"i{k + 1}" for k in range(n_items)], dtype=object),
        starts=np.arange(0, n * n_items + 1, n_items, dtype=np.int64),
        item=np.tile(np.arange(n_items, dtype=np.uint16), n),
        correct=right.astype(np.uint8).ravel(),
        choices=("A", "B", "C", "D"),
        choice=options.ravel(),
        ms=(np.nan_to_num(seconds, nan=0) * 1000).astype(np.int32).ravel(),
    )


def _closest(p: NDArray[np.float64], a: NDArray[np.int64], b: NDArray[np.int64], n_persons: int) -> NDArray[np.float64]:
    """Each person's smallest p-value of a pair; 1 where none was kept."""
    smallest = np.ones(n_persons)
    np.minimum.at(smallest, a, p)
    np.minimum.at(smallest, b, p)
    return smallest


def auc(values: NDArray[np.float64], flagged: NDArray[np.bool_]) -> float:
    """The chance that a flagged person has the higher value, ties halved."""
    known = ~np.isnan(values)
    ranks, of_flagged = rankdata(values[known]), flagged[known]
    n = int(of_flagged.sum())
    return float((ranks[of_flagged].sum() - n * (n + 1) / 2) / (n * (len(ranks) - n)))


if __name__ == "__main__":
    main()

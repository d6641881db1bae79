"""A dossier worked out again from its own rows: whoever holds the file needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, norm

from bedside.measure.integrity.aberrance import person_fit
from bedside.measure.integrity.leaks import preknowledge
from bedside.measure.integrity.similarity import N_TESTS
from bedside.measure.integrity.similarity_kernels import binomial_tail, trinomial_tail
from bedside.measure.integrity.times import FAST_SHARE
from bedside.measure.items import Items
from bedside.measure.problems import MeasureError

TOLERANCE = 1e-6  # in proportion


def dossier_differences(data: Mapping[str, Any]) -> tuple[str, ...]:
    """What in a dossier does not follow from its rows, a line each; nothing where all of it does.

    `data` is the JSON as read. Adjusted p-values need all persons, and so the files that went in; they are not checked here.

    Raises:
        MeasureError: it is not a dossier of this format.
    """
    if data.get("format") != "bedside-dossier/1" or data.get("kind") not in ("person", "pair"):
        raise MeasureError("this is not a dossier of the format bedside-dossier/1")
    try:
        said: dict[str, Any] = {}
        for step in data["steps"]:
            said |= step["figures"]
        recompute = recomputed_pair if data["kind"] == "pair" else recomputed_person
        again = recompute(data["answers"], said)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise MeasureError(f"the dossier lacks something or holds something else: {error!r}") from error
    return tuple(
        f"{name}: the dossier says {said.get(name)}, and its rows give {value}"
        for name, value in again.items()
        if not _same(name, said.get(name), value)
    )


def _same(name: str, said: Any, value: float) -> bool:
    if said is None or np.isnan(value):
        return said is None and bool(np.isnan(value))
    is_p = name == "p" or name.startswith("p_")  # which counts however small
    return bool(np.isclose(float(said), value, rtol=TOLERANCE, atol=0 if is_p else TOLERANCE))


def recomputed_pair(rows: Sequence[Mapping[str, Any]], said: Mapping[str, Any]) -> dict[str, float]:
    """The figures of a pair from its rows; M4 only where it is said, since it is not worked out where it is plainly large."""
    both, right = _column(rows, "chance_alike"), _column(rows, "chance_alike_right")
    first, second = _column(rows, "chance_first_takes_seconds"), _column(rows, "chance_second_takes_firsts")
    alike = np.array([bool(row["alike"]) for row in rows])
    same_right = int(sum(bool(row["alike"]) and row["first"] == row["key"] for row in rows))
    matches, n = int(alike.sum()), len(rows)
    omegas = [(matches - p.sum()) / np.sqrt(np.sum(p * (1 - p))) for p in (first, second)]
    wrong = np.maximum(both - right, 0)
    room = np.empty((n + 1, n + 1))
    tails = [
        min(2 * float(norm.sf(max(omegas))), 1.0),
        binomial_tail(both, n, matches, np.empty(n + 1)),
    ]
    if said["p_m4"] is not None:
        tails.append(trinomial_tail(right, wrong, n, same_right, matches - same_right, room, room.copy()))
    return {
        "common": n,
        "matches": matches,
        "expected": float(both.sum()),
        "same_wrong": matches - same_right,
        "expected_wrong": float(wrong.sum()),
        "omega_first_copied": float(omegas[0]),
        "omega_second_copied": float(omegas[1]),
        "p_omega": tails[0],
        "p_gbt": tails[1],
        "p_m4": tails[2] if len(tails) > 2 else float("nan"),
        "p": min(N_TESTS * min(tails), 1.0),
    }


def recomputed_person(rows: Sequence[Mapping[str, Any]], said: Mapping[str, Any]) -> dict[str, float]:
    """The figures of a person from the rows; what depends on all persons is taken as said."""
    table = np.array([[float(bool(row["right"])) for row in rows]], dtype=np.float32)
    a, b = _column(rows, "discrimination"), _column(rows, "difficulty")
    none = np.full(len(rows), np.nan)
    items = Items(tuple(str(row["item"]) for row in rows), a, b, np.zeros(len(rows)), none, none, none)
    fit = person_fit(table, items)
    again = {"theta": float(fit.theta[0]), "lz_star": float(fit.lz_star[0])}
    if "speed" in said:
        again |= _times_again(rows, float(said["sd_of_speeds"]))
    if "score_z" in said:
        leaked = np.array([bool(row["compromised"]) for row in rows])
        score = preknowledge(table, items, leaked)
        again |= {"score_z": float(score.score_z[0]), "gain": float(score.gain[0])}
    for name in [name.removeprefix("z_") for name in said if name.startswith("z_")]:
        z = float("nan") if said[f"z_{name}"] is None else float(said[f"z_{name}"])
        again[f"p_{name}"] = float(norm.sf((z - float(said[f"centre_{name}"])) / float(said[f"spread_{name}"])))
    again["z_lz_star"] = -again["lz_star"]
    known = [p for name, p in again.items() if name.startswith("p_") and name != "p_binomial" and not np.isnan(p)]
    again["p"] = min(min(known) * len(known), 1.0) if known else float("nan")
    return again


def _times_again(rows: Sequence[Mapping[str, Any]], sd: float) -> dict[str, float]:
    log_time = np.log(_column(rows, "seconds"))
    weight = _column(rows, "noise") ** -2
    known = ~np.isnan(log_time) & ~np.isnan(weight)
    off = np.where(known, _column(rows, "demand") - log_time, 0)
    speed = np.sum(off * np.where(known, weight, 0)) / (sd**-2 + np.sum(weight[known]))
    right = sum(bool(row["right"]) and row["seconds"] is not None for row in rows)
    fast = sum(bool(row["fast_right"]) for row in rows)
    p = float(binom.sf(fast - 1, right, FAST_SHARE)) if right else float("nan")
    return {"speed": float(speed), "n_right": right, "n_fast": fast, "p_binomial": p}


def _column(rows: Sequence[Mapping[str, Any]], name: str) -> NDArray[np.float64]:
    return np.array([np.nan if row[name] is None else float(row[name]) for row in rows])

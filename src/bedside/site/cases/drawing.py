"""The cases that a day is made of: those that are proved, drawn to the blueprint with what this person has met last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from hashlib import sha256
from random import Random

from bedside.cases import SEMANTICS, CaseFile
from bedside.errors import BedsideError
from bedside.site.accounts.models import User
from bedside.site.cases.models import CaseRun
from bedside.site.cases.proofs import ProofState, proof_state
from bedside.site.cases.stock import case_text, cases_folder, current_cases, current_orders, has_orders, warm
from bedside.site.cases.texts import text_hash
from bedside.site.exam.case_port import DrawnCase
from bedside.site.exam.day_cases import DayCases

SEED_BITS = 31


def has_cases() -> bool:
    """Is there a folder with cases at all?"""
    return cases_folder().is_dir() and bool(current_cases().by_id)


def drawable(*, waits: bool = True) -> list[CaseFile]:
    """The cases whose proof stands, one of each diagnosis, by id. Slow the first time, as the catalogue of orders is read.

    Who does not wait for that gets those that have a proof, whether or not it stands; the catalogue is read beside it.
    """
    standing: set[ProofState] = {"proved"}
    try:
        if not waits and not has_orders():
            warm()
            standing = {"proved", "unchecked"}
        else:
            current_orders()
        files = sorted(current_cases().by_id.values(), key=lambda file: file.id)
    except (BedsideError, OSError):
        return []
    proved = [file for file in files if proof_state(file) in standing]
    by_diagnosis = {" ".join(file.meta.key.casefold().split()): file for file in reversed(proved)}
    return sorted(by_diagnosis.values(), key=lambda file: file.id)


def cases_met(user: User) -> frozenset[str]:
    """The cases that this person has begun, by themselves or in a sitting."""
    return frozenset(CaseRun.objects.filter(user=user).values_list("case_id", flat=True))


def draw_cases(wanted: DayCases, *, met: Collection[str], seed: int) -> tuple[DrawnCase, ...]:
    """Cases for these lengths: those not met first, spread over systems and places, each length by the case's own where that
    goes. The same stock, person and seed give the same."""
    random = Random(sha256(f"cases {seed}".encode()).digest())  # noqa: S311 - a form is drawn, nothing is kept secret
    stock = drawable()
    random.shuffle(stock)
    chosen = _spread(stock, met, wanted.n)
    chosen.sort(key=lambda file: -file.meta.minutes)  # the longest lengths stand first in `wanted`
    drawn = [_drawn(file, minutes, random.getrandbits(SEED_BITS)) for file, minutes in zip(chosen, wanted.minutes, strict=True)]
    random.shuffle(drawn)
    return tuple(drawn)


def _spread(stock: Sequence[CaseFile], met: Collection[str], n: int) -> list[CaseFile]:
    """One after another, each time one that was not met and whose area and place stand least in what is chosen."""
    left, chosen = list(stock), list[CaseFile]()
    seen: Counter[str] = Counter()
    while left and len(chosen) < n:
        best = min(left, key=lambda file: (file.id in met, sum(seen[name] for name in _areas(file))))
        left.remove(best)
        chosen.append(best)
        seen.update(_areas(best))
    return chosen


def _areas(file: CaseFile) -> tuple[str, ...]:
    return (*file.meta.blueprint, f"at {file.start.location}")


def _drawn(file: CaseFile, minutes: int, seed: int) -> DrawnCase:
    text = case_text(file.id)
    return DrawnCase(
        id=file.id,
        text=text,
        digest=text_hash(text),
        catalogue=current_orders().catalogue.digest,
        semantics=str(SEMANTICS),
        seed=seed,
        minutes=minutes,
    )

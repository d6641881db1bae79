"""Question models of the content, solved from the printed text alone by people who have not seen them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bedside.bank import Bank, Root, make_member, read_bank
from bedside.programme import read_programmes
from bedside.site.content import codes_of
from tests.bank.models.solvers import circulation_and_lungs, fluids, gases, inherited, kidneys, pedigrees, studies, wards
from tests.bank.models.solvers.paper import Solver
from tests.bank.models.solvers.printed import printed

CONTENT = Path(__file__).parents[3] / "content"
SOLVERS: dict[str, Solver] = {
    name: solver
    for area in (circulation_and_lungs, fluids, gases, inherited, kidneys, pedigrees, studies, wards)
    for name, solver in area.SOLVERS.items()
}
FIRST_SEED = 20_001  # none that an author has looked at
N_MEMBERS, N_MEMBERS_OFTEN = 500, 60


@cache
def bank() -> Bank:
    """The bank as it is in the repository."""
    return read_bank([Root(CONTENT, "bedside")], codes=codes_of(read_programmes(CONTENT / "programmes").by_name))


def _otherwise(name: str, n_members: int) -> list[tuple[int, str, str]]:
    """Seed, answer and key of the members in which a solver and the key differ."""
    found = []
    for seed in range(FIRST_SEED, FIRST_SEED + n_members):
        item = make_member(bank().models[name], seed).item
        answer = SOLVERS[name](printed(item))
        (key,) = item.key
        if answer != key:
            found.append((seed, answer, key))
    return found


@pytest.mark.parametrize("name", sorted(SOLVERS))
def test_the_printed_text_leads_to_the_key(name: str) -> None:
    assert _otherwise(name, N_MEMBERS_OFTEN) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SOLVERS))
def test_the_printed_text_leads_to_the_key_of_five_hundred_members(name: str) -> None:
    assert _otherwise(name, N_MEMBERS) == []

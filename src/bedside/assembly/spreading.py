"""Which block each taken unit goes to, so that every block is as balanced as the form, and what order it stands in.

Units start where chance puts them and are then exchanged, two of the same part and size at a time, while that brings the
blocks nearer to their even share of each row, and enemies that could not be kept out of the form into different blocks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bedside.assembly.blueprint import Blueprint, Row
from bedside.assembly.pool import Unit, chance
from bedside.assembly.selection import Selection

SWEEPS = 20  # over all units; it settles in 3 to 6
ENOUGH = 1e-9
ENEMY_WEIGHT = 3.0  # an enemy in the same block, in items of a row


def spread(blueprint: Blueprint, rows: Sequence[Row], selection: Selection, *, seed: int) -> tuple[tuple[str, ...], ...]:
    """The ids of the items, block by block, in the order in which they are given."""
    units = sorted(selection.taken, key=lambda taken: (taken[1], taken[0].size, chance(seed, f"block {taken[0].name}")))
    home = _start(selection, units, len(blueprint.blocks))
    _exchange(_profiles(rows, selection, [unit for unit, _part in units]), _kinds(units), home, blueprint)
    return tuple(
        _in_order(blueprint, block, [one for one, place in zip(units, home, strict=True) if place == block], seed)
        for block in range(len(blueprint.blocks))
    )


def _start(selection: Selection, units: Sequence[tuple[Unit, int]], n_blocks: int) -> NDArray[np.int64]:
    """A block for each unit, as the packing has it."""
    open_places = {
        key: [block for block in range(n_blocks) for _ in range(selection.packing.get((block, *key), 0))]
        for key in {(part, unit.size) for unit, part in units}
    }
    return np.array([open_places[part, unit.size].pop() for unit, part in units], dtype=np.int64)


def _profiles(rows: Sequence[Row], selection: Selection, units: Sequence[Unit]) -> NDArray[np.float64]:
    """(n_units, n_rows + n_cliques): how many items of each row a unit has, and which enemies it belongs to."""
    counts = [[float(unit.n_in(row)) for row in rows] for unit in units]
    enemies = [[ENEMY_WEIGHT * (unit.name in clique) for clique in selection.cliques] for unit in units]
    return np.array([[*count, *enemy] for count, enemy in zip(counts, enemies, strict=True)]).reshape(len(units), -1)


def _kinds(units: Sequence[tuple[Unit, int]]) -> NDArray[np.int64]:
    """A number for part and size; only units of one number can be exchanged."""
    numbers: dict[tuple[int, int], int] = {}
    return np.array([numbers.setdefault((part, unit.size), len(numbers)) for unit, part in units], dtype=np.int64)


def _exchange(profiles: NDArray[np.float64], kinds: NDArray[np.int64], home: NDArray[np.int64], blueprint: Blueprint) -> None:
    """Exchange units while the sum of squares of the blocks' distances from their share gets less. Alters `home`."""
    if not profiles.size:
        return
    shares = np.array([block.n_items for block in blueprint.blocks]) / blueprint.n_items
    away = -np.outer(shares, profiles.sum(axis=0))  # (n_blocks, n_rows): what a block has beyond its share
    np.add.at(away, home, profiles)
    for _sweep in range(SWEEPS):
        has_moved = False
        for index in range(len(home)):
            moved = profiles - profiles[index]  # what this one's block gains by the exchange with each
            gain = 2 * (moved @ away[home[index]]) - 2 * (moved * away[home]).sum(axis=1) + 2 * (moved**2).sum(axis=1)
            gain[(home == home[index]) | (kinds != kinds[index])] = np.inf
            best = int(gain.argmin())
            if gain[best] < -ENOUGH:
                away[home[index]] += moved[best]
                away[home[best]] -= moved[best]
                home[index], home[best] = home[best], home[index]
                has_moved = True
        if not has_moved:
            return


def _in_order(blueprint: Blueprint, block: int, units: Sequence[tuple[Unit, int]], seed: int) -> tuple[str, ...]:
    """Part by part as the block has them, and by chance inside a part."""
    rules = list(dict.fromkeys(part.rule for one in blueprint.blocks for part in one.parts))
    order = {rules.index(part.rule): place for place, part in reversed(list(enumerate(blueprint.blocks[block].parts)))}
    ordered = sorted(units, key=lambda taken: (order[taken[1]], chance(seed, f"order {taken[0].name}")))
    return tuple(item.id for unit, _part in ordered for item in unit.items)

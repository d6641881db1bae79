"""The keys of the question models of the content, computed again from nothing but what a stem says.

One file for each author or area, each with its `BY_HAND`: id of a model → a function that answers the text of the right option
of a member. It reads the stem, as a candidate does, and takes another way than the model where there is one.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable
from importlib import import_module

from bedside.bank import Item

ByHand = dict[str, Callable[[Item], str]]


def cell(stem: str, name: str) -> str:
    """The number in the second cell of a row of a table."""
    found = re.search(rf"^\| {re.escape(name)} \| ([0-9.,]+)", stem, flags=re.MULTILINE)
    assert found, (name, stem)
    return found[1].replace(",", "")


def number(pattern: str, text: str) -> str:
    """The number that a pattern finds, without commas."""
    found = re.search(pattern, text)
    assert found, (pattern, text)
    return found[1].replace(",", "")


def all_by_hand() -> ByHand:
    """All functions, by the id of the model; no model twice."""
    found: ByHand = {}
    for module in pkgutil.iter_modules(__path__):
        ours: ByHand = import_module(f"{__name__}.{module.name}").BY_HAND
        assert not found.keys() & ours.keys(), module.name
        found |= ours
    return found

"""Looks of a page as parameters of a test: one of them at each change, all of them with the slow tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def first_look(looks: Iterable[str], first: str) -> list[Any]:
    """The names, all but one of them marked slow."""
    return [pytest.param(look, marks=[] if look == first else pytest.mark.slow) for look in looks]

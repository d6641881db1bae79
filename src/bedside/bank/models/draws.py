"""Chance that is no chance: what a seed draws is computed from names, so that it is the same for ever and everywhere."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draw:
    """One attempt at one member: of a model in a version, with a seed."""

    model: str
    version: int
    seed: int
    attempt: int  # from 1

    def number(self, what: str) -> int:
        """A number of 256 bits for one thing that is drawn."""
        text = f"{self.model}\n{self.version}\n{self.seed}\n{self.attempt}\n{what}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")

    def below(self, n: int, what: str) -> int:
        """One of 0 to n - 1, all equally likely (to 1 in 2^200, for any n that a file can ask for)."""
        return self.number(what) % n

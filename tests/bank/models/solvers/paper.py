"""A member as it lies before a reader: the text of the stem and of the options, and nothing of the model."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

NUMBER = r"[0-9][0-9,]*(?:\.[0-9]+)?"


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed.

    Args:
        stem: Markdown, with its table.
        options: letter and text, in order.
    """

    stem: str
    options: tuple[tuple[str, str], ...]

    def says(self, pattern: str) -> bool:
        """Whether the stem has words that fit a pattern."""
        return re.search(pattern, self.stem) is not None

    def words(self, pattern: str) -> str:
        """What the first group of a pattern finds in the stem."""
        found = re.search(pattern, self.stem)
        assert found, (pattern, self.stem)
        return found[1]

    def number(self, pattern: str) -> float:
        """The number at # in a pattern."""
        return float(self.words(pattern.replace("#", f"({NUMBER})")).replace(",", ""))

    def row(self, name: str) -> tuple[float, ...]:
        """The numbers of the row of a table whose first cell is `name`, or begins with it before a bracket or a comma."""
        line = self.words(rf"(?m)^\| {re.escape(name)}(?: \([^|]*\)|,[^|]*)? \|(.*)\|$")
        return tuple(float(found.replace(",", "")) for found in re.findall(rf"(?<![\w.])({NUMBER})(?![\w+])", line))

    def cell(self, name: str) -> float:
        """The number of a row with one."""
        (only,) = self.row(name)
        return only

    def letter(self, text: str) -> str:
        """The letter of the option of this text, or of the only one that has it in it."""
        exact = [letter for letter, shown in self.options if shown == text]
        (only,) = exact or [letter for letter, shown in self.options if text in shown]
        return only

    def nearest(self, value: float) -> str:
        """The letter of the option whose number is closest to a value."""
        return min(self.options, key=lambda option: abs(_first_number(option[1]) - value))[0]


Solver = Callable[[Paper], str]


def _first_number(text: str) -> float:
    found = re.match(NUMBER, text)
    assert found, text
    return float(found[0].replace(",", ""))

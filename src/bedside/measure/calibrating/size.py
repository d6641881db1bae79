"""How large all of the answers are: it decides how they are worked on, and for a part of them as for the whole."""

from __future__ import annotations

from dataclasses import dataclass

from bedside.measure.data.responses import Responses

DENSE_BELOW = 500_000  # persons × items: matrices of this size are quick, and need nothing compiled
SINGLE_ABOVE = 400_000  # answers: with more, sums over a person's answers are in 32 bits


@dataclass(frozen=True, slots=True)
class Size:
    """Numbers of persons, items and answers."""

    n_persons: int
    n_items: int
    n_responses: int

    @classmethod
    def of(cls, responses: Responses) -> Size:
        """That of responses."""
        return cls(responses.n_persons, responses.n_items, responses.n_responses)

    @property
    def is_complete(self) -> bool:
        """Has every person answered every item?"""
        return self.n_responses == self.n_persons * self.n_items

    @property
    def needs_compiling(self) -> bool:
        """Are there too many answers for matrices?"""
        return self.n_persons * self.n_items > DENSE_BELOW

    @property
    def is_single(self) -> bool:
        """Is 32-bit arithmetic good enough for one person's answers, and worth it?"""
        return self.n_responses > SINGLE_ABOVE

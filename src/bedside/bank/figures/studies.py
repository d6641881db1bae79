"""Studies as an author writes them or as chance makes them, for forest and funnel plots."""

from __future__ import annotations

import re
from math import exp, log
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bedside.bank.figures.kind import Parameters, Seed
from bedside.bank.figures.meta_analysis import Study, Z, made_studies

Measure = Literal["rr", "or", "hr", "md"]
NAMES = {"rr": "Risk ratio", "or": "Odds ratio", "hr": "Hazard ratio", "md": "Mean difference"}

_NUMBER = r"-?\d{1,4}(?:\.\d{1,4})?"
_STUDY = re.compile(rf"([^:]{{1,24}}):({_NUMBER}):({_NUMBER}):({_NUMBER})")


class StudiesParameters(Parameters):
    """Either `studies` or an `effect` around which studies are made."""

    measure: Measure = "rr"
    studies: tuple[Annotated[str, Field(max_length=60)], ...] = Field(default=(), max_length=12)
    effect: float | None = Field(default=None, ge=-50, le=50)
    tau: float = Field(default=0, ge=0, le=2)
    k: int = Field(default=7, ge=2, le=40)
    seed: Seed = 1

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.effect is None) == (not self.studies):
            raise ValueError("give either studies, each as name:estimate:low:high, or an effect around which they are made")
        if self.effect is not None and self.is_ratio and not 0.1 <= self.effect <= 10:
            raise ValueError("a ratio as effect lies from 0.1 to 10; for differences write measure=md")
        if len({name for name, *_ in self.written()}) < len(self.studies):
            raise ValueError("two studies have the same name")
        return self

    @property
    def is_ratio(self) -> bool:
        """Is the effect pooled as a logarithm?"""
        return self.measure != "md"

    def scaled(self, value: float) -> float:
        """On the scale of pooling."""
        return log(value) if self.is_ratio else value

    def unscaled(self, value: float) -> float:
        """From the scale of pooling."""
        return exp(value) if self.is_ratio else value

    def written(self) -> list[tuple[str, float, float, float]]:
        """Name, estimate and ends of the interval.

        Raises:
            ValueError: a study is not written so, or can't be.
        """
        return [self._written(word) for word in self.studies]

    def _written(self, word: str) -> tuple[str, float, float, float]:
        found = _STUDY.fullmatch(word)
        if found is None:
            raise ValueError(f'a study is written name:estimate:low:high, as in "Lee 2019:0.8:0.6:1.1"; not "{word}"')
        name, (value, low, high) = found[1].strip(), (float(one) for one in found.groups()[1:])
        if not low < value < high or (self.is_ratio and low <= 0):
            raise ValueError(f'the estimate of "{name}" lies between the ends of its interval, and a ratio is above 0')
        middle, reach = (self.scaled(low) + self.scaled(high)) / 2, (self.scaled(high) - self.scaled(low)) / 2
        if abs(self.scaled(value) - middle) > 0.25 * reach:
            scale = " on a logarithmic scale" if self.is_ratio else ""
            raise ValueError(f'the estimate of "{name}" lies in the middle of its interval{scale}')
        return name, value, low, high

    def all_studies(self) -> list[Study]:
        """The studies on the scale of pooling."""
        if self.effect is None:
            return [
                Study(name, self.scaled(value), (self.scaled(high) - self.scaled(low)) / (2 * Z))
                for name, value, low, high in self.written()
            ]
        effect, is_selected = self.scaled(self.effect), self.is_selected()
        return made_studies(effect, self.tau, self.k, self.seed, is_selected=is_selected, unit=self.unit())

    def is_selected(self) -> bool:
        """Are small studies with an unwelcome result missing?"""
        return False

    def unit(self) -> float:
        """Size of standard errors: for differences so that the effect is seen by large studies."""
        return 1.0 if self.is_ratio else max(abs(self.effect or 0.0), 1.0)


def ratio_ticks(reach: float) -> tuple[float, ...]:
    """Round ratios around 1 for logarithms up to `reach` on both sides."""
    for ticks in ((0.7, 0.8, 1, 1.25, 1.4), (0.5, 0.7, 1, 1.4, 2), (0.25, 0.5, 1, 2, 4), (0.1, 0.2, 0.5, 1, 2, 5, 10)):
        if reach <= log(ticks[-1]):
            return ticks
    return (0.01, 0.1, 1, 10, 100)

"""From ability to the numbers that a programme reports: a line, rounded, within limits, and true to the cut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.measure.problems import MeasureError


@dataclass(frozen=True, slots=True)
class ReportingScale:
    """score = slope * theta + intercept, rounded to whole steps (half a step goes up), from `lowest` to `highest`.

    Raises:
        MeasureError: a slope or step not over 0, or limits out of order or off the steps.
    """

    slope: float
    intercept: float
    lowest: float
    highest: float
    step: float = 1.0

    def __post_init__(self) -> None:
        numbers = (self.slope, self.intercept, self.lowest, self.highest, self.step)
        if not np.isfinite(numbers).all() or self.slope <= 0 or self.step <= 0 or self.lowest >= self.highest:
            raise MeasureError("a reporting scale needs a slope and a step over 0 and a lowest score below its highest")
        steps = (self.highest - self.lowest) / self.step
        if abs(steps - round(steps)) > 1e-9:
            raise MeasureError(f"from {self.lowest:g} to {self.highest:g} is no whole number of steps of {self.step:g}")

    @staticmethod
    def through(
        theta: tuple[float, float], score: tuple[float, float], *, lowest: float, highest: float, step: float = 1.0
    ) -> ReportingScale:
        """The scale on which two abilities have these two scores."""
        if not theta[0] < theta[1]:
            raise MeasureError("the first ability must be below the second")
        slope = (score[1] - score[0]) / (theta[1] - theta[0])
        return ReportingScale(slope, score[0] - slope * theta[0], lowest, highest, step)

    def unrounded(self, theta: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Scores before rounding and limits; any shape."""
        return self.slope * np.asarray(theta, dtype=np.float64) + self.intercept

    def se(self, se: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Standard errors on the reporting scale, before rounding and limits."""
        return self.slope * np.asarray(se, dtype=np.float64)

    def scores(self, theta: NDArray[np.float64] | float, *, cut: float | None = None) -> NDArray[np.float64]:
        """Scores to report; any shape; NaN stays NaN.

        Args:
            cut: theta of the cut. The decision is made before rounding; with a cut no score says otherwise: who is below it
                gets less than the passing score (`passing_score`), however near they are.

        Raises:
            MeasureError: the passing score is the lowest of the scale or beyond its limits, so that failing has no number.
        """
        rounded = np.clip(self._rounded(self.unrounded(theta)), self.lowest, self.highest)
        if cut is None:
            return rounded
        passing = self.passing_score(cut)
        failed = np.asarray(theta, dtype=np.float64) < cut
        return np.where(
            failed, np.minimum(rounded, passing - self.step), np.where(np.isnan(rounded), np.nan, np.maximum(rounded, passing))
        )

    def passing_score(self, cut: float) -> float:
        """The score that is reported at the cut: the lowest with which one passes.

        Raises:
            MeasureError: it is the lowest of the scale or beyond its limits.
        """
        passing = float(self._rounded(self.unrounded(cut)))
        if not self.lowest < passing <= self.highest:
            raise MeasureError(
                f"the cut is {passing:g} on the scale, which must lie over {self.lowest:g} and not over {self.highest:g}"
            )
        return passing

    def _rounded(self, score: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.lowest + self.step * np.floor((score - self.lowest) / self.step + 0.5)

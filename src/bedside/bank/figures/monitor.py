"""A monitor's page: a pressure over time in a frame, with the electrocardiogram and breathing above it on the same axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bedside.bank.figures.ecg import Recording
from bedside.bank.figures.kind import Drawing
from bedside.bank.figures.tracing import Numbers, path
from bedside.drawing import Frame

WIDTH, PRESSURE_HEIGHT, ECG_HEIGHT, BREATH_HEIGHT = 660, 250, 74, 54
LEFT, RIGHT, BOTTOM = 74, 16, 44
BREATHS_PER_S = 0.22  # as in the sinus rhythm of the electrocardiogram, which quickens with each


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on it."""

    recording: Recording
    at_s: Numbers
    mm_hg: Numbers
    low: float
    high: float
    has_ecg: bool = True
    has_breath: bool = False
    up: str = "mm Hg"
    steps: Sequence[float] = ()
    letters: Sequence[tuple[float, str, bool]] = ()  # second, name of a wave, and whether it stands above the curve

    def drawn(self) -> Drawing:
        """The sheet."""
        top = 12 + (ECG_HEIGHT if self.has_ecg else 0) + (BREATH_HEIGHT if self.has_breath else 0)
        height = top + PRESSURE_HEIGHT + BOTTOM
        frame = Frame(
            0,
            float(self.at_s[-1]),
            self.low,
            self.high,
            width=WIDTH,
            height=height,
            left=LEFT,
            right=RIGHT,
            top=top,
            bottom=BOTTOM,
        )
        if self.has_breath:
            self._breath(frame, top)
        frame.axes("Seconds", self.up, x_ticks=[float(n) for n in range(int(self.at_s[-1]) + 1)], y_ticks=self.steps)
        x = LEFT + self.at_s / self.at_s[-1] * (WIDTH - LEFT - RIGHT)
        y = height - BOTTOM - (self.mm_hg - self.low) / (self.high - self.low) * PRESSURE_HEIGHT
        frame.parts.append(f'<path class="line" d="{path(x, y)}"/>')
        for second, letter, is_above in self.letters:
            value = float(np.interp(second, self.at_s, self.mm_hg))
            frame.text(letter, frame.x(second), round(frame.y(value) + (-8 if is_above else 18), 1), anchor="middle")
        if self.has_ecg:
            self._ecg(frame)
        return Drawing(WIDTH, height, tuple(frame.parts))

    def _ecg(self, frame: Frame) -> None:
        mv = self.recording.mv["II"]
        x = LEFT + self.recording.at_s / self.recording.at_s[-1] * (WIDTH - LEFT - RIGHT)
        per_mv = (ECG_HEIGHT - 18) / max(1.4, float(np.ptp(mv)))
        base = 12 + max(float(mv.max()), 1.0) * per_mv
        frame.parts.append(f'<path class="trace" d="{path(x, base - mv * per_mv)}"/>')
        frame.text("ECG II", LEFT - 8, round(base + 4, 1), anchor="end")

    def _breath(self, frame: Frame, top: int) -> None:
        """Volume of the lungs, with each breath in shaded over the whole height."""
        seconds = float(self.at_s[-1])
        starts = np.arange(0.5, seconds * BREATHS_PER_S + 1, 1.0) / BREATHS_PER_S
        for start in np.concatenate([[starts[0] - 1 / BREATHS_PER_S], starts]).tolist():
            first, last = max(0.0, start), min(seconds, start + 0.5 / BREATHS_PER_S)
            if first < last:
                left, right = frame.x(first), frame.x(last)
                low = frame.height - BOTTOM
                y = top - BREATH_HEIGHT
                frame.parts.append(f'<rect class="band" x="{left}" y="{y}" width="{right - left:.1f}" height="{low - y}"/>')
                if last - first > 1:
                    frame.text("in", (left + right) / 2, y + 12, anchor="middle", is_dim=True)
        x = LEFT + self.at_s / seconds * (WIDTH - LEFT - RIGHT)
        y_of = top - 12 - 22 * (1 + volume(self.at_s)) / 2
        frame.parts.append(f'<path class="line d0" d="{path(x, y_of)}"/>')
        frame.text("Breathing", LEFT - 6, top - 20, anchor="end")


def inspiration(at_s: Numbers) -> Numbers:
    """How strongly a breath in pulls, from -1 to 1: most in its second half."""
    return np.asarray(-np.sin(2 * np.pi * BREATHS_PER_S * (at_s - 0.2)))


def volume(at_s: Numbers) -> Numbers:
    """Of the lungs, from -1 to 1: it rises while the sinus rhythm quickens."""
    return np.asarray(np.cos(2 * np.pi * BREATHS_PER_S * at_s))
